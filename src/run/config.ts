/**
 * @file The run configuration: TRL's and PEFT's keys, meanings and defaults (TRL 1.13 DPOConfig, SFTConfig and
 * ModelConfig; transformers 5.18 TrainingArguments), with keys of Airlock's own: `method`, `shuffle`, and those of what
 * TRL lacks, `reference_free` and `alpha`. The options of objectives are in objectives.ts.
 */
import { z } from '../core/zod';
import { UserError } from '../core/errors';
import { refuseTooManyCompared } from '../data/judge-question';
import { message, type Message, type Sayable } from '../messages/message';
import { chooseObjective, type ObjectiveChoice } from './choose-objective';
import { setForeignKeysAside } from './foreign-keys';
import { choiceKey, defaultsOf, flagKey, numberKey, type KeyFacts, type ValuesOf } from './key';
import { isOnPolicyMethod, objectiveOptions } from './objectives';
import { rewardKey } from './reward-choice';

export const methods = ['dpo', 'sft', 'kto', 'reward', 'rloo', 'online_dpo', 'ppo'] as const;
export type Method = (typeof methods)[number];

export const schedulerTypes = ['linear', 'cosine', 'constant', 'constant_with_warmup'] as const;
export type SchedulerType = (typeof schedulerTypes)[number];

/** TRL's default learning rates, which its trainers' configurations have each for itself. */
export const defaultLearningRate: Readonly<Record<Method, number>> = {
  ...{ dpo: 1e-6, sft: 2e-5, kto: 1e-6, reward: 1e-4, rloo: 1e-6, online_dpo: 5e-7, ppo: 3e-6 },
};

/** What people use for LoRA, which wants more than the full fine-tuning that TRL's defaults are for. */
export const usualLearningRate: Readonly<Record<Method, readonly [from: string, to: string]>> = {
  dpo: ['5e-5', '2e-4'],
  sft: ['1e-4', '5e-4'],
  kto: ['5e-5', '2e-4'],
  reward: ['1e-4', '1e-3'],
  rloo: ['5e-5', '1e-3'],
  online_dpo: ['5e-5', '2e-4'],
  ppo: ['5e-5', '1e-3'],
};

const maxTypedSteps = 1_000_000;

/** A list, or the one string that stands for it. */
const names: z.ZodType<readonly string[]> = z.union([
  z.string().transform((name) => [name]),
  z.array(z.string()).min(1),
]);

/** `[all-linear]` says the same as `all-linear`. */
const targets = names
  .transform((list): readonly string[] | 'all-linear' =>
    list.length === 1 && list[0] === 'all-linear' ? 'all-linear' : list,
  )
  .nullable();

/** Indices of layers, or the one that stands for them. */
const layerIndices: z.ZodType<readonly number[] | null> = z.preprocess(
  (value) => (typeof value === 'number' ? [value] : value),
  z.array(z.int().min(0)).nullable(),
);

/** Every key, with its default and what it may be. */
export const runKeys = {
  /** What to train by; Airlock's own key. */
  method: choiceKey(methods, 'dpo'),
  /** Objectives to sum, by TRL's names; read by the method dpo alone, as all options of objectives. */
  loss_type: { default: ['sigmoid'], schema: names } as KeyFacts<readonly string[]>,
  /** One weight per loss_type; null weighs each 1. */
  loss_weights: { default: null, schema: z.array(z.number()).nullable() } as KeyFacts<readonly number[] | null>,
  ...objectiveOptions,
  /** What judges the answers of an on-policy method; Airlock's own key. */
  reward: rewardKey,
  /** Peak of the schedule. Its default is the method's: `defaultLearningRate`. */
  learning_rate: numberKey(defaultLearningRate.dpo, { min: 0, above: true, typed: { max: 1 } }),
  lr_scheduler_type: choiceKey(schedulerTypes, 'linear'),
  /** Optimiser steps of linear warm-up; below 1 a share of all steps. */
  warmup_steps: numberKey(0, { min: 0, typed: { max: maxTypedSteps }, usual: ['0', '0.1'] }),
  /** Optimiser steps in all; -1 follows num_train_epochs. */
  max_steps: numberKey(-1, { min: -1, integer: true, typed: { min: 1, max: maxTypedSteps }, usual: ['50', '1000'] }),
  num_train_epochs: numberKey(3, { min: 0, above: true, typed: { max: 1000 }, usual: ['1', '3'] }),
  /** Pairs a micro-batch. */
  per_device_train_batch_size: numberKey(8, { min: 1, integer: true, typed: { max: 256 }, usual: ['1', '8'] }),
  gradient_accumulation_steps: numberKey(1, { min: 1, integer: true, typed: { max: 1024 }, usual: ['1', '16'] }),
  /**
   * Compute a block's products again in the backward pass (true) or keep them from the forward pass (false); null keeps
   * them while they are small.
   */
  gradient_checkpointing: { default: null, schema: z.boolean().nullable() } as KeyFacts<boolean | null>,
  /** Global L2 norm to clip to; 0 does not clip. */
  max_grad_norm: numberKey(1, { min: 0, typed: { max: 1e6 }, usual: ['0.3', '1'] }),
  weight_decay: numberKey(0, { min: 0, typed: { max: 1 }, usual: ['0', '0.1'] }),
  adam_beta1: numberKey(0.9, { min: 0, max: 1, below: true, typed: { max: 0.9999 }, usual: ['0.85', '0.95'] }),
  adam_beta2: numberKey(0.999, { min: 0, max: 1, below: true, typed: { max: 0.999999 }, usual: ['0.95', '0.999'] }),
  adam_epsilon: numberKey(1e-8, { min: 0, above: true, typed: { max: 1 }, usual: ['1e-8', '1e-6'] }),
  /** Tokens of prompt + completion; longer completions are cut on the right, as TRL's keep_start. */
  max_length: numberKey(1024, { min: 2, integer: true, typed: { min: 16, max: 1_000_000 }, usual: ['256', '2048'] }),
  seed: numberKey(42, { min: -Infinity, integer: true, typed: { min: 0, max: 4_294_967_295 } }),
  lora_r: numberKey(16, { min: 1, integer: true, typed: { max: 512 }, usual: ['8', '32'] }),
  lora_alpha: numberKey(32, { min: 0, above: true, typed: { max: 4096 }, usual: ['8', '64'] }),
  /** Module names, 'all-linear', or null for PEFT's default of the architecture. */
  lora_target_modules: { default: null, schema: targets } as KeyFacts<readonly string[] | 'all-linear' | null>,
  /** Indices of the layers that get LoRA, PEFT's key; null gives it to all. */
  layers_to_transform: { default: null, schema: layerIndices } as KeyFacts<readonly number[] | null>,
  /** Names of the list that these layers are in, PEFT's key; null takes the model's own. */
  layers_pattern: { default: null, schema: names.nullable() } as KeyFacts<readonly string[] | null>,
  /** Whether each epoch is shuffled (by `seed`); Airlock's own key. */
  shuffle: flagKey(true),
};

export type RunConfig = ValuesOf<typeof runKeys>;

/** TRL's defaults where a method's are not DPO's: KTOConfig, RLOOConfig, OnlineDPOConfig, PPOConfig (1.12). */
const defaultsOfMethod: Partial<Record<Method, Partial<RunConfig>>> = {
  kto: { loss_type: ['kto'] },
  rloo: { beta: 0.05 },
  online_dpo: { max_completion_length: 64, max_length: 512, temperature: 0.9 },
  ppo: { max_completion_length: 53 },
};

/** A configuration as it was written down: what is absent has its default. */
export type RunSettings = Partial<RunConfig>;

export const configKeys: readonly string[] = Object.keys(runKeys);

/** Reads settings and fills nothing in; combinations of objectives are not looked at. */
export const runSettingsSchema = z.strictObject(
  Object.fromEntries(Object.entries(runKeys).map(([name, { schema }]) => [name, (schema as z.ZodType).optional()])),
) as unknown as z.ZodType<RunSettings>;

/** What a run with these settings is trained by: the defaults in the place of what is absent. */
export function withDefaults(settings: RunSettings): RunConfig {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as RunSettings;
  const method = given.method ?? runKeys.method.default;
  return {
    ...defaultsOf(runKeys),
    learning_rate: defaultLearningRate[method],
    ...defaultsOfMethod[method],
    ...given,
  };
}

/** Edits (insert, delete, replace) from one word to another (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}

function nearestKey(key: string): string {
  return configKeys.reduce((best, known) => (editDistance(key, known) < editDistance(key, best) ? known : best));
}

/** PyYAML reads `1e-4` as a string and TRL users write it: a numeric string counts as its number. */
function withNumbers(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === 'string' && /^[+-]?[\d.]+e[+-]?\d+$/i.test(value) ? Number(value) : value,
    ]),
  );
}

/** What zod found, as the rest of a sentence. */
function describeIssue(issue: z.core.$ZodIssue): Sayable {
  switch (issue.code) {
    case 'too_small':
      return message(issue.inclusive ? 'mustBeAtLeast' : 'mustBeAbove', { limit: Number(issue.minimum) });
    case 'too_big':
      return message(issue.inclusive ? 'mustBeAtMost' : 'mustBeBelow', { limit: Number(issue.maximum) });
    case 'invalid_value':
      return message('mustBeOneOf', { values: issue.values.join(', ') });
    case 'invalid_type':
      if (issue.expected === 'int') return message('mustBeWhole');
      return issue.expected === 'array' ? message('mustBeList') : message('mustBeKind', { kind: issue.expected });
    case 'invalid_union':
      return message('mustBeNames');
    default:
      return issue.message;
  }
}

/** What the objectives refuse, before a model is loaded for it. */
function refuseObjective(choice: ObjectiveChoice, where: Sayable): void {
  try {
    chooseObjective(choice);
  } catch (error) {
    throw error instanceof UserError ? new UserError('inSettings', { where, problem: error.said }) : error;
  }
}

/** @throws UserError where a judge would have to compare more answers to a prompt than it does */
export function refuseComparing({ method, reward, num_generations }: RunConfig): void {
  if (method === 'rloo' && reward !== null && 'judge' in reward) refuseTooManyCompared(num_generations);
}

/** Refuses a reward that nothing asks for, and answers a step that are not whole groups of a prompt's. */
function refuseOnPolicy(config: RunConfig, where: Sayable): void {
  const {
    method,
    reward,
    num_generations,
    num_mini_batches,
    per_device_train_batch_size,
    gradient_accumulation_steps,
  } = config;
  if (!isOnPolicyMethod(method)) {
    if (reward !== null) throw new UserError('rewardUnread', { where, method });
    return;
  }
  const answers = per_device_train_batch_size * gradient_accumulation_steps;
  if (method === 'ppo' && answers % num_mini_batches !== 0)
    throw new UserError('miniBatchesUneven', { where, answers, parts: num_mini_batches });
  if (method === 'rloo' && answers % num_generations !== 0)
    throw new UserError('groupsPartial', { where, answers, generations: num_generations });
  refuseComparing(config);
}

/**
 * Fills in TRL's defaults and refuses unknown keys, impossible values and undefined combinations, each in a sentence.
 * Keys of TRL and PEFT that change nothing here are named in a warning.
 * @param where names the source in messages, e.g. "run.yaml"
 * @returns also the keys that were given a value, the others having their defaults
 */
export function readRunConfig(
  settings: unknown,
  where: Sayable = message('theRunConfiguration'),
): { readonly config: RunConfig; readonly warnings: readonly Message[]; readonly given: readonly string[] } {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new UserError('settingsNotMapping', {
      where,
      value: message(settings === null ? 'settingsEmpty' : 'settingsNoMapping'),
    });
  }
  const { own, warnings } = setForeignKeysAside(settings as Record<string, unknown>, where);
  for (const key of Object.keys(own)) {
    if (!configKeys.includes(key)) throw new UserError('keyUnknown', { where, key, known: nearestKey(key) });
  }
  const parsed = runSettingsSchema.safeParse(withNumbers(own));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = String(issue?.path[0]);
    const value = JSON.stringify(own[key]);
    throw new UserError('settingBad', {
      where,
      key,
      value: String(value),
      reason: issue ? describeIssue(issue) : message('isNotValid'),
    });
  }
  const config = withDefaults(parsed.data);
  if (config.layers_pattern !== null && config.layers_to_transform === null)
    throw new UserError('settingNeeds', { where, key: 'layers_pattern', needed: 'layers_to_transform' });
  refuseObjective(config, where);
  refuseOnPolicy(config, where);
  return { config, warnings, given: Object.keys(own).filter((key) => own[key] !== null) };
}

/** As `readRunConfig`, for settings that come without keys of other tools. */
export const parseRunConfig = (settings: unknown, where?: Sayable): RunConfig => readRunConfig(settings, where).config;
