import { expect, it } from 'vitest';
import { checkTokens, fixTokens, pieceShare, withSpaceMoved, type EncodingFault } from './token-checks';

const fine = { faults: [], problem: null };
const faulty = (...faults: EncodingFault[]) => ({ faults, problem: null });
const row = (prompt: string) => ({ pair: { prompt, chosen: 'c', rejected: 'r' } });

it('counts what encoding found by kind', () => {
  const report = checkTokens([
    fine,
    faulty('cutOff', 'noEnd'),
    { faults: [], problem: 'The prompt is empty.' },
    faulty('boundaryMerges'),
    faulty('unwritable'),
  ]);
  expect(report).toEqual({ leftOut: [2], unwritable: [4], boundaryMerges: [3], noEnd: [1], cutOff: [1] });
});

it('removes what is cut or left out, and moves a space over the boundary', () => {
  const rows = [row('one'), row('two '), row('three')];
  const report = checkTokens([faulty('cutOff'), faulty('boundaryMerges'), faulty('boundaryMerges', 'noEnd')]);
  expect(fixTokens(rows, 'cutOff', report)).toEqual([rows[1], rows[2]]);
  expect(fixTokens(rows, 'boundaryMerges', report)).toEqual([
    rows[0],
    { pair: { prompt: 'two', chosen: ' c', rejected: ' r' } },
    rows[2],
  ]);
});

it('says the share of the tokens that are parts of characters', () => {
  const of = (chosenTokens: number, rejectedTokens: number, pieceTokens: number) => ({
    chosenTokens,
    rejectedTokens,
    pieceTokens,
  });
  const encoded = [of(10, 10, 18), of(100, 100, 0), of(0, 5, 2)];
  expect(pieceShare(encoded, [0, 2])).toBe(0.8);
  expect(pieceShare(encoded, [])).toBe(0);
});

it('leaves what the text cannot correct', () => {
  const rows = [row('one')];
  expect(fixTokens(rows, 'boundaryMerges', checkTokens([faulty('boundaryMerges')]))).toBe(rows);
  expect(fixTokens(rows, 'noEnd', checkTokens([faulty('noEnd')]))).toBe(rows);
  const chat = {
    prompt: [{ role: 'user', content: 'a ' }],
    chosen: [{ role: 'assistant', content: 'b' }],
    rejected: [{ role: 'assistant', content: 'c' }],
  };
  expect(withSpaceMoved(chat)).toBe(chat);
  expect(withSpaceMoved(row(' ').pair)).toEqual(row(' ').pair);
});
