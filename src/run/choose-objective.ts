/**
 * @file The one objective of a run, out of those that its settings name; combinations that nobody defined are refused.
 */
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import { combine } from '../objectives/combine';
import { withoutReference } from '../objectives/log-ratio';
import type { Objective, PairTokenLogps } from '../objectives/objective';
import {
  defaultObjectiveOptions,
  isObjectiveName,
  isOnPolicyMethod,
  objectiveNames,
  objectives,
  onPolicyMethodNames,
  onlineLosses,
  onlineLossNames,
  onPolicyMethods,
  rewardMethod,
  sftMethod,
  singleLossNames,
  singleLosses,
  type SingleLossName,
  type ObjectiveName,
  type ObjectiveOption,
  type ObjectiveOptions,
  type OnPolicyMethod,
} from './objectives';

export interface ObjectiveChoice extends ObjectiveOptions {
  readonly method: 'dpo' | 'sft' | 'kto' | 'reward' | OnPolicyMethod;
  readonly loss_type: readonly string[];
  readonly loss_weights: readonly number[] | null;
}

/** The objective of a run: one of the catalogue, or a sum of some. */
export type AnyObjective = Objective<ObjectiveOptions>;

export interface ChosenObjective {
  /** Its loss types: "sigmoid + sft". */
  readonly name: string;
  /** Method and source of each in full, for people. */
  readonly source: string;
  readonly objective: AnyObjective;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const reads = (name: ObjectiveName, option: ObjectiveOption): boolean =>
  objectives[name].objective.reads.includes(option);

function namesOf(given: readonly string[]): ObjectiveName[] {
  const supported = objectiveNames.join(', ');
  if (given.length === 0) throw new UserError('lossTypesEmpty', { names: supported });
  return given.map((name) => {
    if (isObjectiveName(name)) return name;
    throw new UserError('lossTypeUnknown', { name, names: supported });
  });
}

function refuseStrangers(names: readonly ObjectiveName[]): void {
  for (const name of names) {
    const { companions } = objectives[name];
    const stranger = names.find((other) => other !== name && companions?.includes(other) === false);
    if (companions === undefined || stranger === undefined) continue;
    const rule = companions.length > 0 ? message('onlyWith', { names: quoted(companions) }) : message('onlyAlone');
    throw new UserError('lossTypesUndefined', { name, other: stranger, rule });
  }
}

/** What a loss is called in messages; where a method has but one, by the method. */
type LossName = ObjectiveName | SingleLossName | OnPolicyMethod | 'reward';

const lossNames: readonly LossName[] = [...objectiveNames, ...singleLossNames, 'reward', ...onPolicyMethodNames];

function readOf(name: LossName): readonly string[] {
  if (name === 'reward') return rewardMethod.objective.reads;
  if (isOnPolicyMethod(name)) return onPolicyMethods[name].objective.reads;
  return (isObjectiveName(name) ? objectives[name] : singleLosses[name]).objective.reads;
}

/** An option that is set and that nothing reads is a misunderstanding: TRL trains on without a word. */
function refuseUnread(choice: ObjectiveChoice, names: readonly LossName[]): void {
  for (const key of Object.keys(defaultObjectiveOptions) as ObjectiveOption[]) {
    // PPO has a price of divergence of another name, for which beta is easily taken.
    if (key === 'beta' && !names.includes('ppo')) continue;
    if (choice[key] === defaultObjectiveOptions[key]) continue;
    if (names.some((name) => readOf(name).includes(key))) continue;
    const readers = lossNames.filter((name) => readOf(name).includes(key));
    throw new UserError('lossOptionUnread', {
      key,
      value: String(choice[key]),
      names: quoted(names),
      others: readers.join(', '),
    });
  }
}

function refuseSmoothing({ label_smoothing }: ObjectiveChoice, names: readonly ObjectiveName[]): void {
  if (label_smoothing === 0 && names.includes('exo_pair')) throw new UserError('exoNeedsSmoothing');
  const other = names.find((name) => ['robust', 'exo_pair', 'aot', 'aot_unpaired'].includes(name));
  if (label_smoothing !== 0 && other !== undefined && names.includes('sigmoid'))
    throw new UserError('smoothingOfTwo', { value: label_smoothing, name: other });
}

function refuseDivergence(choice: ObjectiveChoice, names: readonly ObjectiveName[]): void {
  const { f_divergence_type: type, f_alpha_divergence_coef: alpha, reference_free } = choice;
  if (type !== 'alpha_divergence' && alpha !== defaultObjectiveOptions.f_alpha_divergence_coef)
    throw new UserError('alphaOfNoDivergence', { value: alpha, type });
  if (type === 'reverse_kl') return;
  if (reference_free) throw new UserError('divergenceWithoutReference', { type });
  const fixed = names.find((name) => name !== 'sft' && !reads(name, 'f_divergence_type'));
  if (fixed) throw new UserError('divergenceOfOther', { type, name: fixed });
}

/** TRL weighs the losses of pairs that are compared one by one; those of "aot" it refuses too. */
function refuseWeighting({ use_weighting }: ObjectiveChoice, names: readonly ObjectiveName[]): void {
  const other = names.find((name) => !reads(name, 'use_weighting'));
  if (use_weighting && other !== undefined) throw new UserError('weightingOfOther', { name: other });
}

function refuseSoftLabels({ soft_labels, soft_label_temperature, label_smoothing }: ObjectiveChoice): void {
  if (!soft_labels && soft_label_temperature !== defaultObjectiveOptions.soft_label_temperature)
    throw new UserError('temperatureOfHardLabels', { value: soft_label_temperature });
  if (soft_labels && label_smoothing !== 0) throw new UserError('softAndSmoothed', { value: label_smoothing });
}

function refuseNeedOfReference(names: readonly ObjectiveName[]): void {
  const needy = names.find((name) => objectives[name].objective.usesReference && !reads(name, 'reference_free'));
  if (needy) throw new UserError('lossNeedsReference', { name: needy });
}

/** The weighted sum, whether anybody has defined it or not. */
function sumUp(names: readonly ObjectiveName[], { loss_weights, reference_free }: ObjectiveChoice): AnyObjective {
  const sum = combine(
    names.map((name, i) => ({ objective: objectives[name].objective, weight: loss_weights?.[i] ?? 1 })),
  );
  return reference_free ? withoutReference(sum) : sum;
}

/** The loss of judged answers; nobody has defined a sum of them. */
function chooseSingleLoss(choice: ObjectiveChoice): ChosenObjective {
  const [given, ...more] = choice.loss_type;
  const name = singleLossNames.find((each) => each === given);
  if (name === undefined || more.length > 0) {
    throw new UserError('singleLossUnknown', { name: choice.loss_type.join(', '), names: singleLossNames.join(', ') });
  }
  if (choice.loss_weights !== null) throw new UserError('singleLossWeighed');
  refuseUnread(choice, [name]);
  return { name, ...singleLosses[name] };
}

/** RLOO and PPO weigh by the probability that the policy gave, which must be the one that was drawn with. */
function refuseSampling(choice: ObjectiveChoice, method: OnPolicyMethod): void {
  for (const key of ['temperature', 'top_p', 'top_k'] as const) {
    const taken = defaultObjectiveOptions[key];
    if (choice[key] !== taken) throw new UserError('samplingFixed', { method, key, value: choice[key], taken });
  }
}

/** The loss of answers that are compared as they are drawn; nobody has defined a sum of them. */
function chooseOnlineLoss(choice: ObjectiveChoice): ChosenObjective {
  const name = onlineLossNames.find((each) => each === choice.loss_type.join(', '));
  if (name === undefined || choice.loss_weights !== null)
    throw new UserError('onlineLossUnknown', { name: choice.loss_type.join(', '), names: onlineLossNames.join(', ') });
  refuseUnread(choice, ['online_dpo']);
  return { name: name === 'sigmoid' ? 'online_dpo' : `online_dpo, ${name}`, ...onlineLosses[name] };
}

/** The loss of a method that has one: what sums and chooses losses means nothing to it. */
function chooseOnlyLoss(choice: ObjectiveChoice, method: OnPolicyMethod | 'reward'): ChosenObjective {
  const { loss_type, loss_weights } = choice;
  if (loss_weights !== null || loss_type.join() !== 'sigmoid')
    throw new UserError('methodHasOneLoss', { method, key: loss_weights === null ? 'loss_type' : 'loss_weights' });
  if (method === 'rloo' || method === 'ppo') refuseSampling(choice, method);
  refuseUnread(choice, [method]);
  return { name: method, ...(method === 'reward' ? rewardMethod : onPolicyMethods[method]) };
}

/** @throws UserError where the choice is none that a run can have */
export function chooseObjective(choice: ObjectiveChoice): ChosenObjective {
  const { method, loss_type, loss_weights, reference_free } = choice;
  if (method === 'sft') return { name: method, ...sftMethod };
  if (method === 'kto') return chooseSingleLoss(choice);
  if (method === 'online_dpo') return chooseOnlineLoss(choice);
  if (method === 'reward' || isOnPolicyMethod(method)) return chooseOnlyLoss(choice, method);
  const names = namesOf(loss_type);
  if (loss_weights !== null && loss_weights.length !== names.length) {
    throw new UserError('lossWeightsCount', { count: loss_weights.length, wanted: names.length });
  }
  refuseStrangers(names);
  refuseWeighting(choice, names);
  refuseUnread(choice, names);
  refuseSmoothing(choice, names);
  refuseDivergence(choice, names);
  refuseSoftLabels(choice);
  if (reference_free) refuseNeedOfReference(names);
  const source = names.map((name) => objectives[name].source).join(' + ');
  return { name: names.join(' + '), source, objective: sumUp(names, choice) };
}

/** The terms of a run's loss; a name that is not known here is left out. */
export function termsOf({ method, loss_type }: Pick<ObjectiveChoice, 'method' | 'loss_type'>): readonly AnyObjective[] {
  if (method === 'sft') return [sftMethod.objective];
  if (method === 'reward') return [rewardMethod.objective];
  if (isOnPolicyMethod(method)) return [onPolicyMethods[method].objective];
  if (method === 'kto')
    return singleLossNames.filter((name) => loss_type.includes(name)).map((name) => singleLosses[name].objective);
  return loss_type.filter(isObjectiveName).map((name) => objectives[name].objective);
}

/** Whether each pair must come with the scores of its answers. */
export const needsScores = (
  choice: Pick<ObjectiveChoice, 'method' | 'loss_type' | 'soft_labels' | 'score_margins'>,
): boolean =>
  choice.soft_labels || choice.score_margins || termsOf(choice).some(({ readsScores }) => readsScores === true);

/**
 * The loss of a policy that still equals its reference, which all log-ratios of 0 fix: ln 2 of "sigmoid", 1 of "hinge".
 * Null where a term reads log-probs themselves, so that the loss starts wherever the model stands, and where it reads
 * the answers' scores.
 */
export function startingLoss(choice: ObjectiveChoice): number | null {
  const { method, loss_type, reference_free, use_weighting } = choice;
  if (method === 'reward' || method === 'rloo' || method === 'ppo' || use_weighting) return null;
  const names = loss_type.filter(isObjectiveName);
  const isOfRatios = names.length === loss_type.length && termsOf(choice).every(({ usesReference }) => usesReference);
  if (reference_free || !isOfRatios || termsOf(choice).some(({ readsScores }) => readsScores === true)) return null;
  const logps: PairTokenLogps = { chosen: Float64Array.of(0), rejected: Float64Array.of(0) };
  return sumUp(names, choice).evaluate(logps, logps, { ...choice, soft_labels: false }, { pairs: 1, chosenTokens: 1 })
    .loss;
}

/** Whether the loss starts where chosen and rejected are told apart no better than by a coin: ln 2 = 0.693. */
export function startsAtLn2(choice: ObjectiveChoice): boolean {
  const start = startingLoss(choice);
  return start !== null && Math.abs(start - Math.LN2) < 1e-9;
}
