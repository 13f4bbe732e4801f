/** @file What the page itself says when something failed. What the engine says is in src/messages. */
export const faults = {
  inside: (message: string) => `Something failed inside Airlock: ${message}`,
  engineRestarted: 'The engine was restarted.',
  nothingKept: 'Nothing can be kept on this PC; training and downloads work.',
  pairsNotKept: 'The pairs are in use, but will be gone after a reload.',
  mergedTabs: 'Another tab made changes at the same moment; the changes of both tabs are kept.',
  adapterNotKept: 'Download its adapter now: it will be gone when this page closes.',
  noAdapter: (run: string) => `The run "${run}" has no adapter in storage.`,
  stoppedTraining: 'Training was stopped.',
  fileTooLarge: (file: string, size: string, limit: string) =>
    `${file} has ${size}; at most ${limit} can be read at once. Split it into several files.`,
  noUsableRow: (file: string) => `${file} has no usable row; nothing was imported.`,
};
