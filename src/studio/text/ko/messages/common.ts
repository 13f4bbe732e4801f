import type { common as en } from '../../../../messages/english/common';

export const common: typeof en = {
  sentences: ({ first, second }) => `${first} ${second}`,
  asSaid: ({ sentence }) => sentence,
  stoppedByUser: '사용자가 중지했습니다.',
  theWeights: '가중치',
  inSettings: ({ where, problem }) => `${where}: ${problem}`,
};
