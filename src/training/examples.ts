/**
 * @file What a run takes its steps over: pairs, or for the methods of judged answers each answer for itself.
 */
import type { PreferencePair } from '../data/preference-pair';
import { chooseObjective } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import type { EncodedPair } from '../text/encode-pair';

/** How many pairs `unpair_preference_dataset` of TRL 1.13 takes apart at a time: datasets' default batch of a map. */
const chunk = 1000;

/** A pair's two answers; the one that is absent is empty. */
type Sides<K extends string> = Readonly<Record<K, string | readonly unknown[]>>;

/** @returns the pairs, each with one answer; `good` and `bad` are the keys under which a pair has its answers */
function takeApart<T extends Sides<K>, K extends string>(pairs: readonly T[], good: K, bad: K): readonly T[] {
  if (pairs.every((pair) => pair[good].length === 0 || pair[bad].length === 0)) return pairs;
  const only = (some: readonly T[], side: K, other: K): T[] =>
    some.filter((pair) => pair[side].length > 0).map((pair) => ({ ...pair, [other]: pair[other].slice(0, 0) }));
  const chunks = Array.from({ length: Math.ceil(pairs.length / chunk) }, (_, i) =>
    pairs.slice(i * chunk, (i + 1) * chunk),
  );
  return chunks.flatMap((some) => [...only(some, good, bad), ...only(some, bad, good)]);
}

/**
 * Each answer as a pair whose other side has no tokens. In the order of TRL's `unpair_preference_dataset`: of each
 * thousand pairs first the chosen answers, then the rejected ones. Answers that came alone stay in their order.
 */
export const unpair = (pairs: readonly EncodedPair[]): readonly EncodedPair[] =>
  takeApart(pairs, 'chosenIds', 'rejectedIds');

/** Which answers a run's pairs may lack, and how they are encoded, as `encodeDataset` takes it. */
export function encodingOf(config: RunConfig): {
  readonly mayLackRejected: boolean;
  readonly isOfSingles: boolean;
  readonly isScored: boolean;
} {
  const { usesRejected, isOfSingles = false, hasScoreHead = false } = chooseObjective(config).objective;
  return { mayLackRejected: !usesRejected, isOfSingles, isScored: hasScoreHead };
}

/** The examples of a run: its encoded pairs, or where answers stand for themselves, each of their answers. */
export const examplesOf = (config: RunConfig, pairs: readonly EncodedPair[]): readonly EncodedPair[] =>
  chooseObjective(config).objective.isOfSingles === true ? unpair(pairs) : pairs;

/** The texts of `examplesOf`, in the same order. */
export const textsOf = (config: RunConfig, pairs: readonly PreferencePair[]): readonly PreferencePair[] =>
  chooseObjective(config).objective.isOfSingles === true ? takeApart(pairs, 'chosen', 'rejected') : pairs;
