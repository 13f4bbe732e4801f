/**
 * @file Binary classifier optimisation on pairs: TRL's loss_type "bco_pair".
 */
import { rewardObjective } from './log-ratio';
import { logistic, negativeLogLogistic } from '../core/logistic';

/**
 * loss = -log sigmoid(c) - log sigmoid(-r), c and r the rewards, beta times the chosen and the rejected log-ratio (Jung
 * et al. 2024, arXiv 2404.04656, section 4, without the paper's running mean of rewards, as in TRL 1.13). The second
 * term of MPO's recipe: loss_type [sigmoid, bco_pair, sft], loss_weights [0.8, 0.2, 1].
 */
export const bcoPair = rewardObjective(({ chosen: c, rejected: r }) => ({
  loss: negativeLogLogistic(c) + negativeLogLogistic(-r),
  chosen: -logistic(-c),
  rejected: logistic(r),
}));
