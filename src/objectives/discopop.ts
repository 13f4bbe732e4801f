/**
 * @file DiscoPOP, the log-ratio modulated loss: TRL's loss_type "discopop".
 */
import { marginObjective } from './log-ratio';
import { logistic, negativeLogLogistic } from '../core/logistic';

/**
 * loss = (1 - m) (-log sigmoid(x)) + m exp(-x), m = sigmoid(x / tau), tau = discopop_tau (Lu et al. 2024,
 * arXiv 2406.08414, eq. 5). m exp(-x) is one exponential here: apart, the second factor overflows where the first is 0
 * (TRL's float32 gives NaN below x = -88). Above tau = 1 the loss itself grows exponentially as x falls.
 */
export const discopop = marginObjective<{ readonly discopop_tau: number }>(
  { reads: ['discopop_tau'] },
  (x, { discopop_tau: tau }) => {
    const m = logistic(x / tau);
    const rest = logistic(-x / tau);
    const logarithmic = negativeLogLogistic(x);
    const exponential = Math.exp(-x - negativeLogLogistic(x / tau));
    return {
      loss: rest * logarithmic + exponential,
      slope: -rest * logistic(-x) - (m * rest * logarithmic) / tau + exponential * (rest / tau - 1),
    };
  },
);
