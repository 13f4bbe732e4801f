/**
 * @file How the starter trains and asks: settings that were chosen by trying them on the model that ships with Airlock,
 * so that all of it takes at most three minutes on two CPU cores without a GPU.
 */
import type { SamplingOptions } from '../../../worker/protocol';
import type { RunConfig } from '../../../run/config';
import type { Job } from '../train/options';
import type { TaskId } from './manifest';

export const starterModelName = 'airlock-starter';

/** Number of pairs taken from the head of each task's training file; fewer where pairs are long. */
export const trainingPairs: Readonly<Record<TaskId, number>> = { sentiment: 800, summarization: 300, dialogue: 800 };

/** Number of held-out prompts, from the head of the task's evaluation file, that base, SFT and DPO each answer. */
export const evaluationPrompts = 16;

/** Number of pairs that are shown while the starter runs. */
export const shownPairs = 3;

/** Answers are sampled, not greedy: the base is undecided, which its likeliest answer alone would hide. */
export const sampling: SamplingOptions = { maxNewTokens: 64, temperature: 0.7, topK: 0, topP: 1, seed: 1 };

const shared: Partial<RunConfig> = {
  lr_scheduler_type: 'linear',
  warmup_steps: 0.1,
  num_train_epochs: 1,
  max_steps: -1,
  per_device_train_batch_size: 8,
  gradient_accumulation_steps: 1,
  max_length: 256,
  seed: 42,
  lora_r: 16,
  lora_alpha: 32,
  lora_target_modules: 'all-linear',
};

/**
 * Settings of DPO by task: how far it may go from the SFT model before the text suffers. With the settings of reviews,
 * answers and summaries fall below the SFT model's (docs/log.md).
 */
const dpo: Readonly<Record<TaskId, Partial<RunConfig>>> = {
  sentiment: { beta: 0.1, learning_rate: 3e-3 },
  summarization: { beta: 0.5, learning_rate: 3e-4 },
  dialogue: { beta: 1, learning_rate: 3e-3 },
};

/** SFT, then DPO from the SFT model, which is its reference, as in the DPO paper. */
export const jobsOf = (task: TaskId): readonly Job[] => [
  { method: 'sft', config: { ...shared, method: 'sft', learning_rate: 1e-3 } },
  {
    method: 'dpo',
    continuesPrevious: true,
    config: { ...shared, method: 'dpo', loss_type: ['sigmoid'], ...dpo[task] },
  },
];
