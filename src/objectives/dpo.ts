/**
 * @file DPO with logistic losses of x = beta (chosen log-ratio - rejected log-ratio): TRL's loss_types "sigmoid",
 * "robust" and "sigmoid_norm".
 */
import { marginObjective } from './log-ratio';
import { smoothedLogisticLoss } from './logistic';

interface Smoothing {
  readonly label_smoothing: number;
}

/**
 * loss = -log sigmoid(x) (Rafailov et al. 2023, arXiv 2305.18290, eq. 7). With label_smoothing e it is conservative
 * DPO, -(1 - e) log sigmoid(x) - e log sigmoid(-x) (Mitchell 2023, ericmitchell.ai/cdpo.pdf, eq. 3), as in the authors'
 * code and in TRL before 0.29. TRL 1.13 ignores label_smoothing here without a word: whoever sets it means this.
 */
export const sigmoid = marginObjective<Smoothing>({ reads: ['label_smoothing'] }, (x, { label_smoothing }) =>
  smoothedLogisticLoss(x, label_smoothing),
);

/**
 * loss = (-(1 - e) log sigmoid(x) + e log sigmoid(-x)) / (1 - 2e), e = label_smoothing: an unbiased estimate of the
 * loss without flipped labels where a share e of them is flipped (Chowdhury et al. 2024, arXiv 2403.00409, section
 * 3.1).
 */
export const robust = marginObjective<Smoothing>({ reads: ['label_smoothing'] }, (x, { label_smoothing: e }) => {
  const kept = smoothedLogisticLoss(x, 0);
  const flipped = smoothedLogisticLoss(x, 1);
  return {
    loss: ((1 - e) * kept.loss - e * flipped.loss) / (1 - 2 * e),
    slope: ((1 - e) * kept.slope - e * flipped.slope) / (1 - 2 * e),
  };
});

/**
 * loss = -log sigmoid(x), each log-ratio divided by its completion's length (Lambert et al. 2024, "Tulu 3",
 * arXiv 2411.15124, eq. 6). Wants a larger beta, 2 to 5.
 */
export const sigmoidNorm = marginObjective({ perToken: true }, (x) => smoothedLogisticLoss(x, 0));
