/**
 * @file Best-of-N: of N answers of a policy the one with the highest reward (Rafailov et al. 2023, arXiv 2305.18290,
 * section 6.2), and how far that moves the policy.
 */
import { invariant } from '../core/errors';

/** The most answers that one is chosen from. */
export const mostAnswers = 64;

/**
 * The bound of the KL divergence of Best-of-N from its policy, in nats: log N - (N - 1) / N (Beirami et al. 2024,
 * arXiv 2401.01879, theorem 1). It is exact where no two answers are alike and no two rewards equal; where answers
 * repeat, the true divergence is smaller.
 */
export function klBound(count: number): number {
  invariant(Number.isInteger(count) && count > 0, `Best-of-N of ${count} answers.`);
  return Math.log(count) - (count - 1) / count;
}

/**
 * The place of the best of some rewards, the first among equals.
 * @throws Error without rewards, or with one that is no number: a defect of the caller
 */
export function placeOfBest(rewards: readonly number[]): number {
  invariant(rewards.length > 0 && rewards.every((reward) => !Number.isNaN(reward)), 'rewards that are no numbers.');
  return rewards.indexOf(Math.max(...rewards));
}

/**
 * The mean reward of the best of n, for each n up to the number of answers, estimated without bias from one set of
 * answers: the expectation over all subsets of n of them (Nakano et al. 2021, arXiv 2112.09332, appendix I).
 * @returns one number for n = 1, 2, ...
 */
export function meanOfBest(rewards: readonly number[]): readonly number[] {
  const sorted = [...rewards].sort((a, b) => a - b);
  const { length } = sorted;
  return sorted.map((_, index) => {
    const n = index + 1;
    // The i-th smallest is the best of a subset with probability C(i, n - 1) / C(length, n), i counted from 0.
    let share = n / length;
    let mean = 0;
    for (let i = length - 1; i >= n - 1; i--) {
      mean += share * (sorted[i] as number);
      share *= (i - n + 1) / Math.max(1, i);
    }
    return mean;
  });
}
