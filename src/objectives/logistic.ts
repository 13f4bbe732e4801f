/**
 * @file The logistic function and its logarithm, without overflow or cancellation at either end.
 */

import { logistic } from '../core/logistic';

export { logistic };

/** -log(logistic(x)), by log(1 + exp(-|x|)); its derivative is -logistic(-x). */
export function negativeLogLogistic(x: number): number {
  return Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** d logistic / dx. */
export function logisticSlope(x: number): number {
  return logistic(x) * logistic(-x);
}

/** A loss of one number, with its derivative. */
export interface Sloped {
  readonly loss: number;
  readonly slope: number;
}

/**
 * -(1 - e) log sigmoid(x) - e log sigmoid(-x): the logistic loss of a label that is wrong with probability `flipped`.
 */
export function smoothedLogisticLoss(x: number, flipped: number): Sloped {
  return {
    loss: (1 - flipped) * negativeLogLogistic(x) + flipped * negativeLogLogistic(-x),
    slope: flipped * logistic(x) - (1 - flipped) * logistic(-x),
  };
}
