/**
 * @file What an objective is: a pure function of one pair's log-probabilities to a loss and the loss's derivative by
 * each completion token's log-probability. It never enters a graph; the backward pass is seeded with the derivatives.
 * Not here: how pairs are weighed into a step's loss (the trainer) and which name is which objective (registry.ts).
 */

/** Log-probabilities of the completion tokens of one pair, nats; `rejected` is empty where the method ignores it. */
export interface PairTokenLogps {
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
}

/** One number for each completion of a pair. */
export interface PairValues {
  readonly chosen: number;
  readonly rejected: number;
}

export interface PairOutcome {
  readonly loss: number;
  /** d loss / d log-prob, one per chosen and rejected token. */
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
  /** The rewards that the method implies, as TRL logs them; null where it implies none. */
  readonly rewards: PairValues | null;
}

/** What a term that is averaged over tokens must know of the micro-batch that its pair belongs to. */
export interface MicroBatch {
  readonly pairs: number;
  /** Scored tokens of all its chosen completions. */
  readonly chosenTokens: number;
}

/** The objectives' options, by TRL's names and meanings where TRL has them. */
export interface ObjectiveOptions {
  /**
   * Strength of the pull towards the reference, usual range 0.05 to 0.5. In `ipo` the paper's tau, in `orpo` its
   * lambda. Losses of mean log-probs want more: about 2 in `simpo`, 2 to 5 in `sigmoid_norm`.
   */
  readonly beta: number;
  /**
   * The share of pairs believed to be labelled the wrong way round: `robust`, `simpo`, `exo_pair` (above 0, its paper
   * recommends 0.001) and `sigmoid`, where it means conservative DPO; TRL 1.13 ignores it there.
   */
  readonly label_smoothing: number;
  /** LD-DPO: weight, 0 to 1, of log-probs beyond the shorter completion's length; null weighs all alike. */
  readonly ld_alpha: number | null;
  /** Takes the reference's log-probs as 0, as the DPO authors' code does (TRL dropped it); no reference is run. */
  readonly reference_free: boolean;
  /** `discopop`: temperature of the change from the logistic to the exponential loss. */
  readonly discopop_tau: number;
  /** `simpo`: the reward margin to reach. */
  readonly simpo_gamma: number;
  /** `unlikelihood`: weight of the rejected completions, 0 to 1; null is 1. (TRL's key of this name is AlphaPO's.) */
  readonly alpha: number | null;
}

/** TRL's defaults, where TRL has the option. */
export const defaultObjectiveOptions: ObjectiveOptions = {
  beta: 0.1,
  label_smoothing: 0,
  ld_alpha: null,
  reference_free: false,
  discopop_tau: 0.05,
  simpo_gamma: 0.5,
  alpha: null,
};

/** Options that change some objectives and mean nothing to others. */
export type SpecialOption = Exclude<keyof ObjectiveOptions, 'beta'>;

export interface Objective {
  readonly name: string;
  /** The method and its source, for people. */
  readonly title: string;
  /** The special options that change it; the choice of a run refuses those that nothing reads. */
  readonly reads: readonly SpecialOption[];
  /** Whether `rejected` must be run through the model. */
  readonly usesRejected: boolean;
  /** Whether the reference's log-probabilities are needed. */
  readonly usesReference: boolean;
  /** Whether a batch's loss is the mean over its pairs or over its target tokens. */
  readonly meanOver: 'pairs' | 'tokens';
  readonly evaluate: (
    policy: PairTokenLogps,
    reference: PairTokenLogps,
    options: ObjectiveOptions,
    batch: MicroBatch,
  ) => PairOutcome;
}
