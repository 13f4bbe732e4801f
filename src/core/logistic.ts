/**
 * @file The logistic function and its logarithm, without overflow or cancellation at either end.
 */

/** 1 / (1 + exp(-x)). */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** -log(logistic(x)), by log(1 + exp(-|x|)); its derivative is -logistic(-x). */
export function negativeLogLogistic(x: number): number {
  return Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** d logistic / dx. */
export function logisticSlope(x: number): number {
  return logistic(x) * logistic(-x);
}
