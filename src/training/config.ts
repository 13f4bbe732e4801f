/**
 * @file The run configuration: TRL's and PEFT's keys, meanings and defaults (TRL 1.13 DPOConfig, SFTConfig and
 * ModelConfig; transformers 5.18 TrainingArguments), with keys of Airlock's own: `method`, `shuffle`, and those of what
 * TRL lacks, `reference_free` and `alpha`. The objectives' options and what they mean are in objectives/objective.ts.
 */
import { z } from 'zod';
import { UserError } from '../core/errors';
import type { ObjectiveOptions } from '../objectives/objective';
import { defaultObjectiveOptions } from '../objectives/objective';
import type { ObjectiveChoice } from '../objectives/registry';
import { chooseObjective } from '../objectives/registry';

export type Method = 'dpo' | 'sft';
export type SchedulerType = 'constant' | 'constant_with_warmup' | 'linear' | 'cosine';

export interface RunConfig extends ObjectiveOptions {
  /** What to train by; Airlock's own key. */
  readonly method: Method;
  /** Objectives to sum, by TRL's names; read by the method dpo alone, as all options of objectives. */
  readonly loss_type: readonly string[];
  /** One weight per loss_type; null weighs each 1. */
  readonly loss_weights: readonly number[] | null;
  readonly learning_rate: number;
  readonly lr_scheduler_type: SchedulerType;
  /** Optimiser steps of linear warm-up; below 1 a share of all steps. */
  readonly warmup_steps: number;
  /** Optimiser steps in all; -1 follows num_train_epochs. */
  readonly max_steps: number;
  readonly num_train_epochs: number;
  /** Pairs a micro-batch. */
  readonly per_device_train_batch_size: number;
  readonly gradient_accumulation_steps: number;
  /** Global L2 norm to clip to; 0 does not clip. */
  readonly max_grad_norm: number;
  readonly weight_decay: number;
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly adam_epsilon: number;
  /**
   * Compute a block's products again in the backward pass (true) or keep them from the forward pass (false); null keeps
   * them while they are small.
   */
  readonly gradient_checkpointing: boolean | null;
  /** Tokens of prompt + completion; longer completions are cut on the right, as TRL's keep_start. */
  readonly max_length: number;
  readonly seed: number;
  readonly lora_r: number;
  readonly lora_alpha: number;
  /** Module names, 'all-linear', or null for PEFT's default of the architecture. */
  readonly lora_target_modules: readonly string[] | 'all-linear' | null;
  /** Whether each epoch is shuffled (by `seed`); Airlock's own key. */
  readonly shuffle: boolean;
}

const count = z.int().min(1);
const share = z.number().min(0).lt(1);

/** A list, or the one string that stands for it. */
const names = z.union([z.string().transform((name) => [name]), z.array(z.string()).min(1)]);

const schema = z.strictObject({
  method: z.enum(['dpo', 'sft']).default('dpo'),
  loss_type: names.default(['sigmoid']),
  loss_weights: z.array(z.number()).nullable().default(null),
  beta: z.number().gt(0).default(defaultObjectiveOptions.beta),
  label_smoothing: z.number().min(0).lt(0.5).default(defaultObjectiveOptions.label_smoothing),
  ld_alpha: z.number().min(0).max(1).nullable().default(defaultObjectiveOptions.ld_alpha),
  reference_free: z.boolean().default(defaultObjectiveOptions.reference_free),
  discopop_tau: z.number().gt(0).default(defaultObjectiveOptions.discopop_tau),
  simpo_gamma: z.number().min(0).default(defaultObjectiveOptions.simpo_gamma),
  alpha: z.number().min(0).max(1).nullable().default(defaultObjectiveOptions.alpha),
  learning_rate: z.number().gt(0).optional(),
  lr_scheduler_type: z.enum(['constant', 'constant_with_warmup', 'linear', 'cosine']).default('linear'),
  warmup_steps: z.number().min(0).default(0),
  max_steps: z.int().min(-1).default(-1),
  num_train_epochs: z.number().gt(0).default(3),
  per_device_train_batch_size: count.default(8),
  gradient_accumulation_steps: count.default(1),
  gradient_checkpointing: z.boolean().nullable().default(null),
  max_grad_norm: z.number().min(0).default(1),
  weight_decay: z.number().min(0).default(0),
  adam_beta1: share.default(0.9),
  adam_beta2: share.default(0.999),
  adam_epsilon: z.number().gt(0).default(1e-8),
  max_length: z.int().min(2).default(1024),
  seed: z.int().default(42),
  lora_r: count.default(16),
  lora_alpha: z.number().gt(0).default(32),
  lora_target_modules: names.nullable().default(null),
  shuffle: z.boolean().default(true),
});

export const configKeys: readonly string[] = Object.keys(schema.shape);

/** TRL's default learning rates: DPOConfig and SFTConfig differ. */
const defaultLearningRate: Readonly<Record<Method, number>> = { dpo: 1e-6, sft: 2e-5 };

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
function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `it must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `it must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `it must be one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `it must be ${issue.expected === 'int' ? 'a whole number' : issue.expected === 'array' ? 'a list' : `a ${issue.expected}`}`;
    case 'invalid_union':
      return 'it must be a name or a list of names';
    default:
      return issue.message;
  }
}

/** What the objectives refuse, before a model is loaded for it. */
function refuseObjective(choice: ObjectiveChoice, where: string): void {
  try {
    chooseObjective(choice);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${where}: ${error.message}`) : error;
  }
}

/**
 * Fills in TRL's defaults and refuses unknown keys, impossible values and undefined combinations, each in a sentence.
 * @param where names the source in messages, e.g. "run.yaml"
 */
export function parseRunConfig(settings: unknown, where = 'The run configuration'): RunConfig {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new UserError(
      `${where} is ${settings === null ? 'empty' : 'no mapping'}; it must map keys such as \`method\` and \`learning_rate\` to values.`,
    );
  }
  for (const key of Object.keys(settings)) {
    if (!configKeys.includes(key))
      throw new UserError(`${where} has the unknown key \`${key}\`; the nearest known one is \`${nearestKey(key)}\`.`);
  }
  const parsed = schema.safeParse(withNumbers(settings as Record<string, unknown>));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = String(issue?.path[0]);
    const value = JSON.stringify((settings as Record<string, unknown>)[key]);
    throw new UserError(`${where}: \`${key}\` is ${value}; ${issue ? describeIssue(issue) : 'it is not valid'}.`);
  }
  const { learning_rate, lora_target_modules: targets, ...rest } = parsed.data;
  refuseObjective(rest, where);
  return {
    ...rest,
    learning_rate: learning_rate ?? defaultLearningRate[rest.method],
    lora_target_modules: targets?.length === 1 && targets[0] === 'all-linear' ? 'all-linear' : targets,
  };
}
