/**
 * @file IPO: TRL's loss_type "ipo".
 */
import { marginObjective } from './log-ratio';
import type { Sloped } from './logistic';

/** (h - 1 / (2 beta))^2 of x = beta h: ((x - 1/2) / beta)^2. */
export const ipoLoss = (x: number, { beta }: { readonly beta: number }): Sloped => ({
  loss: ((x - 0.5) / beta) ** 2,
  slope: (2 * (x - 0.5)) / beta ** 2,
});

/**
 * loss = (h - 1 / (2 beta))^2, h the difference of the log-ratios, each divided by its completion's length; beta is the
 * paper's tau (Azar et al. 2023, arXiv 2310.12036, eq. 17). The paper does not speak of lengths: TRL's authors took the
 * mean after asking IPO's; the DPO authors' code sums.
 */
export const ipo = marginObjective({ perToken: true }, ipoLoss);
