/**
 * @file The hinge loss of SLiC on DPO's log-ratios: TRL's loss_type "hinge".
 */
import { marginObjective } from './log-ratio';

/**
 * loss = max(0, 1 - x), x = beta (chosen log-ratio - rejected log-ratio); 1 / beta is the margin to reach. The loss of
 * SLiC-HF (Zhao et al. 2023, arXiv 2305.10425) on log-ratios, as in RSO (Liu et al. 2023, arXiv 2309.06657,
 * "hinge-norm"). At the kink the slope is 0, as in PyTorch.
 */
export const hinge = marginObjective({}, (x) => (x < 1 ? { loss: 1 - x, slope: -1 } : { loss: 0, slope: 0 }));
