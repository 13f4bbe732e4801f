/** @file What the readers of pairs say. An entry that begins with "has" or "is" ends a sentence about a row. */
export const data = {
  rowHas: ({ row, file, problem }: { row: number; file: string; problem: string }) =>
    `Row ${row} of ${file} ${problem}`,
  messageNotObject: ({ value, place }: { value: string; place: string }) =>
    `has ${value} as ${place}; a message is an object with \`role\` and \`content\`.`,
  messageLacksKey: ({ key, place }: { key: string; place: string }) => `has no \`${key}\` in ${place}; add it.`,
  messageNotText: ({ value, key, place }: { value: string; key: string; place: string }) =>
    `has ${value} as the \`${key}\` of ${place}; it must be text.`,
  brokenCharacter: ({ place }: { place: string }) =>
    `has a broken character (half of a surrogate pair) in ${place}; write it again.`,
  roleEmpty: ({ place }: { place: string }) => `has an empty \`role\` in ${place}; use system, user or assistant.`,
  messageKeyUnsupported: ({ key, place }: { key: string; place: string }) =>
    `has \`${key}\` in ${place}, which Airlock does not support; remove it.`,
  messagesEmpty: ({ key }: { key: string }) => `has an empty list as \`${key}\`; add at least one message.`,
  answerEmpty: ({ key }: { key: string }) => `has an empty \`${key}\`; write the answer.`,
  partMissing: ({ key }: { key: string }) => `has no \`${key}\`; add it.`,
  partOfOtherKind: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`; it must be text or a list of messages.`,
  messageOf: ({ number, key }: { number: number; key: string }) => `message ${number} of \`${key}\``,
  formsDiffer: ({ a, keyA, b, keyB }: { a: string; keyA: string; b: string; keyB: string }) =>
    `has ${a} as \`${keyA}\` and ${b} as \`${keyB}\`; write all three in the same form.`,
  nameColumns: ({ doubt }: { doubt: string }) =>
    `${doubt} On the command line: --columns prompt=A,chosen=B,rejected=C.`,
  columnsUnknown: ({ file, columns }: { file: string; columns: string }) =>
    `${file} has the columns ${columns}, which name no prompt and answers.`,
  columnNotThere: ({ file, name, columns }: { file: string; name: string; columns: string }) =>
    `${file} has no column \`${name}\`; its columns are ${columns}.`,
  rolesIncomplete: ({ file, roles }: { file: string; roles: string }) =>
    `${roles} alone make no pairs of ${file}; name prompt, chosen and rejected, or the columns of another shape.`,
  encodingUnsure: ({ file, encoding }: { file: string; encoding: string }) =>
    `${file} may be text in ${encoding} or in another encoding; save it as UTF-8, or name it with --encoding.`,
  promptPartNotText: ({ key }: { key: string }) => `has no text as \`${key}\`, which is a part of its prompt.`,
  messagesAsText: ({ key, value }: { key: string; value: string }) =>
    `has messages printed as text in \`${key}\` (${value}), and not whole; pandas: write the file with df.to_json(..., orient="records", lines=True).`,
  lastTurnNotAnswer: ({ key, value }: { key: string; value: string }) =>
    `has ${value} as the last turn of \`${key}\`; it must be an assistant's, after what was asked.`,
  verdictUnknown: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`, which names none of the two answers; write first, second or tie.`,
  comparedWithoutPrompt: ({ keyA, keyB }: { keyA: string; keyB: string }) =>
    `has no prompt beside \`${keyA}\` and \`${keyB}\`; add a column with what was asked.`,
  lastTurnUnweighted: ({ key }: { key: string }) =>
    `has a last turn of weight 0 in \`${key}\`, which is not to be learnt; remove the row, or the weight.`,
  thumbUnknown: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`; it must be true or false, up or down, 1 or 0.`,
  scoresContradict: ({ chosen, rejected }: { chosen: string; rejected: string }) =>
    `Most rows score \`${rejected}\` above \`${chosen}\`, so the columns may be the wrong way round: say which is which.`,
  chosenAsks: ({ chosen, prompt }: { chosen: string; prompt: string }) =>
    `Most texts in \`${chosen}\` are questions, and those in \`${prompt}\` are not: say which column is which.`,
  maybePrompt: ({ column }: { column: string }) =>
    `No column is called a prompt, and \`${column}\` may be one: say which column was asked.`,
  verdictOfList: ({ column, answers }: { column: string; answers: string }) =>
    `\`${column}\` may say which of \`${answers}\` is best, and its values do not tell whether it counts from 0 or from 1: write the answer's letter (A, B) in it, or say what its values mean.`,
  bestUnknown: ({ value, key, count }: { value: string; key: string; count: number }) =>
    `has ${value} as \`${key}\`, which is none of its ${count} answers.`,
  verdictAmbiguous: ({ column, first, second }: { column: string; first: string; second: string }) =>
    `The values of \`${column}\` do not tell whether \`${first}\` or \`${second}\` is better: write first, second or tie in it, or say what its values mean.`,
  textForm: 'text',
  messagesForm: 'a list of messages',
  answersSame: ({ keyA, keyB }: { keyA: string; keyB: string }) =>
    `has the same text as \`${keyA}\` and \`${keyB}\`, so there is nothing to learn; change one or remove the row.`,
  answerFormsDiffer: ({ a, keyA, b, keyB }: { a: string; keyA: string; b: string; keyB: string }) =>
    `has ${a} as \`${keyA}\` and ${b} as \`${keyB}\`; write both in the same form.`,
  noCommonBeginning: ({ keyA, keyB, value }: { keyA: string; keyB: string; value: string }) =>
    `has no common beginning of \`${keyA}\` and \`${keyB}\` to take as the prompt (${value}); add a \`prompt\`.`,
  notTranscript: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`; it must be a transcript of "\\n\\nHuman: ..." and "\\n\\nAssistant: ...".`,
  noSharedTurn: ({ keyA, keyB, value }: { keyA: string; keyB: string; value: string }) =>
    `has no "\\n\\nAssistant:" that \`${keyA}\` and \`${keyB}\` share (${value}); the two conversations differ from the start.`,
  inputMissing: 'has no `input`; add it.',
  inputNotObject: ({ value }: { value: string }) =>
    `has ${value} as \`input\`; it must be an object with \`messages\`.`,
  inputToolsUnsupported: 'has `input.tools`, which Airlock does not support; remove it.',
  excelError: ({ key, value }: { key: string; value: string }) =>
    `has Excel's error ${value} as \`${key}\`; in Excel, format the column as text, write the cell again and save.`,
  answersNotList: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`; it must be a list of two answers or more.`,
  scoresNotList: ({ value, key, count }: { value: string; key: string; count: number }) =>
    `has ${value} as \`${key}\`; it must be a list of ${count} numbers, one for each answer.`,
  answerFault: ({ number, key, fault }: { number: number; key: string; fault: string }) =>
    `has in answer ${number} of \`${key}\` ${fault}.`,
  answerWithoutKey: ({ answer, keys }: { answer: string; keys: string }) => `${answer} without one of ${keys}`,
  answerWithoutScore: ({ answer, keys }: { answer: string; keys: string }) =>
    `${answer} without a score that says how good it is (one of ${keys})`,
  scoreNotNumberInList: ({ value }: { value: string }) => `${value} as its score; it must be a number`,
  scoresSame: ({ key }: { key: string }) =>
    `has the same score for all answers of \`${key}\`, so none is better; change one or remove the row.`,
  columnUnsupported: ({ key }: { key: string }) => `has \`${key}\`, which Airlock does not support; remove it.`,
  scoreNotNumber: ({ value, key }: { value: string; key: string }) =>
    `has ${value} as \`${key}\`; it must be a number, or true or false.`,
  noPairOfPrompt: ({ why, prompt }: { why: string; prompt: string }) =>
    `${why}, so there is no pair (${prompt}); add an answer with another score.`,
  onlyOneOfPrompt: 'is the only one of its prompt',
  allScoredSame: ({ count, key }: { count: number; key: string }) =>
    `and ${count} more of its prompt all have the same \`${key}\``,
  rowInvalid: ({ format, reason }: { format: string; reason: string }) =>
    `is not valid ${format} (${reason}); correct the line.`,
  rowIs: ({ value, wanted }: { value: string; wanted: string }) => `is ${value}; ${wanted}`,
  wantsPairObject: 'it must be an object with `prompt`, `chosen` and `rejected`.',
  wantsObject: 'it must be an object.',
  theList: ({ value }: { value: string }) => `the list ${value}`,
  theObject: ({ value }: { value: string }) => `the object ${value}`,
  theText: ({ value }: { value: string }) => `the text ${value}`,
  theNumber: ({ value }: { value: string }) => `the number ${value}`,
  theBoolean: ({ value }: { value: string }) => `the boolean ${value}`,
  fieldNotClosed: ({ reason }: { reason: string }) =>
    `a quoted field is not closed or continues after its quote: ${reason}`,
  fieldsCount: ({ count, wanted }: { count: number; wanted: number }) =>
    `it has ${count} fields, the first row ${wanted}`,
  tooManyColumns: ({ file, count, limit }: { file: string; count: number; limit: number }) =>
    `${file} has ${count} columns; at most ${limit} can be read. Save only those of the pairs.`,
  columnTwice: ({ file, name }: { file: string; name: string }) =>
    `${file} has the column name ${name} twice in its first row; rename one.`,
  oneColumn: ({ file, name }: { file: string; name: string }) =>
    `${file} has one column, ${name}; a table of pairs has at least two, with their names in the first row.`,
  fileMixesEncodings: ({ file, utf8, other }: { file: string; utf8: number; other: number }) =>
    `${file} is written in two encodings: line ${utf8} is UTF-8 and line ${other} is not. Open its parts in the programs that wrote them, and save them as UTF-8.`,
  fileNotText: ({ file }: { file: string }) =>
    `${file} is no text in UTF-8, UTF-16, CP949 or Windows-1252; save it as UTF-8 and try again.`,
  fileNotInEncoding: ({ file, encoding }: { file: string; encoding: string }) =>
    `${file} is no text in ${encoding}; choose another encoding, or save it as UTF-8.`,
  unpackedTooLarge: ({ file, limit }: { file: string; limit: number }) =>
    `${file} holds more than ${limit} MiB; split it into several files.`,
  gzipUnreadable: ({ file, reason }: { file: string; reason: string }) =>
    `${file} cannot be unpacked by gzip (${reason}); make it again.`,
  severalLists: ({ file, lists }: { file: string; lists: string }) =>
    `${file} holds several lists of rows (${lists}); save the one that is meant as a file of its own.`,
  severalSheets: ({ file, sheets }: { file: string; sheets: string }) =>
    `${file} holds several sheets of pairs (${sheets}); keep one, hide the others, or save each as a file of its own.`,
  packedOtherwise: ({ file, format }: { file: string; format: string }) =>
    `${file} is packed by ${format}, which Airlock does not unpack; unpack it and choose what was in it.`,
  fileNoTable: ({ file, kind }: { file: string; kind: string }) =>
    `${file} is a file of the kind ${kind}, and pairs are read from tables; save them as CSV, JSON Lines, Excel or Parquet.`,
  zipArchive: ({ file }: { file: string }) =>
    `${file} is a zip archive and no Excel workbook; unpack it and choose the file in it.`,
  workbookUnreadable: ({ file, reason }: { file: string; reason: string }) =>
    `${file} cannot be read as an Excel workbook (${reason}); in Excel, save the sheet as "CSV UTF-8" and choose that file.`,
  tooManyRows: ({ file, rows, limit }: { file: string; rows: string; limit: number }) =>
    `${file} has ${rows} rows; at most ${limit} can be read. Split it into several files.`,
  makesTooMuch: ({ pairs, characters }: { pairs: number; characters: number }) =>
    `makes more pairs than a data set takes: at most ${pairs}, with ${characters} characters. It and those after it are left out; split the file.`,
  readingCrashed: ({ file }: { file: string }) =>
    `Reading ${file} was given up: it needs more memory than the browser has for it, so split it into several files; or the server that Airlock came from cannot be reached.`,
  tooManyValues: ({ file, limit }: { file: string; limit: number }) =>
    `${file} holds more than ${limit} values; save only the columns of the pairs, or split it into several files.`,
  rowTooDeep: ({ limit }: { limit: number }) => `more than ${limit} lists and objects inside each other`,
  parquetUnreadable: ({ file, reason }: { file: string; reason: string }) =>
    `${file} cannot be read as Parquet: ${reason}. Make it again, or save the table as JSON Lines.`,
  parquetDamaged: 'a part of it is damaged',
  fileEmpty: ({ file, shape }: { file: string; shape: string }) => `${file} is empty; it needs ${shape}.`,
  fileWithoutLine: ({
    file,
    format,
    shape,
    row,
    reason,
  }: {
    file: string;
    format: string;
    shape: string;
    row: number;
    reason: string;
  }) => `${file} has no line of valid ${format}; it needs ${shape} (line ${row}: ${reason}).`,
  shapeOfTable: 'the names of the columns in its first row and a pair in each row after it',
  shapeOfLines: 'one {"prompt": ..., "chosen": ..., "rejected": ...} per line',
  moreRowsBad: ({ first, count }: { first: string; count: number }) =>
    `${first} (${count} more rows are bad; --skip-bad-rows leaves them out.)`,
};
