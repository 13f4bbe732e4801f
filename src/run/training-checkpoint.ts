/**
 * @file What a run needs to go on as if it had never stopped: the adapter, AdamW's moments, the step (which fixes the
 * order of the pairs and the learning rate) and the best evaluation. Plain arrays, so that it can cross to the page and
 * be stored. Not in it: settings, pairs and the reference, which the run's record has.
 */

/** The optimiser's state; each list has one flat vector a block, and a score head or a value head as the last. */
export interface AdamWState {
  readonly parameter: readonly Float32Array[];
  readonly mean: readonly Float32Array[];
  readonly variance: readonly Float32Array[];
  /** Updates taken. */
  readonly steps: number;
}

/** The best evaluation so far and how many came after it. */
export interface BestSoFar {
  readonly step: number;
  /** What `metric_for_best_model` was at that step. */
  readonly value: number;
  readonly since: number;
}

/**
 * How long a run works without a checkpoint, in seconds: the first comes soon, the others so often that a power cut
 * costs half a minute at most. A step that takes longer than that is followed by one.
 */
export const checkpointSeconds = { first: 10, every: 20 } as const;

export interface TrainingCheckpoint {
  /** Optimiser steps done. */
  readonly step: number;
  readonly optimizer: AdamWState;
  /** Tokens trained on, of a method whose later steps do not tell how many the earlier ones had. */
  readonly num_tokens?: number;
  /** PPO's price of divergence as it was then; it is not that of the settings where it adapts. */
  readonly kl_coef?: number;
  /** The best evaluation and its adapter, where there was one. */
  readonly best: (BestSoFar & { readonly parameter: readonly Float32Array[] }) | null;
}
