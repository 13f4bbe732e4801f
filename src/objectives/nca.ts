/**
 * @file Noise contrastive alignment on pairs: TRL's loss_type "nca_pair".
 */
import { rewardObjective } from './log-ratio';
import { logistic, negativeLogLogistic } from '../core/logistic';

/**
 * loss = -log sigmoid(c) - 1/2 log sigmoid(-c) - 1/2 log sigmoid(-r), c and r the rewards, beta times the chosen and
 * the rejected log-ratio: it keeps the chosen answer's own probability up (Chen et al. 2024, arXiv 2402.05369, section
 * 4.1).
 */
export const ncaPair = rewardObjective(({ chosen: c, rejected: r }) => ({
  loss: negativeLogLogistic(c) + 0.5 * negativeLogLogistic(-c) + 0.5 * negativeLogLogistic(-r),
  chosen: 0.5 * logistic(c) - logistic(-c),
  rejected: 0.5 * logistic(r),
}));
