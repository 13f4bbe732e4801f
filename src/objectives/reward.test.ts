/** @file The loss of a reward model: its formula, its slopes by finite differences, its limits, and its options. */
import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../run/config';
import { defaultObjectiveOptions } from '../run/objectives';
import { reward } from './reward';

const batch = { pairs: 1, chosenTokens: 1 };
const none = { chosen: new Float64Array(0), rejected: new Float64Array(0) };
const at = (
  chosen: number,
  rejected: number,
  options = {},
  scores: { chosen: number; rejected: number } | null = null,
) =>
  reward.evaluate(
    { chosen: Float64Array.of(chosen), rejected: Float64Array.of(rejected) },
    none,
    { ...defaultObjectiveOptions, ...options },
    { ...batch, scores },
  );
const logSigmoid = (x: number): number => Math.log(1 / (1 + Math.exp(-x)));

describe('the loss of a reward model', () => {
  it('is that of TRL: a choice by the difference of the scores, a margin, and the squared sum', () => {
    expect(at(1.5, 0.25).loss).toBeCloseTo(-logSigmoid(1.25), 12);
    expect(at(1.5, 0.25, { center_rewards_coefficient: 0.01 }).loss).toBeCloseTo(
      -logSigmoid(1.25) + 0.01 * 1.75 ** 2,
      12,
    );
    const scores = { chosen: 9, rejected: 8.5 };
    expect(at(1.5, 0.25, { score_margins: true }, scores).loss).toBeCloseTo(-logSigmoid(0.75), 12);
    // Scores that nobody asked for change nothing.
    expect(at(1.5, 0.25, {}, scores).loss).toBe(at(1.5, 0.25).loss);
    expect(at(1.5, 0.25).rewards).toEqual({ chosen: 1.5, rejected: 0.25 });
    // A pair's own margin asks for nothing, and goes before that of its scores.
    const own = (options: object) =>
      reward.evaluate(
        { chosen: Float64Array.of(1.5), rejected: Float64Array.of(0.25) },
        none,
        { ...defaultObjectiveOptions, ...options },
        { ...batch, scores, margin: -0.75 },
      ).loss;
    expect(own({})).toBeCloseTo(-logSigmoid(2), 12);
    expect(own({ score_margins: true })).toBe(own({}));
  });

  it.each([{}, { center_rewards_coefficient: 0.3 }, { score_margins: true, center_rewards_coefficient: 0.1 }])(
    'has the slopes of its loss: %j',
    (options) => {
      const scores = { chosen: 2, rejected: -0.5 };
      for (const [w, l] of [
        [0.7, -0.4],
        [-3, 2],
      ] as const) {
        const step = 1e-6;
        const lossOf = (chosen: number, rejected: number) => at(chosen, rejected, options, scores).loss;
        const { chosen, rejected } = at(w, l, options, scores);
        expect(chosen[0]).toBeCloseTo((lossOf(w + step, l) - lossOf(w - step, l)) / (2 * step), 8);
        expect(rejected[0]).toBeCloseTo((lossOf(w, l + step) - lossOf(w, l - step)) / (2 * step), 8);
      }
    },
  );

  it('stays finite far away', () => {
    for (const [chosen, rejected] of [
      [-1e5, 1e5],
      [1e5, -1e5],
    ] as const) {
      const outcome = at(chosen, rejected);
      expect([outcome.loss, ...outcome.chosen, ...outcome.rejected].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('method: reward', () => {
  it('has the defaults of RewardConfig', () => {
    expect(parseRunConfig({ method: 'reward' })).toMatchObject({
      ...{ learning_rate: 1e-4, max_length: 1024, center_rewards_coefficient: null, score_margins: false },
    });
  });

  it('takes its own options, and refuses those that it does not read', () => {
    expect(parseRunConfig({ method: 'reward', center_rewards_coefficient: 0.01 })).toMatchObject({
      center_rewards_coefficient: 0.01,
    });
    expect(() => parseRunConfig({ method: 'reward', label_smoothing: 0.1 })).toThrow(/`label_smoothing` is 0.1/);
    expect(() => parseRunConfig({ method: 'reward', loss_type: 'ipo' })).toThrow(/`loss_type` chooses among losses/);
    expect(() => parseRunConfig({ method: 'reward', loss_weights: [2] })).toThrow(
      /`loss_weights` chooses among losses/,
    );
    expect(() => parseRunConfig({ method: 'dpo', center_rewards_coefficient: 0.01 })).toThrow(
      /`center_rewards_coefficient` is 0.01.*reward/,
    );
  });
});
