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
  readonly 'rewards/chosen'?: number;
  readonly 'rewards/rejected'?: number;
  readonly 'rewards/margins'?: number;
  readonly 'rewards/accuracies'?: number;
  readonly 'logps/chosen'?: number;
  readonly 'logps/rejected'?: number;
}
