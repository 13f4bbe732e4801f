/**
 * @file Learning rate by step, and which pairs each step sees: as transformers' Trainer does both.
 * Source: transformers 5.18, optimization.py and trainer.py.
 */
import { Random } from '../core/random';
import type { RunConfig } from '../run/config';
import { batchesCountAnswers, countSteps, promptsAtOnce, stepsPerEpoch } from '../run/steps';

/**
 * Returns the rate of the step taken after `step` earlier ones, as transformers' schedulers do: the first warm-up step
 * has rate 0.
 */
export function learningRate(config: RunConfig, step: number, totalSteps: number): number {
  const { lr_scheduler_type: type, learning_rate: peak, warmup_steps } = config;
  if (type === 'constant') return peak;
  const warmup = warmup_steps >= 1 ? Math.trunc(warmup_steps) : Math.ceil(totalSteps * warmup_steps);
  if (step < warmup) return (peak * step) / Math.max(1, warmup);
  const progress = (step - warmup) / Math.max(1, totalSteps - warmup);
  if (type === 'linear') return peak * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmup));
  if (type === 'cosine') return peak * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
  return peak;
}

/** One optimiser step: micro-batches of indices into the dataset. */
export interface StepBatch {
  /** The step's number, from 1. */
  readonly step: number;
  /** Epochs done after this step. */
  readonly epoch: number;
  readonly microBatches: readonly (readonly number[])[];
}

/** A list cut into parts of a size, the last one as long as it comes. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/**
 * The micro-batches of one pass over the data. Of a method whose batches are of answers these are whole groups of
 * prompts, each again for every step on its answers.
 */
function batchesOf(config: RunConfig, indices: readonly number[]): readonly (readonly (readonly number[])[])[] {
  if (!batchesCountAnswers(config.method))
    return chunks(chunks(indices, config.per_device_train_batch_size), config.gradient_accumulation_steps);
  const size = promptsAtOnce(config);
  const whole = chunks(indices, size).filter(({ length }) => length === size);
  return whole.flatMap((prompts) => Array.from({ length: config.num_iterations }, () => [prompts]));
}

/** Lists the whole run's steps. Groups of micro-batches never cross an epoch, so an epoch's last one may be smaller. */
export function* planSteps(config: RunConfig, pairs: number): Generator<StepBatch> {
  const total = countSteps(config, pairs);
  const perEpoch = stepsPerEpoch(config, pairs);
  if (perEpoch === 0) return;
  const order = Array.from({ length: pairs }, (_, i) => i);
  let step = 0;
  for (let epoch = 0; step < total; epoch++) {
    const indices = config.shuffle ? new Random(config.seed + epoch).shuffled(order) : order;
    for (const microBatches of batchesOf(config, indices)) {
      if (step === total) return;
      step++;
      yield { step, epoch: step / perEpoch, microBatches };
    }
  }
}
