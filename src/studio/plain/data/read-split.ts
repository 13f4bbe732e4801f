/** @file The split form's two texts as a split, or which of them is wrong. */
import type { Split } from '../../../data/split';

export type ReadSplit =
  { readonly split: Split | null; readonly problem: null } | { readonly problem: 'share' | 'seed' };

const mostPercent = 90;

/** Reads the two fields as a split; 0 per cent is no split. */
export function readSplit({ percent, seed }: { readonly percent: string; readonly seed: string }): ReadSplit {
  const [share, number] = [Number(percent), Number(seed)];
  if (percent.trim() === '' || !(share >= 0 && share <= mostPercent)) return { problem: 'share' };
  if (seed.trim() === '' || !Number.isInteger(number) || number < 0 || number >= 2 ** 32) return { problem: 'seed' };
  return { split: share === 0 ? null : { evaluationShare: share / 100, seed: number }, problem: null };
}
