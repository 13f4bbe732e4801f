/** @file The logistic loss, whose label may be wrong. */
import { logistic, negativeLogLogistic } from '../core/logistic';

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
