/**
 * @file What a run takes its steps over: pairs, or for the methods of judged answers each answer for itself.
 */
import { chooseObjective } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import type { EncodedPair } from '../text/encode-pair';

/** How many pairs `unpair_preference_dataset` of TRL 1.13 takes apart at a time: datasets' default batch of a map. */
const chunk = 1000;

/**
 * Each answer as a pair whose other side has no tokens. In the order of TRL's `unpair_preference_dataset`: of each
 * thousand pairs first the chosen answers, then the rejected ones. Answers that came alone stay in their order.
 */
export function unpair(pairs: readonly EncodedPair[]): readonly EncodedPair[] {
  if (pairs.every(({ chosenIds, rejectedIds }) => chosenIds.length === 0 || rejectedIds.length === 0)) return pairs;
  const chunks = Array.from({ length: Math.ceil(pairs.length / chunk) }, (_, i) =>
    pairs.slice(i * chunk, (i + 1) * chunk),
  );
  return chunks.flatMap((some) => [
    ...some.filter(({ chosenIds }) => chosenIds.length > 0).map((pair) => ({ ...pair, rejectedIds: [] })),
    ...some.filter(({ rejectedIds }) => rejectedIds.length > 0).map((pair) => ({ ...pair, chosenIds: [] })),
  ]);
}

/** Which answers a run's pairs may lack, as `encodeDataset` takes it. */
export function encodingOf(config: RunConfig): { readonly mayLackRejected: boolean; readonly isOfSingles: boolean } {
  const { usesRejected, isOfSingles = false } = chooseObjective(config).objective;
  return { mayLackRejected: !usesRejected, isOfSingles };
}

/** The examples of a run: its encoded pairs, or where answers stand for themselves, each of their answers. */
export const examplesOf = (config: RunConfig, pairs: readonly EncodedPair[]): readonly EncodedPair[] =>
  chooseObjective(config).objective.isOfSingles === true ? unpair(pairs) : pairs;
