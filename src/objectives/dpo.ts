/**
 * @file DPO with logistic losses of x = beta (chosen log-ratio - rejected log-ratio): TRL's loss_types "sigmoid",
 * "robust" and "sigmoid_norm".
 */
import { marginObjective } from './log-ratio';
import { logistic } from '../core/logistic';
import { smoothedLogisticLoss } from './logistic';
import { scoreDifference } from './rebel';

interface Smoothing {
  readonly label_smoothing: number;
}

interface SoftLabels {
  readonly soft_labels: boolean;
  readonly soft_label_temperature: number;
}

/**
 * loss = -log sigmoid(x) (Rafailov et al. 2023, arXiv 2305.18290, eq. 7). With label_smoothing e it is conservative
 * DPO, -(1 - e) log sigmoid(x) - e log sigmoid(-x) (Mitchell 2023, ericmitchell.ai/cdpo.pdf, eq. 3), as in the authors'
 * code and in TRL before 0.29. TRL 1.13 ignores label_smoothing here without a word: whoever sets it means this.
 *
 * With soft_labels the same with e = sigmoid(-(r_w - r_l) / T), r the answers' scores, T = soft_label_temperature: a
 * label that is as sure as the Bradley-Terry model of the scores, so that the optimum is pi_ref exp(r / (beta T)).
 */
export const sigmoid = marginObjective<Smoothing & SoftLabels>(
  { reads: ['label_smoothing', 'soft_labels', 'soft_label_temperature'] },
  (x, { label_smoothing, soft_labels, soft_label_temperature }, { scores }) =>
    smoothedLogisticLoss(
      x,
      soft_labels ? logistic(-scoreDifference(scores) / soft_label_temperature) : label_smoothing,
    ),
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
