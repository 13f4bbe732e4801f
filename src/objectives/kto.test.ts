/** @file The losses of judged answers: slopes by finite differences, limits, and what a run with them may be. */
import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../run/config';
import { defaultObjectiveOptions } from '../run/objectives';
import type { EncodedPair } from '../text/encode-pair';
import { unpair } from '../training/examples';
import { apoZeroUnpaired, kto } from './kto';
import type { PairTokenLogps } from './objective';

const good = (...logps: number[]): PairTokenLogps => ({
  chosen: Float64Array.from(logps),
  rejected: new Float64Array(0),
});
const bad = (...logps: number[]): PairTokenLogps => ({
  chosen: new Float64Array(0),
  rejected: Float64Array.from(logps),
});
const options = { ...defaultObjectiveOptions, beta: 0.7, desirable_weight: 1.5, undesirable_weight: 0.4 };
const batch = { pairs: 4, chosenTokens: 9, divergence: 0.8 };
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('losses of judged answers', () => {
  it('are those of the papers', () => {
    const lossOf = (objective: typeof kto, policy: PairTokenLogps, reference: PairTokenLogps) =>
      objective.evaluate(policy, reference, options, batch).loss;
    expect(lossOf(kto, good(-1, -2), good(-2, -2.5))).toBeCloseTo(1.5 * (1 - sigmoid(0.7 * (1.5 - 0.8))), 12);
    expect(lossOf(kto, bad(-1, -2), bad(-2, -2.5))).toBeCloseTo(0.4 * (1 - sigmoid(0.7 * (0.8 - 1.5))), 12);
    expect(lossOf(apoZeroUnpaired, good(-1, -2), good(-2, -2.5))).toBeCloseTo(1.5 * (1 - sigmoid(0.7 * 1.5)), 12);
    expect(lossOf(apoZeroUnpaired, bad(-1, -2), bad(-2, -2.5))).toBeCloseTo(0.4 * sigmoid(0.7 * 1.5), 12);
  });

  it.each([
    ['kto', kto],
    ['apo_zero_unpaired', apoZeroUnpaired],
  ] as const)('%s: slopes are those of its loss', (_, objective) => {
    for (const [make, side] of [
      [good, 'chosen'],
      [bad, 'rejected'],
    ] as const) {
      const reference = make(-2, -1.5, -0.5);
      const at = (logp: number) => objective.evaluate(make(-1, logp, -2), reference, options, batch);
      const numeric = (at(-1.2 + 1e-6).loss - at(-1.2 - 1e-6).loss) / 2e-6;
      expect(at(-1.2)[side][1]).toBeCloseTo(numeric, 8);
      expect(at(-1.2)[side === 'chosen' ? 'rejected' : 'chosen']).toHaveLength(0);
    }
  });

  it('stay finite far away', () => {
    for (const objective of [kto, apoZeroUnpaired])
      for (const [policy, reference] of [
        [good(-1e5), good(0)],
        [good(0), good(-1e5)],
        [bad(-1e5), bad(0)],
        [bad(0), bad(-1e5)],
      ] as const) {
        const { loss, chosen, rejected } = objective.evaluate(policy, reference, options, batch);
        expect([loss, ...chosen, ...rejected].every(Number.isFinite)).toBe(true);
      }
  });
});

describe('pairs taken apart', () => {
  const pair = (chosenIds: number[], rejectedIds: number[]): EncodedPair => ({
    ...{ promptIds: [1], chosenIds, rejectedIds },
    ...{ warnings: [], faults: [] },
  });
  const idsOf = (pairs: readonly EncodedPair[]) => pairs.map(({ chosenIds, rejectedIds }) => [chosenIds, rejectedIds]);

  it('go first to the good answers, then to the bad ones, a thousand pairs at a time, as in TRL', () => {
    const pairs = Array.from({ length: 1001 }, (_, i) => pair([i], [-i]));
    const apart = idsOf(unpair(pairs));
    expect(apart).toHaveLength(2002);
    expect(apart[0]).toEqual([[0], []]);
    expect(apart[1000]).toEqual([[], [-0]]);
    expect(apart[2000]).toEqual([[1000], []]);
    expect(apart[2001]).toEqual([[], [-1000]]);
  });

  it('are as they are where no answer has a partner', () => {
    const singles = [pair([1], []), pair([], [2]), pair([3], [])];
    expect(unpair(singles)).toBe(singles);
    expect(idsOf(unpair([...singles, pair([4], [5])]))).toEqual([
      [[1], []],
      [[3], []],
      [[4], []],
      [[], [2]],
      [[], [5]],
    ]);
  });
});

describe('the settings of method kto', () => {
  it('have its losses, and one of them', () => {
    expect(parseRunConfig({ method: 'kto' }).loss_type).toEqual(['kto']);
    expect(parseRunConfig({ method: 'kto', loss_type: 'apo_zero_unpaired' }).loss_type).toEqual(['apo_zero_unpaired']);
    expect(() => parseRunConfig({ method: 'kto', loss_type: 'sigmoid' })).toThrow(/has one of: kto, apo_zero_unpaired/);
    expect(() => parseRunConfig({ method: 'kto', loss_weights: [1] })).toThrow(/`loss_weights` sums losses/);
    expect(() => parseRunConfig({ method: 'dpo', loss_type: 'kto' })).toThrow(/"kto" is not supported/);
  });

  it('take its weights, and no option of other losses', () => {
    expect(parseRunConfig({ method: 'kto', desirable_weight: 1.2 })).toMatchObject({ desirable_weight: 1.2 });
    expect(() => parseRunConfig({ method: 'kto', ld_alpha: 0.5 })).toThrow(/`ld_alpha` is 0.5/);
    expect(() => parseRunConfig({ desirable_weight: 2 })).toThrow(
      /`desirable_weight` is 2, but "sigmoid" does not use it.*kto, apo_zero_unpaired/,
    );
  });
});
