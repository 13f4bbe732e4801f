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
const isOff = ['Is it off?', 'No.', 'Yes.'];
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
  [
    'UltraFeedback of HuggingFaceH4: the prompt as text, whole conversations with scores',
    'a.jsonl',
    json({
      ...{ prompt: 'Is it on?', prompt_id: 'ab12', messages: [user('Is it on?'), assistant('Yes.')] },
      chosen: [user('Is it on?'), assistant('Yes.')],
      rejected: [user('Is it on?'), assistant('No.')],
      ...{ score_chosen: 8, score_rejected: 3 },
    }),
    [isOn],
  ],
  [
    'UltraFeedback of OpenBMB: completions with an overall score',
    'a.jsonl',
    json({
      ...{ source: 'x', instruction: 'Is it on?', models: ['m', 'n'], correct_answers: ['None'] },
      completions: [
        { model: 'm', response: 'No.', overall_score: 2, 'fine-grained_score': 1 },
        { model: 'n', response: 'Yes.', overall_score: 8, 'fine-grained_score': 4 },
      ],
    }),
    [isOn],
  ],
  [
    'Capybara: what the data was made of is no prompt beside whole conversations',
    'a.jsonl',
    json({
      conversation: [{ input: 'Is it on?', output: 'It was.' }],
      chosen: [user('Is it on?'), assistant('Yes.')],
      rejected: [user('Is it on?'), assistant('No.')],
      ...{ rating_chosen: 5, rating_rejected: 3 },
    }),
    [isOn],
  ],
  [
    'Stack Exchange: answers by their `pm_score`, not in the order of the list',
    'a.jsonl',
    json({
      qid: 1,
      question: 'Is it on?',
      answers: [
        { answer_id: 1, pm_score: 1, selected: false, text: 'No.' },
        { answer_id: 2, pm_score: 4, selected: true, text: 'Yes.' },
      ],
    }),
    [isOn],
  ],
  [
    'HelpSteer2: a strength below 0 is for the first',
    'a.jsonl',
    json(
      { prompt: 'Is it on?', response_1: 'Yes.', response_2: 'No.', preference_strength: -2 },
      { prompt: 'Is it off?', response_1: 'Yes.', response_2: 'No.', preference_strength: 3 },
    ),
    [isOn, isOff],
  ],
  [
    'HelpSteer: two rows of a prompt by their helpfulness, none as a good answer for its own sake',
    'a.jsonl',
    json(
      { prompt: 'Is it on?', response: 'Yes.', helpfulness: 4, verbosity: 1 },
      { prompt: 'Is it on?', response: 'No.', helpfulness: 1, verbosity: 1 },
    ),
    [isOn],
  ],
  [
    'Argilla’s records: what most annotators chose, a draft not',
    'a.json',
    JSON.stringify([
      {
        ...{ id: '1', metadata: {}, suggestions: {}, vectors: {} },
        fields: { prompt: 'Is it on?', response1: 'No.', response2: 'Yes.' },
        responses: {
          preference: [
            { value: 'response2', user_id: 'u' },
            { value: 'response1', user_id: 'v', status: 'draft' },
          ],
        },
      },
      {
        fields: { prompt: 'Is it off?', response1: 'No.', response2: 'Yes.' },
        responses: { preference: ['response1', 'response2', 'response1'].map((value) => ({ value })) },
      },
    ]),
    [isOn, isOff],
  ],
  [
    'Argilla, flat: the annotator’s word before a model’s suggestion',
    'a.jsonl',
    json({
      ...{ id: '1', status: 'completed', prompt: 'Is it on?', response1: 'Yes.', response2: 'No.' },
      'preference.suggestion': 'response2',
      'preference.responses': ['response1'],
      'preference.responses.status': ['submitted'],
    }),
    [isOn],
  ],
  [
    'Argilla’s ranking of two answers, and a draw',
    'a.jsonl',
    json(
      ...[1, 2].map((rank) => ({
        ...{ prompt: 'Is it on?', response1: 'No.', response2: 'Yes.' },
        'rank.responses': [
          [
            { value: 'response1', rank: 2 },
            { value: 'response2', rank },
          ],
        ],
      })),
    ),
    [isOn],
  ],
  [
    'Label Studio’s Ranker',
    'a.json',
    JSON.stringify([
      {
        id: 1,
        data: {
          prompt: 'Is it on?',
          answers: [
            { id: 'a', title: 'A', body: 'No.' },
            { id: 'b', title: 'B', body: 'Yes.' },
          ],
        },
        annotations: [{ result: [{ type: 'ranker', from_name: 'r', value: { ranker: { rank: ['b', 'a'] } } }] }],
      },
    ]),
    [isOn],
  ],
  [
    'LMArena: content in parts, with what else a part may have',
    'a.jsonl',
    json({
      winner: 'model_b',
      ...Object.fromEntries(
        [
          ['a', 'No.'],
          ['b', 'Yes.'],
        ].map(([side, text]) => [
          `conversation_${side}`,
          [
            user([{ type: 'text', text: 'Is it on?', image: null, mimeType: null }]),
            assistant([{ type: 'text', text, image: null, mimeType: null }]),
          ],
        ]),
      ),
    }),
    [isOn],
  ],
  [
    'Vertex AI: contents of parts, completions with scores',
    'a.jsonl',
    json({
      contents: [{ role: 'user', parts: [{ text: 'Is it on?' }] }],
      completions: [
        { score: 0, completion: { role: 'model', parts: [{ text: 'No.' }] } },
        { score: 1, completion: { role: 'model', parts: [{ text: 'Yes.' }] } },
      ],
    }),
    [isOn],
  ],
  [
    'NeMo RL: completions with ranks from 0',
    'a.jsonl',
    json({
      context: [user('Is it on?')],
      completions: [
        { rank: 1, completion: [assistant('No.')] },
        { rank: 0, completion: [assistant('Yes.')] },
      ],
    }),
    [isOn],
  ],
  [
    'Colossal-AI: from and content',
    'a.jsonl',
    json({
      context: [{ from: 'human', content: 'Is it on?' }],
      chosen: [{ from: 'assistant', content: 'Yes.' }],
      rejected: [{ from: 'assistant', content: 'No.' }],
    }),
    [isOn],
  ],
  [
    'torchtune: chosen_conversations',
    'a.jsonl',
    json({
      chosen_conversations: [user('Is it on?'), assistant('Yes.')],
      rejected_conversations: [user('Is it on?'), assistant('No.')],
    }),
    [isOn],
  ],
  [
    'ms-swift: rejected_messages beside messages and a system prompt',
    'a.jsonl',
    json({
      system: 'Be brief.',
      messages: [user('Is it on?'), assistant('Yes.')],
      rejected_messages: [user('Is it on?'), assistant('No.')],
    }),
    [['Be brief. / Is it on?', 'Yes.', 'No.']],
  ],
  ['AutoTrain: the good answer is called text', 'a.csv', 'prompt,text,rejected_text\nIs it on?,Yes.,No.\n', [isOn]],
  ['StackLLaMA: response_j before response_k', 'a.csv', 'question,response_j,response_k\nIs it on?,Yes.,No.\n', [isOn]],
  [
    'Cohere’s roles, and ShareGPT’s with a system prompt in its own column',
    'a.jsonl',
    json(
      {
        system: '',
        conversations: [
          { role: 'User', content: 'Is it on?' },
          { role: 'Chatbot', content: 'Yes.' },
        ],
      },
      { system: 'Be brief.', conversations: [from('human', 'Is it on?'), from('gpt', 'Yes.')] },
    ),
    [
      ['Is it on?', 'Yes.', ''],
      ['Be brief. / Is it on?', 'Yes.', ''],
    ],
  ],
  [
    'roles in Korean',
    'a.jsonl',
    json({ messages: [from('고객', '밸브는?'), from('상담원', '잠급니다.')] }),
    [['밸브는?', '잠급니다.', '']],
  ],
  [
    'pandas, orient="index"',
    'a.json',
    json({ 0: on, 1: { ...on, prompt: 'Is it really?' } }),
    [isOn, ['Is it really?', 'Yes.', 'No.']],
  ],
  ['rows under a name of their own', 'a.json', json({ version: '1.0', preferences: [on] }), [isOn]],
  ['cells of a sheet as lists', 'a.json', json([Object.keys(on), Object.values(on)]), [isOn]],
  [
    'a list in each line',
    'a.jsonl',
    json([on], [{ ...on, prompt: 'Is it really?' }]),
    [isOn, ['Is it really?', 'Yes.', 'No.']],
  ],
  ['a comma after the last item', 'a.json', `[${JSON.stringify(on)},\n]\n`, [isOn]],
  [
    'Python’s dictionaries, a line each',
    'a.jsonl',
    `{'prompt': 'Is it on?', 'chosen': "It's on.", 'rejected': 'No.'}\n`,
    [['Is it on?', "It's on.", 'No.']],
  ],
  ['record separators', 'a.json', `\x1e${json(on)}\n`, [isOn]],
  [
    'lines that end in two ways',
    'a.csv',
    'prompt,chosen,rejected\r\nIs it on?,Yes.,No.\nIs it off?,"No.",Yes.\r\n',
    [isOn, isOff],
  ],
  [
    'space before quotes',
    'a.csv',
    '"prompt", "chosen", "rejected"\n"Is it on?", "Yes, ""sir"".", "No."\n',
    [['Is it on?', 'Yes, "sir".', 'No.']],
  ],
  [
    'a table of Markdown',
    'a.md',
    '| prompt | chosen | rejected |\n|:---|---|---:|\n| Is it on? | Yes. | No. |\n',
    [isOn],
  ],
  ['the lines of an old Macintosh', 'a.csv', 'prompt,chosen,rejected\rIs it on?,Yes.,No.\r', [isOn]],
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
