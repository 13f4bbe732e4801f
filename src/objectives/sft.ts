/**
 * @file Supervised fine-tuning on the chosen completion: negative log-likelihood, averaged over the target tokens of
 * the whole optimiser step (TRL's SFTTrainer with completion_only_loss).
 */
import type { Objective } from './objective';
import { sumOf } from './objective';

/** loss = -sum of the chosen tokens' log-probabilities; its derivative is -1 a token. */
export const sft: Objective = {
  name: 'sft',
  usesRejected: false,
  usesReference: false,
  meanOver: 'tokens',
  evaluate: (policy) => ({
    loss: -sumOf(policy.chosen),
    chosen: new Float64Array(policy.chosen.length).fill(-1),
    rejected: new Float64Array(policy.rejected.length),
  }),
};
