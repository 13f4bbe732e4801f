import { describe, expect, it } from 'vitest';
import { knownAgain, mergeRows } from './merge-rows';

const rows = (...names: string[]) => names.map((name) => ({ name }));
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join('');

describe('rows that two tabs change', () => {
  it('knows rows again by what they say, each one once', () => {
    const known = rows('a', 'b', 'b');
    expect(knownAgain(known, rows('a', 'b', 'b'))).toBe(known);
    const read = knownAgain(known, rows('b', 'x', 'a', 'b', 'b'));
    expect(names(read)).toBe('bxabb');
    expect(read.filter((row) => known.includes(row))).toEqual(rows('b', 'a', 'b'));
  });

  it('keeps removals, edits and additions of both sides', () => {
    const [a, b, c, d] = rows('a', 'b', 'c', 'd') as [
      { name: string },
      { name: string },
      { name: string },
      { name: string },
    ];
    const [edited, mineNew, theirsNew] = rows('B', 'm', 't') as [{ name: string }, { name: string }, { name: string }];
    const base = [a, b, c, d];
    expect(names(mergeRows(base, [a, edited, c, d, mineNew], [b, c, theirsNew, d]))).toBe('Bctdm');
    expect(mergeRows(base, base, [a])).toEqual([a]);
    expect(names(mergeRows(base, [a, b], [a, b, c, d, theirsNew]))).toBe('abt');
    expect(names(mergeRows(base, [], base))).toBe('');
    expect(names(mergeRows([], [mineNew], [theirsNew]))).toBe('mt');
  });

  it('keeps both where both changed the same row', () => {
    const [a, mine, theirs] = rows('a', 'x', 'y') as [{ name: string }, { name: string }, { name: string }];
    expect(names(mergeRows([a], [mine], [theirs]))).toBe('xy');
  });
});
