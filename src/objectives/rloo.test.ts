/** @file RLOO: slopes by finite differences, advantages worked out by hand, and what a run with it may be. */
import { describe, expect, it } from 'vitest';
import { chooseObjective } from '../run/choose-objective';
import { parseRunConfig } from '../run/config';
import { defaultObjectiveOptions } from '../run/objectives';
import type { PairTokenLogps } from './objective';
import { advantagesOf, deviationOf, rloo } from './rloo';

const answer = (...logps: number[]): PairTokenLogps => ({
  chosen: Float64Array.from(logps),
  rejected: new Float64Array(0),
});
const options = { ...defaultObjectiveOptions, epsilon: 0.2, epsilon_high: 0.3 };
const evaluate = (logps: number[], advantage: number, old: number, isMasked = false, more: object = {}) =>
  rloo.evaluate(
    answer(...logps),
    answer(),
    { ...options, ...more },
    {
      ...{ pairs: 1, chosenTokens: logps.length },
      sampled: { advantage, logp: old, isMasked },
    },
  );

describe('the loss of an answer', () => {
  it('is minus its advantage times the ratio of its probabilities, as far as the ratio counts', () => {
    expect(evaluate([-1, -2], 0.7, -3)).toMatchObject({ loss: -0.7, clipped: null });
    expect(evaluate([-1, -2], 0.7, -3.1).loss).toBeCloseTo(-0.7 * Math.exp(0.1), 12);
    expect(evaluate([-1, -2], 0.7, -4)).toMatchObject({ loss: expect.closeTo(-0.7 * 1.3, 12), clipped: 'high' });
    expect(evaluate([-1, -2], 0.7, -4, false, { epsilon_high: null }).loss).toBeCloseTo(-0.7 * 1.2, 12);
    expect(evaluate([-1, -2], -0.7, -2)).toMatchObject({ loss: expect.closeTo(0.7 * 0.8, 12), clipped: 'low' });
    // On the other side it goes on counting: the answer moved against its advantage.
    expect(evaluate([-1, -2], -0.7, -4)).toMatchObject({ loss: expect.closeTo(0.7 * Math.E, 12), clipped: null });
    expect(evaluate([-1, -2], 0.7, -2)).toMatchObject({ loss: expect.closeTo(-0.7 / Math.E, 12), clipped: null });
  });

  it.each([
    [0.7, -3],
    [0.7, -3.2],
    [0.7, -4],
    [0.7, -2],
    [-0.7, -3.15],
    [-0.7, -2],
    [-0.7, -4],
  ])('has the slopes of finite differences (advantage %d, drawn at %d nats)', (advantage, old) => {
    const at = (logp: number) => evaluate([-0.9, logp, -0.1], advantage, old);
    const numeric = (at(-2 + 1e-6).loss - at(-2 - 1e-6).loss) / 2e-6;
    const { chosen, rejected } = at(-2);
    expect([...chosen]).toEqual(Array.from({ length: 3 }, () => expect.closeTo(numeric, 7) as number));
    expect(rejected).toHaveLength(0);
  });

  it('teaches nothing where the answer is masked', () => {
    const { loss, chosen, clipped } = evaluate([-1, -2], 0.7, -9, true);
    expect(loss).toBe(-0.7);
    expect([...chosen].map(Math.abs)).toEqual([0, 0]);
    expect(clipped).toBeNull();
  });

  it('is no number where nothing is known of the draw, so that a mistake is seen', () => {
    const { loss } = rloo.evaluate(answer(-1), answer(), options, { pairs: 1, chosenTokens: 1 });
    expect(loss).toBeNaN();
  });
});

describe('advantages', () => {
  const shaping = { beta: 0.1, num_generations: 3, reward_clip_range: null, normalize_advantages: false };

  it('are rewards less divergence, above the mean of the other answers to the prompt', () => {
    const { advantages, shareWithoutSpread } = advantagesOf([1, 0, 0.5, 4, 4, 4], [2, 1, 0, 3, 3, 3], shaping);
    // 0.8, -0.1, 0.5 and three times 3.7
    const expected = [0.8 - 0.2, -0.1 - 0.65, 0.5 - 0.35, 0, 0, 0];
    expected.forEach((value, i) => expect(advantages[i]).toBeCloseTo(value, 12));
    expect(shareWithoutSpread).toBe(0.5);
  });

  it('leave out answers without a reward, and prompts with one reward only', () => {
    const { advantages } = advantagesOf([1, null, 0, 5, null, null], [0, 9, 0, 0, 9, 9], shaping);
    expect(advantages).toEqual([1, 0, -1, 0, 0, 0]);
  });

  it('are of rewards within their range', () => {
    const { advantages } = advantagesOf([9, -9, 0.5], [0, 0, 0], { ...shaping, reward_clip_range: [0, 1] });
    expect(advantages).toEqual([0.75, -0.75, 0]);
  });

  it('have mean 0 and deviation 1 where that is asked for', () => {
    const { advantages } = advantagesOf([1, 0, 0.25, 7, 2, 3], [0, 0, 0, 0, 0, 0], {
      ...shaping,
      normalize_advantages: true,
    });
    expect(advantages.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(deviationOf(advantages)).toBeCloseTo(1, 3);
  });
});

describe('the settings of method rloo', () => {
  it("are TRL's defaults", () => {
    expect(parseRunConfig({ method: 'rloo', reward: { scorer: 'sentiment' } })).toMatchObject({
      ...{ beta: 0.05, learning_rate: 1e-6, num_generations: 2, num_iterations: 1, epsilon: 0.2, epsilon_high: null },
      ...{ max_completion_length: 512, normalize_advantages: false, reward_clip_range: null },
      ...{ mask_truncated_completions: false, reward: { scorer: 'sentiment' } },
    });
    expect(parseRunConfig({ method: 'rloo', beta: 0.2 }).beta).toBe(0.2);
    expect(parseRunConfig({ method: 'dpo' }).beta).toBe(0.1);
    expect(chooseObjective(parseRunConfig({ method: 'rloo' })).name).toBe('rloo');
  });

  it('refuse what means nothing to it', () => {
    const refused = (settings: object): string => {
      try {
        parseRunConfig(settings, 'run.yaml');
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(refused({ method: 'rloo', loss_type: 'ipo' })).toMatch(/`loss_type` chooses among losses/);
    expect(refused({ method: 'rloo', loss_weights: [1] })).toMatch(/`loss_weights` chooses among losses/);
    expect(refused({ method: 'rloo', ld_alpha: 0.5 })).toMatch(/`ld_alpha` is 0.5, but "rloo" does not use it/);
    expect(refused({ epsilon: 0.1 })).toMatch(/`epsilon` is 0.1, but "sigmoid" does not use it.*: rloo\./);
    expect(refused({ reward: { scorer: 'sentiment' } })).toMatch(/`reward` judges the answers .* dpo draws none/);
    expect(refused({ method: 'rloo', reward: { scorer: 'taste' } })).toMatch(/`reward` is/);
    expect(refused({ method: 'rloo', num_generations: 3 })).toMatch(/a step has 8 answers .*`num_generations` is 3/);
    expect(refused({ method: 'rloo', temperature: 0.7 })).toMatch(
      /`temperature` is 0.7, but rloo weighs .* drawn with at 1 alone; .*online_dpo/,
    );
    expect(refused({ method: 'rloo', top_k: 5 })).toMatch(/`top_k` is 5, .* at 0 alone/);
  });
});
