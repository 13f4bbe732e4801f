/** @file What is judged of a prompt set, and what its win rates are, on records made by hand. */
import { expect, it } from 'vitest';
import type { Trial, TrialJudgement } from '../../../../storage/trial-record';
import { scoreAnswer } from '../../starter/score-answer';
import { isDecided, meanScoresOf, ratesOf, trialComparisons } from './trial';

const answer = (text: string) => ({ text, isCut: false });

const trialOf = (change: Partial<Trial> = {}): Trial => ({
  at: '2026-01-01T00:00:00Z',
  modelName: 'tiny',
  fingerprint: 'print',
  task: null,
  columns: [
    { runId: null, name: 'base', strength: 100 },
    { runId: 'd', name: 'dpo-1', strength: 100 },
    { runId: 'd', name: 'dpo-1', strength: 150 },
  ],
  against: 0,
  temperatures: [0, 1],
  sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 },
  prompts: ['p', 'q'],
  answered: [
    [answer('base'), answer('one'), answer('two')],
    [answer('base'), answer('one'), answer('two')],
    [answer('base'), answer(' base '), answer('two')],
    [answer('base'), answer('one'), answer('two')],
  ],
  orderSeed: 7,
  judge: 'analyst',
  judgements: [],
  ...change,
});

/** Judges every comparison for the challenger where its text is among `good`, else against it. */
function judged(trial: Trial, good: readonly string[], count = Infinity): Trial {
  const judgements = trialComparisons(trial)
    .slice(0, count)
    .map(({ a, b, column }): TrialJudgement => {
      const ours = a.voice === column ? a : b;
      return { verdict: good.includes(ours.text) === (a.voice === column) ? 'a' : 'b', at: '' };
    });
  return { ...trial, judgements };
}

it('asks about every column against the chosen one, but not about answers that say the same', () => {
  const trial = trialOf();
  const comparisons = trialComparisons(trial);
  expect(comparisons.map(({ cell, column }) => `${cell} ${column}`).sort()).toEqual([
    '0 1',
    '0 2',
    '1 1',
    '1 2',
    '2 2',
    '3 1',
    '3 2',
  ]);
  expect(comparisons.every(({ a, b, column }) => [a.voice, b.voice].sort().join() === [0, column].join())).toBe(true);
  const sides = new Set(
    Array.from({ length: 20 }, (_, orderSeed) => trialComparisons(trialOf({ orderSeed }))[0]?.a.voice === 0),
  );
  expect(sides.size).toBe(2);
  expect(trialComparisons({ ...trial, answered: trial.answered.slice(0, 2) })).toEqual(comparisons.slice(0, 4));
});

it('counts win rates by column and temperature, equal answers as ties', () => {
  const trial = judged(trialOf(), ['one']);
  expect(isDecided(trial)).toBe(true);
  const rates = ratesOf(trial, scoreAnswer).map(({ column, temperature, rate }) => [
    column,
    temperature,
    rate?.wins,
    rate?.ties,
    rate?.losses,
  ]);
  expect(rates).toEqual([
    [1, 0, 1, 1, 0],
    [1, 1, 2, 0, 0],
    [2, 0, 0, 0, 2],
    [2, 1, 0, 0, 2],
  ]);
  const [, second] = ratesOf(trial, scoreAnswer);
  // Wilson's interval of 2 of 2.
  expect(second?.rate?.interval.low).toBeCloseTo(0.3424, 4);
  expect(second?.rate?.interval.high).toBe(1);
  const ties = {
    ...trial,
    judgements: trial.judgements.map(({ at }, index): TrialJudgement => ({
      verdict: index % 2 === 0 ? 'tie' : 'bad',
      at,
    })),
  };
  expect(ratesOf(ties, scoreAnswer).every(({ rate }) => rate?.ties === 2)).toBe(true);
});

it('counts no cell that is not judged whole', () => {
  const trial = judged(trialOf(), ['one'], 3);
  expect(isDecided(trial)).toBe(false);
  expect(
    ratesOf(trial, scoreAnswer).map(({ rate }) => (rate === null ? null : rate.wins + rate.ties + rate.losses)),
  ).toEqual([1, null, 1, null]);
});

it('lets the scorer judge where the prompts are of a task, against whichever column', () => {
  const reviews = trialOf({
    judge: 'scorer',
    task: 'sentiment',
    prompts: ['The film was'],
    temperatures: [1],
    answered: [[answer(' awful.'), answer(' wonderful.'), answer(' on Monday.')]],
  });
  expect(ratesOf(reviews, scoreAnswer).map(({ rate }) => rate?.wins)).toEqual([1, 1]);
  expect(ratesOf({ ...reviews, against: 1 }, scoreAnswer).map(({ rate }) => rate?.losses)).toEqual([1, 1]);
  const [base, one] = meanScoresOf(reviews, scoreAnswer) ?? [];
  expect(one?.[0]).toBeGreaterThan(base?.[0] ?? 1);
  expect(ratesOf({ ...reviews, task: null }, scoreAnswer).every(({ rate }) => rate === null)).toBe(true);
  expect(isDecided({ ...reviews, task: null })).toBe(false);
  expect(meanScoresOf({ ...reviews, task: null }, scoreAnswer)).toBeNull();
});
