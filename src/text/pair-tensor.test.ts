/** @file The tokens shown are those that training encodes, part by part, with what the limit cuts off. */
import { sentenceOf } from '../messages/message';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodePair } from './encode-pair';
import { lookAtPair, specialTexts } from './pair-tensor';
import type { PairTensor } from '../run/reports';
import { loadTokenizer } from './tokenizer';
import type { JsonObject } from '../core/json';

const readObject = (file: string) => JSON.parse(readFileSync(`fixtures/tiny-llama/${file}.json`, 'utf8')) as JsonObject;
const tokenizer = loadTokenizer(readObject('tokenizer'), readObject('tokenizer_config'), readObject('config'));
const context = {
  tokenizer,
  chatTemplate: readFileSync('fixtures/tiny-llama/chat_template.jinja', 'utf8'),
  maxLength: 1024,
};
const say = (role: string, content: string) => [{ role, content }];
const chat = {
  prompt: say('user', 'Why 왜?'),
  chosen: say('assistant', 'Because it is.'),
  rejected: say('assistant', 'No.'),
};
const ids = (tokens: PairTensor['prompt']) => tokens.map(({ id }) => id);

it('shows the ids of training, the template around them, and the end of sequence', () => {
  const seen = lookAtPair(chat, context);
  const outcome = encodePair(chat, context);
  if (!outcome.ok) throw new Error(sentenceOf(outcome.problem));
  expect([ids(seen.prompt), ids(seen.chosen), ids(seen.rejected)]).toEqual([
    outcome.pair.promptIds,
    outcome.pair.chosenIds,
    outcome.pair.rejectedIds,
  ]);
  expect(seen).toMatchObject({
    chosenCut: [],
    rejectedCut: [],
    problem: null,
    warnings: outcome.pair.warnings,
    eosTokenId: tokenizer.eosTokenId,
  });
  expect(seen.prompt[0]).toMatchObject({ text: '<|im_start|>', isSpecial: true });
  expect(seen.chosen.some(({ id }) => id === seen.eosTokenId)).toBe(true);
  expect([...seen.prompt, ...seen.chosen].every(({ text }) => text !== '' && !text.includes('\ufffd'))).toBe(true);
});

it('tells a character that is cut into tokens on the first of them', () => {
  const { prompt } = lookAtPair(chat, context);
  const groups = prompt.flatMap(({ joined }, i) => (joined ? [{ ...joined, at: i }] : []));
  expect(groups.map(({ text }) => text.trim())).toEqual(['왜']);
  const [{ at, tokens, text }] = groups as [(typeof groups)[number]];
  expect(tokens).toBeGreaterThan(1);
  const together = prompt.slice(at, at + tokens).map(({ id }) => id);
  expect(tokenizer.decode(together, { skipSpecialTokens: false })).toBe(text);
  expect(prompt.slice(at + 1, at + tokens).every(({ joined }) => joined === undefined)).toBe(true);
});

it('shows what the limit cuts off, and a pair that it refuses', () => {
  const whole = lookAtPair(chat, context);
  const maxLength = whole.prompt.length + 2;
  const cut = lookAtPair(chat, { ...context, maxLength });
  expect(cut.chosen).toHaveLength(2);
  expect([...ids(cut.chosen), ...ids(cut.chosenCut)]).toEqual(ids(whole.chosen));
  expect(cut.warnings.some((warning) => sentenceOf(warning).includes('is cut'))).toBe(true);
  const refused = lookAtPair(chat, { ...context, maxLength: 3 });
  expect(sentenceOf(refused.problem ?? '')).toMatch(/max_length is 3/);
  expect([refused.chosen, ids(refused.chosenCut)]).toEqual([[], ids(whole.chosen)]);
  expect(lookAtPair({ prompt: 'a', chosen: '', rejected: 'b' }, context)).toMatchObject({
    prompt: [],
    chosenCut: [],
    problem: { code: 'completionEmpty', values: { side: 'chosen' } },
  });
});

it('warns where the boundary merges', () => {
  const merges = lookAtPair({ prompt: 'The pump ', chosen: 'is on', rejected: 'off' }, context);
  const outcome = encodePair({ prompt: 'The pump ', chosen: 'is on', rejected: 'off' }, context);
  expect(merges.warnings).toEqual(outcome.ok ? outcome.pair.warnings : []);
});

it('names the special tokens', () => {
  expect(specialTexts(tokenizer)).toEqual(expect.arrayContaining(['<|im_start|>', '<|im_end|>']));
});
