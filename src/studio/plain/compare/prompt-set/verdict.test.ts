/** @file What is said of prompt sets whose outcomes are known. */
import { expect, it } from 'vitest';
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { scoreAnswer } from '../../starter/score-answer';
import { ratesOf } from './prompt-set';
import { examplesOf, leaning, verdictsOf } from './verdict';

const answer = (text: string) => ({ text, isCut: false });
const reviews = ['wonderful', 'awful', 'dull', 'charming'];

/** Reviews by three columns; DPO praises at temperature 0 and both praise at 1. */
const promptSet: PromptSet = {
  at: '2026-01-01T00:00:00Z',
  modelName: 'tiny',
  fingerprint: 'print',
  task: 'sentiment',
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 's', name: 'sft-1', strength: 100, role: 'sft' },
    { runId: 'd', name: 'dpo-1', strength: 100, role: 'dpo' },
  ],
  against: 0,
  temperatures: [0, 1],
  sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 },
  prompts: Array.from({ length: 8 }, (_, index) => `The film of year ${index} was`),
  answered: Array.from({ length: 16 }, (_, cell) =>
    cell % 2 === 0
      ? [answer(` ${reviews[1]}.`), answer(` ${reviews[1]}.`), answer(` ${reviews[0]}.`)]
      : [answer(` ${reviews[0]}.`), answer(` ${reviews[1]}.`), answer(` ${reviews[0]}.`)],
  ),
  orderSeed: 1,
  judge: 'scorer',
  judgements: [],
  modelJudge: null,
};

it('leans only where the interval does not hold one half', () => {
  expect(
    [
      { low: 0.51, high: 0.7 },
      { low: 0.2, high: 0.49 },
      { low: 0.4, high: 0.6 },
    ].map(leaning),
  ).toEqual(['better', 'worse', 'open']);
});

it('says for each pairing, DPO first, whether all temperatures agree', () => {
  const verdicts = verdictsOf(promptSet, ratesOf(promptSet, scoreAnswer));
  expect(verdicts.map(({ column, against, verdict }) => [column, against, verdict])).toEqual([
    [2, 0, 'mixed'],
    [2, 1, 'better'],
    [1, 0, 'mixed'],
  ]);
  expect(verdicts[0]?.at.map(({ temperature, leaning: leans, rate }) => [temperature, leans, rate.wins])).toEqual([
    [0, 'better', 8],
    [1, 'open', 0],
  ]);
  expect(verdicts[2]?.at.map(({ leaning: leans }) => leans)).toEqual(['open', 'worse']);
  expect(verdictsOf(promptSet, [])).toEqual([]);
});

it('shows the prompts of largest gain and loss, each prompt once', () => {
  const { best, worst } = examplesOf(promptSet, { column: 2, against: 1 }, scoreAnswer, 3);
  expect(best.map(({ prompt }) => prompt)).toEqual(promptSet.prompts.slice(0, 3));
  expect(best[0]?.gain).toBeGreaterThan(0);
  expect(worst).toEqual([]);
  const lost = examplesOf(promptSet, { column: 1, against: 0 }, scoreAnswer, 2);
  expect(lost.best).toEqual([]);
  expect(lost.worst.map(({ temperature }) => temperature)).toEqual([1, 1]);
  // Of a person's verdicts the first ones are shown: they have no size.
  const base = { ...promptSet, judge: 'analyst' as const, columns: promptSet.columns.slice(0, 2) };
  const judged = {
    ...base,
    answered: promptSet.answered.map((answers) => answers.slice(0, 2)),
    judgements: promptSet.prompts.map(() => ({ verdict: 'a' as const, at: '' })),
  };
  const chosen = examplesOf(judged, { column: 1, against: 0 }, scoreAnswer, 8);
  expect(chosen.best.length + chosen.worst.length).toBe(8);
  expect([...chosen.best, ...chosen.worst].every(({ gain }) => Math.abs(gain) === 1)).toBe(true);
});
