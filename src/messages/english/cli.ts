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
  experimentDiffers: ({ name }: { name: string }) =>
    `The reports differ in what they measured of ${name}; join only reports of the same settings and prompts.`,
  experimentUnknown: ({ name }: { name: string }) =>
    `There is no experiment ${name}; name sentiment, summarization or dialogue.`,
  judgePromptUnknown: ({ name, names }: { name: string; names: string }) =>
    `The question ${name} is neither a file that is there nor one of ${names}; name one of them, or a text file with the question that the judge is to answer.`,
  judgeRubricEmpty: ({ name }: { name: string }) =>
    `${name} is empty; write into it the question that the judge is to answer, such as "Which answer is politer?".`,
  judgeLineBroken: ({ file, row, reason }: { file: string; row: number; reason: string }) =>
    `${file}, line ${row} is no JSON (${reason}); each line is {"prompt": "…", "answer_a": "…", "answer_b": "…"}.`,
  judgeLineNoObject: ({ file, row, seen }: { file: string; row: number; seen: string }) =>
    `${file}, line ${row} is ${seen} and no object; each line is {"prompt": "…", "answer_a": "…", "answer_b": "…"}.`,
  judgeFieldBad: ({ file, row, field, seen }: { file: string; row: number; field: string; seen: string }) =>
    `${file}, line ${row}: "${field}" is ${seen}; it must be a text, as "prompt", "answer_a" and "answer_b" all are.`,
  judgeHumanBad: ({ file, row, seen }: { file: string; row: number; seen: string }) =>
    `${file}, line ${row}: "human" is ${seen}; it must be "a", "b" or "tie", or be left out where nobody judged.`,
  judgeNoPairs: ({ file }: { file: string }) =>
    `${file} has no line; each is {"prompt": "…", "answer_a": "…", "answer_b": "…"}.`,
  modelAndShape: '--model and --shape were both given; name one of them.',
  browserTakesShape: '--browser measures a shape with random weights; give --shape and not --model.',
  browserIsFloat32: '--browser measures float32; give --precision without it.',
  profileNeedsBrowser: "--profile reads what the runtime prints to a page's console; give --browser with it.",
  noBrowserFound: 'No Chrome or Chromium was found; install one, or name it in CHROME_PATH.',
  directoryNotEmpty: ({ path, file }: { path: string; file: string }) =>
    `${path} holds ${file} already; name a new or an empty directory, so that nothing of another export is mixed in.`,
};
