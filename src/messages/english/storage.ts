/** @file What the browser's storage and the lists of models say. */
export const storage = {
  couldNot: ({ doing, reason }: { doing: string; reason: string }) => `Could not ${doing}: ${reason}.`,
  couldNotStorageFull: ({ doing }: { doing: string }) =>
    `Could not ${doing}: the browser's storage is full. Download the adapters that you need, delete old runs, and try again.`,
  databaseClosed: ({ reason }: { reason: string }) =>
    `The browser cannot open Airlock's database on this PC: it says "${reason}". What lies in it is out of reach, and nothing new can be kept until it opens; training and downloads work.`,
  databaseNewer: ({ version, limit }: { version: number; limit: number }) =>
    `Airlock's database in this browser is of a newer Airlock (version ${version}; this one reads up to ${limit}) and was left as it is. Open the newer Airlock; until then nothing can be kept here, and training and downloads work.`,
  databaseForeign:
    "Airlock's database in this browser lacks the table that Airlock keeps everything in, so there is nothing to read and nothing can be kept; training and downloads work. Begin with an empty one, and restore a backup.",
  databaseMixed:
    "The browser's files of Airlock's database are damaged so that old entries hide new ones: what is written now would be gone at the next start, so nothing is kept; training and downloads work. Download what you need from this page. Then delete the data of this site in the browser's settings (the button left of the address, Cookies and site data), load the page anew, and restore a backup; stored models are deleted with it.",
  databaseNotDeleted: ({ reason }: { reason: string }) =>
    `The browser cannot delete Airlock's database either: it says "${reason}". Download what you need from this page. Then delete the data of this site in the browser's settings (the button left of the address, Cookies and site data), load the page anew, and restore a backup; stored models are deleted with it.`,
  noBrowserReason: 'the browser gave no reason',
  doReadPairs: 'read the stored pairs',
  doSavePairs: 'save the pairs',
  doReadHistory: 'read the history of the pairs',
  doSaveDatasetName: 'save the name of the data set',
  doDeleteDatasets: 'take away deleted data sets',
  doReadRuns: 'read the stored runs',
  doReadRun: 'read the stored run',
  doSaveNotes: ({ name }: { name: string }) => `save the notes of the run "${name}"`,
  doSaveRun: ({ name }: { name: string }) => `save the run "${name}"`,
  doReadMetrics: "read the run's metrics",
  doReadAnswers: "read the run's answers",
  doReadAdapter: 'read the adapter',
  doSaveCheckpoint: ({ name }: { name: string }) => `save a checkpoint of the run "${name}"`,
  doReadCheckpoint: 'read the checkpoint',
  doDeleteRun: 'delete the run',
  doReadJudging: 'read the round of judging',
  doSaveJudging: 'save the round of judging',
  doReadPromptSet: 'read the prompt set',
  doSavePromptSet: 'save the prompt set',
  doReadDemonstration: 'read the demonstration',
  doSaveDemonstration: 'save the demonstration',
  doReadSweep: 'read the frontier',
  doSaveSweep: 'save the frontier',
  doReadRules: 'read the rules',
  doSaveRules: 'save the rules',
  doReadMadeAnswers: 'read the answers for pairs',
  doSaveMadeAnswers: 'save the answers for pairs',
  doReadLabelReview: 'read the review of the labels',
  doSaveLabelReview: 'save the review of the labels',
  doReadStarterResult: "read the starter's result",
  doSaveStarterResult: "save the starter's result",
  doReadSettings: 'read the settings',
  doSaveSettings: 'save the settings',
  doListSetAside: 'list what was set aside',
  doReadSetAside: 'read what was set aside',
  doDeleteSetAside: 'delete what was set aside',
  recordDamaged: ({ what }: { what: string }) => `${what} in this browser's storage is damaged.`,
  recordNewer: ({ what, version, limit }: { what: string; version: number; limit: number }) =>
    `${what} was stored by a newer Airlock (format ${version}; this one reads up to ${limit}). Open the newer Airlock to use it.`,
  aStoredModel: 'A stored model',
  copiedFileUnreadable: ({ file, reason }: { file: string; reason: string }) =>
    `${file} could not be read (${reason}). If it was changed, moved or removed, choose the directory again.`,
  fileNotFetched: ({ file, url, reason }: { file: string; url: string; reason: string }) =>
    `${file} could not be fetched from ${url} (${reason}). Try again, or tell whoever looks after this server.`,
  serverAnswered: ({ status }: { status: number }) => `the server answered ${status}`,
  storageRefused: ({ what }: { what: string }) =>
    `The browser's storage is full: it refused ${what}. Free space on the disk or delete models that you no longer need, and try again.`,
  browserCouldNotWrite: ({ what, reason }: { what: string; reason: string }) =>
    `The browser could not write ${what} (${reason}). Free space on the disk, and try again.`,
  fileAfterBytes: ({ file, bytes, all }: { file: string; bytes: number; all: number }) =>
    `${file}, after ${bytes} of ${all} bytes of the model`,
  recordAfterBytes: ({ name, bytes }: { name: string; bytes: number }) =>
    `the record of ${name}, after its ${bytes} bytes`,
  fileSizeOther: ({ file, seen, bytes }: { file: string; seen: string; bytes: number }) =>
    `${file} has ${seen} the ${bytes} bytes that it should have. Take a fresh copy of the model.`,
  moreThan: 'more than',
  bytesAndNot: ({ count }: { count: number }) => `${count} bytes and not`,
  fileHashOther: ({ file, hash, wanted }: { file: string; hash: string; wanted: string }) =>
    `${file} has the SHA-256 ${hash}, and the server's list says ${wanted}: it was changed or damaged on the way. Tell whoever looks after this server.`,
  modelBeingDeleted: 'This model is being deleted in another tab. Choose another one.',
  modelGone: 'This model is no longer in the browser’s storage. Choose its directory again.',
  storedModelDamaged: ({ name, file, problem }: { name: string; file: string; problem: string }) =>
    `The stored model ${name} is damaged: its ${file} ${problem}. Delete it and choose its directory again.`,
  isMissing: 'is missing',
  wasAltered: 'is not as it was copied (its SHA-256 is another), so the disk or another program changed it',
  hasBytesAndNot: ({ bytes, wanted }: { bytes: number; wanted: number }) => `has ${bytes} bytes and not ${wanted}`,
  modelOpenElsewhere:
    'This model is open in another tab. Close that tab or open another model in it, and delete it then.',
  serverListBad: ({ problem }: { problem: string }) =>
    `The server's list of models, models/manifest.json, ${problem}. Tell whoever looks after this server; models from a directory work without it.`,
  listNotJson: 'is not valid JSON',
  listWithoutModels: 'has no list `models`',
  listFileWithoutPath: ({ model }: { model: string }) =>
    `has a file of ${model} without a \`path\` that is a plain file name`,
  listFileWithoutSize: ({ model, file }: { model: string; file: string }) =>
    `gives ${model}/${file} no \`size\` in bytes`,
  listFileHashBad: ({ model, file }: { model: string; file: string }) =>
    `gives ${model}/${file} a \`sha256\` that is not 64 hexadecimal digits`,
  listModelWithoutName: ({ number }: { number: number }) =>
    `has no \`name\` that is a plain folder name for model ${number}`,
  listModelWithoutFiles: ({ model }: { model: string }) => `lists no \`files\` of ${model}`,
};
