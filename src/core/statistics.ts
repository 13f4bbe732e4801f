/** @file Sum, mean, variance, median and quantiles of numbers, in float64; each is 0 for none. */

/** Adds in the order of the values, so that equal lists have equal sums to the bit. */
export function sumOf(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Divides the sum by the number of values. */
export function meanOf(values: ArrayLike<number> & Iterable<number>): number {
  return sumOf(values) / Math.max(1, values.length);
}

/** The variance of a sample: squares of what lies between values and mean, over one less than there are values. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return sumOf(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1);
}

/** The middle one of the sorted values; of an even count the greater of the two, so that it is always one of them. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The smallest value that is not less than `share` of them all (nearest rank), so that it is always one of them. */
export function quantileOf(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;
}
