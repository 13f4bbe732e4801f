/**
 * @file Self-play preference optimisation with hard labels: TRL's loss_type "sppo_hard".
 */
import { logRatioObjective } from './log-ratio';

/**
 * loss = (h_w - 1 / (2 beta))^2 + (h_l + 1 / (2 beta))^2, h the log-ratios (Wu et al. 2024, arXiv 2405.00675, eq. 4.7
 * with probabilities 1 and 0, eta = 1 / beta). Each answer has a place of its own to go to, so the chosen one cannot
 * fall with the rejected one.
 */
export const sppoHard = logRatioObjective({}, ({ chosen, rejected }, { beta }) => {
  const aim = 1 / (2 * beta);
  return {
    loss: (chosen - aim) ** 2 + (rejected + aim) ** 2,
    chosen: 2 * (chosen - aim),
    rejected: 2 * (rejected + aim),
  };
});
