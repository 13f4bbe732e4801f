/**
 * @file The training form as data: its fields, defaults, rules and help, and how it becomes run configurations.
 * Fields hold the text that was typed, so that "1e-4" and a half-written number survive; keys are TRL's.
 */
import type { RunConfig } from '../../worker/protocol';

export type MethodChoice = 'dpo' | 'sft' | 'both';

export type NumberKey =
  | 'beta' | 'dpo_learning_rate' | 'sft_learning_rate' | 'num_train_epochs' | 'max_steps'
  | 'per_device_train_batch_size' | 'gradient_accumulation_steps' | 'max_length' | 'lora_r' | 'lora_alpha'
  | 'warmup_steps' | 'seed' | 'weight_decay' | 'max_grad_norm' | 'adam_beta1' | 'adam_beta2' | 'adam_epsilon';

export type SchedulerType = RunConfig['lr_scheduler_type'];

export interface TrainForm extends Readonly<Record<NumberKey, string>> {
  readonly method: MethodChoice;
  readonly duration: 'epochs' | 'steps';
  readonly targets: 'all-linear' | 'chosen';
  readonly target_modules: readonly string[];
  readonly lr_scheduler_type: SchedulerType;
  readonly shuffle: boolean;
}

export interface NumberField {
  readonly label: string;
  /** The key that TRL and PEFT know, shown beside the label. */
  readonly trl: string;
  readonly unit?: string;
  readonly help: string;
  readonly initial: string;
  readonly min: number;
  readonly max: number;
  /** The minimum itself is not allowed. */
  readonly above?: boolean;
  readonly integer?: boolean;
}

export const numberFields: Readonly<Record<NumberKey, NumberField>> = {
  beta: {
    label: 'Beta', trl: 'beta', initial: '0.1', min: 0, above: true, max: 100,
    help: 'How strongly the model is held to the base: smaller lets it move further. Usual range 0.05 to 0.5.',
  },
  dpo_learning_rate: {
    label: 'DPO learning rate', trl: 'learning_rate', initial: '1e-4', min: 0, above: true, max: 1,
    help: 'Size of each step of the adapter. 5e-5 to 2e-4 suits LoRA; lower it if the loss jumps.',
  },
  sft_learning_rate: {
    label: 'SFT learning rate', trl: 'learning_rate', initial: '2e-4', min: 0, above: true, max: 1,
    help: 'Size of each step of the adapter. 1e-4 to 5e-4 suits LoRA; lower it if the loss jumps.',
  },
  num_train_epochs: {
    label: 'Epochs', trl: 'num_train_epochs', unit: 'passes', initial: '3', min: 0, above: true, max: 1000,
    help: 'How often every pair is seen. One is enough for thousands of pairs.',
  },
  max_steps: {
    label: 'Steps', trl: 'max_steps', unit: 'steps', initial: '60', min: 1, max: 1_000_000, integer: true,
    help: 'Optimiser steps in all; pairs are repeated if need be.',
  },
  per_device_train_batch_size: {
    label: 'Batch size', trl: 'per_device_train_batch_size', unit: 'pairs', initial: '2', min: 1, max: 256, integer: true,
    help: 'Pairs computed together. More is faster and needs more memory.',
  },
  gradient_accumulation_steps: {
    label: 'Gradient accumulation', trl: 'gradient_accumulation_steps', unit: 'batches', initial: '1', min: 1, max: 1024,
    integer: true, help: 'Batches added up before each step: calmer steps for no more memory.',
  },
  max_length: {
    label: 'Maximum length', trl: 'max_length', unit: 'tokens', initial: '512', min: 16, max: 1_000_000, integer: true,
    help: 'Prompt and answer together; longer answers are cut at the end.',
  },
  lora_r: {
    label: 'LoRA rank', trl: 'lora_r', initial: '8', min: 1, max: 512, integer: true,
    help: 'Size of the adapter. 8 to 16 is enough for most; some servers refuse more than 16.',
  },
  lora_alpha: {
    label: 'LoRA alpha', trl: 'lora_alpha', initial: '16', min: 0, above: true, max: 4096,
    help: 'The adapter counts by alpha ÷ rank: 16 ÷ 8 doubles it.',
  },
  warmup_steps: {
    label: 'Warm-up', trl: 'warmup_steps', unit: 'steps or share', initial: '0', min: 0, max: 1_000_000,
    help: 'Steps over which the learning rate rises from 0; below 1 it is a share of all steps.',
  },
  seed: {
    label: 'Training seed', trl: 'seed', initial: '42', min: 0, max: 4_294_967_295, integer: true,
    help: 'The same seed, data and settings give the same run.',
  },
  weight_decay: {
    label: 'Weight decay', trl: 'weight_decay', initial: '0', min: 0, max: 1,
    help: 'Pulls the adapter towards 0 at each step.',
  },
  max_grad_norm: {
    label: 'Gradient clipping', trl: 'max_grad_norm', initial: '1', min: 0, max: 1e6,
    help: 'Gradients longer than this are shortened to it; 0 does not clip.',
  },
  adam_beta1: {
    label: 'Adam β₁', trl: 'adam_beta1', initial: '0.9', min: 0, max: 0.9999,
    help: 'Memory of the gradient.',
  },
  adam_beta2: {
    label: 'Adam β₂', trl: 'adam_beta2', initial: '0.999', min: 0, max: 0.999999,
    help: 'Memory of the squared gradient.',
  },
  adam_epsilon: {
    label: 'Adam ε', trl: 'adam_epsilon', initial: '1e-8', min: 0, above: true, max: 1,
    help: 'Keeps the step finite where gradients vanish.',
  },
};

export const schedulers: readonly { readonly id: SchedulerType; readonly label: string }[] = [
  { id: 'linear', label: 'Linear to 0' },
  { id: 'cosine', label: 'Cosine to 0' },
  { id: 'constant', label: 'Constant' },
  { id: 'constant_with_warmup', label: 'Constant after warm-up' },
];

const numberKeys = Object.keys(numberFields) as NumberKey[];

export const initialForm: TrainForm = {
  ...(Object.fromEntries(numberKeys.map((key) => [key, numberFields[key].initial])) as Record<NumberKey, string>),
  method: 'dpo',
  duration: 'epochs',
  targets: 'all-linear',
  target_modules: [],
  lr_scheduler_type: 'linear',
  shuffle: true,
};

/** What is asked of a number field; the training form and the sampling form share it. */
export type NumberRule = Pick<NumberField, 'label' | 'min' | 'max' | 'above' | 'integer'>;

export type ParsedNumber = { readonly value: number; readonly problem: null } | { readonly value: null; readonly problem: string };

function describeRange({ min, max, above, integer }: NumberRule): string {
  const kind = integer ? 'a whole number' : 'a number';
  return above ? `${kind} above ${min} and up to ${max}` : `${kind} from ${min} to ${max}`;
}

/** Reads "0.0001", "1e-4" and " 3 "; not "1,5", "0x10" or the empty text. */
export function parseNumber(text: string, rule: NumberRule): ParsedNumber {
  const trimmed = text.trim();
  const wrong = (hint = '') => ({
    value: null,
    problem: `${rule.label} must be ${describeRange(rule)}; ${trimmed === '' ? 'it is empty' : `"${trimmed}" is not`}.${hint}`,
  });
  if (/^[+-]?\d+,\d+$/.test(trimmed)) return wrong(` Write ${trimmed.replace(',', '.')} with a point.`);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return wrong();
  const value = Number(trimmed);
  if (rule.integer && !Number.isInteger(value)) return wrong();
  if (value > rule.max || value < rule.min || (rule.above && value === rule.min)) return wrong();
  return { value, problem: null };
}

/** Which number fields take part, given the choices made in the form. */
export function activeFields(form: TrainForm): readonly NumberKey[] {
  return numberKeys.filter((key) => {
    if (key === 'beta' || key === 'dpo_learning_rate') return form.method !== 'sft';
    if (key === 'sft_learning_rate') return form.method !== 'dpo';
    if (key === 'num_train_epochs') return form.duration === 'epochs';
    if (key === 'max_steps') return form.duration === 'steps';
    return true;
  });
}

export type FormProblems = Partial<Record<NumberKey | 'target_modules', string>>;

export interface Job {
  readonly method: 'dpo' | 'sft';
  readonly config: Partial<RunConfig>;
  /** Goes on from the adapter of the job before, which for DPO is then the reference too. */
  readonly continuesPrevious?: boolean;
}

export interface ReadForm {
  /** Empty while there are problems. */
  readonly jobs: readonly Job[];
  readonly problems: FormProblems;
}

/** The runs that the form asks for, in order. `linears` are those of the loaded model. */
export function readForm(form: TrainForm, linears: readonly string[]): ReadForm {
  const problems: FormProblems = {};
  const values = new Map<NumberKey, number>();
  for (const key of activeFields(form)) {
    const parsed = parseNumber(form[key], numberFields[key]);
    if (parsed.problem !== null) problems[key] = parsed.problem;
    else values.set(key, parsed.value);
  }
  const modules = form.target_modules.filter((name) => linears.includes(name));
  if (form.targets === 'chosen' && modules.length === 0) {
    problems.target_modules = 'Choose at least one layer to adapt, or all linear layers.';
  }
  if (Object.keys(problems).length > 0) return { jobs: [], problems };

  const of = (key: NumberKey): number => values.get(key) ?? Number(numberFields[key].initial);
  const configOf = (method: 'dpo' | 'sft'): Partial<RunConfig> => ({
    method,
    ...(method === 'dpo' ? { loss_type: ['sigmoid'], beta: of('beta') } : {}),
    learning_rate: of(method === 'dpo' ? 'dpo_learning_rate' : 'sft_learning_rate'),
    lr_scheduler_type: form.lr_scheduler_type,
    warmup_steps: of('warmup_steps'),
    ...(form.duration === 'steps' ? { max_steps: of('max_steps') } : { num_train_epochs: of('num_train_epochs'), max_steps: -1 }),
    per_device_train_batch_size: of('per_device_train_batch_size'),
    gradient_accumulation_steps: of('gradient_accumulation_steps'),
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
  return { jobs: methods.map((method) => ({ method, config: configOf(method) })), problems };
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
  const oneOf = (key: 'method' | 'duration' | 'targets' | 'lr_scheduler_type', allowed: readonly string[]) => {
    if (!allowed.includes(form[key] as string)) form[key] = initialForm[key];
  };
  oneOf('method', ['dpo', 'sft', 'both']);
  oneOf('duration', ['epochs', 'steps']);
  oneOf('targets', ['all-linear', 'chosen']);
  oneOf('lr_scheduler_type', schedulers.map(({ id }) => id));
  const modules = form['target_modules'];
  form['target_modules'] = Array.isArray(modules) ? modules.filter((name) => typeof name === 'string') : [];
  return form as unknown as TrainForm;
}
