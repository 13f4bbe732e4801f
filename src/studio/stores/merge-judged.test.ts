import { expect, it } from 'vitest';
import { mergeJudged } from './merge-judged';

interface Round {
  readonly name: string;
  readonly answered: readonly string[];
  readonly judgements: readonly string[];
}

const merge = (base: Round | null, mine: Round | null, theirs: Round | null) =>
  mergeJudged(base, mine, theirs, (a, b) => a.name === b.name);
const base: Round = { name: 'r', answered: ['1'], judgements: ['a'] };

it('takes what the other tab wrote where nothing was changed here', () => {
  const theirs = { ...base, judgements: [] };
  expect(merge(base, base, theirs)).toBe(theirs);
  expect(merge(base, base, null)).toBeNull();
});

it('has the answers of the tab that answers and the judgements of the tab that judges', () => {
  expect(merge(base, { ...base, answered: ['1', '2'] }, { ...base, judgements: ['a', 'b'] })).toEqual({
    name: 'r',
    answered: ['1', '2'],
    judgements: ['a', 'b'],
  });
  expect(merge(base, { ...base, judgements: ['a', 'b'] }, { ...base, answered: ['1', '2'] })).toEqual({
    name: 'r',
    answered: ['1', '2'],
    judgements: ['a', 'b'],
  });
  expect(merge(base, { ...base, answered: ['1', '2'] }, { ...base, judgements: [] })?.judgements).toEqual([]);
});

it('has what only the other tab changed', () => {
  const judged = { ...base, judge: 'me' };
  const merged = mergeJudged(judged, { ...judged, judgements: ['a', 'b'] }, { ...judged, judge: 'model' }, () => true);
  expect(merged).toEqual({ ...judged, judge: 'model', judgements: ['a', 'b'] });
  const both = mergeJudged(judged, { ...judged, judge: 'scorer' }, { ...judged, judge: 'model' }, () => true);
  expect(both?.judge).toBe('scorer');
});

it('keeps what a person did here where the rounds are not the same', () => {
  const other = { ...base, name: 'other' };
  expect(merge(base, null, { ...base, answered: ['1', '2'] })).toBeNull();
  expect(merge(base, other, { ...base, judgements: [] })).toBe(other);
});
