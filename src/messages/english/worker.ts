/** @file What the engine's worker says. */
export const worker = {
  noModelOpen: 'No model is open; choose a model directory first.',
  deviceHasToWait: 'Another device has to wait: the open model is training or answering. Stop that first.',
  modelHasToWait: 'Another model has to wait: the open model is training or answering. Stop that first.',
  exportDiskFull: ({ file }: { file: string }) =>
    `The disk is full, or what the browser may use of it: ${file} could not be written. Free some space or choose another folder; nothing of the export was left.`,
  exportNotWritten: ({ file, reason }: { file: string; reason: string }) =>
    `${file} could not be written (${reason}). Choose another folder; nothing of the export was left.`,
  exportLeft: ({ problem, name }: { problem: string; name: string }) =>
    `${problem} What was begun could not be removed either: delete the folder ${name} yourself. It has no SHA256SUMS, by which a whole one is known.`,
  exportNameTaken: ({ name, folder }: { name: string; folder: string }) =>
    `${folder} holds too many folders named ${name}; give another name.`,
  exportZipTooLarge: ({ bytes }: { bytes: number }) =>
    `A zip file holds 4 GB at most, and these files are ${(bytes / 1e9).toFixed(1)} GB. Write them to a folder instead.`,
  templateHasToWait: 'Another template has to wait: the open model is training or answering. Stop that first.',
};
