/**
 * @file Packs pairs into one row of T tokens: for each pair the prompt once, then its completions side by side, each
 * continuing the prompt's positions. No padding between them, no batch axis; T is rounded up to a bucket.
 * The last token of a completion is predicted but predicts nothing, so it is a target and not part of the row.
 */
import type { AttentionPiece } from '../models/layers';
import { attentionPieces, mostPieces } from '../models/layers';
import type { EncodedPair } from '../text/encode-pair';

/** Tokens that a row takes on WASM, and wherever no other capacity is asked for. */
export const shortRowCapacity = 512;

/** A prompt and the completions that share it (chosen and rejected, or chosen alone). */
export interface PromptedCompletions {
  readonly promptIds: readonly number[];
  readonly completions: readonly (readonly number[])[];
}

/** Where one completion's log-probabilities lie among the row's targets. */
export interface Segment {
  /** The item's place in the list that was packed. */
  readonly item: number;
  readonly completion: number;
  readonly start: number;
  readonly length: number;
}

export interface PackedRow {
  /** Length of the row, a bucket; tokens from `used` on are padding that sees only itself. */
  readonly T: number;
  readonly used: number;
  readonly tokens: Int32Array;
  /** The pair that each token belongs to; -1 for padding. */
  readonly pair: Int32Array;
  /** The part that each token belongs to: 0 the prompt, 1, 2, ... its completions. */
  readonly branch: Int32Array;
  readonly position: Int32Array;
  /** For each target token the place in the row whose output predicts it. */
  readonly rows: Int32Array;
  readonly targets: Int32Array;
  readonly segments: readonly Segment[];
}

/**
 * Rounds a row's length up so that little is padding and few lengths exist: to multiples of 16, and beyond 512 to those
 * of a 32nd of the power of two below. 1,100 tokens, for example, take 1,120.
 */
export function bucketLength(tokens: number): number {
  const step = Math.max(16, 2 ** Math.floor(Math.log2(Math.max(1, tokens - 1))) / 32);
  return Math.max(16, Math.ceil(tokens / step) * step);
}

/**
 * Rounds as `bucketLength` does, but to an eighth of the power of two below, and 64 at least: for kernels of our own,
 * which have buffers and recorded lists for each length. 1,100 tokens take 1,152.
 */
export function coarseBucketLength(tokens: number): number {
  const step = Math.max(64, 2 ** Math.floor(Math.log2(Math.max(1, tokens - 1))) / 8);
  return Math.max(64, Math.ceil(tokens / step) * step);
}

/** Returns what a pair puts into a row: its prompt once, and `rejected` only where the objective uses it. */
export function completionsOf(pair: EncodedPair, { usesRejected } = { usesRejected: true }): PromptedCompletions {
  const completions = usesRejected ? [pair.chosenIds, pair.rejectedIds] : [pair.chosenIds];
  return { promptIds: pair.promptIds, completions };
}

/** Counts the tokens that one item takes in a row. */
export function packedLength({ promptIds, completions }: PromptedCompletions): number {
  return completions.reduce((sum, ids) => sum + Math.max(0, ids.length - 1), promptIds.length);
}

/**
 * Counts the completion tokens that are scored: all of them, but without a prompt nothing predicts the first, which TRL
 * does not score either.
 */
export function countTargets({ promptIds, completions }: PromptedCompletions): number {
  return completions.reduce((sum, ids) => sum + Math.max(0, ids.length - (promptIds.length > 0 ? 0 : 1)), 0);
}

/** Packs items into one row, in order, and says where each completion's log-probabilities will lie. */
export function packRow(items: readonly PromptedCompletions[], roundUp = bucketLength): PackedRow {
  const used = items.reduce((sum, item) => sum + packedLength(item), 0);
  const T = roundUp(used);
  const tokens = new Int32Array(T);
  const pair = new Int32Array(T).fill(-1);
  const branch = new Int32Array(T);
  const position = Int32Array.from({ length: T }, (_, t) => t);
  const rows: number[] = [];
  const targets: number[] = [];
  const segments: Segment[] = [];
  let cursor = 0;
  const place = (id: number, item: number, branchOf: number, at: number): void => {
    tokens[cursor] = id;
    pair[cursor] = item;
    branch[cursor] = branchOf;
    position[cursor++] = at;
  };
  items.forEach(({ promptIds, completions }, item) => {
    promptIds.forEach((id, i) => place(id, item, 0, i));
    const lastPromptToken = cursor - 1;
    completions.forEach((ids, completion) => {
      const start = targets.length;
      ids.forEach((id, i) => {
        if (i > 0 || promptIds.length > 0) {
          rows.push(i === 0 ? lastPromptToken : cursor - 1);
          targets.push(id);
        }
        if (i < ids.length - 1) place(id, item, completion + 1, promptIds.length + i);
      });
      segments.push({ item, completion, start, length: targets.length - start });
    });
  });
  return {
    T,
    used,
    tokens,
    pair,
    branch,
    position,
    rows: Int32Array.from(rows),
    targets: Int32Array.from(targets),
    segments,
  };
}

/** Cuts the row's attention into pieces, none of which reaches back behind the pair that its first query belongs to. */
export function piecesOf({ T, pair }: PackedRow, device: keyof typeof mostPieces): readonly AttentionPiece[] {
  return attentionPieces(T, mostPieces[device], (from) => pair.indexOf(pair[from] as number));
}

/**
 * Tells attention's operator where each token stands: its pair, branch and position, and the place of its pair's first
 * token; [T, 4], row-major.
 */
export function rowPlaces({ T, pair, branch, position }: PackedRow): Int32Array {
  const places = new Int32Array(4 * T);
  for (let t = 0; t < T; t++) {
    const first = t > 0 && pair[t] === pair[t - 1] ? (places[4 * t - 1] as number) : t;
    places.set([pair[t] as number, branch[t] as number, position[t] as number, first], 4 * t);
  }
  return places;
}

/** Finds, for each token of a row, the tokens of the longest sequence of its pair; padding belongs to none. */
export function sequenceLengths({ T, pair, position, used }: PackedRow): Int32Array {
  const longest = new Map<number, number>();
  // The last token of a completion is not in the row: a sequence is one longer than its last position tells.
  for (let t = 0; t < used; t++)
    longest.set(pair[t] as number, Math.max(longest.get(pair[t] as number) ?? 0, (position[t] as number) + 2));
  return Int32Array.from({ length: T }, (_, t) => longest.get(pair[t] as number) ?? 0);
}

/** Splits items into runs, in order, none longer than `capacity` tokens unless a single item is. */
export function groupIntoRows<Item extends PromptedCompletions>(items: readonly Item[], capacity: number): Item[][] {
  const groups: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const length = packedLength(item);
    const last = groups.at(-1);
    if (last && length <= room) {
      last.push(item);
      room -= length;
    } else {
      groups.push([item]);
      room = capacity - length;
    }
  }
  return groups;
}
