/**
 * @file Which labels of a data set are to be looked at again: what a judge thinks of them, by the pairs as they stand.
 * What was judged and what a person decided lie under keys of the texts, so that both outlive edits and undos. Pure.
 */
import { keyOf, pairTexts } from '../../../data/checks/contradictions';
import { hasAnswer, type PairScores, type PreferencePair } from '../../../data/preference-pair';
import { textKey } from '../../../data/text-key';
import {
  nameDoubtful,
  type DoubtfulLabel,
  type LabelFinding,
  type NoiseEstimate,
} from '../../../evaluation/label-doctor';
import type { JudgedLabels, LabelReview } from '../../../storage/label-review-record';
import type { DatasetRow } from '../../../storage/records';

export const labelFindings: readonly LabelFinding[] = ['wrong', 'contradiction', 'tie'];

export const noReview: LabelReview = { judged: null, confirmed: [] };

/** A pair whatever its label is, and which of its answers is the chosen one in the order of their texts. */
interface PlacedPair {
  readonly key: string;
  readonly isFirstChosen: boolean;
  /** Whether the answers are the same words, in whatever case and with whatever spaces. */
  readonly areSame: boolean;
}

/** Pairs stay the same objects while others change; ten thousand of them would be read anew at each decision. */
const known = new WeakMap<PreferencePair, PlacedPair>();

function placed(pair: PreferencePair): PlacedPair {
  const found = known.get(pair) ?? place(pair);
  known.set(pair, found);
  return found;
}

function place(pair: PreferencePair): PlacedPair {
  const { prompt, chosen, rejected } = pairTexts(pair);
  const isFirstChosen = chosen <= rejected;
  const answers = isFirstChosen ? [chosen, rejected] : [rejected, chosen];
  return { key: textKey(keyOf(prompt, ...answers)), isFirstChosen, areSame: chosen === rejected };
}

/** Stands for a pair with its label. */
export function labelKey(pair: PreferencePair): string {
  const { key, isFirstChosen } = placed(pair);
  return `${key}${isFirstChosen ? '+' : '-'}`;
}

/** The other label of the same two answers. */
const otherLabel = (label: string): string => `${label.slice(0, -1)}${label.endsWith('+') ? '-' : '+'}`;

/** Only a pair of two different answers has a label that can be wrong. */
export const hasLabel = (pair: PreferencePair): boolean =>
  hasAnswer(pair, 'chosen') && hasAnswer(pair, 'rejected') && !placed(pair).areSame;

export interface Judgement extends Pick<JudgedLabels, 'by' | 'at'> {
  readonly model?: string;
  readonly run?: string;
  readonly noise: NoiseEstimate;
}

/** What is kept of a judgement. @param margins of each pair, above 0 where the judge agrees with its label */
export function keepJudgement(
  { noise: { share, low, high, scale }, ...judge }: Judgement,
  pairs: readonly PreferencePair[],
  margins: readonly number[],
): JudgedLabels {
  const found = new Map<string, number>();
  for (const [index, pair] of pairs.entries()) {
    const { key, isFirstChosen } = placed(pair);
    const margin = margins[index] as number;
    found.set(key, isFirstChosen ? margin : -margin);
  }
  return {
    ...judge,
    noise: { share, low, high, scale },
    pairs: pairs.length,
    margins: Array.from(found, ([key, margin]) => ({ key, margin })),
    labels: [...new Set(pairs.map(labelKey))],
  };
}

/** A label to look at, with the place of its pair among the rows. */
export interface DoubtedRow extends DoubtfulLabel {
  readonly label: string;
}

export interface ReviewList {
  /** What is still to be looked at, the most doubtful first. */
  readonly open: Readonly<Record<LabelFinding, readonly DoubtedRow[]>>;
  /** How many labels a person has let stand. */
  readonly confirmed: number;
  /** Pairs of two answers that came or were changed since the labels were judged. */
  readonly unjudged: number;
  /** Labels that were judged and are no longer there: turned round, edited or deleted. */
  readonly gone: number;
}

/** What the judgement says of the rows as they stand. */
export function listDoubtful(
  rows: readonly Pick<DatasetRow, 'pair'>[],
  judged: JudgedLabels,
): { readonly doubtful: readonly DoubtedRow[]; readonly unjudged: number; readonly gone: number } {
  const margins = new Map(judged.margins.map(({ key, margin }) => [key, margin]));
  const labelled = rows.flatMap(({ pair }, index) => {
    if (!hasLabel(pair)) return [];
    const { key, isFirstChosen } = placed(pair);
    const margin = margins.get(key);
    return [{ index, label: labelKey(pair), margin: margin === undefined || isFirstChosen ? margin : -margin }];
  });
  const there = new Set(labelled.map(({ label }) => label));
  const known = labelled.flatMap(({ margin, ...one }) => (margin === undefined ? [] : [{ ...one, margin }]));
  const found = nameDoubtful(
    known.map(({ margin }) => margin),
    judged.noise,
    (at) => there.has(otherLabel(known[at]?.label ?? '')),
  );
  return {
    doubtful: found.flatMap((one) => {
      const at = known[one.index];
      return at === undefined ? [] : [{ ...one, index: at.index, label: at.label }];
    }),
    unjudged: labelled.length - known.length,
    gone: new Set(judged.labels.filter((label) => !there.has(label))).size,
  };
}

/** What a person has still to look at. */
export function listOpen(
  { doubtful, unjudged, gone }: ReturnType<typeof listDoubtful>,
  confirmed: readonly string[],
): ReviewList {
  const decided = new Set(confirmed);
  const open = { wrong: [], contradiction: [], tie: [] } as Record<LabelFinding, DoubtedRow[]>;
  for (const one of doubtful) if (!decided.has(one.label)) open[one.finding].push(one);
  return { open, confirmed: decided.size, unjudged, gone };
}

/** The review with a label let stand. */
export const withConfirmed = (review: LabelReview, label: string): LabelReview =>
  review.confirmed.includes(label) ? review : { ...review, confirmed: [...review.confirmed, label] };

/** The review once a person has turned a label round: the other one stands. */
export const withTurned = (review: LabelReview, label: string): LabelReview =>
  withConfirmed(withoutConfirmed(review, label), otherLabel(label));

/** The review with a pair's two labels settled as they were before; what became of other pairs stays. */
export function withSettled(review: LabelReview, label: string, before: LabelReview['confirmed']): LabelReview {
  const own = [label, otherLabel(label)];
  const others = review.confirmed.filter((each) => !own.includes(each));
  return { ...review, confirmed: [...others, ...own.filter((each) => before.includes(each))] };
}

export const withoutConfirmed = (review: LabelReview, label: string): LabelReview => ({
  ...review,
  confirmed: review.confirmed.filter((each) => each !== label),
});

/** A pair the other way round; its scores stay with the answers that they were given to, and a
 * margin falls away. */
export function turnedRound<R extends { readonly pair: PreferencePair; readonly scores?: PairScores }>(row: R): R {
  const { pair, scores } = row;
  return {
    ...row,
    pair: { ...pair, chosen: pair.rejected, rejected: pair.chosen, margin: undefined } as PreferencePair,
    ...(scores && { scores: { chosen: scores.rejected, rejected: scores.chosen } }),
  };
}

/** The review with what was changed on the way from `base` to `mine`, put into what another tab wrote. */
export function mergeReviews(base: LabelReview, mine: LabelReview, theirs: LabelReview): LabelReview {
  const [was, is] = [new Set(base.confirmed), new Set(mine.confirmed)];
  const kept = theirs.confirmed.filter((label) => is.has(label) || !was.has(label));
  const added = mine.confirmed.filter((label) => !was.has(label) && !kept.includes(label));
  const isSame = added.length === 0 && kept.length === theirs.confirmed.length;
  const judged = mine.judged === base.judged ? theirs.judged : mine.judged;
  return judged === theirs.judged && isSame ? theirs : { ...theirs, judged, confirmed: [...kept, ...added] };
}

/** What `label_smoothing` an estimate comes to, as the field takes it; null where there is nothing to allow for. */
export function smoothingOf({ share }: Pick<NoiseEstimate, 'share'>): string | null {
  const rounded = Math.min(0.49, Math.round(share * 100) / 100);
  return rounded <= 0 ? null : String(rounded);
}
