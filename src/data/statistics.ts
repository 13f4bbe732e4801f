/**
 * @file What a user should know about a set of pairs before training: how many, how long, and whether length alone
 * gives the answer away. Lengths are in characters (code points); token counts need a tokenizer and are src/text/'s.
 */
import { hasAnswer, isChatPair, type ChatMessage, type PreferencePair } from './preference-pair';

/** Lengths in characters; all are 0 for no pairs. */
export interface LengthSummary {
  readonly mean: number;
  readonly median: number;
  readonly max: number;
}

export interface PairStatistics {
  readonly pairs: number;
  readonly textPairs: number;
  readonly chatPairs: number;
  /** Number of pairs with the same prompt, chosen and rejected as an earlier one. */
  readonly duplicates: number;
  readonly prompt: LengthSummary;
  readonly chosen: LengthSummary;
  readonly rejected: LengthSummary;
  /** Number of pairs whose chosen completion is the longer one. */
  readonly chosenLonger: number;
  readonly rejectedLonger: number;
  /**
   * Share of the pairs of unequal lengths in which the longer completion is the chosen one; null without such pairs.
   * Far from 0.5, a model can win by length alone ("length confound").
   */
  readonly longerIsChosen: number | null;
}

function charactersIn(text: string | readonly ChatMessage[]): number {
  if (typeof text === 'string') return Array.from(text).length;
  return text.reduce((sum, { content }) => sum + Array.from(content).length, 0);
}

function summarize(lengths: readonly number[]): LengthSummary {
  const sorted = [...lengths].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 0;
  const high = sorted[Math.floor(middle)] ?? 0;
  const sum = sorted.reduce((total, length) => total + length, 0);
  return { mean: sorted.length === 0 ? 0 : sum / sorted.length, median: (low + high) / 2, max: sorted.at(-1) ?? 0 };
}

/** Counts and measures the pairs in one pass over the text. */
export function computeStatistics(pairs: readonly PreferencePair[]): PairStatistics {
  const chosen = pairs.map((pair) => charactersIn(pair.chosen));
  const rejected = pairs.map((pair) => charactersIn(pair.rejected));
  // Where an answer is absent there is nothing to compare.
  const both = pairs.map((pair) => hasAnswer(pair, 'chosen') && hasAnswer(pair, 'rejected'));
  const chosenLonger = chosen.filter((length, i) => both[i] === true && length > (rejected[i] ?? 0)).length;
  const rejectedLonger = chosen.filter((length, i) => both[i] === true && length < (rejected[i] ?? 0)).length;
  const unequal = chosenLonger + rejectedLonger;
  const chatPairs = pairs.filter(isChatPair).length;
  const distinct = new Set(pairs.map(({ prompt, chosen, rejected }) => JSON.stringify([prompt, chosen, rejected])));
  return {
    pairs: pairs.length,
    textPairs: pairs.length - chatPairs,
    chatPairs,
    duplicates: pairs.length - distinct.size,
    prompt: summarize(pairs.map((pair) => charactersIn(pair.prompt))),
    chosen: summarize(chosen),
    rejected: summarize(rejected),
    chosenLonger,
    rejectedLonger,
    longerIsChosen: unequal === 0 ? null : chosenLonger / unequal,
  };
}
