/**
 * @file SimPO: loss_type "simpo" of TRL's CPOTrainer, with cpo_alpha 0.
 */
import { smoothedLogisticLoss } from './logistic';
import type { Objective } from './objective';
import { meanOf } from '../core/statistics';

interface SimpoOptions {
  readonly beta: number;
  readonly simpo_gamma: number;
  readonly label_smoothing: number;
}

/**
 * loss = -log sigmoid(x), x = beta (mean log pi(chosen token) - mean log pi(rejected token)) - simpo_gamma
 * (Meng et al. 2024, arXiv 2405.14734, eq. 6); with label_smoothing as in conservative DPO, as CPOTrainer has it.
 * There is no reference. TRL's default cpo_alpha of 1 adds an NLL term: write loss_type [simpo, sft] with loss_weights
 * [1, cpo_alpha] for that (CPO-SimPO). beta's default is TRL's 0.1; the paper's is about 2, its simpo_gamma 0.3 to 1.6.
 */
export const simpo: Objective<SimpoOptions> = {
  reads: ['beta', 'simpo_gamma', 'label_smoothing'],
  usesRejected: true,
  usesReference: false,
  meanOver: 'pairs',
  rewards: 'mean log-prob',
  isPerToken: true,
  evaluate: ({ chosen, rejected }, _, { beta, simpo_gamma, label_smoothing }) => {
    const rewards = { chosen: beta * meanOf(chosen), rejected: beta * meanOf(rejected) };
    const { loss, slope } = smoothedLogisticLoss(rewards.chosen - rewards.rejected - simpo_gamma, label_smoothing);
    return {
      loss,
      chosen: new Float64Array(chosen.length).fill((beta * slope) / chosen.length),
      rejected: new Float64Array(rejected.length).fill((-beta * slope) / rejected.length),
      rewards,
    };
  },
};
