/** @file What the command line says. */
export const cli = {
  doctorNeedsBoth: ({ missing }: { missing: string }) =>
    `${missing} is missing: runs that judge labels need --model and --config; without both the words of the answers are the judge.`,
  fileCutWhileRead: ({ path, bytes }: { path: string; bytes: number }) =>
    `${path} ends after ${bytes} bytes; it was cut while being read.`,
  directoryUnopened: ({ path, reason }: { path: string; reason: string }) =>
    `${path} cannot be opened as a directory: ${reason}.`,
  pathUnreadable: ({ path, reason }: { path: string; reason: string }) => `${path} cannot be read: ${reason}.`,
  pathUnwritable: ({ path, reason }: { path: string; reason: string }) => `${path} cannot be written: ${reason}.`,
  dataRead: ({ file, format, rows, plan }: { file: string; format: string; rows: number; plan: string }) =>
    `${file}: ${format}, ${rows} rows; ${plan}.`,
  columnsLeftOver: ({ columns }: { columns: string }) => `Not used: ${columns}.`,
  rowsTied: ({ count, rows }: { count: number; rows: string }) =>
    `${count} rows have no better answer and make no pair: ${rows}.`,
  rowsSkipped: ({ count, of }: { count: number; of: number }) => `${count} of ${of} rows were skipped:`,
  roleUnknown: ({ role, roles }: { role: string; roles: string }) =>
    `--columns has ${role}; write ROLE=COLUMN with commas between, a role being one of ${roles}.`,
  notYaml: ({ path, reason }: { path: string; reason: string }) => `${path} is not valid YAML: ${reason}`,
  experimentUnknown: ({ name }: { name: string }) =>
    `There is no experiment ${name}; name sentiment, summarization or dialogue.`,
  modelAndShape: '--model and --shape were both given; name one of them.',
  browserTakesShape: '--browser measures a shape with random weights; give --shape and not --model.',
  browserIsFloat32: '--browser measures float32; give --precision without it.',
  profileNeedsBrowser: "--profile reads what the runtime prints to a page's console; give --browser with it.",
  noBrowserFound: 'No Chrome or Chromium was found; install one, or name it in CHROME_PATH.',
  directoryNotEmpty: ({ path, file }: { path: string; file: string }) =>
    `${path} holds ${file} already; name a new or an empty directory, so that nothing of another export is mixed in.`,
};
