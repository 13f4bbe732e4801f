/**
 * @file f-DPO: what takes the place of a log-ratio where the policy is held to the reference by another divergence than
 * the reverse KL (Wang et al. 2023, arXiv 2309.16240, table 1), as TRL 1.13's `f_divergence_type` computes it.
 */
import { logistic, negativeLogLogistic } from '../core/logistic';

export const fDivergenceTypes = ['reverse_kl', 'forward_kl', 'js_divergence', 'alpha_divergence'] as const;
export type FDivergenceType = (typeof fDivergenceTypes)[number];

export interface DivergenceOptions {
  readonly f_divergence_type: FDivergenceType;
  readonly f_alpha_divergence_coef: number;
}

export interface Score {
  readonly value: number;
  /** d value / d log-ratio. */
  readonly slope: number;
}

/** TRL's bound of the alpha divergence's exponent in float32. */
const mostAlphaExponent = 80;
/** Just below where float32's exponential is infinite, which is what TRL gives beyond. */
const mostForwardExponent = 88;

/** exp(x) with x held to a bound, as torch.clamp does; beyond it the slope is 0. */
function boundedExp(x: number, most: number): Score {
  return { value: Math.exp(Math.min(x, most)), slope: x <= most ? Math.exp(x) : 0 };
}

/** f'(t) of the log-ratio h = log t. With `reverse_kl`, which is DPO, it is h itself. */
export function scoreOf(
  h: number,
  { f_divergence_type: type, f_alpha_divergence_coef: alpha }: DivergenceOptions,
): Score {
  const power = alpha - 1;
  if (type === 'reverse_kl' || (type === 'alpha_divergence' && Math.abs(power) < 1e-6)) return { value: h, slope: 1 };
  if (type === 'js_divergence') return { value: Math.LN2 - negativeLogLogistic(h), slope: logistic(-h) };
  if (type === 'forward_kl') {
    const { value, slope } = boundedExp(-h, mostForwardExponent);
    return { value: 1 - value, slope };
  }
  const { value, slope } = boundedExp(power * h, mostAlphaExponent);
  return { value: (value - 1) / power, slope };
}
