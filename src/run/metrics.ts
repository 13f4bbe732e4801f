/**
 * @file The numbers of one optimiser step under TRL's names, as they go to metrics.jsonl and to the page. Types only.
 */

/** Each mean is over the step's pairs, weighed as the loss weighs them. Those of DPO are absent from an SFT run. */
export interface StepMetrics {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  /** Global L2 norm before clipping. */
  readonly grad_norm: number;
  readonly learning_rate: number;
  /**
   * Tokens trained on so far, this step's included: of both sequences of a pair, the prompt in each, as TRL counts
   * them.
   */
  readonly num_tokens?: number;
  /** Of this step alone; added by the studio, since no two runs take the same time. */
  readonly tokens_per_second?: number;
  readonly 'rewards/chosen'?: number;
  readonly 'rewards/rejected'?: number;
  readonly 'rewards/margins'?: number;
  readonly 'rewards/accuracies'?: number;
  readonly 'logps/chosen'?: number;
  readonly 'logps/rejected'?: number;
  /** Of a reward model, by RewardTrainer's names: means over micro-batches, of the least and the highest score too. */
  readonly accuracy?: number;
  readonly margin?: number;
  readonly min_reward?: number;
  readonly mean_reward?: number;
  readonly max_reward?: number;
  /** The divergence from the reference: KTO's estimate, nats an answer; of answers that were drawn, nats a token. */
  readonly kl?: number;
  /** On-policy methods: the answers' rewards, before anything is taken off, where the step drew answers. */
  readonly reward?: number;
  readonly reward_std?: number;
  /** Online DPO: how much more the better of two answers is worth than the other, in units of the reward. */
  readonly 'objective/scores_margin'?: number;
  /** The share of prompts whose answers are all worth the same. */
  readonly frac_reward_zero_std?: number;
  /** Tokens of an answer. */
  readonly 'completions/mean_length'?: number;
  /** The share of answers that were cut off. */
  readonly 'completions/clipped_ratio'?: number;
  readonly 'completions/mean_terminated_length'?: number;
  /**
   * Minus the mean log-probability of a token that was drawn, nats: an estimate of the policy's entropy, which TRL
   * takes over the whole vocabulary. Airlock's own.
   */
  readonly 'completions/mean_surprise'?: number;
  /** The share of answers whose probability has left its range, downwards, upwards, or either. */
  readonly 'clip_ratio/low_mean'?: number;
  readonly 'clip_ratio/high_mean'?: number;
  readonly 'clip_ratio/region_mean'?: number;
  /**
   * PPO, by PPOTrainer's names (TRL 1.12): nats an answer by the run's `kl_estimator`, minus the log-probability of an
   * answer, and rewards as they were learned from; a missing end has been paid for.
   */
  readonly 'objective/kl'?: number;
  readonly 'objective/entropy'?: number;
  readonly 'objective/non_score_reward'?: number;
  readonly 'objective/rlhf_reward'?: number;
  readonly 'objective/scores'?: number;
  /** The price of divergence that the step was taken at, where it adapts. */
  readonly 'objective/kl_coef'?: number;
  /** Means over the step's updates: how far tokens moved, the share of them and of values that left their range. */
  readonly 'policy/approxkl_avg'?: number;
  readonly 'policy/clipfrac_avg'?: number;
  readonly 'loss/policy_avg'?: number;
  readonly 'loss/value_avg'?: number;
  readonly 'val/clipfrac_avg'?: number;
  readonly 'val/ratio'?: number;
  /** Of the evaluation pairs after this step, where it was a step of evaluation. */
  readonly eval_loss?: number;
  readonly 'eval_rewards/chosen'?: number;
  readonly 'eval_rewards/rejected'?: number;
  readonly 'eval_rewards/margins'?: number;
  readonly 'eval_rewards/accuracies'?: number;
  readonly 'eval_logps/chosen'?: number;
  readonly 'eval_logps/rejected'?: number;
  /** Sequence-level KL to the reference, nats an answer, estimated from sampled answers (evaluation/kl.ts). */
  readonly eval_kl?: number;
}
