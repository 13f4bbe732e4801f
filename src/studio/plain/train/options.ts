/**
 * @file The training form as data: its fields, defaults and rules, and how it becomes run configurations.
 * Fields hold the text that was typed, so that "1e-4" and a half-written number survive; keys are TRL's.
 */
import type { Rules } from '../../../data/rules';
import type { PlanSettings } from '../../../run/memory-plan';
import {
  configKeys,
  runKeys,
  usualLearningRate,
  withDefaults,
  type Method,
  type RunConfig,
  type RunSettings,
  type SchedulerType,
} from '../../../run/config';
import { evaluationKeys, type BestMetric, type EvaluationSettings } from '../../../run/evaluation';
import { ruleOf, typedDefault, type NumberKeyFacts } from '../../../run/key';
import {
  isNumberOption,
  isOnPolicyMethod,
  mayCombine,
  objectiveNames,
  objectiveOptions,
  objectives,
  onPolicyMethods,
  rewardMethod,
  singleLosses,
  type FDivergenceType,
  type KlEstimator,
  type NumberOption,
  type ObjectiveName,
  type ObjectiveOption,
  type OnlineLossName,
  type OnPolicyMethod,
} from '../../../run/objectives';
import type { RewardChoice } from '../../../run/reward-choice';
import { judgeIdOf, rewardRunOf, type RewardId } from '../compare/best-of';
import type { KeptJudge } from '../compare/kept-judges';
import { rewardChoiceOf } from '../compare/rewards';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';
import { readLayers, type LayerChoice, type LayersProblem } from './layers';

export type MethodChoice = Method | 'both';

/** The losses that the form offers: every objective but "sft", which is a method here and a term beside others. */
export type LossName = Exclude<ObjectiveName, 'sft'>;

export const lossNames = objectiveNames.filter((name): name is LossName => name !== 'sft');

/** Fields that belong to some losses. `sft_weight` is the weight of "sft" beside the loss, in TRL's lists. */
export type OptionKey = NumberOption | 'sft_weight';

const optionKeys: readonly OptionKey[] = [
  ...(Object.keys(objectiveOptions) as ObjectiveOption[]).filter(isNumberOption),
  'sft_weight',
];

/** The fields of a loss, in the order in which they are shown. */
export function optionsOf(name: LossName): readonly OptionKey[] {
  const read = objectives[name].objective.reads.filter(isNumberOption);
  return mayCombine(name, 'sft') ? [...read, 'sft_weight'] : read;
}

/** Keys of the run configuration that are numbers, the options of losses among them. */
type RunNumberKey = {
  [K in keyof RunConfig]: (typeof runKeys)[K] extends NumberKeyFacts ? K : never;
}[keyof RunConfig];

/** Keys that have one field, whatever is trained. */
type SharedKey = Exclude<RunNumberKey, NumberOption | 'learning_rate'>;

/** Fields of evaluation; `eval_share` is of the prompts, where the data set itself is not split. */
export type EvaluationKey = 'eval_share' | 'eval_steps' | 'early_stopping_patience' | 'sample_tokens';

/** Fields of methods that draw answers which may stay empty: what they say is then left out. */
export type OptionalKey = 'epsilon_high' | 'reward_clip_low' | 'reward_clip_high';

const optionalKeys: readonly OptionalKey[] = ['epsilon_high', 'reward_clip_low', 'reward_clip_high'];

/** The option that a field that may stay empty belongs to. */
const optionOf = (key: OptionalKey): ObjectiveOption => (key === 'epsilon_high' ? key : 'reward_clip_range');

const isOptional = (key: NumberKey): key is OptionalKey => optionalKeys.some((each) => each === key);

export type NumberKey =
  | OptionalKey
  | OptionKey
  | SharedKey
  | EvaluationKey
  | 'dpo_learning_rate'
  | 'sft_learning_rate'
  | 'save_steps'
  | 'layer_count';

export interface TrainForm extends Readonly<Record<NumberKey, string>> {
  readonly method: MethodChoice;
  readonly loss_type: LossName;
  readonly f_divergence_type: FDivergenceType;
  /** Labels as sure as the scores of the answers. */
  readonly soft_labels: boolean;
  /** Each pair counts by how likely the policy is to give its answers. */
  readonly use_weighting: boolean;
  /** Reward models: the better answer must lead by the difference of the scores that the answers came with. */
  readonly score_margins: boolean;
  /** What judges the answers that a method draws. */
  readonly reward: RewardId;
  readonly normalize_advantages: boolean;
  readonly mask_truncated_completions: boolean;
  readonly whiten_rewards: boolean;
  /** The loss of online DPO, which has two. */
  readonly online_loss: OnlineLossName;
  readonly kl_estimator: KlEstimator;
  readonly duration: 'epochs' | 'steps';
  /** What both runs of a twin have the same number of. */
  readonly budget: 'tokens' | 'steps';
  readonly targets: 'all-linear' | 'chosen';
  readonly target_modules: readonly string[];
  readonly layers: LayerChoice;
  /** Indices as typed: "0-3, 8". */
  readonly layer_list: string;
  readonly lr_scheduler_type: SchedulerType;
  /** `auto` keeps activations while they are small. */
  readonly gradient_checkpointing: 'auto' | 'on' | 'off';
  readonly shuffle: boolean;
  readonly evaluate: boolean;
  readonly metric_for_best_model: BestMetric;
  readonly load_best_model_at_end: boolean;
  /** Answer some prompts at every evaluation. */
  readonly sample: boolean;
  /** One a line; empty takes the first that are held out. */
  readonly sample_prompts: string;
}

export interface NumberField extends NumberRule {
  /** The key that TRL and PEFT know, shown beside the label. */
  readonly trl: string;
  /** The range that people use, where there is one. */
  readonly usual?: readonly [from: string, to: string];
  readonly initial: string;
}

const fieldOf = (trl: string, facts: NumberKeyFacts, initial = typedDefault(facts)): NumberField => ({
  trl,
  ...ruleOf(facts.range),
  ...(facts.range.usual && { usual: facts.range.usual }),
  initial,
});

/** Where the form begins elsewhere than TRL does: with what suits LoRA on one PC. */
const begins: Readonly<Partial<Record<RunNumberKey, string>>> = {
  max_steps: '60',
  per_device_train_batch_size: '2',
  max_length: '512',
  lora_r: '8',
  lora_alpha: '16',
};

const isShared = (key: string): key is SharedKey =>
  'range' in runKeys[key as keyof RunConfig] && key !== 'learning_rate' && !Object.hasOwn(objectiveOptions, key);

const sharedKeys = configKeys.filter(isShared);

const fieldsOfKeys = Object.fromEntries(
  Object.entries(runKeys).flatMap(([key, facts]) =>
    'range' in facts ? [[key, fieldOf(key, facts, begins[key as RunNumberKey])]] : [],
  ),
) as Record<RunNumberKey, NumberField>;

const { learning_rate: rate, ...fieldsOfRun } = fieldsOfKeys;

export const numberFields: Readonly<Record<NumberKey, NumberField>> = {
  ...fieldsOfRun,
  sft_weight: { trl: 'loss_weights', usual: ['0', '1'], initial: '0', min: 0, max: 100 },
  dpo_learning_rate: { ...rate, usual: usualLearningRate.dpo, initial: '1e-4' },
  sft_learning_rate: { ...rate, usual: usualLearningRate.sft, initial: '2e-4' },
  eval_share: { trl: 'test_size', usual: ['0.05', '0.2'], initial: '0.1', min: 0, above: true, max: 0.9 },
  eval_steps: fieldOf('eval_steps', evaluationKeys.eval_steps),
  early_stopping_patience: fieldOf('early_stopping_patience', evaluationKeys.early_stopping_patience),
  sample_tokens: { trl: 'max_new_tokens', usual: ['32', '128'], initial: '48', min: 1, max: 2048, integer: true },
  save_steps: { trl: 'save_steps', usual: ['20', '200'], initial: '50', min: 0, max: 1_000_000, integer: true },
  epsilon_high: { trl: 'epsilon_high', usual: ['0.2', '0.3'], initial: '', min: 0, max: 100 },
  reward_clip_low: { trl: 'reward_clip_range', initial: '', min: -1_000_000, max: 1_000_000 },
  reward_clip_high: { trl: 'reward_clip_range', initial: '', min: -1_000_000, max: 1_000_000 },
  layer_count: { trl: 'layers_to_transform', initial: '4', min: 1, max: 10_000, integer: true },
};

export const checkpointingChoices: readonly TrainForm['gradient_checkpointing'][] = ['auto', 'on', 'off'];

const numberKeys = Object.keys(numberFields) as NumberKey[];

export const initialForm: TrainForm = {
  ...(Object.fromEntries(numberKeys.map((key) => [key, numberFields[key].initial])) as Record<NumberKey, string>),
  method: 'dpo',
  loss_type: 'sigmoid',
  f_divergence_type: 'reverse_kl',
  soft_labels: false,
  use_weighting: false,
  score_margins: false,
  reward: 'rules',
  normalize_advantages: false,
  mask_truncated_completions: false,
  whiten_rewards: false,
  online_loss: 'sigmoid',
  kl_estimator: 'k1',
  duration: 'epochs',
  budget: 'tokens',
  targets: 'all-linear',
  target_modules: [],
  layers: 'all',
  layer_list: '',
  lr_scheduler_type: 'linear',
  gradient_checkpointing: 'auto',
  shuffle: true,
  evaluate: true,
  metric_for_best_model: 'eval_loss',
  load_best_model_at_end: true,
  sample: true,
  sample_prompts: '',
};

/** Options that have a meaning only where another has been chosen. */
const follows: Readonly<Partial<Record<OptionKey, (form: TrainForm) => boolean>>> = {
  f_alpha_divergence_coef: ({ f_divergence_type }) => f_divergence_type === 'alpha_divergence',
  soft_label_temperature: ({ soft_labels }) => soft_labels,
  label_smoothing: (form) => !hasSoftLabels(form),
  // SFT's term has no weight for each pair.
  sft_weight: (form) => !isWeighted(form),
};

/** The fields of the loss of judged answers, in the order in which they are shown. */
export const singleOptions: readonly OptionKey[] = singleLosses.kto.objective.reads.filter(isNumberOption);

/** The fields of a reward model's loss. */
export const rewardOptions: readonly OptionKey[] = rewardMethod.objective.reads.filter(isNumberOption);

const readBy = (method: OnPolicyMethod): readonly ObjectiveOption[] => onPolicyMethods[method].objective.reads;

/** The number fields of a method that learns from answers of its own. */
export const drawingOptions = (method: OnPolicyMethod): readonly OptionKey[] => readBy(method).filter(isNumberOption);

/** The fields of such a method that may stay empty. */
export const drawingOptionals = (method: OnPolicyMethod): readonly OptionalKey[] =>
  optionalKeys.filter((key) => readBy(method).includes(optionOf(key)));

const drawingSwitches = ['normalize_advantages', 'mask_truncated_completions', 'whiten_rewards'] as const;

/** The options of such a method that are yes or no. */
export const drawingSwitchesOf = (method: OnPolicyMethod): readonly (typeof drawingSwitches)[number][] =>
  drawingSwitches.filter((key) => readBy(method).includes(key));

/**
 * Where the form begins for a method that learns from answers of its own. A step has 16 answers: of RLOO to 4 prompts,
 * each measured against the other 3 to its prompt, of online DPO to 8, of PPO to 16.
 */
const drawingStart: Readonly<Record<OnPolicyMethod, Partial<Record<NumberKey, string>>>> = {
  rloo: {
    ...{ beta: '0.05', num_generations: '4', max_completion_length: '64', per_device_train_batch_size: '16' },
    ...{ num_train_epochs: '1', dpo_learning_rate: '3e-4' },
  },
  online_dpo: {
    ...{ max_completion_length: '64', per_device_train_batch_size: '8', temperature: '0.9' },
    ...{ num_train_epochs: '1', dpo_learning_rate: '2e-4' },
  },
  ppo: {
    ...{ max_completion_length: '64', per_device_train_batch_size: '16', num_ppo_epochs: '2' },
    ...{ num_train_epochs: '1', dpo_learning_rate: '3e-4' },
  },
};

/** The ranges that people use where such a method's are its own. */
const drawingUsual: Readonly<Record<OnPolicyMethod, Partial<Record<NumberKey, NumberField['usual']>>>> = {
  rloo: { beta: ['0.01', '0.1'], per_device_train_batch_size: ['8', '64'] },
  online_dpo: { beta: ['0.05', '0.5'], per_device_train_batch_size: ['4', '32'] },
  ppo: { per_device_train_batch_size: ['8', '64'] },
};

const beginningOf = (method: MethodChoice): Partial<Record<NumberKey, string>> =>
  isOnPolicyMethod(method) ? drawingStart[method] : {};

/** The form with another method: a field that stands as it begins for the one before, begins as it does for this. */
export function withMethod(form: TrainForm, method: MethodChoice): Partial<TrainForm> {
  const [from, to] = [beginningOf(form.method), beginningOf(method)];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])] as NumberKey[];
  const initial = (of: typeof from, key: NumberKey): string => of[key] ?? numberFields[key].initial;
  const untouched = keys.filter((key) => form[key] === initial(from, key));
  return { method, ...Object.fromEntries(untouched.map((key) => [key, initial(to, key)])) };
}

/** The range of a field that people use, for what is trained. */
export function usualOf(key: NumberKey, method: MethodChoice): NumberField['usual'] {
  if (key === 'dpo_learning_rate' && method !== 'both') return usualLearningRate[method];
  return (isOnPolicyMethod(method) ? drawingUsual[method][key] : undefined) ?? numberFields[key].usual;
}

function ofLoss(key: OptionKey): (form: TrainForm) => boolean {
  return (form) => {
    if (form.method === 'sft') return false;
    if (form.method === 'kto') return singleOptions.includes(key);
    if (form.method === 'reward') return rewardOptions.includes(key);
    if (isOnPolicyMethod(form.method)) return drawingOptions(form.method).includes(key);
    return optionsOf(form.loss_type).includes(key) && (follows[key]?.(form) ?? true);
  };
}

/** Whether the chosen loss takes this option, which is no number. */
export const takes = (
  { loss_type }: TrainForm,
  option: 'f_divergence_type' | 'soft_labels' | 'use_weighting',
): boolean => objectives[loss_type].objective.reads.includes(option);

const hasSoftLabels = (form: TrainForm): boolean => form.soft_labels && takes(form, 'soft_labels');
const isWeighted = (form: TrainForm): boolean => form.use_weighting && takes(form, 'use_weighting');

/** Whether what is trained answers prompts; a reward model scores answers. */
export const answers = (method: MethodChoice): boolean => method !== 'reward';

/** Whether a run can be evaluated on held-out pairs: what learns from answers of its own has no loss on them. */
export const canEvaluate = (method: MethodChoice): boolean => !isOnPolicyMethod(method);

const isEvaluated = ({ evaluate, method }: TrainForm): boolean => evaluate && canEvaluate(method);

/** When a field takes part in the run; one that is not here always does. */
const conditions: Readonly<Partial<Record<NumberKey, (form: TrainForm) => boolean>>> = {
  ...Object.fromEntries(optionKeys.map((key) => [key, ofLoss(key)])),
  ...Object.fromEntries(
    optionalKeys.map((key) => [
      key,
      ({ method }: TrainForm) => isOnPolicyMethod(method) && drawingOptionals(method).includes(key),
    ]),
  ),
  dpo_learning_rate: ({ method }) => method !== 'sft',
  sft_learning_rate: ({ method }) => method === 'sft' || method === 'both',
  num_train_epochs: ({ duration }) => duration === 'epochs',
  max_steps: ({ duration }) => duration === 'steps',
  eval_share: isEvaluated,
  eval_steps: isEvaluated,
  early_stopping_patience: isEvaluated,
  sample_tokens: (form) => isEvaluated(form) && form.sample && answers(form.method),
  layer_count: ({ layers }) => layers === 'first' || layers === 'last',
};

/** Which number fields take part, given the choices made in the form. */
export function activeFields(form: TrainForm): readonly NumberKey[] {
  return numberKeys.filter((key) => conditions[key]?.(form) ?? true);
}

/** The form with another loss. What was typed for the one before does not leak: its options are at their beginning. */
export function withLoss(name: LossName): Partial<TrainForm> {
  const start: Readonly<Partial<Record<string, unknown>>> = objectives[name].start ?? {};
  const options = optionsOf(name).map((key) => [key, String(start[key] ?? numberFields[key].initial)]);
  const { f_divergence_type, soft_labels, use_weighting } = initialForm;
  return {
    ...{ loss_type: name, f_divergence_type, soft_labels, use_weighting },
    ...(Object.fromEntries(options) as Partial<Record<OptionKey, string>>),
  };
}

/** Whether a field is empty and may be: of a range both ends are, or none. */
function mayStayEmpty(key: NumberKey, form: TrainForm): boolean {
  if (!isOptional(key)) return false;
  const same = optionalKeys.filter((other) => optionOf(other) === optionOf(key));
  return same.every((other) => form[other].trim() === '');
}

/** The rule of a field in a form: a range ends where it began or above. */
function ruleIn(key: NumberKey, form: TrainForm): NumberRule {
  const rule = numberFields[key];
  if (key !== 'reward_clip_high') return rule;
  const { value } = parseNumber(form.reward_clip_low, numberFields.reward_clip_low);
  return value === null ? rule : { ...rule, min: value, above: true };
}

export interface FormProblems {
  readonly numbers: Readonly<Partial<Record<NumberKey, NumberProblem>>>;
  /** Chosen layers are to be adapted, and none is chosen. */
  readonly hasNoTargets: boolean;
  /** What is wrong with the choice of layers. */
  readonly layers: LayersProblem | null;
  /** Answers are to be judged by the rules of the data set, and there are none that can be used. */
  readonly lacksRules: boolean;
  /** They are to be judged by a reward model or a judge that cannot. */
  readonly lacksJudge: boolean;
}

export function countProblems({ numbers, hasNoTargets, layers, lacksRules, lacksJudge }: FormProblems): number {
  const others = [hasNoTargets, layers !== null, lacksRules, lacksJudge].filter(Boolean);
  return Object.keys(numbers).length + others.length;
}

export interface Job {
  readonly method: Method;
  readonly config: RunSettings;
  /** Goes on from the adapter of the job before, which for DPO is then the reference too. */
  readonly continuesPrevious?: boolean;
  /** Trains on as many tokens as the job of this method in the same start. */
  readonly sameTokensAs?: 'dpo';
  /** How to evaluate, and the share of the prompts to hold out where the data set is not split. */
  readonly evaluation?: { readonly settings: EvaluationSettings; readonly share: number };
  /** What to ask at every evaluation; without prompts, the first that are held out. */
  readonly samples?: { readonly prompts: readonly string[]; readonly maxNewTokens: number };
  /** Steps between checkpoints; 0 keeps one where the run is paused or stopped, and without it there is none. */
  readonly save_steps?: number;
}

export interface ReadForm {
  /** Empty while there are problems. */
  readonly jobs: readonly Job[];
  readonly problems: FormProblems;
}

/** A form whose fields are all read. */
interface FilledForm {
  readonly form: TrainForm;
  readonly modules: readonly string[];
  /** Null for every layer. */
  readonly layers: readonly number[] | null;
  readonly numberOf: (key: NumberKey) => number;
  /** Whether a field that may stay empty was filled in, and takes part. */
  readonly isGiven: (key: OptionalKey) => boolean;
  /** Those of the data set; null where there are none that can be used. */
  /** What judges the answers; null where nothing does. */
  readonly reward: RewardChoice | null;
}

/** The loss and those of its options that were changed, as TRL's keys. */
function objectiveSettings({ form, numberOf }: FilledForm): RunSettings {
  const { loss_type, f_divergence_type } = form;
  const options = optionsOf(loss_type).filter((key) => ofLoss(key)(form));
  const changed = options.filter(
    (key) => key === 'beta' || (key !== 'sft_weight' && numberOf(key) !== Number(numberFields[key].initial)),
  );
  const weight = options.includes('sft_weight') ? numberOf('sft_weight') : 0;
  return {
    loss_type: weight > 0 ? [loss_type, 'sft'] : [loss_type],
    ...(weight > 0 && { loss_weights: [1, weight] }),
    ...(f_divergence_type !== initialForm.f_divergence_type && { f_divergence_type }),
    ...(hasSoftLabels(form) && { soft_labels: true }),
    ...(isWeighted(form) && { use_weighting: true }),
    ...Object.fromEntries(changed.map((key) => [key, numberOf(key)])),
  };
}

/** The options of the loss of judged answers that were changed. */
function singleLossSettings({ numberOf }: FilledForm): RunSettings {
  const changed = singleOptions.filter((key) => key === 'beta' || numberOf(key) !== Number(numberFields[key].initial));
  return { loss_type: ['kto'], ...Object.fromEntries(changed.map((key) => [key, numberOf(key)])) };
}

/** The options of a reward model's loss that were changed. */
function rewardSettings({ form, numberOf }: FilledForm): RunSettings {
  const changed = rewardOptions.filter((key) => numberOf(key) !== Number(numberFields[key].initial));
  return {
    ...Object.fromEntries(changed.map((key) => [key, numberOf(key)])),
    ...(form.score_margins && { score_margins: true }),
  };
}

/** The options of a method that learns from answers of its own, as far as they were changed, and what judges them. */
function drawingSettings(method: OnPolicyMethod, { form, numberOf, isGiven, reward }: FilledForm): RunSettings {
  const unset: Readonly<Partial<Record<string, unknown>>> = withDefaults({ method });
  const changed = drawingOptions(method).filter(
    (key) => key === 'beta' || numberOf(key) !== (unset[key] ?? Number(numberFields[key].initial)),
  );
  return {
    ...Object.fromEntries(changed.map((key) => [key, numberOf(key)])),
    ...Object.fromEntries(drawingSwitchesOf(method).flatMap((key) => (form[key] ? [[key, true]] : []))),
    ...(method === 'online_dpo' && form.online_loss !== initialForm.online_loss && { loss_type: [form.online_loss] }),
    ...(method === 'ppo' && form.kl_estimator !== initialForm.kl_estimator && { kl_estimator: form.kl_estimator }),
    ...(isGiven('epsilon_high') && { epsilon_high: numberOf('epsilon_high') }),
    ...(isGiven('reward_clip_high') && {
      reward_clip_range: [numberOf('reward_clip_low'), numberOf('reward_clip_high')],
    }),
    ...(reward !== null && { reward }),
  };
}

function settingsOf(method: Method, filled: FilledForm): RunSettings {
  const { form, modules, layers, numberOf } = filled;
  const shared = sharedKeys.filter((key) => key !== 'num_train_epochs' && key !== 'max_steps');
  const settings: RunSettings = {
    ...Object.fromEntries(shared.map((key) => [key, numberOf(key)])),
    method,
    ...(method === 'dpo' && objectiveSettings(filled)),
    ...(method === 'kto' && singleLossSettings(filled)),
    ...(method === 'reward' && rewardSettings(filled)),
    ...(isOnPolicyMethod(method) && drawingSettings(method, filled)),
    learning_rate: numberOf(method === 'sft' ? 'sft_learning_rate' : 'dpo_learning_rate'),
    lr_scheduler_type: form.lr_scheduler_type,
    ...(form.duration === 'steps'
      ? { max_steps: numberOf('max_steps') }
      : { num_train_epochs: numberOf('num_train_epochs'), max_steps: -1 }),
    ...(form.gradient_checkpointing !== 'auto' && { gradient_checkpointing: form.gradient_checkpointing === 'on' }),
    lora_target_modules: form.targets === 'chosen' ? modules : 'all-linear',
    ...(layers !== null && { layers_to_transform: [...layers] }),
    shuffle: form.shuffle,
  };
  // In the order of the configuration's keys, in which they are shown.
  return Object.fromEntries(
    configKeys.filter((key) => Object.hasOwn(settings, key)).map((key) => [key, settings[key as keyof RunConfig]]),
  );
}

/** Accuracy can tell the best step only where the loss implies rewards. */
function evaluationOf(method: Method, { form, numberOf }: FilledForm): Pick<Job, 'evaluation' | 'samples'> {
  if (!isEvaluated({ ...form, method })) return {};
  const patience = numberOf('early_stopping_patience');
  const hasRewards = method === 'reward' || (method === 'dpo' && objectives[form.loss_type].objective.rewards !== null);
  const settings: EvaluationSettings = {
    eval_steps: numberOf('eval_steps'),
    metric_for_best_model: hasRewards ? form.metric_for_best_model : 'eval_loss',
    load_best_model_at_end: form.load_best_model_at_end,
    early_stopping_patience: patience > 0 ? patience : null,
  };
  const prompts = form.sample_prompts.split('\n').filter((line) => line.trim() !== '');
  return {
    evaluation: { settings, share: numberOf('eval_share') },
    ...(form.sample && answers(method) && { samples: { prompts, maxNewTokens: numberOf('sample_tokens') } }),
  };
}

/**
 * The runs that the form asks for, in order.
 * @param linears of the loaded model
 * @param layers how many the loaded model has; null where none is loaded
 * @param rules of the data set; null where there are none that can be used
 * @param choiceOf how the settings name a reward that is not the rules; null for one that cannot judge
 */
export function readForm(
  form: TrainForm,
  linears: readonly string[],
  layers: number | null = null,
  rules: Rules | null = null,
  choiceOf: (id: RewardId) => RewardChoice | null = (id) => rewardChoiceOf(id, []),
): ReadForm {
  const numbers: Partial<Record<NumberKey, NumberProblem>> = {};
  const values = new Map<NumberKey, number>();
  for (const key of activeFields(form)) {
    if (mayStayEmpty(key, form)) continue;
    const parsed = parseNumber(form[key], ruleIn(key, form));
    if (parsed.problem !== null) numbers[key] = parsed.problem;
    else values.set(key, parsed.value);
  }
  const modules = form.target_modules.filter((name) => linears.includes(name));
  const chosen = readLayers(form.layers, form.layer_list, values.get('layer_count') ?? 0, layers);
  const hasNoTargets = form.targets === 'chosen' && modules.length === 0;
  const isByRules = form.reward === 'rules';
  const reward = isByRules ? rules && { rules } : choiceOf(form.reward);
  const lacksReward = isOnPolicyMethod(form.method) && reward === null;
  const [lacksRules, lacksJudge] = [lacksReward && isByRules, lacksReward && !isByRules];
  const problems: FormProblems = { numbers, hasNoTargets, layers: chosen.problem, lacksRules, lacksJudge };
  if (countProblems(problems) > 0) return { jobs: [], problems };
  const numberOf = (key: NumberKey): number => values.get(key) ?? Number(numberFields[key].initial);
  const isGiven = (key: OptionalKey): boolean => values.has(key);
  const filled: FilledForm = { form, modules, layers: chosen.indices, numberOf, isGiven, reward };
  const methods: readonly Method[] = form.method === 'both' ? ['sft', 'dpo'] : [form.method];
  const hasSameTokens = form.method === 'both' && form.budget === 'tokens';
  const jobs = methods.map((method) => ({
    method,
    config: settingsOf(method, filled),
    ...evaluationOf(method, filled),
    save_steps: numberOf('save_steps'),
    ...(hasSameTokens && method === 'sft' && { sameTokensAs: 'dpo' as const }),
  }));
  return { jobs, problems };
}

/** Bytes of the reward model that judges what the form has drawn; 0 where none does. */
function judgeBytesOf(
  { method, reward }: TrainForm,
  runs: readonly RunSize[],
  judges: readonly KeptJudge[] = [],
): number {
  const comparing = judges.find(({ id }) => id === judgeIdOf(reward))?.runId ?? null;
  const judge = isOnPolicyMethod(method) ? (rewardRunOf(reward) ?? comparing) : null;
  return runs.find(({ id }) => id === judge)?.adapterBytes ?? 0;
}

interface RunSize {
  readonly id: string;
  readonly adapterBytes: number;
}

/**
 * What decides the memory that a run needs; a field that cannot be read counts as its default.
 * @param runs among which the reward model is that judges, or the adapter that compares
 */
export function planSettings(
  form: TrainForm,
  runs: readonly RunSize[] = [],
  judges: readonly KeptJudge[] = [],
): PlanSettings {
  const of = (key: SharedKey | OptionKey): number =>
    parseNumber(form[key], numberFields[key]).value ?? Number(numberFields[key].initial);
  const { method } = form;
  const drawing = isOnPolicyMethod(method) && {
    ...Object.fromEntries(drawingOptions(method).map((key) => [key, of(key)])),
    gradient_accumulation_steps: of('gradient_accumulation_steps'),
    judge_bytes: judgeBytesOf(form, runs, judges),
  };
  return {
    ...drawing,
    method: isOnPolicyMethod(method) || method === 'sft' ? method : 'dpo',
    max_length: of('max_length'),
    per_device_train_batch_size: of('per_device_train_batch_size'),
    gradient_checkpointing: form.gradient_checkpointing === 'auto' ? null : form.gradient_checkpointing === 'on',
    lora_r: of('lora_r'),
    // Modules that this model does not have would be refused: the largest adapter is what is planned for.
    lora_target_modules: 'all-linear',
  };
}
