import { expect, it } from 'vitest';
import { noScores, readScores, typedScores } from './edited-scores';

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
