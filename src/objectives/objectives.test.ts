import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { sigmoid } from './dpo';
import type { Objective, PairTokenLogps } from './objective';
import { chooseObjective } from './registry';
import { sft } from './sft';

const draw = (random: Random, length: number): Float64Array => Float64Array.from({ length }, () => -Math.abs(random.normal()));
const drawPair = (random: Random): PairTokenLogps => ({ chosen: draw(random, 4), rejected: draw(random, 6) });

/** Largest difference between each derivative and a central difference. */
function worstError(objective: Objective, beta: number): number {
  const random = new Random(5);
  const policy = drawPair(random);
  const reference = drawPair(random);
  const { chosen, rejected } = objective.evaluate(policy, reference, { beta });
  let worst = 0;
  for (const [side, gradient] of [['chosen', chosen], ['rejected', rejected]] as const) {
    gradient.forEach((analytic, i) => {
      const at = (step: number): number => {
        const moved = { ...policy, [side]: policy[side].map((v, j) => (j === i ? v + step : v)) };
        return objective.evaluate(moved, reference, { beta }).loss;
      };
      worst = Math.max(worst, Math.abs(analytic - (at(1e-5) - at(-1e-5)) / 2e-5));
    });
  }
  return worst;
}

describe('objectives', () => {
  for (const objective of [sigmoid, sft]) {
    for (const beta of [0.05, 0.1, 1, 5]) {
      it(`${objective.name} at beta ${beta}: derivatives match finite differences`, () => {
        expect(worstError(objective, beta)).toBeLessThan(1e-8);
      });
    }
  }

  it('sigmoid starts at ln 2 where policy and reference agree', () => {
    const pair = drawPair(new Random(1));
    expect(sigmoid.evaluate(pair, pair, { beta: 0.1 }).loss).toBeCloseTo(Math.LN2, 14);
  });

  it('sigmoid stays finite at extreme margins', () => {
    const far = { chosen: Float64Array.of(-1e5), rejected: Float64Array.of(0) };
    const zero = { chosen: Float64Array.of(0), rejected: Float64Array.of(0) };
    expect(sigmoid.evaluate(far, zero, { beta: 1 }).loss).toBe(1e5);
    expect(sigmoid.evaluate(far, zero, { beta: 1 }).chosen[0]).toBe(-1);
    expect(sigmoid.evaluate(zero, far, { beta: 1 }).loss).toBe(0);
  });
});

describe('chooseObjective', () => {
  const base = { method: 'dpo', loss_type: ['sigmoid'], loss_weights: null, label_smoothing: 0 } as const;

  it('takes one supported loss and weighs it', () => {
    const pair = drawPair(new Random(1));
    expect(chooseObjective(base).name).toBe('sigmoid');
    expect(chooseObjective({ ...base, loss_weights: [0.5] }).evaluate(pair, pair, { beta: 0.1 }).loss).toBeCloseTo(Math.LN2 / 2, 14);
    expect(chooseObjective({ ...base, method: 'sft' }).name).toBe('sft');
  });

  it('refuses what it does not know, by name', () => {
    expect(() => chooseObjective({ ...base, loss_type: ['ipo'] })).toThrow(/"ipo" is not supported; supported: sigmoid/);
    expect(() => chooseObjective({ ...base, loss_type: [] })).toThrow(/lists 0 losses/);
    expect(() => chooseObjective({ ...base, loss_weights: [1, 2] })).toThrow(/2 entries for 1 loss type/);
    expect(() => chooseObjective({ ...base, label_smoothing: 0.1 })).toThrow(/no label smoothing/);
  });
});
