/**
 * @file The loss of a reward model, which gives an answer one number, of pairs of which one answer is the better one:
 * TRL's RewardTrainer. The numbers are those of a score head; they take the place of log-probabilities, one an answer.
 */
import { negativeLogLogistic, logistic } from '../core/logistic';
import type { Objective, PairTokenLogps } from './objective';

interface RewardOptions {
  readonly center_rewards_coefficient: number | null;
  readonly score_margins: boolean;
}

/** The score of an answer, the only number that stands in its place. */
const scoreOf = (pair: PairTokenLogps, side: 'chosen' | 'rejected'): number => pair[side][0] ?? NaN;

/**
 * loss = -log sigmoid(r_w - r_l - m) + c (r_w + r_l)^2: Bradley and Terry's model of a choice (Ouyang et al. 2022,
 * arXiv 2203.02155, eq. 1), with a margin m, the pair's own or with score_margins the difference of its answers' scores
 * (Touvron et al. 2023, arXiv 2307.09288, eq. 2), and centred by c = center_rewards_coefficient (Eisenstein et al.
 * 2023, arXiv 2312.09244, eq. 2).
 */
export const reward: Objective<RewardOptions> = {
  reads: ['center_rewards_coefficient', 'score_margins'],
  usesRejected: true,
  usesReference: false,
  meanOver: 'pairs',
  rewards: 'score',
  isPerToken: false,
  hasScoreHead: true,
  evaluate: (policy, _, { center_rewards_coefficient, score_margins }, { scores, margin: own }) => {
    const rewards = { chosen: scoreOf(policy, 'chosen'), rejected: scoreOf(policy, 'rejected') };
    const margin = own ?? (score_margins && scores ? scores.chosen - scores.rejected : 0);
    const x = rewards.chosen - rewards.rejected - margin;
    const centre = center_rewards_coefficient ?? 0;
    const sum = rewards.chosen + rewards.rejected;
    const slope = logistic(-x);
    return {
      loss: negativeLogLogistic(x) + centre * sum ** 2,
      chosen: Float64Array.of(2 * centre * sum - slope),
      rejected: Float64Array.of(2 * centre * sum + slope),
      rewards,
    };
  },
};
