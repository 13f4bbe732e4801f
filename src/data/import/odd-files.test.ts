/**
 * @file Files as tools, Excel and people in a hurry leave them: each is read right, or refused in a sentence. Those of
 * fixtures/data, which have right values for all three ways in, are in cases.ts.
 */
import { strToU8, zipSync } from 'fflate';
import type { WriteSheet } from 'hucre';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { fileProblem } from '../parse-pairs';
import { makePairs } from './make-pairs';
import { isComplete } from './plan';
import { readTable } from './read-table';
import { assistant, isOff, isOn, json, oddFiles, on, user, wordsOf, type Content } from './odd-files';
import { recognise } from './recognise';

/** What a file gives without anybody choosing anything: texts of its pairs, sentences of what is refused. */
async function importOf(name: string, content: Content) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    const table = await readTable(bytes, name);
    const problem = fileProblem(table, name);
    if (problem !== null) return { refused: [sentenceOf(problem)], pairs: [] };
    const { plan, doubt } = recognise(table);
    if (plan === null || !isComplete(plan))
      return { refused: [doubt === null ? 'asked' : sentenceOf(doubt)], pairs: [] };
    const { pairs, errors } = makePairs(table, plan, name);
    return {
      pairs: pairs.map(wordsOf),
      refused: errors.map(({ message }) => sentenceOf(message)),
    };
  } catch (error) {
    return { refused: [(error as Error).message], pairs: [] };
  }
}

it.each(oddFiles)('reads %s', async (_, name, content, pairs) => {
  expect(await importOf(name, content)).toEqual({ pairs, refused: [] });
});

const cp949 = Uint8Array.from([0xc6, 0xdf, 0xc7, 0xc1]);
const mixed = Uint8Array.from([
  ...new TextEncoder().encode('prompt,chosen,rejected\n펌프,a,b\n'),
  ...cp949,
  0x2c,
  0x61,
  0x2c,
  0x62,
]);
const shiftJis = Uint8Array.from([0x8e, 0xbf, 0x96, 0xe2, 0x2c, 0x97, 0xc7, 0x82, 0xa2, 0x0a, 0x61, 0x2c, 0x62]);
const options = (...texts: string[]) => texts.map((text, id) => ({ id, text }));

const refused: readonly (readonly [what: string, name: string, content: Content, sentence: RegExp])[] = [
  ['UTF-8 and CP949 in one file', 'a.csv', mixed, /two encodings: line 2 is UTF-8 and line 3 is not/],
  ['Japanese in its own encoding', 'a.csv', shiftJis, /asked/],
  [
    'a zip that is no workbook',
    'a.csv',
    Uint8Array.from(zipSync({ 'a.csv': strToU8('prompt') })),
    /zip archive and no Excel workbook; unpack it/,
  ],
  [
    'an old Office file with nothing in it',
    'a.xls',
    Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, ...Array<number>(600).fill(0)]),
    /save the sheet as "CSV UTF-8"/,
  ],
  [
    'a page of a login instead of the file',
    'a.csv',
    '<!DOCTYPE html>\n<html><body>Sign in, please</body></html>\n',
    /has one column, "<!DOCTYPE html>"/,
  ],
  ['a column name twice', 'a.csv', '질문,답변,답변\n밸브?,잠급니다.,엽니다.\n', /"답변" twice/],
  ['a header and nothing below', 'a.csv', 'prompt,chosen,rejected\n', /is empty/],
  ['half of an emoji', 'a.jsonl', '{"prompt":"p","chosen":"ok \\ud83d","rejected":"no"}', /half of a surrogate pair/],
  [
    'a picture',
    'a.jsonl',
    json({ prompt: [user([{ type: 'image', image: 'a.png' }])], chosen: 'A pump.', rejected: 'A cat.' }),
    /must be text/,
  ],
  [
    'a call of a tool',
    'a.jsonl',
    json({ prompt: [user('Weather?')], chosen: [assistant(null)], rejected: [assistant('No.')] }),
    /null as the `content`/,
  ],
  [
    'names that say nothing of good and bad',
    'a.csv',
    'question;bonne réponse;mauvaise réponse\nOù ?;Ici.;Là.\n',
    /asked/,
  ],
  [
    'a list of which another column names the best, from 0 or from 1',
    'a.jsonl',
    json({ prompt: 'Is it on?', responses: ['Maybe.', 'Yes.', 'No.'], chosen_idx: 1 }),
    /`chosen_idx` may say which of `responses` is best, and its values do not tell/,
  ],
  [
    'a task in which nothing was chosen',
    'a.jsonl',
    json({ text: 'Is it on?', options: options('No.', 'Yes.'), accept: [1], answer: 'ignore' }),
    /score/,
  ],
  [
    'answers in objects without a score, whose order may mean nothing',
    'a.jsonl',
    json({
      question: 'Is it on?',
      answers: [
        { text: 'No.', by: 'x' },
        { text: 'Yes.', by: 'y' },
      ],
    }),
    /without a score that says how good it is/,
  ],
  [
    'an answer that OpenAI’s form says is not to be learnt',
    'a.jsonl',
    json({ messages: [user('Is it on?'), { ...assistant('No.'), weight: 0 }] }),
    /a last turn of weight 0/,
  ],
  [
    'Excel’s error in place of an answer',
    'a.csv',
    'prompt,chosen,rejected\nIs it on?,#NAME?,No.\n',
    /Excel's error #NAME\? as `chosen`/,
  ],
  ['splits in one file', 'a.json', json({ train: [on], test: [on] }), /several lists of rows \(train, test\)/],
  ['a PDF', 'a.pdf', '%PDF-1.7\n', /is a file of the kind PDF/],
  ['a database', 'a.db', 'SQLite format 3\0\0', /is a file of the kind SQLite/],
];

it.each(refused)('refuses, or asks about, %s', async (_, name, content, sentence) => {
  const { pairs, refused: sentences } = await importOf(name, content);
  expect(pairs).toEqual([]);
  expect(sentences.join(' ')).toMatch(sentence);
});

it('reads the lines beside comments and broken quotes, and names those', async () => {
  const commented = await importOf('a.jsonl', `# exported 2024-03-01\n${json(on)}\n\n// end\n`);
  expect(commented.pairs).toEqual([isOn]);
  expect(commented.refused.map((sentence) => /^Row \d+/.exec(sentence)?.[0])).toEqual(['Row 1', 'Row 4']);
  const escaped = await importOf(
    'a.csv',
    '"prompt","chosen","rejected"\n"He said \\"stop\\", why?","It leaks.","No."\n"Is it on?","Yes.","No."\n',
  );
  expect(escaped.pairs).toEqual([isOn]);
  expect(escaped.refused).toHaveLength(1);
});

/** What’s, pród³o and a Russian word in Mac OS Roman, ISO 8859-2 and KOI8-R: bytes that Windows-1252 allows. */
it.each([
  ['an old Macintosh', [0x57, 0x68, 0x61, 0x74, 0xd5, 0x73]],
  ['Poland', [0x70, 0x72, 0xf3, 0x64, 0xb3, 0x6f]],
  ['Russia', [0xeb, 0xcc, 0xc1, 0xd0, 0xc1, 0xce]],
])('a person is asked about the encoding of %s', async (_, word) => {
  const table = await readTable(
    Uint8Array.from([...new TextEncoder().encode('prompt,chosen,rejected\n'), ...word, 0x2c, 0x61, 0x2c, 0x62]),
    'a.csv',
  );
  expect(table.decoded?.isSure).toBe(false);
});

describe('a workbook', () => {
  const header = Object.keys(on);
  const sheetOf = (name: string, rows: string[][], more = {}) => ({ name, rows, ...more });
  const notes = sheetOf('Notes', [['How to fill this in']]);
  const pairs = sheetOf('Pairs', [header, isOn]);
  const read = async (...sheets: WriteSheet[]) =>
    importOf('a.xlsx', Uint8Array.from(await (await import('hucre/xlsx')).writeXlsx({ sheets })));

  it('is read from the sheet whose columns are named so, not from a hidden one', async () => {
    const old = sheetOf('Old', [header, isOff], { hidden: true });
    for (const sheets of [[pairs], [notes, pairs], [sheetOf('Empty', []), pairs, notes], [old, pairs]])
      expect(await read(...sheets)).toEqual({ pairs: [isOn], refused: [] });
  });

  it('with a question merged over its answers has it for each of them', async () => {
    const rows = [header, isOn, ['', 'Certainly.', 'Never.']];
    const title = { startRow: 0, startCol: 0, endRow: 0, endCol: 2 };
    const down = (startRow: number) => ({ startRow, startCol: 0, endRow: startRow + 1, endCol: 0 });
    const both = [isOn, [isOn[0], 'Certainly.', 'Never.']];
    expect(await read(sheetOf('Pairs', rows, { merges: [down(1)] }))).toEqual({ pairs: both, refused: [] });
    const titled = sheetOf('Pairs', [['Ratings', '', ''], ...rows], { merges: [title, down(2)] });
    expect(await read(titled)).toEqual({ pairs: both, refused: [] });
    const twoHeaders = [['prompt', 'Answers', ''], ['', 'chosen', 'rejected'], isOn];
    const merges = [down(0), { startRow: 0, startCol: 1, endRow: 0, endCol: 2 }];
    expect(await read(sheetOf('Pairs', twoHeaders, { merges }))).toEqual({ pairs: [isOn], refused: [] });
  });

  it('with several such sheets is refused with their names', async () => {
    const { refused: sentences } = await read(pairs, notes, sheetOf('More', [header, isOff]));
    expect(sentences).toEqual([
      'a.xlsx holds several sheets of pairs (Pairs, More); keep one, hide the others, or save each as a file of its own.',
    ]);
  });
});
