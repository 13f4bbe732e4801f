/**
 * @file Packs pairs into one row of T tokens: for each pair the prompt once, then its completions side by side, each
 * continuing the prompt's positions. No padding between them, no batch axis; T is rounded up to a bucket.
 * The last token of a completion is predicted but predicts nothing, so it is a target and not part of the row.
 * Neighbours with one prompt share it, and a completion that several of them have lies in the row once, so that all
 * pairs of N answers cost N completions and not N (N - 1).
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
  /** The prompt with its completions that each token belongs to, in order; -1 for padding. */
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

/** A prompt with completions that lie behind it side by side, each once: one `pair` of a row. */
interface Family {
  readonly promptIds: readonly number[];
  readonly completions: (readonly number[])[];
  /** Tokens that its completions take. */
  tokens: number;
}

/** A completion's family, and its place among that one's completions. */
interface Place {
  readonly family: number;
  readonly completion: number;
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a === b || (a.length === b.length && a.every((id, i) => id === b[i]));

const tokensOf = (completions: readonly (readonly number[])[]): number =>
  completions.reduce((sum, ids) => sum + Math.max(0, ids.length - 1), 0);

/**
 * How many tokens of completions share a prompt of so many tokens at least cost. Each copy of the prompt costs its
 * tokens L each, and every token a for each token of its family, so that the sum is least at sqrt(p (L / a + p)). For a
 * block of width C, L / a is 6 C; under the root it matters little that here it is 2,000 for all.
 */
const roomBehind = (prompt: number): number => Math.sqrt(prompt * (2000 + prompt));

/** How many of at most so many answers of a length share one copy of a prompt. */
export const answersBehind = (prompt: number, answer: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(roomBehind(prompt) / Math.max(1, answer - 1))));

/** Where the items of a row lie, while they are added in order. */
class RowLayout {
  readonly families: Family[] = [];
  /** Of each item's completions. */
  readonly places: (readonly Place[])[] = [];
  /** Tokens that the row takes. */
  used = 0;

  add({ promptIds, completions }: PromptedCompletions): void {
    const found = completions.map((ids) => this.#find(promptIds, ids));
    const more: (readonly number[])[] = [];
    completions.forEach((ids, i) => {
      if (!found[i] && !more.some((other) => isSame(other, ids))) more.push(ids);
    });
    if (more.length > 0 || completions.length === 0) this.#place(promptIds, more);
    this.places.push(completions.map((ids, i) => found[i] ?? (this.#find(promptIds, ids) as Place)));
  }

  /** Puts completions behind the last prompt where it is theirs and has room, and behind a copy of their own else. */
  #place(promptIds: readonly number[], completions: readonly (readonly number[])[]): void {
    const tokens = tokensOf(completions);
    const last = this.families.at(-1);
    if (last && isSame(last.promptIds, promptIds) && last.tokens + tokens <= roomBehind(promptIds.length)) {
      last.completions.push(...completions);
      last.tokens += tokens;
      this.used += tokens;
    } else {
      this.families.push({ promptIds, completions: [...completions], tokens });
      this.used += promptIds.length + tokens;
    }
  }

  /** Looks for a completion behind the last prompts, as long as they are this one. */
  #find(promptIds: readonly number[], ids: readonly number[]): Place | null {
    for (let family = this.families.length - 1; family >= 0; family--) {
      const { promptIds: theirs, completions } = this.families[family] as Family;
      if (!isSame(theirs, promptIds)) return null;
      const completion = completions.findIndex((other) => isSame(other, ids));
      if (completion >= 0) return { family, completion };
    }
    return null;
  }
}

function layOut(items: readonly PromptedCompletions[]): RowLayout {
  const layout = new RowLayout();
  for (const item of items) layout.add(item);
  return layout;
}

/** Counts the tokens that items take in a row of their own. */
export const packedLength = (...items: readonly PromptedCompletions[]): number => layOut(items).used;

/** Items in an order in which those of one prompt are neighbours, which then share it; the prompts' own order stays. */
export function gatherByPrompt<Item extends PromptedCompletions>(items: readonly Item[]): Item[] {
  const byPrompt = new Map<string, Item[]>();
  for (const item of items) {
    const key = item.promptIds.join();
    const gathered = byPrompt.get(key);
    if (gathered) gathered.push(item);
    else byPrompt.set(key, [item]);
  }
  return [...byPrompt.values()].flat();
}

/**
 * Counts the completion tokens that are scored: all of them, but without a prompt nothing predicts the first, which TRL
 * does not score either.
 */
export function countTargets({ promptIds, completions }: PromptedCompletions): number {
  return completions.reduce((sum, ids) => sum + Math.max(0, ids.length - (promptIds.length > 0 ? 0 : 1)), 0);
}

/**
 * Packs items into one row, in order, and says where each completion's log-probabilities will lie: where several items
 * have the same completion to the same prompt, their segments are one and the same stretch of targets.
 */
export function packRow(items: readonly PromptedCompletions[], roundUp = bucketLength): PackedRow {
  const { families, places, used } = layOut(items);
  const T = roundUp(used);
  const tokens = new Int32Array(T);
  const pair = new Int32Array(T).fill(-1);
  const branch = new Int32Array(T);
  const position = Int32Array.from({ length: T }, (_, t) => t);
  const rows: number[] = [];
  const targets: number[] = [];
  let cursor = 0;
  const place = (id: number, family: number, branchOf: number, at: number): void => {
    tokens[cursor] = id;
    pair[cursor] = family;
    branch[cursor] = branchOf;
    position[cursor++] = at;
  };
  const stretches = families.map(({ promptIds, completions }, family) => {
    promptIds.forEach((id, i) => place(id, family, 0, i));
    const lastPromptToken = cursor - 1;
    return completions.map((ids, completion) => {
      const start = targets.length;
      ids.forEach((id, i) => {
        if (i > 0 || promptIds.length > 0) {
          rows.push(i === 0 ? lastPromptToken : cursor - 1);
          targets.push(id);
        }
        if (i < ids.length - 1) place(id, family, completion + 1, promptIds.length + i);
      });
      return { start, length: targets.length - start };
    });
  });
  const segments = places.flatMap((ofItem, item) =>
    ofItem.map((at, completion): Segment => {
      const { start, length } = stretches[at.family]?.[at.completion] as Pick<Segment, 'start' | 'length'>;
      return { item, completion, start, length };
    }),
  );
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

/** Adds an item's weighted slopes to the seeds of its stretch of targets, which other items may share. */
export function addSlopes(
  seeds: Float64Array,
  { start }: Pick<Segment, 'start'>,
  weight: number,
  slopes: Float64Array,
): void {
  slopes.forEach((slope, i) => (seeds[start + i] = (seeds[start + i] as number) + weight * slope));
}

/** Neighbours with one prompt. */
function runsOfOnePrompt<Item extends PromptedCompletions>(items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last?.[0] && isSame(last[0].promptIds, item.promptIds)) last.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** Splits items into runs, in order, as long as they fit; a single item may be longer. */
function splitByLength<Item extends PromptedCompletions>(items: readonly Item[], capacity: number): Item[][] {
  const groups: Item[][] = [];
  let layout = new RowLayout();
  for (const item of items) {
    layout.add(item);
    const last = groups.at(-1);
    if (last && layout.used <= capacity) last.push(item);
    else {
      groups.push([item]);
      layout = layOut([item]);
    }
  }
  return groups;
}

/**
 * Splits items into rows, in order, none longer than `capacity` tokens unless a single item is. Neighbours with one
 * prompt stay together where a row can hold them, so that what they share is computed once.
 */
export function groupIntoRows<Item extends PromptedCompletions>(items: readonly Item[], capacity: number): Item[][] {
  const groups: Item[][] = [];
  let room = 0;
  for (const part of runsOfOnePrompt(items).flatMap((run) => splitByLength(run, capacity))) {
    const { used } = layOut(part);
    const last = groups.at(-1);
    if (last && used <= room) {
      for (const item of part) last.push(item);
      room -= used;
    } else {
      groups.push(part);
      room = capacity - used;
    }
  }
  return groups;
}
