/** @file What more than one layer says, and how sentences are put together. */
export const common = {
  sentences: ({ first, second }: { first: string; second: string }) => `${first} ${second}`,
  /** Passes on what was said already. */
  asSaid: ({ sentence }: { sentence: string }) => sentence,
  stoppedByUser: 'Stopped by the user.',
  theWeights: 'weights',
  inSettings: ({ where, problem }: { where: string; problem: string }) => `${where}: ${problem}`,
};
