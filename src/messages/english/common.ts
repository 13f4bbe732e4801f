/** @file What more than one layer says, and how sentences are put together. */
export const common = {
  sentences: ({ first, second }: { first: string; second: string }) => `${first} ${second}`,
  inSettings: ({ where, problem }: { where: string; problem: string }) => `${where}: ${problem}`,
};
