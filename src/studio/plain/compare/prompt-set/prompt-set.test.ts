/** @file What is judged of a prompt set, and what its win rates are, on records made by hand. */
import { expect, it } from 'vitest';
import type { PromptSet, PromptSetJudgement } from '../../../../storage/prompt-set-record';
import { scoreAnswer } from '../../starter/score-answer';
import { columnColours, isDecided, meanScoresOf, pairingsOf, promptSetComparisons, ratesOf } from './prompt-set';

const answer = (text: string) => ({ text, isCut: false });

const promptSetOf = (change: Partial<PromptSet> = {}): PromptSet => ({
  at: '2026-01-01T00:00:00Z',
  modelName: 'tiny',
  fingerprint: 'print',
  task: null,
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 'd', name: 'dpo-1', strength: 100, role: 'dpo' },
    { runId: 'd', name: 'dpo-1', strength: 150, role: 'dpo' },
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
  modelJudge: null,
  ...change,
});

/** Judges every comparison for the challenger where its text is among `good`, else against it. */
function judged(promptSet: PromptSet, good: readonly string[], count = Infinity): PromptSet {
  const judgements = promptSetComparisons(promptSet)
    .slice(0, count)
    .map(({ a, b, column }): PromptSetJudgement => {
      const ours = a.voice === column ? a : b;
      return { verdict: good.includes(ours.text) === (a.voice === column) ? 'a' : 'b', at: '' };
    });
  return { ...promptSet, judgements };
}

it('asks about every column against the chosen one, but not about answers that say the same', () => {
  const promptSet = promptSetOf();
  const comparisons = promptSetComparisons(promptSet);
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
    Array.from({ length: 20 }, (_, orderSeed) => promptSetComparisons(promptSetOf({ orderSeed }))[0]?.a.voice === 0),
  );
  expect(sides.size).toBe(2);
  expect(promptSetComparisons({ ...promptSet, answered: promptSet.answered.slice(0, 2) })).toEqual(
    comparisons.slice(0, 4),
  );
});

it('counts win rates by column and temperature, equal answers as ties', () => {
  const promptSet = judged(promptSetOf(), ['one']);
  expect(isDecided(promptSet)).toBe(true);
  expect(isDecided({ ...promptSet, answered: [], judgements: [] })).toBe(false);
  const rates = ratesOf(promptSet, scoreAnswer).map(({ column, temperature, rate }) => [
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
  const [, second] = ratesOf(promptSet, scoreAnswer);
  // Wilson's interval of 2 of 2.
  expect(second?.rate?.interval.low).toBeCloseTo(0.3424, 4);
  expect(second?.rate?.interval.high).toBe(1);
  const ties = {
    ...promptSet,
    judgements: promptSet.judgements.map(({ at }, index): PromptSetJudgement => ({
      verdict: index % 2 === 0 ? 'tie' : 'bad',
      at,
    })),
  };
  expect(ratesOf(ties, scoreAnswer).every(({ rate }) => rate?.ties === 2)).toBe(true);
});

it('counts no cell that is not judged whole', () => {
  const promptSet = judged(promptSetOf(), ['one'], 3);
  expect(isDecided(promptSet)).toBe(false);
  expect(
    ratesOf(promptSet, scoreAnswer).map(({ rate }) => (rate === null ? null : rate.wins + rate.ties + rate.losses)),
  ).toEqual([1, null, 1, null]);
});

const three = [
  { runId: null, name: 'base', strength: 100, role: 'base' as const },
  { runId: 's', name: 'sft-1', strength: 100, role: 'sft' as const },
  { runId: 'd', name: 'dpo-1', strength: 100, role: 'dpo' as const },
];

it('compares DPO with SFT directly beside both with the base, unless an older record asked only the latter', () => {
  const answered = [[answer('base'), answer('sft'), answer('dpo')]];
  const promptSet = promptSetOf({ columns: three, temperatures: [0], prompts: ['p'], answered });
  expect(pairingsOf(promptSet)).toEqual([
    { column: 1, against: 0 },
    { column: 2, against: 0 },
    { column: 2, against: 1 },
  ]);
  // DPO is chosen wherever it stands, else SFT.
  const all = judged(promptSet, ['dpo'], 0);
  const judgements = promptSetComparisons(all).map(({ a, b }): PromptSetJudgement => {
    const better = Math.max(a.voice, b.voice);
    return { verdict: a.voice === better ? 'a' : 'b', at: '' };
  });
  const rates = ratesOf({ ...all, judgements }, scoreAnswer);
  expect(rates.map(({ column, against, rate }) => [column, against, rate?.wins])).toEqual([
    [1, 0, 1],
    [2, 0, 1],
    [2, 1, 1],
  ]);
  const older = { ...promptSet, columns: three.map((column) => ({ ...column, role: null })) };
  expect(pairingsOf(older)).toHaveLength(2);
  expect(pairingsOf({ ...promptSet, against: 1 })).toEqual([
    { column: 0, against: 1 },
    { column: 2, against: 1 },
  ]);
  expect(columnColours(promptSet)).toEqual(['base', 'sft', 'dpo']);
  expect(columnColours(older)).toEqual(['base', 'spare-1', 'spare-2']);
});

it('lets a reward judge by its scores, counts nothing where one is missing, and tells their means', () => {
  const scores = [
    [0, 1, 0.5],
    [0.1 + 0.2, 0.3, null],
    [2, 1, null],
    [0, -1, null],
  ];
  const promptSet = promptSetOf({ judge: 'reward', rewardJudge: { reward: 'rules', scores } });
  expect(isDecided(promptSet)).toBe(true);
  const told = ratesOf(promptSet, scoreAnswer).map(({ column, temperature, rate }) => [column, temperature, rate]);
  const counts = (wins: number, ties: number, losses: number) => expect.objectContaining({ wins, ties, losses });
  expect(told).toEqual([
    [1, 0, counts(1, 0, 1)],
    [1, 1, counts(0, 1, 1)],
    [2, 0, counts(1, 0, 0)],
    [2, 1, null],
  ]);
  expect(meanScoresOf(promptSet, scoreAnswer)).toEqual([
    [1, (0.1 + 0.2) / 2],
    [1, (0.3 - 1) / 2],
    [0.5, null],
  ]);
  const half = { ...promptSet, rewardJudge: { reward: 'rules', scores: scores.slice(0, 3) } };
  expect(isDecided(half)).toBe(false);
  expect(isDecided({ ...promptSet, rewardJudge: null })).toBe(false);
  expect(meanScoresOf({ ...promptSet, rewardJudge: null }, scoreAnswer)).toBeNull();
});

it('lets the scorer judge where the prompts are of a task, against whichever column', () => {
  const reviews = promptSetOf({
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
