/** @file What the page itself says when something failed. What the engine says is in engine-sentences.ts. */
export const faults = {
  inside: (message: string) => `Something failed inside Airlock: ${message}`,
  engineStopped: (reason: string) => `The engine stopped: ${reason}. Restart it to go on.`,
  workerCrashed: 'its worker crashed or could not be loaded',
  engineRestarted: 'The engine was restarted.',
  nothingKept: 'Nothing can be kept on this PC; training and downloads work.',
  pairsNotKept: 'The pairs are in use, but will be gone after a reload.',
  mergedTabs: 'Another tab made changes at the same moment; the changes of both tabs are kept.',
  adapterNotKept: 'Download its adapter now: it will be gone when this page closes.',
  noCheckpoint: (run: string, step: number) => `Run ${run} has no checkpoint of step ${step} in this browser any more.`,
  nothingHeldOut: 'No pair is held out for evaluation, or none is left for training; change the share, or add pairs.',
  trainedElsewhere: (run: string) => `Run ${run} is being trained in another tab; stop it there first.`,
  noAdapter: (run: string) => `The run "${run}" has no adapter in storage.`,
  stoppedTraining: 'Training was stopped.',
  starterFileMissing: (path: string) =>
    `The starter's file ${path} is missing on the server. Tell whoever installed Airlock; your own model works without it.`,
  starterNotOpened: 'The model of the starter was not opened.',
  fileTooLarge: (file: string, size: string, limit: string) =>
    `${file} has ${size}; at most ${limit} can be read at once. Split it into several files.`,
  noUsableRow: (file: string) => `${file} has no usable row; nothing was imported.`,
};
