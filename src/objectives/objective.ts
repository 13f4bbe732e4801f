/**
 * @file What an objective is: a pure function of one pair's log-probabilities to a loss and the loss's derivative by
 * each completion token's log-probability. It never enters a graph; the backward pass is seeded with the derivatives.
 * Not here: how pairs are weighed into a step's loss (the trainer), names, and ranges of options (run/objectives.ts).
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
  /** Of methods that hold the policy near to where it was: at which end its ratio no longer counts. */
  readonly clipped?: 'low' | 'high' | null;
  /** The same of tokens, where each has a ratio: how many no longer count. */
  readonly clippedTokens?: number;
}

/** What is known of an answer that the policy gave: how much better it is than expected, and how likely it was. */
export interface SampledFacts {
  readonly advantage: number;
  /** Its log-probability when it was drawn, summed over its tokens, nats. */
  readonly logp: number;
  /** Whether nothing is learned from it, because it was cut off. */
  readonly isMasked: boolean;
}

/** What is known of each token of an answer that the policy gave, for a method to which each is an action. */
export interface Episode {
  /** Log-probabilities of its n tokens when it was drawn, nats, and how much better they are than expected, [n]. */
  readonly logps: Float64Array;
  readonly advantages: Float64Array;
  /** What a value head foresaw, and what came: before each token, and at times after the last, [n] or [n + 1]. */
  readonly values: Float64Array;
  readonly returns: Float64Array;
}

/** All pairs of a micro-batch as they now are, for objectives that compare them with each other. */
export interface Survey {
  readonly pairs: readonly { readonly policy: PairTokenLogps; readonly reference: PairTokenLogps }[];
  /** Which of them is the one that is evaluated. */
  readonly place: number;
}

/** What is known of a pair beside its log-probabilities: the micro-batch that it belongs to, and its scores. */
export interface MicroBatch {
  readonly pairs: number;
  /** Scored tokens of all its chosen completions. */
  readonly chosenTokens: number;
  /** By how much the chosen answer is to be scored higher, where the pair came with that. */
  readonly margin?: number | undefined;
  /** Made for objectives that read it; without one a pair counts as a micro-batch of its own. */
  readonly survey?: Survey | null;
  /** The scores that the pair's answers came with. */
  readonly scores?: PairValues | null;
  /** How much the pair counts, made where `use_weighting` asks for it (`pairWeight`). */
  readonly weight?: number | null;
  /** KL to the reference in nats an answer, estimated on the micro-batch; made for objectives that read it. */
  readonly divergence?: number | null;
  /** Of an answer that the policy gave: for methods that are on-policy. */
  readonly sampled?: SampledFacts | null;
  /** The same token by token. */
  readonly episode?: Episode | null;
}

/** Where the rewards that a method implies come from; each is beta times that, but for a reward model's own scores. */
export type RewardSource = 'log-ratio' | 'mean log-prob' | 'score';

/** @typeParam Options what `evaluate` reads; it may be given more. */
export interface Objective<Options extends object> {
  /**
   * The options that change it, by TRL's names; a run refuses those that nothing reads. `reference_free` among them
   * says that the loss has a meaning without a reference.
   */
  readonly reads: readonly (keyof Options & string)[];
  /** Whether `rejected` must be run through the model. */
  readonly usesRejected: boolean;
  /** Whether the reference's log-probabilities are needed. */
  readonly usesReference: boolean;
  /** Whether a batch's loss is the mean over its pairs or over its target tokens. */
  readonly meanOver: 'pairs' | 'tokens';
  /** Null where the method implies no rewards. */
  readonly rewards: RewardSource | null;
  /** Whether a completion counts by the mean of its tokens, so that a longer one wins nothing by length. */
  readonly isPerToken: boolean;
  /** Whether it needs the log-probabilities of its whole micro-batch, which takes one more forward pass. */
  readonly readsSurvey?: boolean;
  /** Whether its loss is one of the answers' scores, whatever its options are. */
  readonly readsScores?: boolean;
  /** Whether an example is one judged answer, so that of each pair one side is empty. */
  readonly isOfSingles?: boolean;
  /**
   * Whether a score head stands on the model: in the place of its tokens' log-probabilities an answer then has one
   * number, its score.
   */
  readonly hasScoreHead?: boolean;
  /** Whether a value head stands beside the LM head, and each token is an action: PPO's own kind of step. */
  readonly hasValueHead?: boolean;
  /** Whether it needs the micro-batch's divergence, which takes one more forward pass of it. */
  readonly readsDivergence?: boolean;
  /** Whether it learns from the policy's own answers, which a reward judges, in the place of pairs. */
  readonly isOnPolicy?: boolean;
  readonly evaluate: (
    policy: PairTokenLogps,
    reference: PairTokenLogps,
    options: Options,
    batch: MicroBatch,
  ) => PairOutcome;
}
