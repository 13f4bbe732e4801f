/** @file What KTO estimates the divergence from the reference by: prompts with answers to other prompts. */
import type { EncodedPair } from '../text/encode-pair';
import type { PromptedCompletions } from './packing';

/** A prompt with the answer to another one, and which ones they are. */
export interface Mismatched extends PromptedCompletions {
  readonly key: string;
}

/**
 * The prompts of a micro-batch, each with the answer of the example before it: what KTO estimates the divergence by, in
 * the pairing of TRL 1.13's KTOTrainer.
 * @param limit tokens of prompt and answer, beyond which the answer is cut
 */
export function mismatch(indices: readonly number[], pairs: readonly EncodedPair[], limit: number): Mismatched[] {
  return indices.map((index, place) => {
    const other = indices.at(place - 1) as number;
    const { promptIds } = pairs[index] as EncodedPair;
    const { chosenIds, rejectedIds } = pairs[other] as EncodedPair;
    const ids = chosenIds.length > 0 ? chosenIds : rejectedIds;
    const completions = [ids.slice(0, Math.max(0, limit - promptIds.length))];
    return { key: `${index} ${other}`, promptIds, completions };
  });
}
