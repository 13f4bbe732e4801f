/**
 * @file How far a policy has moved from its reference: the sequence-level KL divergence, estimated from samples.
 */
import { invariant } from '../core/errors';
import { meanOf, varianceOf } from '../core/statistics';

export interface KlEstimate {
  /** The estimate in nats a sequence. It may come out below 0, though the divergence never is. */
  readonly mean: number;
  /** Standard error of the mean, in nats; null for one sample. */
  readonly standardError: number | null;
  readonly samples: number;
}

/**
 * KL(pi || pi_ref) = E_{x, y ~ pi}[log pi(y|x) - log pi_ref(y|x)], as the mean of that difference over samples, with
 * its standard error s / sqrt(n), s the sample standard deviation. By the chain rule it is the sum over time steps of
 * the KL of the next token's distributions, the paper's "sequence-level KL" (Rafailov et al. 2023, arXiv 2305.18290,
 * section 6.1); as an estimator it is k1 of Schulman 2020 (joschu.net/blog/kl-approx.html): unbiased. Unbiased only if
 * the completions were sampled from the policy itself: temperature 1, no top-k or top-p, and the log-probs taken over
 * the whole sampled completion, its end token included.
 *
 * @param policyLogps log pi(y|x) of each sample, summed over the completion's tokens, in nats.
 * @param referenceLogps log pi_ref(y|x) of the same samples.
 * @throws Error without samples, with lists of different lengths or values that are not finite: a defect of the caller.
 */
export function estimateSequenceKl(policyLogps: ArrayLike<number>, referenceLogps: ArrayLike<number>): KlEstimate {
  const samples = policyLogps.length;
  invariant(samples > 0, 'a KL estimate needs at least one sample.');
  invariant(
    referenceLogps.length === samples,
    `${samples} samples have log-probs of the policy, ${referenceLogps.length} of the reference.`,
  );
  const ratios = Array.from(policyLogps, (logp, i) => logp - (referenceLogps[i] as number));
  invariant(
    ratios.every(Number.isFinite),
    `the log-ratio of sample ${ratios.findIndex((ratio) => !Number.isFinite(ratio))} is not finite.`,
  );
  const mean = meanOf(ratios);
  return { mean, standardError: samples > 1 ? Math.sqrt(varianceOf(ratios) / samples) : null, samples };
}
