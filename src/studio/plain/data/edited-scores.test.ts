import { expect, it } from 'vitest';
import type { PreferencePair } from '../../../data/preference-pair';
import { noScores, readMargin, readScores, typedMargin, typedScores, withMargin } from './edited-scores';

it('reads both scores or none, and says which is wrong', () => {
  expect(readScores(typedScores({ chosen: 1.5, rejected: -2e-3 }))).toEqual({
    scores: { chosen: 1.5, rejected: -2e-3 },
    problems: {},
  });
  expect(typedScores(undefined)).toEqual(noScores);
  expect(readScores(noScores)).toEqual({ scores: null, problems: {} });
  const half = readScores({ chosen: '1', rejected: ' ' });
  expect(half.scores).toBeNull();
  expect(Object.keys(half.problems)).toEqual(['rejected']);
  expect(readScores({ chosen: '1,5', rejected: '0' }).problems.chosen?.withPoint).toBe('1.5');
});

it('reads a margin or none, and says where it is no number', () => {
  const pair = { prompt: 'p', chosen: 'c', rejected: 'r', margin: -0.5 };
  expect(readMargin(typedMargin(pair))).toEqual({ margin: -0.5 });
  expect(typedMargin({ margin: 0 })).toBe('0');
  const without: PreferencePair = { prompt: 'p', chosen: 'c', rejected: 'r' };
  expect(readMargin(typedMargin(without))).toEqual({});
  expect(readMargin(' ')).toEqual({});
  expect(readMargin('0,5').problem?.withPoint).toBe('0.5');
  expect(readMargin('0,5')).not.toHaveProperty('margin');
  expect(withMargin(pair, 2)).toEqual({ ...pair, margin: 2 });
  // Not an undefined one, which would be stored.
  expect(Object.keys(withMargin(pair, undefined))).toEqual(['prompt', 'chosen', 'rejected']);
  expect(withMargin(without, 1)).toEqual({ ...without, margin: 1 });
});
