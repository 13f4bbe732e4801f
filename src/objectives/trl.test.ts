/**
 * @file The objectives against TRL's own trainers: fixtures/golden/objectives, made by tools/make_objective_golden.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PairTokenLogps, PairValues } from './objective';
import { chooseObjective, type ObjectiveChoice } from '../run/choose-objective';
import { defaultObjectiveOptions } from '../run/objectives';
import { sftTerm } from './sft';

interface TokenValues {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}
interface GoldenPair {
  readonly policy: TokenValues;
  readonly reference?: TokenValues;
}
interface GoldenCase {
  readonly pairs: 'pairs' | 'bos' | 'ranked';
  readonly trainer: string;
  readonly options: Partial<ObjectiveChoice>;
  readonly loss?: number;
  /** ORPOTrainer's loss less its NLL, which covers the prompt too. */
  readonly loss_less_nll?: number;
  readonly slopes?: readonly TokenValues[];
  readonly rewards: PairValues;
}

const golden = JSON.parse(readFileSync('fixtures/golden/objectives/losses.json', 'utf8')) as {
  pairs: readonly GoldenPair[];
  bos: readonly GoldenPair[];
  /** Pairs that policy and reference rank differently. */
  ranked: readonly GoldenPair[];
  cases: readonly GoldenCase[];
};

const toLogps = ({ chosen, rejected }: TokenValues): PairTokenLogps => ({
  chosen: Float64Array.from(chosen),
  rejected: Float64Array.from(rejected),
});
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const relative = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-6);

/** One micro-batch through the objective that a run with these options would choose. */
function evaluate({ pairs: set, options }: GoldenCase): {
  loss: number;
  nll: number;
  slopes: TokenValues[];
  rewards: PairValues | null;
} {
  const choice = { method: 'dpo', loss_weights: null, ...defaultObjectiveOptions, ...options } as ObjectiveChoice;
  const { objective } = chooseObjective(choice);
  const pairs = golden[set].map(({ policy, reference }) => ({
    policy: toLogps(policy),
    reference: toLogps(reference ?? { chosen: [], rejected: [] }),
  }));
  const batch = { pairs: pairs.length, chosenTokens: pairs.reduce((sum, { policy }) => sum + policy.chosen.length, 0) };
  const outcomes = pairs.map(({ policy, reference }, place) =>
    objective.evaluate(policy, reference, choice, { ...batch, survey: { pairs, place } }),
  );
  const ofMean = (slopes: Float64Array): number[] => Array.from(slopes, (slope) => slope / pairs.length);
  const rewards = outcomes.flatMap((outcome) => outcome.rewards ?? []);
  return {
    loss: meanOf(outcomes.map(({ loss }) => loss)),
    nll: meanOf(pairs.map(({ policy, reference }) => sftTerm.evaluate(policy, reference, choice, batch).loss)),
    slopes: outcomes.map(({ chosen, rejected }) => ({ chosen: ofMean(chosen), rejected: ofMean(rejected) })),
    rewards:
      rewards.length > 0
        ? {
            chosen: meanOf(rewards.map(({ chosen }) => chosen)),
            rejected: meanOf(rewards.map(({ rejected }) => rejected)),
          }
        : null,
  };
}

describe("TRL 1.13's losses within 1e-5, rewards within 1e-5, slopes within 1e-4 relative", () => {
  for (const wanted of golden.cases) {
    it(`${wanted.trainer} ${JSON.stringify(wanted.options)}${wanted.pairs === 'pairs' ? '' : ` (${wanted.pairs})`}`, () => {
      const actual = evaluate(wanted);
      if (wanted.loss !== undefined) expect(Math.abs(actual.loss - wanted.loss)).toBeLessThan(1e-5);
      if (wanted.loss_less_nll !== undefined)
        expect(Math.abs(actual.loss - actual.nll - wanted.loss_less_nll)).toBeLessThan(1e-5);
      for (const side of ['chosen', 'rejected'] as const) {
        wanted.slopes?.forEach((expected, pair) => {
          const slopes = (actual.slopes[pair] as TokenValues)[side];
          expect(slopes.length).toBe(expected[side].length);
          slopes.forEach((slope, t) =>
            expect(relative(slope, expected[side][t] as number), `${side} token ${t} of pair ${pair}`).toBeLessThan(
              1e-4,
            ),
          );
        });
        if (actual.rewards) expect(Math.abs(actual.rewards[side] - wanted.rewards[side])).toBeLessThan(1e-5);
      }
      // TRL logs rewards beside the SFT loss too, which implies none.
      expect(actual.rewards === null).toBe([wanted.options.loss_type].flat().join() === 'sft');
    });
  }

  it('covers every loss that TRL has', () => {
    const covered = new Set(golden.cases.flatMap(({ options }) => options.loss_type ?? []));
    expect([...covered].sort()).toEqual([
      'aot',
      'aot_unpaired',
      'apo_down',
      'apo_zero',
      'bco_pair',
      'discopop',
      'exo_pair',
      'hinge',
      'ipo',
      'nca_pair',
      'orpo',
      'robust',
      'sft',
      'sigmoid',
      'sigmoid_norm',
      'simpo',
      'sppo_hard',
    ]);
  });
});
