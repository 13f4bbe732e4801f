/** @file Which of the model's layers are adapted: all, the first or last of them, or a list. Pure. */

export const layerChoices = ['all', 'first', 'last', 'listed'] as const;
export type LayerChoice = (typeof layerChoices)[number];

export type LayersProblem =
  /** No layer is named, or something else stands there. */
  | { readonly kind: 'syntax'; readonly given: string }
  | { readonly kind: 'beyond'; readonly layer: number; readonly last: number }
  | { readonly kind: 'many'; readonly count: number; readonly layers: number };

export interface ReadLayers {
  /** Indices from 0, ascending; null for every layer. */
  readonly indices: readonly number[] | null;
  readonly problem: LayersProblem | null;
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Reads "0-3, 8": indices and stretches of them; null where it is something else, or nothing. */
function parseList(text: string): readonly number[] | null {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '');
  const indices = new Set<number>();
  for (const part of parts) {
    const [, first, last = first] = /^(\d{1,5})(?:[-–](\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) return null;
    for (const index of range(Number(first), Number(last))) indices.add(index);
  }
  return indices.size === 0 ? null : [...indices].sort((a, b) => a - b);
}

/**
 * Reads the choice against a model of so many layers; null where none is open, and then only what is typed is read.
 * @param count how many are adapted where they are the first or the last ones
 */
export function readLayers(choice: LayerChoice, list: string, count: number, layers: number | null): ReadLayers {
  if (choice === 'all') return { indices: null, problem: null };
  if (choice === 'listed') {
    const indices = parseList(list);
    if (indices === null) return { indices: null, problem: { kind: 'syntax', given: list.trim() } };
    const beyond = indices.find((index) => layers !== null && index >= layers);
    if (layers === null || beyond === undefined) return { indices, problem: null };
    return { indices: null, problem: { kind: 'beyond', layer: beyond, last: layers - 1 } };
  }
  if (layers === null) return { indices: null, problem: null };
  if (count > layers) return { indices: null, problem: { kind: 'many', count, layers } };
  return { indices: choice === 'first' ? range(0, count - 1) : range(layers - count, layers - 1), problem: null };
}
