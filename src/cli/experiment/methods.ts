/**
 * @file What the experiment compares, after Rafailov et al. 2023, section 6 and appendix C: the supervised reference,
 * and from it preferred fine-tuning, unlikelihood over alpha and DPO over beta.
 */
import type { RunConfig } from '../../run/config';
import { parseRunConfig } from '../../run/config';

export interface Trial {
  /** Curve it belongs to: "DPO", ... */
  readonly family: string;
  /** The setting swept, in words. */
  readonly setting: string;
  readonly config: RunConfig;
}

export const families = ['Preferred-FT', 'Unlikelihood', 'DPO'] as const;

export interface SweepOptions {
  readonly methods: readonly string[];
  readonly betas: readonly number[];
  readonly alphas: readonly number[];
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
}

const shared = {
  max_length: 256,
  lora_r: 16,
  lora_alpha: 32,
  lora_target_modules: 'all-linear',
  lr_scheduler_type: 'linear',
  warmup_steps: 0.1,
};

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

export function listTrials({ methods, betas, alphas, seed, steps, batch, learningRate }: SweepOptions): Trial[] {
  const common = { ...shared, learning_rate: learningRate, max_steps: steps, per_device_train_batch_size: batch, seed };
  const trials: Trial[] = [
    { family: 'Preferred-FT', setting: 'SFT on chosen', config: parseRunConfig({ ...common, method: 'sft' }) },
    ...alphas.map((alpha) => ({
      family: 'Unlikelihood',
      setting: `alpha ${alpha}`,
      config: parseRunConfig({ ...common, loss_type: 'unlikelihood', alpha }),
    })),
    ...betas.map((beta) => ({ family: 'DPO', setting: `beta ${beta}`, config: parseRunConfig({ ...common, beta }) })),
  ];
  return trials.filter(({ family }) => methods.includes(family));
}
