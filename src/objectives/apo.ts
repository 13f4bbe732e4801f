/**
 * @file Anchored preference optimisation: TRL's loss_types "apo_zero" and "apo_down". c and r are the rewards, beta
 * times the chosen and the rejected log-ratio; each is pushed away from 0 for itself, not only from the other.
 * Source: D'Oosterlinck et al. 2024, arXiv 2408.06266.
 */
import { rewardObjective } from './log-ratio';
import { logistic, logisticSlope } from '../core/logistic';

/**
 * loss = 1 - sigmoid(c) + sigmoid(r): chosen up, rejected down; for chosen answers better than the model's own (eq. 7).
 */
export const apoZero = rewardObjective(({ chosen: c, rejected: r }) => ({
  loss: logistic(-c) + logistic(r),
  chosen: -logisticSlope(c),
  rejected: logisticSlope(r),
}));

/**
 * loss = sigmoid(c) + 1 - sigmoid(c - r): both down, rejected more; for chosen answers worse than the model's own (eq.
 * 8).
 */
export const apoDown = rewardObjective(({ chosen: c, rejected: r }) => ({
  loss: logistic(c) + logistic(r - c),
  chosen: logisticSlope(c) - logisticSlope(c - r),
  rejected: logisticSlope(c - r),
}));
