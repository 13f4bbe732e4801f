/**
 * @file Files as tools, Excel and people in a hurry leave them: each is read right, or refused in a sentence. Those of
 * fixtures/data, which have right values for all three ways in, are in cases.ts.
 */
import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { fileProblem } from '../parse-pairs';
import { makePairs } from './make-pairs';
import { isComplete } from './plan';
import { readTable } from './read-table';
import { recognise } from './recognise';

type Content = string | Uint8Array<ArrayBuffer>;

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
    const textOf = (part: unknown) =>
      Array.isArray(part) ? part.map(({ content }) => String(content)).join(' / ') : part;
    return {
      pairs: pairs.map(({ prompt, chosen, rejected }) => [prompt, chosen, rejected].map(textOf)),
      refused: errors.map(({ message }) => sentenceOf(message)),
    };
  } catch (error) {
    return { refused: [(error as Error).message], pairs: [] };
  }
}

const json = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const utf16be = (text: string) =>
  Uint8Array.from([0xfe, 0xff, ...[...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255])]);
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const from = (who: string, value: string) => ({ from: who, value });
const on = { prompt: 'Is it on?', chosen: 'Yes.', rejected: 'No.' };
const isOn = ['Is it on?', 'Yes.', 'No.'];
const valve = ['밸브는?', '잠급니다.', '엽니다.'];

const read: readonly (readonly [
  what: string,
  name: string,
  content: Content,
  pairs: readonly (readonly string[])[],
])[] = [
  [
    'Unicode text of Excel, named CSV',
    'a.csv',
    utf16be('질문\t좋은 답변\t나쁜 답변\r\n밸브는?\t잠급니다.\t엽니다.\r\n'),
    [valve],
  ],
  [
    'a title and who wrote it above the header',
    'a.csv',
    '2024년 3월 평가 결과,,\n작성자: 김철수,,\n,,\n질문,좋은 답변,나쁜 답변\n밸브는?,잠급니다.,엽니다.\n',
    [valve],
  ],
  [
    'line breaks and remarks in the header',
    'a.csv',
    '"질문\n(고객)","좋은 답변\n(상담원 A)","나쁜 답변\n(상담원 B)"\n밸브는?,잠급니다.,엽니다.\n',
    [valve],
  ],
  [
    'Hangul in the form of macOS',
    'a.csv',
    '질문 ,좋은 답변, 나쁜 답변\n밸브는?,잠급니다.,엽니다.\n'.normalize('NFD'),
    [valve.map((t) => t.normalize('NFD'))],
  ],
  [
    'which of A and B is better, in Korean, with a tie',
    'a.csv',
    '번호,질문,답변A,답변B,더 나은 답변\n1,밸브는?,잠급니다.,엽니다.,A\n2,펌프는?,모름.,끕니다.,B\n3,모터는?,정지.,멈춤.,동일\n',
    [valve, ['펌프는?', '끕니다.', '모름.']],
  ],
  ['bars between cells', 'a.csv', 'prompt|chosen|rejected\nIs it on?|Yes.|No.\n', [isOn]],
  [
    'messages as JSON in cells',
    'a.csv',
    `prompt,chosen,rejected\n"[${JSON.stringify(user('Is it on?')).replaceAll('"', '""')}]",Yes.,No.\n`,
    [isOn],
  ],
  [
    'the arena of Kaggle: lists in cells, a column for each outcome',
    'a.csv',
    'id,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n1,"[""Is it on?""]","[""No.""]","[""Yes.""]",0,1,0\n2,"[""Hi""]","[""Ho.""]","[""Ha.""]",0,0,1\n',
    [isOn],
  ],
  [
    'rows of Hugging Face’s viewer',
    'a.json',
    json({ features: [], rows: [{ row_idx: 0, row: on, truncated_cells: [] }] }),
    [isOn],
  ],
  [
    'pandas, orient="split"',
    'a.json',
    json({ columns: Object.keys(on), index: [0], data: [Object.values(on)] }),
    [isOn],
  ],
  [
    'pandas, orient="table"',
    'a.json',
    json({ schema: { pandas_version: '1.4.0' }, data: [{ index: 0, ...on }] }),
    [isOn],
  ],
  [
    'a byte order mark and spaces in names',
    'a.jsonl',
    json({ '\ufeffprompt': 'Is it on?', 'chosen\u00a0': 'Yes.', 'rejected ': 'No.' }),
    [isOn],
  ],
  [
    'distilabel: generations with ratings',
    'a.jsonl',
    json({ instruction: 'Is it on?', generations: ['No.', 'Yes.'], ratings: [1, 5] }),
    [isOn],
  ],
  [
    'the older LLaMA-Factory: both answers in a list',
    'a.jsonl',
    json({ instruction: 'Is it on?', input: '', output: ['Yes.', 'No.'] }),
    [isOn],
  ],
  [
    'content in parts of text',
    'a.jsonl',
    json({
      prompt: [user([{ type: 'text', text: 'Is it on?' }])],
      chosen: [assistant('Yes.')],
      rejected: [assistant([{ type: 'text', text: 'No.' }])],
    }),
    [isOn],
  ],
  [
    'KTO’s tag beside a conversation: a bad answer is no good one',
    'a.jsonl',
    json(
      { conversations: [from('human', 'Hi'), from('gpt', 'Hello')], kto_tag: true },
      { conversations: [from('human', 'Hi'), from('gpt', 'Go away')], kto_tag: false },
    ),
    [
      ['Hi', 'Hello', ''],
      ['Hi', '', 'Go away'],
    ],
  ],
  [
    'an emoji as escapes',
    'a.jsonl',
    '{"prompt":"\\ud83d\\ude00","chosen":"Yes.","rejected":"No."}',
    [['😀', 'Yes.', 'No.']],
  ],
];

it.each(read)('reads %s', async (_, name, content, pairs) => {
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
