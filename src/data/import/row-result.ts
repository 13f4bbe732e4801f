/** @file What one row of a file gives: pairs, a sentence why it gives none, or a tie, which is no fault. Types. */
import type { Message } from '../../messages/message';
import type { PairScores, PreferencePair } from '../preference-pair';

export interface MadePair {
  readonly pair: PreferencePair;
  /** Where the file has a score of each answer. */
  readonly scores: PairScores | null;
}

export type RowResult =
  | { readonly pairs: readonly MadePair[] }
  | { readonly problem: Message }
  /** Two answers of which none is better. */
  | { readonly isTie: true };
