/**
 * @file The training form as data: its fields, defaults and rules, and how it becomes run configurations.
 * Fields hold the text that was typed, so that "1e-4" and a half-written number survive; keys are TRL's.
 */
import type { EvaluationSettings, PlanSettings, RunConfig } from '../../../worker/protocol';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';
import { isLossName, losses, startOf, type LossName, type OptionKey } from './losses';

export type MethodChoice = 'dpo' | 'sft' | 'both';

/** Fields of evaluation; `eval_share` is of the prompts, where the data set itself is not split. */
export type EvaluationKey = 'eval_share' | 'eval_steps' | 'early_stopping_patience' | 'sample_tokens';

export type NumberKey =
  | OptionKey
  | EvaluationKey
  | 'save_steps'
  | 'dpo_learning_rate'
  | 'sft_learning_rate'
  | 'num_train_epochs'
  | 'max_steps'
  | 'per_device_train_batch_size'
  | 'gradient_accumulation_steps'
  | 'max_length'
  | 'lora_r'
  | 'lora_alpha'
  | 'warmup_steps'
  | 'seed'
  | 'weight_decay'
  | 'max_grad_norm'
  | 'adam_beta1'
  | 'adam_beta2'
  | 'adam_epsilon';

export type SchedulerType = RunConfig['lr_scheduler_type'];

export interface TrainForm extends Readonly<Record<NumberKey, string>> {
  readonly method: MethodChoice;
  readonly loss_type: LossName;
  readonly duration: 'epochs' | 'steps';
  /** What both runs of a twin have the same number of. */
  readonly budget: 'tokens' | 'steps';
  readonly targets: 'all-linear' | 'chosen';
  readonly target_modules: readonly string[];
  readonly lr_scheduler_type: SchedulerType;
  /** `auto` keeps activations while they are small. */
  readonly gradient_checkpointing: 'auto' | 'on' | 'off';
  readonly shuffle: boolean;
  readonly evaluate: boolean;
  readonly metric_for_best_model: EvaluationSettings['metric_for_best_model'];
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

export const numberFields: Readonly<Record<NumberKey, NumberField>> = {
  beta: { trl: 'beta', usual: ['0.05', '0.5'], initial: '0.1', min: 0, above: true, max: 100 },
  label_smoothing: { trl: 'label_smoothing', usual: ['0', '0.2'], initial: '0', min: 0, max: 0.49 },
  ld_alpha: { trl: 'ld_alpha', usual: ['0.4', '1'], initial: '1', min: 0, max: 1 },
  discopop_tau: { trl: 'discopop_tau', usual: ['0.01', '0.1'], initial: '0.05', min: 0, above: true, max: 10 },
  simpo_gamma: { trl: 'simpo_gamma', usual: ['0.5', '1.5'], initial: '0.5', min: 0, max: 100 },
  alpha: { trl: 'alpha', usual: ['0', '1'], initial: '1', min: 0, max: 1 },
  sft_weight: { trl: 'loss_weights', usual: ['0', '1'], initial: '0', min: 0, max: 100 },
  dpo_learning_rate: { trl: 'learning_rate', usual: ['5e-5', '2e-4'], initial: '1e-4', min: 0, above: true, max: 1 },
  sft_learning_rate: { trl: 'learning_rate', usual: ['1e-4', '5e-4'], initial: '2e-4', min: 0, above: true, max: 1 },
  num_train_epochs: { trl: 'num_train_epochs', usual: ['1', '3'], initial: '3', min: 0, above: true, max: 1000 },
  max_steps: { trl: 'max_steps', usual: ['50', '1000'], initial: '60', min: 1, max: 1_000_000, integer: true },
  per_device_train_batch_size: {
    trl: 'per_device_train_batch_size',
    usual: ['1', '8'],
    initial: '2',
    min: 1,
    max: 256,
    integer: true,
  },
  gradient_accumulation_steps: {
    trl: 'gradient_accumulation_steps',
    usual: ['1', '16'],
    initial: '1',
    min: 1,
    max: 1024,
    integer: true,
  },
  max_length: { trl: 'max_length', usual: ['256', '2048'], initial: '512', min: 16, max: 1_000_000, integer: true },
  lora_r: { trl: 'lora_r', usual: ['8', '32'], initial: '8', min: 1, max: 512, integer: true },
  lora_alpha: { trl: 'lora_alpha', usual: ['8', '64'], initial: '16', min: 0, above: true, max: 4096 },
  warmup_steps: { trl: 'warmup_steps', usual: ['0', '0.1'], initial: '0', min: 0, max: 1_000_000 },
  seed: { trl: 'seed', initial: '42', min: 0, max: 4_294_967_295, integer: true },
  weight_decay: { trl: 'weight_decay', usual: ['0', '0.1'], initial: '0', min: 0, max: 1 },
  max_grad_norm: { trl: 'max_grad_norm', usual: ['0.3', '1'], initial: '1', min: 0, max: 1e6 },
  adam_beta1: { trl: 'adam_beta1', usual: ['0.85', '0.95'], initial: '0.9', min: 0, max: 0.9999 },
  adam_beta2: { trl: 'adam_beta2', usual: ['0.95', '0.999'], initial: '0.999', min: 0, max: 0.999999 },
  eval_share: { trl: 'test_size', usual: ['0.05', '0.2'], initial: '0.1', min: 0, above: true, max: 0.9 },
  eval_steps: { trl: 'eval_steps', usual: ['10', '100'], initial: '10', min: 1, max: 1_000_000, integer: true },
  early_stopping_patience: {
    trl: 'early_stopping_patience',
    usual: ['2', '5'],
    initial: '0',
    min: 0,
    max: 1000,
    integer: true,
  },
  sample_tokens: { trl: 'max_new_tokens', usual: ['32', '128'], initial: '48', min: 1, max: 2048, integer: true },
  save_steps: { trl: 'save_steps', usual: ['20', '200'], initial: '50', min: 0, max: 1_000_000, integer: true },
  adam_epsilon: { trl: 'adam_epsilon', usual: ['1e-8', '1e-6'], initial: '1e-8', min: 0, above: true, max: 1 },
};

export const checkpointingChoices: readonly TrainForm['gradient_checkpointing'][] = ['auto', 'on', 'off'];

export const schedulerTypes: readonly SchedulerType[] = ['linear', 'cosine', 'constant', 'constant_with_warmup'];

const optionKeys: readonly OptionKey[] = [
  'beta',
  'label_smoothing',
  'ld_alpha',
  'discopop_tau',
  'simpo_gamma',
  'alpha',
  'sft_weight',
];

export const evaluationKeys: readonly EvaluationKey[] = [
  'eval_share',
  'eval_steps',
  'early_stopping_patience',
  'sample_tokens',
];

export const bestMetrics: readonly EvaluationSettings['metric_for_best_model'][] = [
  'eval_loss',
  'eval_rewards/accuracies',
];

const numberKeys = Object.keys(numberFields) as NumberKey[];

export const initialForm: TrainForm = {
  ...(Object.fromEntries(numberKeys.map((key) => [key, numberFields[key].initial])) as Record<NumberKey, string>),
  method: 'dpo',
  loss_type: 'sigmoid',
  duration: 'epochs',
  budget: 'tokens',
  targets: 'all-linear',
  target_modules: [],
  lr_scheduler_type: 'linear',
  gradient_checkpointing: 'auto',
  shuffle: true,
  evaluate: false,
  metric_for_best_model: 'eval_loss',
  load_best_model_at_end: true,
  sample: true,
  sample_prompts: '',
};

/** Which number fields take part, given the choices made in the form. */
export function activeFields(form: TrainForm): readonly NumberKey[] {
  return numberKeys.filter((key) => {
    if (key === 'dpo_learning_rate') return form.method !== 'sft';
    if (optionKeys.includes(key as OptionKey))
      return form.method !== 'sft' && losses[form.loss_type].options.includes(key as OptionKey);
    if (key === 'sft_learning_rate') return form.method !== 'dpo';
    if (key === 'sample_tokens') return form.evaluate && form.sample;
    if (evaluationKeys.includes(key as EvaluationKey)) return form.evaluate;
    if (key === 'num_train_epochs') return form.duration === 'epochs';
    if (key === 'max_steps') return form.duration === 'steps';
    return true;
  });
}

/** The form with another loss, its options at what it begins with. */
export function withLoss(name: LossName): Partial<TrainForm> {
  return { loss_type: name, ...startOf(name, initialForm) };
}

export interface FormProblems {
  readonly numbers: Readonly<Partial<Record<NumberKey, NumberProblem>>>;
  /** Chosen layers are to be adapted, and none is chosen. */
  readonly hasNoTargets: boolean;
}

export function countProblems({ numbers, hasNoTargets }: FormProblems): number {
  return Object.keys(numbers).length + (hasNoTargets ? 1 : 0);
}

export interface Job {
  readonly method: 'dpo' | 'sft';
  readonly config: Partial<RunConfig>;
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

/** The runs that the form asks for, in order. `linears` are those of the loaded model. */
export function readForm(form: TrainForm, linears: readonly string[]): ReadForm {
  const numbers: Partial<Record<NumberKey, NumberProblem>> = {};
  const values = new Map<NumberKey, number>();
  for (const key of activeFields(form)) {
    const parsed = parseNumber(form[key], numberFields[key]);
    if (parsed.problem !== null) numbers[key] = parsed.problem;
    else values.set(key, parsed.value);
  }
  const modules = form.target_modules.filter((name) => linears.includes(name));
  const problems: FormProblems = { numbers, hasNoTargets: form.targets === 'chosen' && modules.length === 0 };
  if (countProblems(problems) > 0) return { jobs: [], problems };

  const of = (key: NumberKey): number => values.get(key) ?? Number(numberFields[key].initial);
  /** The loss and those of its options that were changed, as TRL's keys. */
  const objective = (): Partial<RunConfig> => {
    const { options } = losses[form.loss_type];
    const chosen = options.filter(
      (key) => key === 'beta' || (key !== 'sft_weight' && of(key) !== Number(numberFields[key].initial)),
    );
    const weight = options.includes('sft_weight') ? of('sft_weight') : 0;
    return {
      loss_type: weight > 0 ? [form.loss_type, 'sft'] : [form.loss_type],
      ...(weight > 0 && { loss_weights: [1, weight] }),
      ...Object.fromEntries(chosen.map((key) => [key, of(key)])),
    };
  };
  const configOf = (method: 'dpo' | 'sft'): Partial<RunConfig> => ({
    method,
    ...(method === 'dpo' ? objective() : {}),
    learning_rate: of(method === 'dpo' ? 'dpo_learning_rate' : 'sft_learning_rate'),
    lr_scheduler_type: form.lr_scheduler_type,
    warmup_steps: of('warmup_steps'),
    ...(form.duration === 'steps'
      ? { max_steps: of('max_steps') }
      : { num_train_epochs: of('num_train_epochs'), max_steps: -1 }),
    per_device_train_batch_size: of('per_device_train_batch_size'),
    gradient_accumulation_steps: of('gradient_accumulation_steps'),
    ...(form.gradient_checkpointing !== 'auto' && { gradient_checkpointing: form.gradient_checkpointing === 'on' }),
    max_grad_norm: of('max_grad_norm'),
    weight_decay: of('weight_decay'),
    adam_beta1: of('adam_beta1'),
    adam_beta2: of('adam_beta2'),
    adam_epsilon: of('adam_epsilon'),
    max_length: of('max_length'),
    seed: of('seed'),
    lora_r: of('lora_r'),
    lora_alpha: of('lora_alpha'),
    lora_target_modules: form.targets === 'chosen' ? modules : 'all-linear',
    shuffle: form.shuffle,
  });
  const methods = form.method === 'both' ? (['sft', 'dpo'] as const) : ([form.method] as const);
  const evaluationOf = (method: 'dpo' | 'sft'): Pick<Job, 'evaluation' | 'samples'> => {
    if (!form.evaluate) return {};
    const { metric_for_best_model: metric, load_best_model_at_end } = form;
    const patience = of('early_stopping_patience');
    const hasRewards = method === 'dpo' && form.loss_type !== 'unlikelihood';
    const settings = {
      eval_steps: of('eval_steps'),
      metric_for_best_model: hasRewards ? metric : 'eval_loss',
      load_best_model_at_end,
      early_stopping_patience: patience > 0 ? patience : null,
    } as const;
    const prompts = form.sample_prompts.split('\n').filter((line) => line.trim() !== '');
    return {
      evaluation: { settings, share: of('eval_share') },
      ...(form.sample && { samples: { prompts, maxNewTokens: of('sample_tokens') } }),
    };
  };
  const save_steps = of('save_steps');
  return {
    jobs: methods.map((method) => ({
      method,
      config: configOf(method),
      ...evaluationOf(method),
      save_steps,
      ...(form.method === 'both' && form.budget === 'tokens' && method === 'sft' && { sameTokensAs: 'dpo' as const }),
    })),
    problems,
  };
}

/** What decides the memory that a run needs; a field that cannot be read counts as its default. */
export function planSettings(form: TrainForm): PlanSettings {
  const of = (key: 'max_length' | 'per_device_train_batch_size' | 'lora_r'): number =>
    parseNumber(form[key], numberFields[key]).value ?? Number(numberFields[key].initial);
  return {
    method: form.method === 'sft' ? 'sft' : 'dpo',
    max_length: of('max_length'),
    per_device_train_batch_size: of('per_device_train_batch_size'),
    gradient_checkpointing: form.gradient_checkpointing === 'auto' ? null : form.gradient_checkpointing === 'on',
    lora_r: of('lora_r'),
    // Modules that this model does not have would be refused: the largest adapter is what is planned for.
    lora_target_modules: 'all-linear',
  };
}

/** Optimiser steps of one run, as transformers counts them. */
export function countSteps(config: Partial<RunConfig>, pairs: number): number {
  if (config.max_steps !== undefined && config.max_steps > 0) return config.max_steps;
  const batches = Math.ceil(pairs / (config.per_device_train_batch_size ?? 1));
  const stepsPerEpoch = Math.max(1, Math.ceil(batches / (config.gradient_accumulation_steps ?? 1)));
  return Math.ceil(stepsPerEpoch * (config.num_train_epochs ?? 1));
}

/** A form out of storage: known keys of the right type win over the defaults, all else is dropped. */
export function reviveForm(stored: unknown): TrainForm {
  if (typeof stored !== 'object' || stored === null) return initialForm;
  const form: Record<string, unknown> = { ...initialForm };
  for (const [key, value] of Object.entries(stored)) {
    if (Object.hasOwn(initialForm, key) && typeof value === typeof form[key]) form[key] = value;
  }
  const oneOf = (
    key: 'method' | 'duration' | 'budget' | 'targets' | 'lr_scheduler_type' | 'gradient_checkpointing',
    allowed: readonly string[],
  ) => {
    if (!allowed.includes(form[key] as string)) form[key] = initialForm[key];
  };
  oneOf('method', ['dpo', 'sft', 'both']);
  oneOf('duration', ['epochs', 'steps']);
  oneOf('budget', ['tokens', 'steps']);
  oneOf('targets', ['all-linear', 'chosen']);
  oneOf('lr_scheduler_type', schedulerTypes);
  oneOf('gradient_checkpointing', checkpointingChoices);
  if (!bestMetrics.includes(form['metric_for_best_model'] as TrainForm['metric_for_best_model']))
    form['metric_for_best_model'] = initialForm.metric_for_best_model;
  if (!isLossName(form['loss_type'])) form['loss_type'] = initialForm.loss_type;
  const modules = form['target_modules'];
  form['target_modules'] = Array.isArray(modules) ? modules.filter((name) => typeof name === 'string') : [];
  return form as unknown as TrainForm;
}
