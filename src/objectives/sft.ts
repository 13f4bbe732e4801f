/**
 * @file Supervised fine-tuning on the chosen completions: negative log-likelihood, as a method of its own and as a term
 * beside a preference loss. They differ in what the mean is over.
 */
import type { Objective } from './objective';
import { sumOf } from '../core/statistics';

/**
 * `method: sft`. loss = -sum of the chosen tokens' log-probabilities, averaged over the target tokens of the whole
 * optimiser step (TRL's SFTTrainer with completion_only_loss). Preferred-FT, the DPO paper's baseline (Rafailov et al.
 * 2023, section 6), is this on a preference set's chosen answers, started from the SFT model: nothing else is needed.
 */
export const sft: Objective<object> = {
  reads: [],
  usesRejected: false,
  usesReference: false,
  meanOver: 'tokens',
  rewards: null,
  isPerToken: true,
  evaluate: (policy) => ({
    loss: -sumOf(policy.chosen),
    chosen: new Float64Array(policy.chosen.length).fill(-1),
    rejected: new Float64Array(policy.rejected.length),
    rewards: null,
  }),
};

/**
 * loss_type "sft" of TRL's DPOTrainer, usually beside another loss (RPO, MPO). loss = the mean negative log-likelihood
 * over all chosen tokens of the micro-batch, so that long answers weigh more than short ones beside them; micro-batches
 * weigh alike. A pair's share is written so that the mean over the micro-batch's pairs is that mean over its tokens.
 */
export const sftTerm: Objective<object> = {
  ...sft,
  meanOver: 'pairs',
  evaluate: (policy, _, __, { pairs, chosenTokens }) => {
    const share = pairs / Math.max(1, chosenTokens);
    return {
      loss: -share * sumOf(policy.chosen),
      chosen: new Float64Array(policy.chosen.length).fill(-share),
      rejected: new Float64Array(policy.rejected.length),
      rewards: null,
    };
  },
};
