/**
 * @file What the experiment compares, after Rafailov et al. 2023, section 6 and appendix C: the supervised reference,
 * and from it preferred fine-tuning, unlikelihood over alpha and DPO over beta. Beside them DPO with soft labels, where
 * the pairs have scores, and RLOO, which draws its own answers and has the true reward.
 */
import type { RunConfig } from '../../run/config';
import { parseRunConfig } from '../../run/config';
import type { Task } from './evaluate';

export interface Trial {
  /** Curve it belongs to: "DPO", ... */
  readonly family: string;
  /** The setting swept, in words. */
  readonly setting: string;
  readonly config: RunConfig;
}

export const families = ['Preferred-FT', 'Unlikelihood', 'DPO', 'DPO, soft labels', 'RLOO'] as const;

export interface SweepOptions {
  readonly methods: readonly string[];
  readonly betas: readonly number[];
  readonly alphas: readonly number[];
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Layers that LoRA trains, counted from 0; null for all. */
  readonly layers: readonly number[] | null;
  /** Answers that RLOO draws to a prompt. */
  readonly answers: number;
}

const shared = {
  max_length: 256,
  lora_r: 16,
  lora_alpha: 32,
  lora_target_modules: 'all-linear',
  lr_scheduler_type: 'linear',
  warmup_steps: 0.1,
};

/** RLOO learns from so many times as many answers a step as the others from pairs: it sees each only once. */
const answersPerPair = 8;

/** The supervised reference: one gentle pass over the targets, which the base nearly writes already. */
export function referenceConfig({ seed, batch, learningRate }: SweepOptions): RunConfig {
  return parseRunConfig({
    ...shared,
    method: 'sft',
    learning_rate: learningRate / 3,
    num_train_epochs: 1,
    per_device_train_batch_size: batch,
    seed,
  });
}

/** @param task names the reward that RLOO draws for */
export function listTrials(task: Task, sweep: SweepOptions): Trial[] {
  const { methods, betas, alphas, seed, steps, batch, learningRate, layers, answers } = sweep;
  const common = {
    ...shared,
    ...{ learning_rate: learningRate, max_steps: steps, per_device_train_batch_size: batch, seed },
    layers_to_transform: layers,
  };
  const trial = (family: (typeof families)[number], setting: string, more: object): Trial => ({
    ...{ family, setting },
    config: parseRunConfig({ ...common, ...more }),
  });
  const trials = [
    trial('Preferred-FT', 'SFT on chosen', { method: 'sft' }),
    ...alphas.map((alpha) => trial('Unlikelihood', `alpha ${alpha}`, { loss_type: 'unlikelihood', alpha })),
    ...betas.map((beta) => trial('DPO', `beta ${beta}`, { beta })),
    ...betas.map((beta) => trial('DPO, soft labels', `beta ${beta}`, { beta, soft_labels: true })),
    ...betas.map((beta) =>
      trial('RLOO', `beta ${beta}`, {
        ...{ method: 'rloo', beta, num_generations: answers, reward: { scorer: task } },
        per_device_train_batch_size: batch * answersPerPair,
      }),
    ),
  ];
  return trials.filter(({ family }) => methods.includes(family));
}
