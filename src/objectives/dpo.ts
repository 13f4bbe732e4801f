/**
 * @file DPO with the logistic loss (Rafailov et al. 2023, eq. 7); TRL's loss_type "sigmoid".
 */
import type { Objective } from './objective';
import { sumOf } from './objective';

/** -log(sigmoid(x)), without overflow for large |x|. */
function negativeLogSigmoid(x: number): number {
  return Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * loss = -log sigmoid(beta h), h = (log pi - log pi_ref)(chosen) - (log pi - log pi_ref)(rejected), each summed over
 * the completion's tokens; d loss / d log pi(chosen token) = -beta sigmoid(-beta h), and the opposite for rejected.
 */
export const sigmoid: Objective = {
  name: 'sigmoid',
  usesRejected: true,
  usesReference: true,
  meanOver: 'pairs',
  evaluate: (policy, reference, { beta }) => {
    const h = sumOf(policy.chosen) - sumOf(reference.chosen) - (sumOf(policy.rejected) - sumOf(reference.rejected));
    const slope = -beta / (1 + Math.exp(beta * h));
    return {
      loss: negativeLogSigmoid(beta * h),
      chosen: new Float64Array(policy.chosen.length).fill(slope),
      rejected: new Float64Array(policy.rejected.length).fill(-slope),
    };
  },
};
