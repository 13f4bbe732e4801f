/**
 * @file Files as tools, data sets, Excel and people in a hurry leave them, and the texts of the pairs that each gives
 * without anybody choosing anything. Read by tests of the engine, of the studio and of the command line.
 */
import type { PreferencePair } from '../preference-pair';

export type Content = string | Uint8Array<ArrayBuffer>;

/** The words of each part of a pair: of a conversation its messages, in one line. */
export const wordsOf = ({ prompt, chosen, rejected }: PreferencePair): readonly string[] =>
  [prompt, chosen, rejected].map((part) =>
    typeof part === 'string' ? part : part.map(({ content }) => content).join(' / '),
  );

export const json = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const utf16be = (text: string) =>
  Uint8Array.from([0xfe, 0xff, ...[...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255])]);
export const user = (content: unknown) => ({ role: 'user', content });
export const assistant = (content: unknown) => ({ role: 'assistant', content });
export const from = (who: string, value: string) => ({ from: who, value });
export const on = { prompt: 'Is it on?', chosen: 'Yes.', rejected: 'No.' };
export const isOn = ['Is it on?', 'Yes.', 'No.'];
export const isOff = ['Is it off?', 'No.', 'Yes.'];
const valve = ['밸브는?', '잠급니다.', '엽니다.'];

export const oddFiles: readonly (readonly [
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
    'a rank for each answer of a list',
    'a.jsonl',
    json({ prompt: 'Is it on?', responses: ['No.', 'Yes.'], rank: [2, 1] }),
    [isOn],
  ],
  [
    'a verdict in signs or in a sentence',
    'a.csv',
    'prompt,response_a,response_b,preference\nIs it on?,Yes.,No.,A>>B\nIs it on?,No.,Yes.,B > A\nIs it off?,No.,Yes.,A is slightly better\nIs it?,a b,b c,A=B\n',
    [isOn, isOn, isOff],
  ],
  [
    'a column called as the shape has it before one that is called alike',
    'a.jsonl',
    json({ Prompt: 'Shown as', ...on }),
    [isOn],
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
  [
    'a list and the number of its best, from 0',
    'a.jsonl',
    json(
      { prompt: 'Is it on?', responses: ['No.', 'Yes.'], chosen_idx: 1 },
      { prompt: 'Is it off?', responses: ['No.', 'Yes.'], chosen_idx: 0 },
    ),
    [isOn, isOff],
  ],
  [
    'a list and the number of its best, from 1',
    'a.jsonl',
    json(
      { prompt: 'Is it on?', answers: ['No.', 'Yes.'], best: 2 },
      { prompt: 'Is it off?', answers: ['No.', 'Yes.'], best: 1 },
    ),
    [isOn, isOff],
  ],
  [
    'a list and the text of its best, beside two worse ones',
    'a.jsonl',
    json({ question: 'Is it on?', responses: ['No.', 'Yes.', 'Maybe.'], kept: 'Yes.' }),
    [isOn, ['Is it on?', 'Yes.', 'Maybe.']],
  ],
  [
    'a list and the letter of its best, in Korean',
    'a.json',
    json([{ 질문: 'Is it on?', 답변들: ['No.', 'Yes.'], '가장 좋은 답변': 'B' }]),
    [isOn],
  ],
  [
    'tasks of Prodigy',
    'a.jsonl',
    json({
      ...{ text: 'Is it on?', accept: [1], answer: 'accept', _input_hash: 7, _view_id: 'choice' },
      options: [
        { id: 0, text: 'No.' },
        { id: 1, text: 'Yes.' },
      ],
    }),
    [isOn],
  ],
  ['Chinese headers', 'a.csv', '问题,更好的回答,较差的回答\nIs it on?,Yes.,No.\n', [isOn]],
  ['Japanese headers', 'a.csv', '質問,良い回答,悪い回答\nIs it on?,Yes.,No.\n', [isOn]],
  [
    'which of two is better, in Chinese',
    'a.csv',
    '提示,回答A,回答B,更好\nIs it on?,Yes.,No.,A\nIs it off?,Yes.,No.,B\n',
    [isOn, isOff],
  ],
  ['the lines of an old Macintosh', 'a.csv', 'prompt,chosen,rejected\rIs it on?,Yes.,No.\r', [isOn]],
];
