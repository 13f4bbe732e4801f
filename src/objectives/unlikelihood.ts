/**
 * @file Unlikelihood, the DPO paper's baseline of that name.
 */
import type { Objective } from './objective';
import { sumOf } from '../core/statistics';

/**
 * loss = -log pi(chosen) + alpha log pi(rejected), each summed over the completion's tokens: "maximise the probability
 * of y_w and minimise that of y_l", with a coefficient alpha in [0, 1] on the second (Rafailov et al. 2023, arXiv
 * 2305.18290, section 6; it sweeps 0.05, 0.1, 0.5 and 1). Named after Welleck et al. 2020 (arXiv 1908.04319), whose own
 * loss is -log(1 - p) a token and bounded. This one is unbounded below: nothing tells it when a rejected answer is
 * unlikely enough, and with a large alpha the model soon writes nonsense. That is what the paper compares with.
 */
export const unlikelihood: Objective<{ readonly alpha: number | null }> = {
  reads: ['alpha'],
  usesRejected: true,
  usesReference: false,
  meanOver: 'pairs',
  rewards: null,
  isPerToken: false,
  evaluate: ({ chosen, rejected }, _, { alpha }) => {
    const weight = alpha ?? 1;
    return {
      loss: -sumOf(chosen) + weight * sumOf(rejected),
      chosen: new Float64Array(chosen.length).fill(-1),
      rejected: new Float64Array(rejected.length).fill(weight),
      rewards: null,
    };
  },
};
