import { expect, it } from 'vitest';
import { exampleRun } from '../examples';
import { paceOf, secondsLeft, secondsOf, shareDone } from './sweep-time';

const size = {
  betas: [0.1, 0.3, 1],
  prompts: Array.from({ length: 20 }, (_, index) => `p${index}`),
  sampling: { maxNewTokens: 8, seed: 0, answers: 2, referenceAnswers: 4 },
};
const pace = { run: 100, answer: 1, scoring: 0.5 };

it('adds up the runs and the answers of all', () => {
  expect(secondsOf(size, pace)).toEqual({ training: 300, answering: 20 * 4 * 1 + 3 * 20 * 2 * 1.5 });
});

it('counts down to nothing', () => {
  const blocks = (count: number) => ({ ...size, answered: Array.from({ length: count }, () => []) });
  const { training, answering } = secondsOf(size, pace);
  expect(secondsLeft(blocks(0), pace, 3)).toBeCloseTo(training + answering);
  expect(secondsLeft(blocks(3), pace, 2.5)).toBeCloseTo(250 + 3 * 20 * 2 * 1.5);
  expect(secondsLeft(blocks(12), pace, 0)).toBe(0);
});

it('goes by runs that have ended, then by the one under way, then by what was measured before', () => {
  const runs = [
    { ...exampleRun, id: 'a', seconds: 40 },
    { ...exampleRun, id: 'b', seconds: 60 },
    { ...exampleRun, id: 'other', seconds: 999 },
  ];
  const sweep = { runs: ['a', 'b', null] };
  expect(paceOf({ sweep, known: pace, runs, activeSeconds: 70 })).toEqual({ ...pace, run: 50 });
  expect(paceOf({ sweep, known: pace, runs: [], activeSeconds: 70 })?.run).toBe(70);
  expect(paceOf({ sweep, known: { ...pace, scoring: null }, runs: [], activeSeconds: null })).toEqual({
    ...{ run: 100, answer: 1, scoring: 1 },
  });
  expect(paceOf({ sweep, known: { ...pace, answer: null }, runs, activeSeconds: null })).toBeNull();
  expect(paceOf({ sweep, known: { ...pace, run: null }, runs: [], activeSeconds: null })).toBeNull();
});

it('tells the share that is done', () => {
  expect(shareDone(size, 0, 0)).toBe(0);
  expect(shareDone(size, 1.5, 120)).toBeCloseTo((60 + 120) / (120 + 200));
  expect(shareDone(size, 3, 200)).toBeCloseTo(1);
});
