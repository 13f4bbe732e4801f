/**
 * @file What an objective is: a pure function of one pair's log-probabilities to a loss and the loss's derivative by
 * each completion token's log-probability. It never enters a graph; the backward pass is seeded with the derivatives.
 */

/** Log-probabilities of the completion tokens of one pair, nats; `rejected` is empty where the method ignores it. */
export interface PairTokenLogps {
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
}

export interface PairOutcome {
  readonly loss: number;
  /** d loss / d log-prob, one per chosen and rejected token. */
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
}

export interface ObjectiveOptions {
  /** Strength of the pull towards the reference; usual range 0.05 to 0.5. */
  readonly beta: number;
}

export interface Objective {
  readonly name: string;
  /** Whether `rejected` must be run through the model. */
  readonly usesRejected: boolean;
  /** Whether the reference's log-probabilities are needed. */
  readonly usesReference: boolean;
  /** Whether a batch's loss is the mean over its pairs or over its target tokens. */
  readonly meanOver: 'pairs' | 'tokens';
  readonly evaluate: (policy: PairTokenLogps, reference: PairTokenLogps, options: ObjectiveOptions) => PairOutcome;
}

export function sumOf(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
