/**
 * @file Which pairs are trained on and which are kept for evaluation. The prompts are drawn by lot, which follows from
 * a prompt's text and the seed alone, and exactly the share asked for is held out, to the nearest whole prompt. All
 * pairs of a prompt are on one side; editing or deleting others moves no prompt but those at the edge of the draw.
 */
import { normalised, textOf } from './checks/text-of';
import type { PreferencePair } from './preference-pair';

export interface Split {
  /** The share of the prompts that is held out, between 0 and 1. */
  readonly evaluationShare: number;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
}

/** Tells whether a pair is held out. */
export type IsHeldOut = (pair: PreferencePair) => boolean;

interface WithPair {
  readonly pair: PreferencePair;
}

/** Hashes the text by FNV-1a from the seed on, then by murmur's finish, for its low bits are poor. */
function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const promptOf = ({ prompt }: PreferencePair): string => normalised(textOf(prompt));

/** How many of so many prompts are held out: of two or more at least one on either side, else none. */
function countHeldOut(prompts: number, share: number): number {
  return prompts < 2 ? 0 : Math.min(prompts - 1, Math.max(1, Math.round(share * prompts)));
}

/**
 * Draws the prompts of the rows that are held out, those with the lowest lots. Prompts that differ in case and spaces
 * alone are one.
 */
export function heldOut(rows: readonly WithPair[], { evaluationShare, seed }: Split): IsHeldOut {
  const lots = [...new Set(rows.map(({ pair }) => promptOf(pair)))].map((text) => ({ text, lot: hash(text, seed) }));
  // Two texts of one lot keep an order of their own, whatever that of the rows.
  lots.sort((a, b) => a.lot - b.lot || (a.text < b.text ? -1 : 1));
  const held = new Set(lots.slice(0, countHeldOut(lots.length, evaluationShare)).map(({ text }) => text));
  return (pair) => held.has(promptOf(pair));
}

/** Splits rows into those of training and those of evaluation, each in order. */
export function splitPairs<T extends WithPair>(
  rows: readonly T[],
  split: Split | null,
): { readonly train: readonly T[]; readonly evaluation: readonly T[] } {
  if (split === null) return { train: rows, evaluation: [] };
  const isHeldOut = heldOut(rows, split);
  return {
    train: rows.filter(({ pair }) => !isHeldOut(pair)),
    evaluation: rows.filter(({ pair }) => isHeldOut(pair)),
  };
}
