/**
 * @file EXO on pairs: TRL's loss_type "exo_pair".
 */
import { marginObjective } from './log-ratio';
import { logistic, logisticSlope, negativeLogLogistic } from '../core/logistic';

/**
 * loss = KL(q || p), q = (sigmoid(x), sigmoid(-x)), p = (1 - e, e), e = label_smoothing > 0: the reverse of the KL that
 * DPO minimises (Ji et al. 2024, arXiv 2402.00856, eq. 16, with the x of DPO; the paper recommends e = 0.001).
 * As d q_w / dx = q_w q_l and log(q_w / q_l) = x, d loss / dx = q_w q_l (x - log((1 - e) / e)).
 */
export const exoPair = marginObjective<{ readonly label_smoothing: number }>(
  { reads: ['label_smoothing'] },
  (x, { label_smoothing: e }) => {
    const chosen = -negativeLogLogistic(x) - Math.log1p(-e);
    const rejected = -negativeLogLogistic(-x) - Math.log(e);
    return { loss: logistic(x) * chosen + logistic(-x) * rejected, slope: logisticSlope(x) * (chosen - rejected) };
  },
);
