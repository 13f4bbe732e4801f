/** @file The logistic function. */

/** 1 / (1 + exp(-x)): 0 and 1 at the ends, without overflow. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
