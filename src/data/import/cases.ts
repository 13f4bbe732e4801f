/**
 * @file What the files of fixtures/data give: shapes of tools and data sets that people bring, with made-up content and
 * the right value of each. Read by tests of the engine, of the studio and of the command line.
 */
import type { PreferencePair } from '../preference-pair';

export interface DataCase {
  /** Below fixtures/data/. */
  readonly file: string;
  readonly shape: string;
  readonly pairs: readonly PreferencePair[];
  readonly leftOver?: readonly string[];
}

const say = (role: string, content: string) => ({ role, content });
const user = (content: string) => say('user', content);
const assistant = (content: string) => say('assistant', content);
const chat = (
  prompt: readonly { role: string; content: string }[],
  chosen: string,
  rejected: string,
): PreferencePair => ({
  prompt,
  chosen: [assistant(chosen)],
  rejected: [assistant(rejected)],
});
const torque = 'Define torque.';
const lever = 'Force times lever arm.';
const brief = [say('system', 'Be brief.'), user(torque)];
const isOn = { prompt: 'Is it on?', chosen: 'Yes.', rejected: 'No.' };
const isOff = { prompt: 'Is it off?', chosen: 'No.', rejected: 'Yes.' };
const on = { ...isOn, chosen: ' Yes.', rejected: ' No.' };
const off = { ...on, prompt: 'Is it off?' };
const compared = [{ prompt: torque, chosen: lever, rejected: 'A bolt.' }];

/** A file each, and what comes of it. */
export const dataCases: readonly DataCase[] = [
  {
    file: 'llamafactory-sharegpt-ranking/dpo.json',
    shape: 'pairs',
    pairs: [
      chat([user('Which tap feeds the boiler?')], 'The red one on the left wall.', 'Any of them.'),
      chat(
        [user('Is tank 4 full?'), assistant('It is at 80 percent.'), user('May I add more?')],
        'Up to 90 percent, then stop.',
        'Sure, fill it up.',
      ),
    ],
  },
  {
    file: 'llamafactory-alpaca-input/dpo.json',
    shape: 'pairs',
    pairs: [
      {
        prompt: 'Translate to German.\nThe valve is shut.',
        chosen: 'Das Ventil ist zu.',
        rejected: 'Die Pumpe ist laut.',
      },
      {
        prompt: 'Translate to German.\nThe pump is loud.',
        chosen: 'Die Pumpe ist laut.',
        rejected: 'Das Ventil ist zu.',
      },
    ],
  },
  {
    file: 'llamafactory-alpaca-history-system/dpo.json',
    shape: 'pairs',
    pairs: [
      chat(
        [
          say('system', 'You speak for the canteen.'),
          user('When do you open?'),
          assistant('At seven.'),
          user('And on Sundays?'),
        ],
        'On Sundays we open at nine.',
        'No idea.',
      ),
    ],
  },
  {
    file: 'truthy-dpo-system-prompt/train.jsonl',
    shape: 'pairs',
    pairs: [
      chat(
        [say('system', 'You are a parrot. Answer only with squawks.'), user('What is 2+2?')],
        'Squawk squawk squawk squawk.',
        'Four.',
      ),
    ],
    leftOver: ['id', 'source'],
  },
  { file: 'ms-swift-rejected-response/train.jsonl', shape: 'lastTurn', pairs: [chat(brief, lever, 'A bolt.')] },
  { file: 'axolotl-messages-dicts/train.jsonl', shape: 'pairs', pairs: [chat(brief, lever, 'A bolt.')] },
  {
    file: 'axolotl-messages-dicts/prompt-list-dicts.jsonl',
    shape: 'pairs',
    pairs: [chat([user(torque)], lever, 'A bolt.')],
  },
  {
    file: 'context-column-beside-texts/messages.jsonl',
    shape: 'pairs',
    pairs: [
      chat([user('Is the valve open?')], 'The valve is open.', 'The pump is blue.'),
      chat([user('Where is the key?')], 'In the box.', 'In the sea.'),
    ],
  },
  {
    file: 'context-column-beside-texts/conversations-lists.jsonl',
    shape: 'pairs',
    pairs: [
      chat([user('Is the valve open?')], 'Yes.', 'No.'),
      {
        prompt: [user('Two turns?')],
        chosen: [assistant('One.'), user('And?'), assistant('Two.')],
        rejected: [assistant('One.'), user('And?'), assistant('Nine.')],
      },
    ],
  },
  {
    file: 'context-column-beside-texts/history.jsonl',
    shape: 'pairs',
    pairs: [{ prompt: 'User: Is it on?', chosen: 'It is on.', rejected: 'It is off.' }],
  },
  { file: 'role-names/from-value-lists.jsonl', shape: 'pairs', pairs: [chat([user('Hi')], 'Hello', 'Go')] },
  { file: 'role-names/human-gpt-role-keys.jsonl', shape: 'pairs', pairs: [chat([user('Hi')], 'Hello', 'Go')] },
  {
    file: 'pandas-csv-python-repr/train.csv',
    shape: 'pairs',
    pairs: [chat([user('Name a metal.')], "It's lithium.", 'Wood.')],
  },
  {
    file: 'pandas-csv-python-repr/lists.csv',
    shape: 'pairs',
    pairs: [chat([user('Name a metal.')], 'Lithium.', 'Wood.')],
  },
  {
    file: 'csv-cp1252-smart-quotes/excel.csv',
    shape: 'pairs',
    pairs: [
      {
        prompt: 'What’s a fuse?',
        chosen: 'It’s a “sacrificial” link – it melts first.',
        rejected: 'I don’t know.',
      },
    ],
  },
  {
    file: 'csv-cp1252-smart-quotes/one-apostrophe.csv',
    shape: 'pairs',
    pairs: [{ prompt: 'Is it on?', chosen: 'No. It’s off.', rejected: 'Maybe.' }],
  },
  {
    file: 'csv-cp949/excel.csv',
    shape: 'pairs',
    pairs: [{ prompt: '벨브가 열렸나요?', chosen: '네, 또각또각 열렸어요.', rejected: '몰라요.' }],
  },
  {
    file: 'csv-cp949/latin-header.csv',
    shape: 'pairs',
    pairs: [{ prompt: '밸브가 열렸나요?', chosen: '네 열렸어요.', rejected: '몰라요.' }],
  },
  { file: 'csv-sep-line/comma.csv', shape: 'pairs', pairs: [isOn] },
  {
    file: 'csv-sep-line/semicolon.csv',
    shape: 'pairs',
    pairs: [
      { ...isOn, chosen: 'Yes, it is.' },
      { ...isOff, rejected: 'Yes, it is.' },
    ],
  },
  { file: 'csv-trailing-empty-columns/excel.csv', shape: 'pairs', pairs: [isOn, isOff] },
  { file: 'csv-trailing-empty-columns/one.csv', shape: 'pairs', pairs: [isOn] },
  { file: 'csv-trailing-empty-columns/ragged.csv', shape: 'pairs', pairs: [isOn, isOff] },
  {
    file: 'jsonl-gz/train.jsonl.gz',
    shape: 'transcripts',
    pairs: [{ prompt: '\n\nHuman: Hi\n\nAssistant:', chosen: ' Hello.', rejected: ' Go.' }],
  },
  { file: 'pretty-printed/concatenated.jsonl', shape: 'pairs', pairs: [on, off] },
  { file: 'pretty-printed/jq.jsonl', shape: 'pairs', pairs: [on, off] },
  { file: 'pretty-printed/one-line-comma.jsonl', shape: 'pairs', pairs: [on, off] },
  { file: 'pretty-printed/one.json', shape: 'pairs', pairs: [on] },
  { file: 'json-nan/nan.jsonl', shape: 'pairs', pairs: [on, off], leftOver: ['score_chosen'] },
  { file: 'json-nan/nan-list.json', shape: 'pairs', pairs: [on] },
  {
    file: 'multiple-rejected/train.jsonl',
    shape: 'pairs',
    pairs: ['A bolt.', 'A nut.'].map((rejected) => ({ prompt: torque, chosen: lever, rejected })),
  },
  {
    file: 'shp/train.jsonl',
    shape: 'compared',
    pairs: [{ prompt: 'How do I stop a dripping tap?', chosen: 'Replace the washer.', rejected: 'Hit it.' }],
    leftOver: ['post_id', 'domain', 'c_root_id_A', 'c_root_id_B', 'score_ratio'],
  },
  {
    file: 'pku-saferlhf/train.jsonl',
    shape: 'compared',
    pairs: compared,
    leftOver: ['is_response_0_safe', 'is_response_1_safe', 'safer_response_id'],
  },
  { file: 'label-studio/export.json', shape: 'compared', pairs: compared },
  { file: 'label-studio/export-min.json', shape: 'compared', pairs: compared, leftOver: ['id', 'annotator'] },
  { file: 'label-studio/export.csv', shape: 'compared', pairs: compared, leftOver: ['id', 'annotator'] },
  {
    file: 'sft-messages/sft.jsonl',
    shape: 'lastTurn',
    pairs: [{ prompt: brief, chosen: [assistant(lever)], rejected: [] }],
  },
  { file: 'sft-messages/alpaca.json', shape: 'completions', pairs: [{ prompt: torque, chosen: lever, rejected: '' }] },
  {
    file: 'excel/pairs.xlsx',
    shape: 'pairs',
    pairs: [
      {
        prompt: '펌프 3이 시끄럽습니다. 어떻게 합니까?',
        chosen: '정지하고 베어링을 점검하십시오.',
        rejected: '무시하십시오.',
      },
      { prompt: 'Is it, "on"?', chosen: 'Yes;\nit is.', rejected: 'No.' },
    ],
    leftOver: ['번호'],
  },
  ...['excel/unicode.txt', 'excel/cp949.csv'].map((file) => ({
    file,
    shape: 'pairs',
    pairs: [
      { prompt: '밸브가 열렸나요?', chosen: '네, 열렸습니다.', rejected: '몰라요.' },
      { prompt: '불을 켤까요?', chosen: '네, "지금" 켜십시오.', rejected: '글쎄요.' },
    ],
    leftOver: ['번호'],
  })),
];
