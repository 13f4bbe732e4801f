/**
 * @file Which labels are probably wrong. A run is trained on one half of the pairs and judges the other by its implicit
 * reward, and the other way round (cross-fitting), so that no pair is judged by a run that has learned its label. A
 * pair whose bad answer the run prefers by much is suspected; how many labels are wrong follows from all margins.
 */
import { logistic } from '../core/logistic';
import { findContradictions, pairTexts } from '../data/checks/contradictions';
import type { PreferencePair } from '../data/preference-pair';

/** Margins are beta-scaled log-ratios of the chosen answer less those of the rejected one. */
export interface NoiseEstimate {
  /** The share of labels that are the wrong way round: the most likely value, and its 95 % interval. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** What margins are multiplied by so that their logistic is a probability; the run may be too sure or too unsure. */
  readonly scale: number;
}

/** Half the 95 % quantile of chi-squared with one degree of freedom. */
const halfChiSquared = 1.920729;
/** One per cent each. */
const shareSteps = 50;

/** log P of all labels: each is right with probability logistic(scale m), and turned round with probability share. */
function logLikelihood(margins: readonly number[], share: number, scale: number): number {
  let total = 0;
  for (const margin of margins)
    total += Math.log((1 - share) * logistic(scale * margin) + share * logistic(-scale * margin));
  return total;
}

/** The scale from 1/64 to 64 by which the labels are likeliest, by golden section over its logarithm. */
function bestScale(margins: readonly number[], share: number): { readonly scale: number; readonly value: number } {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-Math.log(64), Math.log(64)];
  const at = (x: number): number => logLikelihood(margins, share, Math.exp(x));
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [ofLeft, ofRight] = [at(left), at(right)];
  while (high - low > 0.01) {
    if (ofLeft > ofRight) {
      [high, right, ofRight] = [right, left, ofLeft];
      left = high - ratio * (high - low);
      ofLeft = at(left);
    } else {
      [low, left, ofLeft] = [left, right, ofRight];
      right = low + ratio * (high - low);
      ofRight = at(right);
    }
  }
  return { scale: Math.exp((low + high) / 2), value: at((low + high) / 2) };
}

/**
 * How many labels are wrong, by maximum likelihood of the mixture logistic(scale m) with flipped labels; the interval
 * is that of the profile likelihood. Shares above one half are not looked at: the run has learned from the same labels.
 */
export function estimateNoise(margins: readonly number[]): NoiseEstimate {
  const tried = Array.from({ length: shareSteps + 1 }, (_, i) => {
    const share = (0.5 * i) / shareSteps;
    return { share, ...bestScale(margins, share) };
  });
  const best = tried.reduce((most, one) => (one.value > most.value ? one : most));
  const within = tried.filter(({ value }) => best.value - value <= halfChiSquared).map(({ share }) => share);
  return { share: best.share, low: Math.min(...within), high: Math.max(...within), scale: best.scale };
}

/** The probability that a pair of this margin is labelled the wrong way round. */
export function wrongProbability(margin: number, { share, scale }: NoiseEstimate): number {
  const turned = share * logistic(-scale * margin);
  return turned / (turned + (1 - share) * logistic(scale * margin));
}

/**
 * What is wrong with a pair: its label, as the run sees it; another pair says the opposite of the same two answers; or
 * the run sees no difference.
 */
export type LabelFinding = 'wrong' | 'contradiction' | 'tie';

export interface DoubtfulLabel {
  /** The pair's place among those that were judged. */
  readonly index: number;
  readonly finding: LabelFinding;
  readonly margin: number;
  /** That the label is the wrong way round, from 0 to 1. */
  readonly probability: number;
}

/** Whether the run is within 10 % of not caring: a probability from 0.45 to 0.55 of either order. */
const isTie = (margin: number, { scale }: NoiseEstimate): boolean => Math.abs(logistic(scale * margin) - 0.5) < 0.05;

export interface LabelDiagnosis {
  readonly noise: NoiseEstimate;
  /** The likeliest errors first; contradictions with the others, by the same probability; ties last. */
  readonly doubtful: readonly DoubtfulLabel[];
}

/**
 * Names the labels to look at again.
 * @param margins of each pair, by a judge that has not seen its prompt
 * @param isOpposed whether another pair says the opposite of the one at this place
 */
export function nameDoubtful(
  margins: readonly number[],
  noise: NoiseEstimate,
  isOpposed: (index: number) => boolean,
): readonly DoubtfulLabel[] {
  const judged = margins.map((margin, index) => ({ index, margin, probability: wrongProbability(margin, noise) }));
  const doubtful = judged.flatMap((one): DoubtfulLabel[] => {
    if (isOpposed(one.index)) return [{ ...one, finding: 'contradiction' }];
    if (one.margin < 0 && !isTie(one.margin, noise)) return [{ ...one, finding: 'wrong' }];
    return isTie(one.margin, noise) ? [{ ...one, finding: 'tie' }] : [];
  });
  const rank = ({ finding }: DoubtfulLabel): number => (finding === 'tie' ? 1 : 0);
  return doubtful.toSorted((a, b) => rank(a) - rank(b) || a.margin - b.margin);
}

/** Names the labels to look at again, and says how many are wrong. @param margins as `nameDoubtful` takes them */
export function diagnoseLabels(pairs: readonly PreferencePair[], margins: readonly number[]): LabelDiagnosis {
  const noise = estimateNoise(margins);
  const opposed = new Set(findContradictions(pairs.map(pairTexts)));
  return { noise, doubtful: nameDoubtful(margins, noise, (index) => opposed.has(index)) };
}
