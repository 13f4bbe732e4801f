import type { common as en } from '../../../../messages/english/common';

export const common: typeof en = {
  sentences: ({ first, second }) => `${first} ${second}`,
  inSettings: ({ where, problem }) => `${where}: ${problem}`,
};
