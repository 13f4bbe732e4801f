/** @file How many optimiser steps a run has, as transformers' Trainer counts them (5.18, trainer.py). */
import type { RunConfig } from './config';

type BatchSettings = Pick<RunConfig, 'per_device_train_batch_size' | 'gradient_accumulation_steps'>;

/** Groups of micro-batches never cross an epoch, so an epoch's last step may be smaller. */
export function stepsPerEpoch(config: BatchSettings, pairs: number): number {
  return Math.ceil(Math.ceil(pairs / config.per_device_train_batch_size) / config.gradient_accumulation_steps);
}

export function countSteps(
  config: BatchSettings & Pick<RunConfig, 'max_steps' | 'num_train_epochs'>,
  pairs: number,
): number {
  return config.max_steps > 0 ? config.max_steps : Math.ceil(config.num_train_epochs * stepsPerEpoch(config, pairs));
}
