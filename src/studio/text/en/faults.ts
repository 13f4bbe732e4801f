/** @file What the page itself says when something failed. What the engine says is in src/messages. */
export const faults = {
  inside: (message: string) => `Something failed inside Airlock: ${message}`,
  screen: 'This screen cannot be drawn',
  screenWaysOn:
    'What is kept in this browser is untouched, work under way goes on, and the other screens work. Draw the screen again, or go to another one; if it stays, send the details to whoever looks after Airlock.',
  drawAgain: 'Draw it again',
  toFirst: 'To Models',
  nothingKept: 'Nothing can be kept on this PC; training and downloads work.',
  pairsNotKept: 'The pairs are in use, but will be gone after a reload.',
  judgedElsewhere:
    'Another tab judged or took back at the same moment: what was done there stands, and this verdict was not counted.',
  allWritten: 'All that could not be written before is on the disk now.',
  storageCleared:
    'The browser’s storage of Airlock was cleared while this page was open. What is in this page is being written again; models, checkpoints and adapters that were only in storage are gone.',
  writtenAnew: 'What was in this page is in the browser’s storage again.',
  mergedTabs: 'Another tab made changes at the same moment; the changes of both tabs are kept.',
  adapterNotKept: 'Download its adapter now: it will be gone when this page closes.',
  stoppedTraining: 'Training was stopped.',
  fileTooLarge: (file: string, size: string, limit: string) =>
    `${file} has ${size}; at most ${limit} can be read at once. Split it into several files.`,
  noUsableRow: (file: string) => `${file} has no usable row; nothing was imported.`,
};
