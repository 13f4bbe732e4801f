/**
 * @file 95 % intervals of means: of scores, and of what one policy scores more than another on the same prompts. Each
 * prompt counts as drawn by itself; what differs between runs of training is not in them.
 */
import { invariant } from '../core/errors';
import { meanOf, varianceOf } from '../core/statistics';
import type { Interval } from './win-rate';

export interface MeanInterval extends Interval {
  readonly mean: number;
}

/** The 97.5 % quantiles of Student's t for 1 to 4 degrees of freedom, where the expansion is too small. */
const smallQuantiles: readonly number[] = [12.706205, 4.302653, 3.182446, 2.776445];

/** The 97.5 % quantile of Student's t, to within 0.01 (from 5 degrees of freedom on Cornish and Fisher's expansion). */
function studentQuantile(degrees: number): number {
  const small = smallQuantiles[degrees - 1];
  if (small !== undefined) return small;
  const z = 1.959963984540054;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/**
 * The mean of values with its interval mean ± t s / sqrt(n), s the sample standard deviation.
 * @throws Error for fewer than two values: a defect of the caller
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  invariant(n > 1, `no interval for ${n} values.`);
  const mean = meanOf(values);
  const reach = studentQuantile(n - 1) * Math.sqrt(varianceOf(values) / n);
  return { mean, low: mean - reach, high: mean + reach };
}

/**
 * How much more the first scores than the second on the same prompts, with its interval: the mean of the differences,
 * which varies less than two means side by side where prompts differ in how hard they are.
 */
export function pairedDifference(first: readonly number[], second: readonly number[]): MeanInterval {
  invariant(first.length === second.length, `${first.length} scores stand beside ${second.length}.`);
  return meanInterval(first.map((score, i) => score - (second[i] as number)));
}

/** What a difference says: that it is above 0, below 0, or neither because its interval has 0 in it. */
export type Standing = 'above' | 'below' | 'open';

export const standingOf = ({ low, high }: Interval): Standing => (low > 0 ? 'above' : high < 0 ? 'below' : 'open');
