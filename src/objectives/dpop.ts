/**
 * @file DPO-Positive, DPO that does not let the chosen answer become less likely: no trainer of TRL has it.
 */
import { logRatioObjective } from './log-ratio';
import { smoothedLogisticLoss } from './logistic';

/**
 * loss = -log sigmoid(beta (h_w - h_l - lambda max(0, -h_w))), h the log-ratios, lambda = dpop_lambda (Pal et al. 2024,
 * arXiv 2402.13228, eq. 3). As long as the chosen answer is no less likely than under the reference it is DPO.
 */
export const dpop = logRatioObjective<{ readonly dpop_lambda: number }>(
  { reads: ['dpop_lambda'] },
  ({ chosen, rejected }, { beta, dpop_lambda: lambda }) => {
    const { loss, slope } = smoothedLogisticLoss(beta * (chosen - rejected - lambda * Math.max(0, -chosen)), 0);
    return { loss, chosen: beta * slope * (chosen < 0 ? 1 + lambda : 1), rejected: -beta * slope };
  },
);
