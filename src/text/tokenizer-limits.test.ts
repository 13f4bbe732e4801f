/** @file Tokenizers that would take for ever are refused in a sentence; one that does not end fails the test. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { JsonObject } from '../core/json';
import { loadTokenizer } from './tokenizer';
import { maxAddedCharacters, maxAddedTokens, maxPieceCharacters, maxTokens } from './tokenizer-limits';

const llama = JSON.parse(readFileSync('fixtures/tiny-llama/tokenizer.json', 'utf8')) as JsonObject;
const split = (regex: string) => ({ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false });
const replace = (text: string, content: string) => ({ type: 'Replace', pattern: { String: text }, content });
const sequence = (count: number) => ({
  type: 'Sequence',
  normalizers: Array.from({ length: count }, () => replace('a', 'aa')),
});
const added = (count: number, content: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => ({ id: 1000 + i, content: content(i), special: true }));
const unigram = (vocab: unknown) => ({ type: 'Unigram', unk_id: 0, vocab });

it.each([
  ['normalizers that double', { normalizer: sequence(30) }, /normalizer makes \d+ characters of \d+; more than 20/],
  ['more normalizers than any has', { normalizer: sequence(1000) }, /has 1000 normalizers; at most 32/],
  [
    'a replacement as long as a book',
    { normalizer: replace('a', 'a'.repeat(1e6)) },
    /1000000 characters in the content/,
  ],
  ['100,000 added tokens', { added_tokens: added(100_000, (i) => `<t${i}>`) }, `${maxAddedTokens + 1} added tokens`],
  ['an added token without end', { added_tokens: added(1, () => '<'.repeat(5000)) }, `at most ${maxAddedCharacters}`],
  [
    'two million pieces',
    { model: unigram(Array.from({ length: 2e6 }, (_, i) => [`p${i}`, -1])) },
    `${maxTokens} are taken`,
  ],
  [
    'a piece as long as a book',
    {
      model: unigram([
        ['u', 0],
        ['a'.repeat(1e5), -1],
      ]),
    },
    `at most ${maxPieceCharacters}`,
  ],
  ['a pattern that tries every way', { pre_tokenizer: split('(a+)+b|(a|a)*c') }, /takes [\d.]+ seconds for \d+ equal/],
  ['a pattern of high degree', { pre_tokenizer: split('\\s*\\s*\\s*\\s*\\s*x') }, /takes [\d.]+ seconds for \d+ equal/],
] as const)('%s', (_, change, sentence) => {
  const load = () => loadTokenizer({ ...llama, ...change }, {});
  expect(load).toThrow(expect.objectContaining({ name: 'UserError', message: expect.stringMatching(sentence) }));
});

it('many added tokens that begin alike are found in a long text of their beginning', () => {
  const tokens = added(maxAddedTokens / 2, (i) => `<<<<<<<<t${i}>`);
  const tokenizer = loadTokenizer({ ...llama, added_tokens: tokens }, {});
  const ids = tokenizer.encode(`${'<'.repeat(20_000)}t7>`, { addSpecialTokens: false });
  expect(tokenizer.tokenText(ids.at(-1) ?? -1)).toBe('<<<<<<<<t7>');
});
