/**
 * @file How well scores foresee choices: in how many pairs the answer that was chosen has the higher score, and whether
 * a reward model is as sure as it is right, by Bradley and Terry's model of a choice, P(chosen) = sigmoid(difference).
 */
import { logistic } from '../core/logistic';
import { meanOf } from '../core/statistics';
import { wilsonInterval, type Interval } from './win-rate';

/** The scores of a pair's answers. */
export interface ScoredChoice {
  readonly chosen: number;
  readonly rejected: number;
}

/** Pairs about which the scores are about equally sure. */
export interface CalibrationBin {
  /** How sure: the probability that the answer of the higher score is chosen; the upper end is not in the bin. */
  readonly from: number;
  readonly to: number;
  readonly pairs: number;
  /** Its mean over the pairs. */
  readonly predicted: number;
  /** The share of pairs whose answer of higher score was chosen. */
  readonly right: number;
  /** 95 % Wilson interval of `right`. */
  readonly interval: Interval;
}

export interface ChoiceReport {
  readonly pairs: number;
  /** The share of pairs whose chosen answer has the higher score; equal scores count as wrong, as in TRL. */
  readonly accuracy: number;
  /** 95 % Wilson interval of the accuracy; pairs of one prompt count as if they were of different ones. */
  readonly interval: Interval;
  /** The mean distance of `predicted` from `right`, each bin weighed by its pairs (Guo et al. 2017, 1706.04599). */
  readonly calibrationError: number;
  /** Bins that hold any pair, from the least sure to the surest. */
  readonly calibration: readonly CalibrationBin[];
}

/** With fewer pairs nothing is said of how sure a reward model is: an interval would hold nearly every share. */
export const fewestChoices = 40;

/** Whether scores are surer than they are right, less sure, or neither as far as the pairs can tell. */
export type Sureness = 'tooSure' | 'tooUnsure' | 'fitting';

/** Holds how sure scores are, over all pairs, against the interval of how often they are right. */
export function surenessOf({ pairs, interval, calibration }: Omit<ChoiceReport, 'accuracy'>): Sureness {
  const sure = calibration.reduce((sum, bin) => sum + (bin.pairs / pairs) * bin.predicted, 0);
  return sure > interval.high ? 'tooSure' : sure < interval.low ? 'tooUnsure' : 'fitting';
}

const binWidth = 0.1;
const leastSure = 0.5;
const bins = 5;

const sureness = ({ chosen, rejected }: ScoredChoice): number => logistic(Math.abs(chosen - rejected));
const isRight = ({ chosen, rejected }: ScoredChoice): boolean => chosen > rejected;
const binOf = (pair: ScoredChoice): number =>
  Math.min(bins - 1, Math.floor((sureness(pair) - leastSure) / binWidth + 1e-9));

function describeBin(pairs: readonly ScoredChoice[], index: number): CalibrationBin {
  const right = pairs.filter(isRight).length;
  const from = (bound: number): number => Math.round(10 * (leastSure + binWidth * bound)) / 10;
  return {
    ...{ from: from(index), to: from(index + 1), pairs: pairs.length },
    ...{ predicted: meanOf(pairs.map(sureness)), right: right / pairs.length },
    interval: wilsonInterval(right, pairs.length),
  };
}

/**
 * Holds scores against the choices that people made.
 * @throws Error without pairs: a defect of the caller
 */
export function reportChoices(pairs: readonly ScoredChoice[]): ChoiceReport {
  const right = pairs.filter(isRight).length;
  const interval = wilsonInterval(right, pairs.length);
  const calibration = Array.from({ length: bins }, (_, index) => index).flatMap((index) => {
    const inBin = pairs.filter((pair) => binOf(pair) === index);
    return inBin.length > 0 ? [describeBin(inBin, index)] : [];
  });
  const calibrationError = calibration.reduce(
    (sum, bin) => sum + (bin.pairs / pairs.length) * Math.abs(bin.predicted - bin.right),
    0,
  );
  return { pairs: pairs.length, accuracy: right / pairs.length, interval, calibrationError, calibration };
}
