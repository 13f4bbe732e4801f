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
  /** KTO's estimate of the divergence from the reference, nats an answer. */
  readonly kl?: number;
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
