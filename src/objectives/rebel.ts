/**
 * @file Regression on the difference of two answers' scores: no trainer of TRL has it.
 */
import { UserError } from '../core/errors';
import { marginObjective, type MarginOptions } from './log-ratio';
import type { Objective, PairValues } from './objective';

/**
 * By how much the chosen answer was scored higher, in the scores' own unit.
 * @throws UserError for a pair without scores
 */
export function scoreDifference(scores: PairValues | null | undefined): number {
  if (!scores) throw new UserError('pairUnscored');
  return scores.chosen - scores.rejected;
}

/**
 * loss = (x - (r_w - r_l))^2, x = beta (chosen log-ratio - rejected log-ratio), r the scores that came with the pair
 * (Gao et al. 2024, "REBEL", arXiv 2404.16767, eq. 5, eta = 1 / beta; Fisch et al. 2024, arXiv 2405.19316). Its optimum
 * is pi_ref exp(r / beta), which is finite: the model stops where the difference of the scores is reached.
 */
export const rebel: Objective<MarginOptions> = {
  ...marginObjective({}, (x, _, { scores }) => {
    const rest = x - scoreDifference(scores);
    return { loss: rest ** 2, slope: 2 * rest };
  }),
  readsScores: true,
};
