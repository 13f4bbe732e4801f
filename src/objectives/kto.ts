/**
 * @file Losses of answers that were judged alone, good or bad, without a partner: TRL's KTOTrainer, loss_types "kto"
 * and "apo_zero_unpaired". An example is a pair of which one side is empty: the judged answer is the chosen one where
 * it was found good, the rejected one where it was found bad.
 */
import { sumOf } from '../core/statistics';
import { logistic, logisticSlope } from '../core/logistic';
import type { Objective } from './objective';

interface KtoOptions {
  readonly beta: number;
  readonly desirable_weight: number;
  readonly undesirable_weight: number;
}

/**
 * loss = w (1 - sigmoid(s beta (h - z))), h the answer's log-ratio, s = 1 and w = desirable_weight for a good answer,
 * s = -1 and w = undesirable_weight for a bad one. z is given.
 */
function judgedObjective(readsDivergence: boolean): Objective<KtoOptions> {
  return {
    reads: ['beta', 'desirable_weight', 'undesirable_weight'],
    usesRejected: true,
    usesReference: true,
    meanOver: 'pairs',
    rewards: 'log-ratio',
    isPerToken: false,
    isOfSingles: true,
    readsDivergence,
    evaluate: (policy, reference, { beta, desirable_weight, undesirable_weight }, { divergence }) => {
      const z = readsDivergence ? (divergence ?? 0) : 0;
      const rewards = {
        chosen: beta * (sumOf(policy.chosen) - sumOf(reference.chosen)),
        rejected: beta * (sumOf(policy.rejected) - sumOf(reference.rejected)),
      };
      const isGood = policy.chosen.length > 0;
      const weight = isGood ? desirable_weight : undesirable_weight;
      const x = isGood ? rewards.chosen - beta * z : beta * z - rewards.rejected;
      const slope = (isGood ? -1 : 1) * weight * beta * logisticSlope(x);
      return {
        loss: weight * logistic(-x),
        chosen: new Float64Array(policy.chosen.length).fill(slope),
        rejected: new Float64Array(policy.rejected.length).fill(slope),
        rewards,
      };
    },
  };
}

/**
 * Kahneman-Tversky optimisation (Ethayarajh et al. 2024, arXiv 2402.01306, eq. 7): z is the policy's divergence from
 * the reference, estimated by the answers of the micro-batch under each other's prompts, never below 0 and without a
 * gradient.
 */
export const kto = judgedObjective(true);

/** APO-zero of single answers (D'Oosterlinck et al. 2024, arXiv 2408.06266, eq. 7): KTO with z = 0. */
export const apoZeroUnpaired = judgedObjective(false);
