/** @file The catalogue of objectives against the formulas themselves: what each reads, needs, and implies. */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { chooseObjective, startingLoss, startsAtLn2, type ObjectiveChoice } from './choose-objective';
import { parseRunConfig } from './config';
import {
  defaultObjectiveOptions,
  isObjectiveName,
  mayCombine,
  objectiveNames,
  objectives,
  sftMethod,
  type ObjectiveName,
} from './objectives';

const random = new Random(3);
const logps = (length: number): Float64Array => Float64Array.from({ length }, () => -Math.abs(random.normal()) - 0.1);
const drawPair = () => ({ chosen: logps(4), rejected: logps(6) });
const batch = { pairs: 1, chosenTokens: 4, scores: { chosen: 2, rejected: 1 } };
const all = [...objectiveNames.map((name) => [name, objectives[name]] as const), ['method sft', sftMethod] as const];
const choice = (change: Partial<ObjectiveChoice>): ObjectiveChoice => ({
  ...{ ...defaultObjectiveOptions, method: 'dpo', loss_type: ['sigmoid'], loss_weights: null },
  ...change,
});

describe.each(all)('%s', (_, { objective }) => {
  it('says exactly which options its formula reads', () => {
    const seen = new Set<string | symbol>();
    const options = new Proxy(defaultObjectiveOptions, {
      get: (target, key) => {
        seen.add(key);
        return target[key as keyof typeof target];
      },
    });
    objective.evaluate(drawPair(), drawPair(), options, batch);
    // Without a reference another formula is evaluated, so this option is not read in it.
    expect([...seen].sort()).toEqual(objective.reads.filter((key) => key !== 'reference_free').sort());
  });

  it('says whether it needs the reference, the rejected answer, and whether it has rewards', () => {
    const [policy, reference, other] = [drawPair(), drawPair(), drawPair()];
    const options = { ...defaultObjectiveOptions, label_smoothing: 0.1 };
    const outcome = objective.evaluate(policy, reference, options, batch);
    const lossOf = (one: typeof policy, two: typeof policy) => objective.evaluate(one, two, options, batch).loss;
    const isChanged = (loss: number) => loss !== outcome.loss;
    expect(isChanged(lossOf(policy, other))).toBe(objective.usesReference);
    expect(isChanged(lossOf({ ...policy, rejected: other.rejected }, reference))).toBe(objective.usesRejected);
    expect(outcome.rewards !== null).toBe(objective.rewards !== null);
  });
});

it('sums with companions that exist, each way', () => {
  for (const name of objectiveNames)
    for (const companion of objectives[name].companions ?? []) expect(isObjectiveName(companion), companion).toBe(true);
  const isRefused = (one: ObjectiveName, other: ObjectiveName): boolean => {
    const label_smoothing = [one, other].includes('exo_pair') ? 0.001 : 0;
    const smoothed = one !== 'sigmoid' && other !== 'sigmoid' ? label_smoothing : 0;
    try {
      chooseObjective(choice({ loss_type: [one, other], label_smoothing: smoothed }));
      return false;
    } catch (error) {
      return /nobody has defined their sum/.test(String(error));
    }
  };
  for (const one of objectiveNames)
    for (const other of objectiveNames)
      expect(isRefused(one, other), `${one} with ${other}`).toBe(!mayCombine(one, other));
});

it('begins each objective with settings that a run may have', () => {
  for (const name of objectiveNames) {
    const { start = {} } = objectives[name];
    expect(parseRunConfig({ loss_type: name, ...start })).toMatchObject(start);
  }
});

it('knows where the loss starts, or that nothing fixes it', () => {
  const start = (change: Partial<ObjectiveChoice>) => startingLoss(choice(change));
  expect(start({ loss_type: ['ipo'], beta: 0.5 })).toBe(1);
  expect(start({ loss_type: ['exo_pair'], label_smoothing: 0.2 })).toBeCloseTo(
    0.5 * Math.log(0.5 / 0.8) + 0.5 * Math.log(0.5 / 0.2),
    12,
  );
  expect(start({ loss_type: ['sigmoid', 'hinge'], loss_weights: [2, 1] })).toBeCloseTo(2 * Math.LN2 + 1, 12);
  for (const loss_type of [['sft'], ['simpo'], ['orpo'], ['unlikelihood'], ['sigmoid', 'sft'], ['from later']])
    expect(start({ loss_type }), loss_type.join()).toBeNull();
  expect(start({ reference_free: true })).toBeNull();
  expect(start({ method: 'sft' })).toBeNull();
  const ofLn2 = objectiveNames.filter((name) => startsAtLn2(choice({ loss_type: [name], label_smoothing: 0.1 })));
  expect(ofLn2).toEqual(['sigmoid', 'robust', 'sigmoid_norm', 'aot', 'aot_unpaired', 'dpop']);
  expect(startsAtLn2(choice({ loss_weights: [2] }))).toBe(false);
});
