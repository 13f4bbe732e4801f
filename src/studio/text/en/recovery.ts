/** @file What is said when the engine went down, or does not answer, and what a person can do. */
export const recovery = {
  restarted: 'It was started again by itself.',
  goesOn: (run: string) => `It was started again by itself, and ${run} goes on from its last checkpoint.`,
  retryAt: (time: string) => `Airlock tries the graphics device again at ${time}.`,
  useWasm: 'Go on with WASM',
  silent: (seconds: number) =>
    `The engine has not answered for ${seconds} seconds. It may be busy with one long piece of work, then this note goes by itself; or it hangs. A restart ends what it does; a run can go on from its last checkpoint.`,
};
