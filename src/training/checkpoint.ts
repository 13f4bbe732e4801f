/**
 * @file What a run needs to go on as if it had never stopped: the adapter, AdamW's moments, the step (which fixes the
 * order of the pairs and the learning rate) and the best evaluation. Plain arrays, so that it can cross to the page and
 * be stored. Not in it: settings, pairs and the reference, which the run's record has.
 */
import { UserError } from '../core/errors';
import type { BestSoFar } from './evaluation';

/** Flat vectors, one a block. */
export interface AdamWState {
  readonly parameter: readonly Float32Array[];
  readonly mean: readonly Float32Array[];
  readonly variance: readonly Float32Array[];
  /** Updates taken. */
  readonly steps: number;
}

export interface Checkpoint {
  /** Optimiser steps done. */
  readonly step: number;
  readonly optimizer: AdamWState;
  /** The best evaluation and its adapter, where there was one. */
  readonly best: (BestSoFar & { readonly parameter: readonly Float32Array[] }) | null;
}

/** @param size values of a block's LoRA vector */
export function requireFit({ optimizer }: Checkpoint, blocks: number, size: number): void {
  const vectors = [optimizer.parameter, optimizer.mean, optimizer.variance];
  if (vectors.every((each) => each.length === blocks && each.every(({ length }) => length === size))) return;
  throw new UserError(
    `The checkpoint has ${optimizer.parameter.length} blocks of ${optimizer.parameter[0]?.length ?? 0} LoRA values; these settings make ${blocks} of ${size}. Go on with the lora_r and lora_target_modules that it was trained with.`,
  );
}
