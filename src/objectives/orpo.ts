/**
 * @file ORPO: the objective of TRL's ORPOTrainer.
 */
import { logistic, negativeLogLogistic } from '../core/logistic';
import type { Objective } from './objective';
import { meanOf, sumOf } from '../core/statistics';

/** Above this mean log-prob the odds are those here: at 0 they are infinite, and float32 rounds such means to 0. */
const mostLikely = -1e-7;

/** log(p / (1 - p)) of p = exp(logp), and its derivative by logp, 1 / (1 - p). */
function logOdds(logp: number): { value: number; slope: number } {
  const bounded = Math.min(logp, mostLikely);
  const complement = -Math.expm1(bounded);
  return { value: bounded - Math.log(complement), slope: 1 / complement };
}

/**
 * loss = NLL(chosen) - beta log sigmoid(log odds(chosen) - log odds(rejected)), where the odds are p / (1 - p) of the
 * completion's mean token probability, p = exp(mean log pi(token)), and NLL is the mean over all chosen tokens of the
 * micro-batch (Hong et al. 2024, arXiv 2403.07691, eq. 6 and 7; beta is the paper's lambda). There is no reference.
 * ORPOTrainer 1.13 takes its NLL over the prompt's tokens too; here, as in SFT, only completions are scored. The two
 * agree on prompts of one token, and the odds ratio term agrees always.
 */
export const orpo: Objective<{ readonly beta: number }> = {
  reads: ['beta'],
  usesRejected: true,
  usesReference: false,
  meanOver: 'pairs',
  rewards: 'mean log-prob',
  isPerToken: true,
  evaluate: ({ chosen, rejected }, _, { beta }, batch) => {
    const means = { chosen: meanOf(chosen), rejected: meanOf(rejected) };
    const odds = { chosen: logOdds(means.chosen), rejected: logOdds(means.rejected) };
    const difference = odds.chosen.value - odds.rejected.value;
    const slope = -beta * logistic(-difference);
    const tokenShare = batch.pairs / Math.max(1, batch.chosenTokens);
    return {
      loss: -tokenShare * sumOf(chosen) + beta * negativeLogLogistic(difference),
      chosen: new Float64Array(chosen.length).fill((slope * odds.chosen.slope) / chosen.length - tokenShare),
      rejected: new Float64Array(rejected.length).fill((-slope * odds.rejected.slope) / rejected.length),
      rewards: { chosen: beta * means.chosen, rejected: beta * means.rejected },
    };
  },
};
