/** @file What the starter's page says of scores: the sentence follows from the intervals; few prompts say nothing. */
import { describe, expect, it } from 'vitest';
import {
  distanceOf,
  examplesOf,
  fewestForVerdict,
  scoredPrompt,
  summarize,
  verdictOf,
  type ScoredPrompt,
} from './result';

/** A prompt with a score of each column. */
const scored = (name: string, [base, sft, dpo]: readonly [number, number, number]): ScoredPrompt => {
  const answer = (score: number) => ({ text: `${score}`, score, isFluent: score > 0 });
  return { prompt: name, answers: { base: answer(base), sft: answer(sft), dpo: answer(dpo) } };
};
const repeated = (count: number, rows: readonly (readonly [number, number, number])[]): ScoredPrompt[] =>
  Array.from({ length: count }, (_, i) => scored(`${i}`, rows[i % rows.length] as [number, number, number]));

const verdict = (prompts: readonly ScoredPrompt[]) => verdictOf(prompts.length, summarize(prompts)!);

describe('the verdict', () => {
  it('is clear where both intervals are above 0, and open where one has 0 in it', () => {
    expect(
      verdict(
        repeated(64, [
          [0.2, 0.3, 0.9],
          [0.5, 0.6, 0.8],
        ]),
      ),
    ).toBe('clear');
    expect(
      verdict(
        repeated(64, [
          [0.2, 0.9, 0.3],
          [0.2, 0.3, 0.9],
        ]),
      ),
    ).toBe('open');
    expect(
      verdict(
        repeated(64, [
          [0.2, 0.9, 0.3],
          [0.2, 0.9, 0.5],
        ]),
      ),
    ).toBe('worse');
  });

  it('is not given on fewer than 48 prompts, however clear they look', () => {
    expect(fewestForVerdict).toBe(48);
    expect(verdict(repeated(47, [[0, 0, 1]]))).toBe('few');
    expect(summarize(repeated(1, [[0, 0, 1]]))).toBeNull();
  });

  it('tells fluent answers of each', () => {
    const { columns } = summarize(
      repeated(4, [
        [0, 0.5, 1],
        [0.5, 0.5, 0],
      ]),
    )!;
    expect([columns.base.fluent, columns.sft.fluent, columns.dpo.fluent]).toEqual([0.5, 1, 0.5]);
  });
});

describe('examplesOf', () => {
  it('shows the largest gains and losses, and nothing that did not change', () => {
    const prompts = [
      scored('same', [0, 0.5, 0.5]),
      scored('gain', [0, 0.2, 0.9]),
      scored('more', [0, 0, 1]),
      scored('loss', [0, 1, 0]),
    ];
    const { best, worst } = examplesOf(prompts, 2);
    expect([best, worst].map((list) => list.map(({ prompt }) => prompt))).toEqual([['more', 'gain'], ['loss']]);
  });
});

it('scores the answers of all three by the task’s judge', () => {
  const { answers } = scoredPrompt('dialogue', 'How many minutes are 2 hours?', [
    '120.',
    'Gladly. 120.',
    'blarg blarg blarg',
  ]);
  expect(answers.base).toEqual({ text: '120.', score: 0.9, isFluent: true });
  expect(answers.sft.score).toBe(1);
  expect(answers.dpo).toMatchObject({ score: 0, isFluent: false });
});

it('calls a distance near, moderate or far', () => {
  const distance = (mean: number) => distanceOf({ mean, standardError: 0.1, samples: 32 });
  expect([0.5, 5, 25].map(distance)).toEqual(['near', 'moderate', 'far']);
});
