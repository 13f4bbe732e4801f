/**
 * @file Which pairs are trained on and which are kept for evaluation. A prompt's side follows from its text and the
 * seed alone: all pairs of a prompt are on one side, and editing or deleting others moves nothing. The share is met on
 * average.
 */
import { normalised, textOf } from './checks/text-of';
import type { PreferencePair } from './preference-pair';

export interface Split {
  /** The share of the prompts that is held out, between 0 and 1. */
  readonly evaluationShare: number;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
}

/** Hashes the text by FNV-1a from the seed on, then by murmur's finish, for its low bits are poor. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Tells whether a pair is held out. Prompts that differ in case and spaces alone are on one side. */
export function isEvaluation({ prompt }: PreferencePair, { evaluationShare, seed }: Split): boolean {
  return hash(normalised(textOf(prompt)), seed) / 2 ** 32 < evaluationShare;
}

/** Splits rows into those of training and those of evaluation, each in order. */
export function splitPairs<T extends { readonly pair: PreferencePair }>(
  rows: readonly T[],
  split: Split | null,
): { readonly train: readonly T[]; readonly evaluation: readonly T[] } {
  if (split === null) return { train: rows, evaluation: [] };
  return {
    train: rows.filter(({ pair }) => !isEvaluation(pair, split)),
    evaluation: rows.filter(({ pair }) => isEvaluation(pair, split)),
  };
}
