/** @file Rows that are pairs, and a sentence for each way in which a row is none. */
import { sentenceOf } from '../messages/message';
import { describe, expect, it } from 'vitest';
import { parsePairs, type ParsedPairs } from './parse-pairs';

const text = { prompt: 'p', chosen: 'c', rejected: 'r' };
const say = (role: string, content: string) => ({ role, content });
const chat = {
  prompt: [say('system', 's'), say('user', 'u')],
  chosen: [say('assistant', 'c')],
  rejected: [say('assistant', 'r')],
};
const parse = (...rows: unknown[]) => parsePairs(rows.map((row) => JSON.stringify(row)).join('\n'), 'pairs.jsonl');

const saidErrors = ({ errors }: ParsedPairs) =>
  errors.map(({ row, message }) => ({ row, message: sentenceOf(message) }));

describe('pairs', () => {
  it('are text or chats, with their lines', () => {
    const parsed = parsePairs(`\ufeff${JSON.stringify(text)}\r\n\r\n${JSON.stringify(chat)}\r\n`, 'pairs.jsonl');
    expect(parsed).toMatchObject({ pairs: [text, chat], rows: [1, 3], errors: [], ties: [], scores: [null, null] });
  });

  it('may stand in one JSON list; rows then count its items', () => {
    const parsed = parsePairs(JSON.stringify([text, { ...text, chosen: '' }, chat], null, 2), 'pairs.json');
    expect([parsed.pairs, parsed.rows]).toEqual([
      [text, chat],
      [1, 3],
    ]);
    expect(saidErrors(parsed)).toEqual([
      { row: 2, message: 'Row 2 of pairs.json has an empty `chosen`; write the answer.' },
    ]);
  });

  it('lose what else a row holds', () => {
    const message = { ...say('user', 'u'), weight: 1, name: null };
    const { pairs, errors } = parse(
      { ...text, id: 7, tools: null },
      { ...chat, prompt: [message], tools: [], score: 2 },
    );
    expect([pairs, errors]).toEqual([[text, { ...chat, prompt: [say('user', 'u')] }], []]);
  });

  it('may have an empty text prompt: some tokenizers add a start token', () => {
    expect(parse({ ...text, prompt: '' }).pairs).toHaveLength(1);
  });

  it('around a broken row are kept', () => {
    const parsed = parsePairs(`${JSON.stringify(text)}\n{"prompt": \n${JSON.stringify(chat)}`, 'pairs.jsonl');
    expect(parsed.rows).toEqual([1, 3]);
    expect(parsed.errors).toHaveLength(1);
    expect(saidErrors(parsed)[0]?.message).toMatch(
      /^Row 2 of pairs\.jsonl is not valid JSON \(.*JSON.*\); correct the line\.$/,
    );
  });
});

describe('a sentence for', () => {
  const noRejected = { prompt: 'p', chosen: 'c' };
  const implicit = { chosen: chat.chosen, rejected: chat.rejected };
  it.each<[string, unknown, string]>([
    ['a missing field', noRejected, 'has no `rejected`; add it.'],
    ['an implicit prompt', implicit, 'has no `prompt`; add it.'],
    ['null', { ...text, chosen: null }, 'has null as `chosen`; it must be text or a list of messages.'],
    ['a number', { ...text, chosen: 3 }, 'has the number 3 as `chosen`; it must be text or a list of messages.'],
    [
      'an object',
      { ...text, prompt: { text: 'u' } },
      'has the object {"text":"u"} as `prompt`; it must be text or a list of messages.',
    ],
    [
      'text among chats',
      { ...chat, chosen: 'c' },
      'has a list of messages as `prompt` and text as `chosen`; write all three in the same form.',
    ],
    [
      'a chat among texts',
      { ...text, rejected: chat.rejected },
      'has text as `prompt` and a list of messages as `rejected`; write all three in the same form.',
    ],
    ['an empty answer', { ...text, rejected: '' }, 'has an empty `rejected`; write the answer.'],
    ['an empty chat answer', { ...chat, chosen: [say('assistant', '')] }, 'has an empty `chosen`; write the answer.'],
    ['no messages', { ...chat, prompt: [] }, 'has an empty list as `prompt`; add at least one message.'],
    ['no answer messages', { ...chat, chosen: [] }, 'has an empty list as `chosen`; add at least one message.'],
    [
      'a message without role',
      { ...chat, prompt: [say('user', 'u'), { content: 'x' }] },
      'has no `role` in message 2 of `prompt`; add it.',
    ],
    [
      'a message without content',
      { ...chat, chosen: [{ role: 'assistant' }] },
      'has no `content` in message 1 of `chosen`; add it.',
    ],
    [
      'content in parts that are no text',
      { ...chat, prompt: [{ role: 'user', content: [{ type: 'image', url: 'x' }] }] },
      'has the list [{"type":"image","url":"x"}] as the `content` of message 1 of `prompt`; it must be text.',
    ],
    [
      'an empty role',
      { ...chat, prompt: [say('', 'u')] },
      'has an empty `role` in message 1 of `prompt`; use system, user or assistant.',
    ],
    [
      'a message that is text',
      { ...chat, prompt: ['hello'] },
      'has the text "hello" as message 1 of `prompt`; a message is an object with `role` and `content`.',
    ],
    [
      'tool calls',
      { ...chat, chosen: [{ ...say('assistant', 'c'), tool_calls: [{}] }] },
      'has `tool_calls` in message 1 of `chosen`, which Airlock does not support; remove it.',
    ],
    ['tools', { ...chat, tools: [{ name: 'f' }] }, 'has `tools`, which Airlock does not support; remove it.'],
    [
      'half a character',
      { ...text, chosen: 'a\ud83d' },
      'has a broken character (half of a surrogate pair) in `chosen`; write it again.',
    ],
    [
      'half a character in a chat',
      { ...chat, prompt: [say('user', '\ude00')] },
      'has a broken character (half of a surrogate pair) in message 1 of `prompt`; write it again.',
    ],
    [
      'nothing to learn',
      { ...text, rejected: 'c' },
      'has the same text as `chosen` and `rejected`, so there is nothing to learn; change one or remove the row.',
    ],
    [
      'nothing to learn in a chat',
      { ...chat, rejected: chat.chosen },
      'has the same text as `chosen` and `rejected`, so there is nothing to learn; change one or remove the row.',
    ],
    ['a row that is a list', [1], 'is the list [1]; it must be an object with `prompt`, `chosen` and `rejected`.'],
    ['a row that is null', null, 'is null; it must be an object with `prompt`, `chosen` and `rejected`.'],
  ])('%s', (_, row, sentence) => {
    const parsed = parse(text, row);
    expect(saidErrors(parsed)).toEqual([{ row: 2, message: `Row 2 of pairs.jsonl ${sentence}` }]);
    expect(parsed.rows).toEqual([1]);
  });
});

describe('one sentence for a whole file', () => {
  it.each([
    ['', /^pairs\.jsonl is empty; it needs one \{"prompt"/],
    [' \n\n', /^pairs\.jsonl is empty/],
    ['[]', /^pairs\.jsonl is empty/],
    ['prompt,chosen,rejected\na,b,c\n', /^pairs\.jsonl has no line of valid JSON; .* \(line 1: .*\)\.$/],
    ['{\n "prompt": "p",\n "chosen": "c"', /^pairs\.jsonl has no line of valid JSON/],
  ])('%j', (content, message) => {
    const parsed = parsePairs(content, 'pairs.jsonl');
    expect([parsed.pairs, parsed.rows, parsed.errors.length]).toEqual([[], [], 1]);
    expect(saidErrors(parsed)[0]?.message).toMatch(message);
  });
});
