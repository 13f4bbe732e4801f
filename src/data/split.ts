/**
 * @file Which pairs are trained on and which are kept for evaluation. The prompts are drawn by lot, which follows from
 * a prompt's text and the seed alone, and exactly the share asked for is held out, to the nearest whole prompt. All
 * pairs of a prompt are on one side; editing or deleting others moves no prompt but those at the edge of the draw.
 * Prompts that a person moved are where they were put, and move no other one.
 */
import { normalised, textOf } from './checks/text-of';
import type { PreferencePair } from './preference-pair';
import { hashText, textKey } from './text-key';

export type Side = 'train' | 'evaluation';

/** Hashes of the prompts that a person has put on a side where the draw has not put them. */
export type MovedPrompts = Readonly<Record<Side, readonly string[]>>;

export interface Split {
  /** The share of the prompts that is drawn, from 0 to below 1. */
  readonly evaluationShare: number;
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  readonly moved?: MovedPrompts;
}

/** Tells whether a pair is held out. */
export type IsHeldOut = (pair: PreferencePair) => boolean;

interface WithPair {
  readonly pair: PreferencePair;
}

const promptOf = ({ prompt }: PreferencePair): string => normalised(textOf(prompt));

/** How many of so many prompts are held out: of two or more at least one on either side, else none. */
function countHeldOut(prompts: number, share: number): number {
  return share === 0 || prompts < 2 ? 0 : Math.min(prompts - 1, Math.max(1, Math.round(share * prompts)));
}

/** The different prompts of the rows; those that differ in case and spaces alone are one. */
const promptsOf = (rows: readonly WithPair[]): readonly string[] => [
  ...new Set(rows.map(({ pair }) => promptOf(pair))),
];

/** Draws the prompts that are held out, those with the lowest lots. */
function draw(prompts: readonly string[], { evaluationShare, seed }: Split): Set<string> {
  const lots = prompts.map((text) => ({ text, lot: hashText(text, seed) }));
  // Two texts of one lot keep an order of their own, whatever that of the rows.
  lots.sort((a, b) => a.lot - b.lot || (a.text < b.text ? -1 : 1));
  return new Set(lots.slice(0, countHeldOut(lots.length, evaluationShare)).map(({ text }) => text));
}

/** Draws the prompts of the rows that are held out, and puts those that were moved where they were put. */
export function heldOut(rows: readonly WithPair[], split: Split): IsHeldOut {
  const prompts = promptsOf(rows);
  const held = draw(prompts, split);
  const { moved } = split;
  if (moved !== undefined) {
    const [toTrain, toEvaluation] = [new Set(moved.train), new Set(moved.evaluation)];
    for (const text of prompts) {
      const key = textKey(text);
      if (toTrain.has(key)) held.delete(text);
      else if (toEvaluation.has(key)) held.add(text);
    }
  }
  return (pair) => held.has(promptOf(pair));
}

/** The split, or none where nothing is drawn and nothing was moved. */
export function splitOrNone(evaluationShare: number, seed: number, moved: MovedPrompts | undefined): Split | null {
  const isMoved = moved !== undefined && moved.train.length + moved.evaluation.length > 0;
  if (evaluationShare === 0 && !isMoved) return null;
  return { evaluationShare, seed, ...(isMoved && { moved }) };
}

/**
 * Puts the prompts of the chosen pairs on a side, with all pairs of these prompts.
 * @returns the split that does so; one that draws nothing where there was none
 */
export function withMoved(
  rows: readonly WithPair[],
  split: Split | null,
  chosen: readonly WithPair[],
  side: Side,
): Split | null {
  const { evaluationShare, seed, moved = { train: [], evaluation: [] } } = split ?? { evaluationShare: 0, seed: 1 };
  const drawn = draw(promptsOf(rows), { evaluationShare, seed });
  const lists = { train: new Set(moved.train), evaluation: new Set(moved.evaluation) };
  for (const text of promptsOf(chosen)) {
    const key = textKey(text);
    lists.train.delete(key);
    lists.evaluation.delete(key);
    if (drawn.has(text) !== (side === 'evaluation')) lists[side].add(key);
  }
  return splitOrNone(evaluationShare, seed, { train: [...lists.train], evaluation: [...lists.evaluation] });
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
