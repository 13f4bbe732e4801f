import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { combine } from './combine';
import { robust, sigmoid } from './dpo';
import { aot, aotUnpaired } from './aot';
import { dpop } from './dpop';
import { exoPair } from './exo';
import { fDivergenceTypes } from './f-divergence';
import { hinge } from './hinge';
import { ipo } from './ipo';
import { pairWeight, withoutReference } from './log-ratio';
import type { MicroBatch, PairTokenLogps } from './objective';
import { meanOf, sumOf } from '../core/statistics';
import { orpo } from './orpo';
import { rebel } from './rebel';
import { sft, sftTerm } from './sft';
import { simpo } from './simpo';
import { unlikelihood } from './unlikelihood';
import {
  chooseObjective,
  startingLoss,
  termsOf,
  type AnyObjective,
  type ObjectiveChoice,
} from '../run/choose-objective';
import type { NumberKeyFacts } from '../run/key';
import {
  defaultObjectiveOptions,
  objectiveNames,
  objectiveOptions,
  objectives,
  isNumberOption,
  sftMethod,
  type NumberOption,
  type ObjectiveName,
  type ObjectiveOptions,
} from '../run/objectives';

const all: readonly (readonly [name: string, objective: AnyObjective])[] = [
  ['sft (the method)', sftMethod.objective],
  ...objectiveNames.map((name) => [name, objectives[name].objective] as const),
];
const scores = { chosen: 1.5, rejected: -0.25 };
const batch: MicroBatch = { pairs: 3, chosenTokens: 31, scores };
const withDefaults = (options: Partial<ObjectiveOptions>): ObjectiveOptions => ({
  ...defaultObjectiveOptions,
  ...options,
});
const beta = (value: number): ObjectiveOptions => withDefaults({ beta: value });

const draw = (random: Random, length: number): Float64Array =>
  Float64Array.from({ length }, () => -Math.abs(random.normal()) - 1e-3);
const drawPair = (random: Random, chosen = 4, rejected = 6): PairTokenLogps => ({
  chosen: draw(random, chosen),
  rejected: draw(random, rejected),
});

/**
 * The largest difference between a derivative and a central difference of fourth order, against the larger of 1 and it.
 */
function worstError(
  objective: AnyObjective,
  options: ObjectiveOptions,
  policy: PairTokenLogps,
  reference: PairTokenLogps,
): number {
  const { chosen, rejected } = objective.evaluate(policy, reference, options, batch);
  let worst = 0;
  for (const [side, gradient] of [
    ['chosen', chosen],
    ['rejected', rejected],
  ] as const) {
    expect(gradient.length).toBe(policy[side].length);
    gradient.forEach((analytic, i) => {
      const at = (move: number): number => {
        const moved = { ...policy, [side]: policy[side].map((v, j) => (j === i ? v + move : v)) };
        return objective.evaluate(moved, reference, options, batch).loss;
      };
      const step = 1e-4;
      const numeric = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      worst = Math.max(worst, Math.abs(analytic - numeric) / Math.max(1, Math.abs(analytic)));
    });
  }
  return worst;
}

/** Values to try of an option beside its default; of an option that is not here, the ends of its usual range. */
const tried: Partial<Record<NumberOption, readonly number[]>> = {
  beta: [],
  label_smoothing: [0.2],
  discopop_tau: [0.5],
  // Of `f_divergence_type` and `soft_labels`, with which they are tried.
  f_alpha_divergence_coef: [],
  soft_label_temperature: [],
  simpo_gamma: [1.5],
  alpha: [0.1],
  ld_alpha: [],
};

/** The options to try beside beta: each that the objective reads, alone and with ld_alpha. */
function variants(objective: AnyObjective): Partial<ObjectiveOptions>[] {
  const { reads } = objective;
  const first: Partial<ObjectiveOptions> = objective === exoPair ? { label_smoothing: 1e-3 } : {};
  const others = reads.filter(isNumberOption).flatMap((key) =>
    (tried[key] ?? (objectiveOptions[key] as NumberKeyFacts).range.usual ?? []).map((value) => ({
      [key]: Number(value),
    })),
  );
  const divergences = reads.includes('f_divergence_type')
    ? fDivergenceTypes.map((f_divergence_type) => ({ ...first, f_divergence_type }))
    : [first];
  const soft = reads.includes('soft_labels')
    ? [1, 0.3].map((soft_label_temperature) => ({ soft_labels: true, soft_label_temperature }))
    : [];
  const steep = reads.includes('f_divergence_type')
    ? [{ ...first, f_divergence_type: 'alpha_divergence' as const, f_alpha_divergence_coef: 1.4 }]
    : [];
  return [...divergences, ...others, ...soft, ...steep].flatMap((option) =>
    reads.includes('ld_alpha') ? [option, { ...option, ld_alpha: 0.3 }] : [option],
  );
}

it('weighs a pair by the mean alignment of its tokens, both answers multiplied', () => {
  const logps = { chosen: Float64Array.of(-1, -2), rejected: Float64Array.of(-3) };
  const logSquares = { chosen: Float64Array.of(-0.5, -1.5), rejected: Float64Array.of(-1) };
  expect(pairWeight(logps, logSquares)).toBeCloseTo(Math.exp(-0.5 - 2), 12);
  const config = withDefaults({ use_weighting: true, beta: 0.3 });
  const objective: AnyObjective = ipo;
  const reference = { chosen: Float64Array.of(-2, -2), rejected: Float64Array.of(-2) };
  const batch = { pairs: 1, chosenTokens: 2 };
  const plain = objective.evaluate(logps, reference, { ...config, use_weighting: false }, batch);
  const weighed = objective.evaluate(logps, reference, config, { ...batch, weight: 0.25 });
  expect(weighed.loss).toBeCloseTo(plain.loss / 4, 12);
  expect([...weighed.chosen, ...weighed.rejected]).toEqual(
    [...plain.chosen, ...plain.rejected].map((each) => each / 4),
  );
  expect(weighed.rewards).toEqual(plain.rewards);
  expect(() => objective.evaluate(logps, reference, config, batch)).toThrow(/nobody has weighed it/);
});

describe('derivatives match finite differences', () => {
  for (const [name, objective] of all) {
    it(name, () => {
      const random = new Random(5);
      for (const [chosen, rejected] of [
        [4, 6],
        [7, 3],
        [1, 1],
      ] as const) {
        const policy = drawPair(random, chosen, rejected);
        const reference = drawPair(random, chosen, rejected);
        for (const options of variants(objective)) {
          for (const value of [0.05, 0.1, 1, 5]) {
            const error = worstError(objective, withDefaults({ ...options, beta: value }), policy, reference);
            expect(error, `${chosen}/${rejected} tokens, ${JSON.stringify({ beta: value, ...options })}`).toBeLessThan(
              1e-6,
            );
          }
        }
      }
    });
  }

  it('a list with weights, with and without the reference', () => {
    const random = new Random(6);
    const [policy, reference] = [drawPair(random), drawPair(random)];
    const listed = combine([
      { objective: sigmoid, weight: 0.8 },
      { objective: ipo, weight: -0.3 },
      { objective: sftTerm, weight: 2 },
    ]);
    expect(worstError(listed, withDefaults({ beta: 0.4, ld_alpha: 0.5 }), policy, reference)).toBeLessThan(1e-6);
    expect(worstError(withoutReference(listed), beta(0.4), policy, reference)).toBeLessThan(1e-6);
  });
});

describe('extreme log-probabilities', () => {
  const sides = [[], [0], [-1e-12], [-1e5], [-1e5, -1e5, -1e5], Array<number>(2000).fill(-30)].map((values) =>
    Float64Array.from(values),
  );
  for (const [name, objective] of all) {
    it(`leave ${name} finite`, () => {
      for (const options of variants(objective)) {
        for (const value of [0.05, 1, 5]) {
          for (const chosen of sides) {
            for (const rejected of sides) {
              const none = { chosen: new Float64Array(chosen.length), rejected: new Float64Array(rejected.length) };
              for (const [policy, reference] of [
                [{ chosen, rejected }, none],
                [none, { chosen, rejected }],
              ] as const) {
                for (const facts of [batch, { pairs: 1, chosenTokens: policy.chosen.length, scores }]) {
                  const outcome = objective.evaluate(
                    policy,
                    reference,
                    withDefaults({ ...options, beta: value }),
                    facts,
                  );
                  const numbers = [
                    outcome.loss,
                    ...outcome.chosen,
                    ...outcome.rejected,
                    ...Object.values(outcome.rewards ?? {}),
                  ];
                  expect(
                    numbers.every(Number.isFinite),
                    `${JSON.stringify(options)}, beta ${value}, loss ${outcome.loss}`,
                  ).toBe(true);
                }
              }
            }
          }
        }
      }
    });
  }

  it('give the limits of the logistic loss', () => {
    const far = { chosen: Float64Array.of(-1e5), rejected: Float64Array.of(0) };
    const zero = { chosen: Float64Array.of(0), rejected: Float64Array.of(0) };
    expect(sigmoid.evaluate(far, zero, beta(1), batch).loss).toBe(1e5);
    expect(sigmoid.evaluate(far, zero, beta(1), batch).chosen[0]).toBe(-1);
    expect(sigmoid.evaluate(zero, far, beta(1), batch).loss).toBe(0);
  });
});

describe('objectives', () => {
  const pair = drawPair(new Random(1));
  const other = drawPair(new Random(2));
  const none = { chosen: new Float64Array(0), rejected: new Float64Array(0) };
  const lossAt = (objective: AnyObjective, options: Partial<ObjectiveOptions> = {}): number =>
    objective.evaluate(pair, pair, withDefaults(options), batch).loss;

  it('start, where policy and reference agree, at the values that TRL logs at step 1', () => {
    const expected: Record<string, number> = {
      sigmoid: Math.LN2,
      robust: Math.LN2,
      sigmoid_norm: Math.LN2,
      hinge: 1,
      ipo: 25,
      apo_zero: 1,
      apo_down: 1,
      nca_pair: 2 * Math.LN2,
      bco_pair: 2 * Math.LN2,
      discopop: (Math.LN2 + 1) / 2,
      sppo_hard: 50,
      aot: Math.LN2,
      aot_unpaired: Math.LN2,
      dpop: Math.LN2,
    };
    for (const [name, loss] of Object.entries(expected)) {
      expect(lossAt(objectives[name as ObjectiveName].objective), name).toBeCloseTo(loss, 12);
      expect(startingLoss({ ...defaultObjectiveOptions, method: 'dpo', loss_type: [name], loss_weights: null })).toBe(
        lossAt(objectives[name as ObjectiveName].objective),
      );
    }
  });

  it('label smoothing averages the losses of both labels in conservative DPO, and leaves the expected loss in robust DPO', () => {
    const swap = ({ chosen, rejected }: PairTokenLogps): PairTokenLogps => ({ chosen: rejected, rejected: chosen });
    const plain = (policy: PairTokenLogps, reference: PairTokenLogps): number =>
      sigmoid.evaluate(policy, reference, beta(1), batch).loss;
    const options = withDefaults({ beta: 1, label_smoothing: 0.2 });
    const mixed = 0.8 * plain(pair, other) + 0.2 * plain(swap(pair), swap(other));
    expect(sigmoid.evaluate(pair, other, options, batch).loss).toBeCloseTo(mixed, 12);
    const flippedOften =
      0.8 * robust.evaluate(pair, other, options, batch).loss +
      0.2 * robust.evaluate(swap(pair), swap(other), options, batch).loss;
    expect(flippedOften).toBeCloseTo(plain(pair, other), 12);
  });

  it('ld_alpha leaves tokens beyond the shorter completion out at 0 and whole at 1', () => {
    const cut = ({ chosen, rejected }: PairTokenLogps): PairTokenLogps => ({
      chosen,
      rejected: rejected.slice(0, chosen.length),
    });
    const loss = (policy: PairTokenLogps, reference: PairTokenLogps, ld_alpha: number | null): number =>
      sigmoid.evaluate(policy, reference, withDefaults({ beta: 1, ld_alpha }), batch).loss;
    expect(loss(pair, other, 0)).toBeCloseTo(loss(cut(pair), cut(other), null), 12);
    expect(loss(pair, other, 1)).toBe(loss(pair, other, null));
    expect(Array.from(sigmoid.evaluate(pair, other, withDefaults({ ld_alpha: 0 }), batch).rejected.slice(4))).toEqual([
      0, 0,
    ]);
  });

  it('the SFT term is the mean over the micro-batch’s tokens, the SFT method a sum for the step to divide', () => {
    const pairs = [drawPair(new Random(3), 2), drawPair(new Random(4), 9)];
    const tokens = pairs.flatMap(({ chosen }) => [...chosen]);
    const facts = { pairs: 2, chosenTokens: tokens.length };
    const losses = pairs.map((p) => sftTerm.evaluate(p, p, beta(1), facts).loss);
    expect((losses[0] as number) / 2 + (losses[1] as number) / 2).toBeCloseTo(-meanOf(Float64Array.from(tokens)), 12);
    expect(sft.evaluate(pair, pair, beta(1), facts).loss).toBeCloseTo(-sumOf(pair.chosen), 12);
  });

  it('unlikelihood is the paper’s: up with the chosen, alpha times down with the rejected, sums over tokens', () => {
    const { loss, chosen, rejected } = unlikelihood.evaluate(pair, pair, withDefaults({ alpha: 0.5 }), batch);
    expect(loss).toBeCloseTo(-sumOf(pair.chosen) + 0.5 * sumOf(pair.rejected), 12);
    expect([chosen[0], rejected[0]]).toEqual([-1, 0.5]);
  });

  it('a list reads what its terms read, and implies what they imply', () => {
    const of = (...objectives: AnyObjective[]) => combine(objectives.map((objective) => ({ objective, weight: 1 })));
    expect([...of(sigmoid, sftTerm).reads].sort()).toEqual([...sigmoid.reads].sort());
    expect(new Set(of(sigmoid, simpo).reads)).toEqual(new Set([...sigmoid.reads, ...simpo.reads]));
    expect([of(sftTerm, simpo).rewards, of(sftTerm).rewards]).toEqual([simpo.rewards, null]);
    expect(simpo.rewards).not.toBeNull();
    expect([of(simpo, simpo).isPerToken, of(simpo, sigmoid).isPerToken]).toEqual([simpo.isPerToken, false]);
  });

  it('a list has the rewards of its first term that has any, whatever the weights', () => {
    const terms = [sftTerm, simpo, sigmoid].map((objective) => ({ objective, weight: 0.5 }));
    const { rewards } = combine<ObjectiveOptions>(terms).evaluate(pair, other, beta(0.3), batch);
    expect(rewards).toEqual(simpo.evaluate(pair, other, beta(0.3), batch).rewards);
    expect(rewards).not.toEqual(sigmoid.evaluate(pair, other, beta(0.3), batch).rewards);
  });

  it("ORPO's odds are p / (1 - p) up to a mean log-prob of -1e-7, and no greater beyond it", () => {
    const odds = (logp: number): number => {
      // An even chance has log odds 0, so the loss less the likelihood is softplus of the chosen one's.
      const even = Float64Array.of(-Math.LN2);
      const { loss } = orpo.evaluate({ chosen: Float64Array.of(logp), rejected: even }, none, beta(1), batch);
      return -Math.log(Math.expm1(loss + (batch.pairs / batch.chosenTokens) * logp));
    };
    for (const p of [0.2, 0.9, 0.999]) expect(odds(Math.log(p))).toBeCloseTo(Math.log(p / (1 - p)), 6);
    expect(odds(-1e-6)).toBeCloseTo(Math.log(1e6), 5);
    expect(odds(-1e-8)).toBeCloseTo(Math.log(1e7), 5);
    expect(odds(0)).toBeCloseTo(Math.log(1e7), 5);
  });

  it('rewards are beta times the log-ratio for every member of the DPO family, of the mean log-prob in SimPO and ORPO', () => {
    const options = withDefaults({ beta: 0.3, label_smoothing: 0.1 });
    for (const [name, objective] of all) {
      const { rewards } = objective.evaluate(pair, other, options, batch);
      if (objective.usesReference)
        expect(rewards?.chosen, name).toBeCloseTo(0.3 * (sumOf(pair.chosen) - sumOf(other.chosen)), 12);
      else if (objective === simpo || objective === orpo)
        expect(rewards?.rejected, name).toBeCloseTo(0.3 * meanOf(pair.rejected), 12);
      else expect(rewards, name).toBeNull();
    }
  });
});

describe('chooseObjective', () => {
  const base: ObjectiveChoice = {
    method: 'dpo',
    loss_type: ['sigmoid'],
    loss_weights: null,
    ...defaultObjectiveOptions,
  };
  const choose = (choice: Partial<ObjectiveChoice>): AnyObjective => chooseObjective({ ...base, ...choice }).objective;
  const pair = drawPair(new Random(1));
  const other = drawPair(new Random(2));

  it('refuses label smoothing where two losses would take it differently, and there alone', () => {
    const smoothed = (loss_type: string[], label_smoothing: number) => () => choose({ loss_type, label_smoothing });
    expect(smoothed(['sigmoid', 'robust'], 0.1)).toThrow(/for "sigmoid" and "robust" together/);
    expect(smoothed(['sigmoid', 'exo_pair'], 0.1)).toThrow(/for "sigmoid" and "exo_pair" together/);
    expect(smoothed(['sigmoid', 'robust'], 0)).not.toThrow();
    expect(smoothed(['sigmoid', 'ipo'], 0.1)).not.toThrow();
    expect(smoothed(['robust', 'exo_pair'], 0.1)).not.toThrow();
  });

  it('names the losses that there are, and tells the source of all that were chosen', () => {
    expect(() => choose({ loss_type: [] })).toThrow(/sigmoid, robust, ipo/);
    const { source } = chooseObjective({ ...base, loss_type: ['sigmoid', 'ipo'] });
    expect(source).toBe(
      'Direct Preference Optimization (Rafailov et al. 2023) + Identity Preference Optimization (Azar et al. 2023)',
    );
  });

  it('leaves a name that is not known out of the terms of a run', () => {
    expect(termsOf({ method: 'dpo', loss_type: ['sigmoid', 'later'] })).toHaveLength(1);
  });

  it('takes a name or a list with weights, by default 1 each', () => {
    const loss = (choice: Partial<ObjectiveChoice>): number =>
      choose(choice).evaluate(pair, other, { ...base, ...choice }, batch).loss;
    const [plain, squared, likelihood] = [loss({}), loss({ loss_type: ['ipo'] }), loss({ loss_type: ['sft'] })];
    expect(loss({ loss_weights: [0.5] })).toBeCloseTo(plain / 2, 12);
    expect(loss({ loss_type: ['sigmoid', 'ipo', 'sft'] })).toBeCloseTo(plain + squared + likelihood, 12);
    expect(loss({ loss_type: ['sigmoid', 'sft'], loss_weights: [0.8, 2] })).toBeCloseTo(
      0.8 * plain + 2 * likelihood,
      12,
    );
    expect(choose({ method: 'sft' })).toBe(sft);
  });

  it('says what a run needs', () => {
    const needs = ({ usesRejected, usesReference, meanOver }: AnyObjective): unknown[] => [
      usesRejected,
      usesReference,
      meanOver,
    ];
    expect(needs(choose({ loss_type: ['sigmoid', 'sft'] }))).toEqual([true, true, 'pairs']);
    expect(needs(choose({ loss_type: ['simpo', 'sft'] }))).toEqual([true, false, 'pairs']);
    expect(needs(choose({ loss_type: ['sft'] }))).toEqual([false, false, 'pairs']);
    expect(needs(choose({ method: 'sft' }))).toEqual([false, false, 'tokens']);
    expect(needs(choose({ reference_free: true }))).toEqual([true, false, 'pairs']);
  });

  it('takes the reference as 0 where it is told to', () => {
    const zero = { chosen: new Float64Array(4), rejected: new Float64Array(6) };
    const free = choose({ reference_free: true, loss_type: ['hinge'] }).evaluate(pair, other, base, batch);
    expect(free).toEqual(combine([{ objective: hinge, weight: 1 }]).evaluate(pair, zero, base, batch));
    expect(free.rewards?.chosen).toBeCloseTo(0.1 * sumOf(pair.chosen), 12);
  });

  it('refuses what it does not know, by name', () => {
    expect(() => choose({ loss_type: ['kto'] })).toThrow(/"kto" is not supported; supported: sigmoid, robust, ipo,/);
    expect(() => choose({ loss_type: [] })).toThrow(/is an empty list/);
    expect(() => choose({ loss_weights: [1, 2] })).toThrow(/2 entries for 1 loss types/);
  });

  it('refuses combinations that nobody defined', () => {
    expect(() => choose({ loss_type: ['simpo', 'sigmoid'] })).toThrow(/lists "simpo" with "sigmoid".*only with "sft"/);
    expect(() => choose({ loss_type: ['ipo', 'orpo'] })).toThrow(/lists "orpo" with "ipo".*only alone/);
    expect(() => choose({ loss_type: ['unlikelihood', 'sft'] })).toThrow(/use "unlikelihood" only alone/);
    expect(() => choose({ loss_type: ['exo_pair'] })).toThrow(
      /"exo_pair" needs it above 0; its paper recommends 0.001/,
    );
    expect(() => choose({ loss_type: ['sigmoid', 'robust'], label_smoothing: 0.1 })).toThrow(
      /for "sigmoid" and "robust" together/,
    );
    expect(() => choose({ loss_type: ['sigmoid', 'apo_zero'], reference_free: true })).toThrow(
      /"apo_zero" has no meaning without a reference/,
    );
  });

  it('refuses a divergence that a loss has no form for, and one whose alpha does nothing', () => {
    expect(() => choose({ loss_type: ['apo_zero'], f_divergence_type: 'js_divergence' })).toThrow(
      /`f_divergence_type` is js_divergence, but "apo_zero" does not use it/,
    );
    expect(() => choose({ loss_type: ['sigmoid', 'bco_pair'], f_divergence_type: 'js_divergence' })).toThrow(
      /"js_divergence", and "bco_pair" has no form for it/,
    );
    expect(() => choose({ f_alpha_divergence_coef: 0.3 })).toThrow(/`f_alpha_divergence_coef` is 0.3, but/);
    expect(() => choose({ reference_free: true, f_divergence_type: 'forward_kl' })).toThrow(/`reference_free` leaves/);
    choose({ loss_type: ['sigmoid', 'sft'], f_divergence_type: 'alpha_divergence', f_alpha_divergence_coef: 0.3 });
  });

  it('refuses soft labels beside smoothing, and a temperature of hard labels', () => {
    expect(() => choose({ soft_labels: true, label_smoothing: 0.1 })).toThrow(/`label_smoothing` is 0.1 beside/);
    expect(() => choose({ soft_label_temperature: 2 })).toThrow(/`soft_label_temperature` is 2, but `soft_labels`/);
    expect(() => choose({ soft_labels: true, loss_type: ['ipo'] })).toThrow(/`soft_labels` is true, but "ipo"/);
  });

  it('refuses weights of pairs where pairs are not compared one by one', () => {
    for (const name of ['aot', 'aot_unpaired', 'sft', 'simpo', 'orpo', 'unlikelihood'])
      expect(() => choose({ use_weighting: true, loss_type: [name] })).toThrow(
        new RegExp(`\`use_weighting\` is true, and a pair has no weight of its own in "${name}"`),
      );
    expect(() => choose({ use_weighting: true, loss_type: ['sigmoid', 'sft'] })).toThrow(/of its own in "sft"/);
    const sum = { method: 'dpo', loss_type: ['sigmoid', 'bco_pair'], loss_weights: null } as const;
    const choice: ObjectiveChoice = { ...withDefaults({ use_weighting: true }), ...sum };
    expect(choose({ use_weighting: true, loss_type: sum.loss_type }).usesRejected).toBe(true);
    expect([startingLoss(choice), startingLoss({ ...choice, use_weighting: false })]).toEqual([
      null,
      expect.closeTo(3 * Math.LN2, 9),
    ]);
  });

  it('refuses options that no chosen loss reads', () => {
    expect(() => choose({ loss_type: ['ipo'], label_smoothing: 0.1 })).toThrow(
      /`label_smoothing` is 0.1, but "ipo" does not use it.*sigmoid, robust, exo_pair, aot, aot_unpaired, simpo/,
    );
    expect(() => choose({ loss_type: ['simpo'], ld_alpha: 0.5 })).toThrow(/`ld_alpha` is 0.5/);
    expect(() => choose({ loss_type: ['simpo'], alpha: 0.25 })).toThrow(
      /`alpha` is 0.25, but "simpo" does not use it.*unlikelihood/,
    );
    expect(() => choose({ loss_type: ['simpo'], reference_free: true })).toThrow(/`reference_free` is true/);
    expect(() => choose({ discopop_tau: 0.1 })).toThrow(/`discopop_tau` is 0.1/);
    const smoothed = chooseObjective({ ...base, loss_type: ['robust', 'ipo'], label_smoothing: 0.1 });
    expect(smoothed.name).toBe('robust + ipo');
  });
});

const zeros: PairTokenLogps = { chosen: Float64Array.of(0), rejected: Float64Array.of(0) };

describe('answers with scores', () => {
  const pair = drawPair(new Random(1));
  const other = drawPair(new Random(2));
  const x = sumOf(pair.chosen) - sumOf(other.chosen) - (sumOf(pair.rejected) - sumOf(other.rejected));

  it('soft labels are as sure as the Bradley-Terry model of the scores', () => {
    const options = withDefaults({ beta: 1, soft_labels: true, soft_label_temperature: 0.5 });
    const { loss } = sigmoid.evaluate(pair, other, options, batch);
    const sure = 1 / (1 + Math.exp(-1.75 / 0.5));
    const logSigmoid = (value: number): number => -Math.log1p(Math.exp(-value));
    expect(loss).toBeCloseTo(-sure * logSigmoid(x) - (1 - sure) * logSigmoid(-x), 12);
    // The least loss is where the margin is the difference of the scores, over the temperature.
    const at = (margin: number) =>
      sigmoid.evaluate({ chosen: Float64Array.of(margin), rejected: Float64Array.of(0) }, zeros, options, batch);
    expect(at(3.5).chosen[0]).toBeCloseTo(0, 12);
    expect(at(3.4).chosen[0]).toBeLessThan(0);
  });

  it('rebel goes for the difference of the scores, whichever is higher', () => {
    expect(rebel.evaluate(pair, other, beta(0.5), batch).loss).toBeCloseTo((0.5 * x - 1.75) ** 2, 12);
    const turned = { ...batch, scores: { chosen: -0.25, rejected: 1.5 } };
    expect(rebel.evaluate(pair, other, beta(0.5), turned).loss).toBeCloseTo((0.5 * x + 1.75) ** 2, 12);
  });

  it('are asked for where they are absent', () => {
    const bare = { pairs: 1, chosenTokens: 4 };
    expect(() => rebel.evaluate(pair, other, beta(1), bare)).toThrow(/has no scores/);
    expect(() => sigmoid.evaluate(pair, other, withDefaults({ soft_labels: true }), bare)).toThrow(/has no scores/);
  });
});

describe('losses of a whole micro-batch', () => {
  const random = new Random(9);
  const pairs = Array.from({ length: 5 }, () => ({
    policy: drawPair(random, 3, 2),
    reference: drawPair(random, 3, 2),
  }));
  const options = withDefaults({ beta: 0.7, label_smoothing: 0.1 });
  const lossOf = (objective: AnyObjective, set: typeof pairs): number =>
    meanOf(
      set.map(
        (p, place) =>
          objective.evaluate(p.policy, p.reference, options, { ...batch, survey: { pairs: set, place } }).loss,
      ),
    );

  it.each([
    ['aot', aot],
    ['aot_unpaired', aotUnpaired],
  ] as const)('%s: slopes are those of the mean over the batch, whose pairs move together', (_, objective) => {
    pairs.forEach(({ policy, reference }, place) => {
      const { chosen, rejected } = objective.evaluate(policy, reference, options, {
        ...batch,
        survey: { pairs, place },
      });
      for (const [side, slopes] of Object.entries({ chosen, rejected })) {
        const at = (move: number): number => {
          const moved = pairs.map((p, i) =>
            i === place
              ? {
                  ...p,
                  policy: { ...p.policy, [side]: p.policy[side as 'chosen'].map((v, t) => (t === 1 ? v + move : v)) },
                }
              : p,
          );
          return lossOf(objective, moved);
        };
        const numeric = (at(1e-6) - at(-1e-6)) / 2e-6;
        expect((slopes[1] as number) / pairs.length, `${side} of pair ${place}`).toBeCloseTo(numeric, 8);
      }
    });
  });

  it('does not depend on the order of the pairs, equal ones included', () => {
    const doubled = [...pairs, ...pairs.slice(0, 2)];
    for (const objective of [aot, aotUnpaired])
      expect(lossOf(objective, [...doubled].reverse())).toBeCloseTo(lossOf(objective, doubled), 12);
  });
});

it('dpop is DPO until the chosen answer has become less likely', () => {
  const pair = drawPair(new Random(1));
  const likelier = { ...pair, chosen: pair.chosen.map((logp) => logp - 0.1) };
  const options = withDefaults({ beta: 0.3, dpop_lambda: 5 });
  expect(dpop.evaluate(pair, likelier, options, batch)).toEqual(sigmoid.evaluate(pair, likelier, options, batch));
  const lost = dpop.evaluate(likelier, pair, options, batch).loss;
  expect(lost).toBeCloseTo(Math.log1p(Math.exp(0.3 * (0.4 + 5 * 0.4))), 12);
});
