/**
 * @file Rows of a reward model: prompts and answers as they are packed for every method, of which one number an answer
 * is wanted, at its last token. Which token that is, transformers says: the last one that is no padding, and where a
 * tokenizer has no padding token of its own, TRL pads with the end-of-sequence token, which is then passed over.
 */
import type { EncodedPair } from '../text/encode-pair';
import type { Tokenizer } from '../text/tokenizer';
import { bucketLength, packRow, type PackedRow, type PromptedCompletions } from './packing';

/** The token that RewardTrainer (TRL 1.13) pads with; null where the tokenizer has neither. */
export const paddingOf = ({ padTokenId, eosTokenId }: Pick<Tokenizer, 'padTokenId' | 'eosTokenId'>): number | null =>
  padTokenId ?? eosTokenId;

/**
 * What a pair puts into a row of a reward model: of each answer the tokens up to the one whose hidden state is scored,
 * and one more, because the last token of a completion predicts nothing and so is not in the row.
 * @param padding the token that is passed over at the end of an answer
 */
export function scoredCompletions(
  { promptIds, chosenIds, rejectedIds }: Pick<EncodedPair, 'promptIds' | 'chosenIds' | 'rejectedIds'>,
  padding: number | null,
): PromptedCompletions {
  const completions = [chosenIds, rejectedIds].map((ids) => {
    // The first token of all stands where there is nothing else, as in transformers.
    const least = promptIds.length > 0 ? 0 : 1;
    const end = Math.max(least, ids.findLastIndex((id) => id !== padding) + 1);
    return [...ids.slice(0, end), 0];
  });
  return { promptIds, completions };
}

/** Packs items of `scoredCompletions`; each of their completions is one target, at the token that is scored. */
export function packScores(items: readonly PromptedCompletions[], roundUp = bucketLength): PackedRow {
  const row = packRow(items, roundUp);
  const places = row.segments.map(({ start, length }) => row.rows[start + length - 1] as number);
  return {
    ...row,
    rows: Int32Array.from(places),
    targets: new Int32Array(places.length),
    segments: row.segments.map(({ item, completion }, start) => ({ item, completion, start, length: 1 })),
  };
}
