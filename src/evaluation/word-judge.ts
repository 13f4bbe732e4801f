/**
 * @file A judge of labels that knows words alone: a Bradley-Terry model whose reward is a sum over the words, and the
 * neighbouring two, of an answer. It needs no language model and takes seconds, and where answers are told apart by
 * their wording it is right more often than a run on as many pairs. A pair is judged by a fit that has not seen its
 * prompt (ten parts, each judged by the other nine); how strongly weights are held near 0 is chosen by how likely the
 * fits find the labels that they have not seen, so by the labels as they are, wrong ones among them.
 */
import { breathe } from '../core/breathe';
import { throwIfAborted, UserError } from '../core/errors';
import { logistic, negativeLogLogistic } from '../core/logistic';
import { Random } from '../core/random';
import { sumOf } from '../core/statistics';
import { normalised, textOf } from '../data/checks/text-of';
import type { PreferencePair } from '../data/preference-pair';

/** What a pair weighs in: for each word (an index) its share in the chosen answer less that in the rejected one. */
interface SparseRow {
  readonly words: Int32Array;
  readonly values: Float64Array;
}

const parts = 10;
/** The fewest prompts that say anything. */
const fewestPrompts = 20;
/** How strongly weights are held near 0, as shares of the rows' mean square, the strongest first. */
const penalties = [1e-3, 3e-4, 1e-4, 3e-5];
const iterations = 100;

/** Words in any script, marks one by one; Chinese and Japanese, which have no spaces, character by character. */
const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}_]+|[^\s]/gu;

function termsOf(text: string): readonly string[] {
  const words = normalised(text).match(wordPattern) ?? [];
  return [...words, ...words.slice(1).map((word, index) => `${words[index] as string} ${word}`)];
}

/** Counts over the root of the length, so that long answers do not win by it. Words of a single pair are left out. */
function readRows(pairs: readonly PreferencePair[]): { readonly rows: readonly SparseRow[]; readonly words: number } {
  const weighed = pairs.map((pair) => {
    const terms = new Map<string, number>();
    for (const [side, sign] of [
      ['chosen', 1],
      ['rejected', -1],
    ] as const) {
      const found = termsOf(textOf(pair[side]));
      const weight = sign / Math.sqrt(found.length + 1);
      for (const term of found) terms.set(term, (terms.get(term) ?? 0) + weight);
    }
    return terms;
  });
  const seen = new Map<string, number>();
  for (const terms of weighed) for (const term of terms.keys()) seen.set(term, (seen.get(term) ?? 0) + 1);
  const known = [...seen].flatMap(([term, count]) => (count > 1 ? [term] : []));
  const places = new Map(known.map((term, index) => [term, index]));
  const rows = weighed.map((terms) => {
    const kept = [...terms].filter(([term]) => places.has(term));
    return {
      words: Int32Array.from(kept, ([term]) => places.get(term) as number),
      values: Float64Array.from(kept, ([, value]) => value),
    };
  });
  return { rows, words: known.length };
}

function marginOf({ words, values }: SparseRow, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum += (values[i] as number) * (weights[words[i] as number] as number);
  return sum;
}

const squareOf = ({ values }: SparseRow): number => sumOf(values.map((value) => value * value));

/**
 * Goes on from `start` towards the weights with the least mean -log logistic(margin) + penalty |weights|², by
 * Nesterov's method for strongly convex functions.
 */
function fit(rows: readonly SparseRow[], start: Float64Array, penalty: number): Float64Array {
  const steepest = 0.25 * (sumOf(rows.map(squareOf)) / rows.length) + 2 * penalty;
  const root = Math.sqrt((2 * penalty) / steepest);
  const momentum = (1 - root) / (1 + root);
  let weights = start;
  let ahead = Float64Array.from(start);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gradient = ahead.map((weight) => 2 * penalty * weight);
    for (const row of rows) {
      const slope = -logistic(-marginOf(row, ahead)) / rows.length;
      for (let i = 0; i < row.words.length; i++) {
        const word = row.words[i] as number;
        gradient[word] = (gradient[word] as number) + slope * (row.values[i] as number);
      }
    }
    const next = ahead.map((weight, word) => weight - (gradient[word] as number) / steepest);
    const before = weights;
    ahead = next.map((weight, word) => weight + momentum * (weight - (before[word] as number)));
    weights = next;
  }
  return weights;
}

/** The part of each pair; pairs of one prompt are in the same. @returns null where the prompts are too few */
function partsOf(pairs: readonly PreferencePair[]): readonly number[] | null {
  const prompts = pairs.map(({ prompt }) => normalised(textOf(prompt)));
  const different = new Random(1).shuffled([...new Set(prompts)].sort());
  const places = new Map(different.map((prompt, index) => [prompt, index % parts]));
  return different.length < fewestPrompts ? null : prompts.map((prompt) => places.get(prompt) as number);
}

export interface WordJudgeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (share: number) => void;
}

/**
 * The margin of every pair by the words of its answers, by a fit that has not seen its prompt: above 0 where it agrees
 * with the label.
 * @throws UserError where there are too few different prompts; AbortError
 */
export async function wordMargins(
  pairs: readonly PreferencePair[],
  { signal, onProgress }: WordJudgeOptions = {},
): Promise<readonly number[]> {
  const partOf = partsOf(pairs);
  if (partOf === null) throw new UserError('wordJudgeTooFew', { count: pairs.length, wanted: fewestPrompts });
  const { rows, words } = readRows(pairs);
  const scale = sumOf(rows.map(squareOf)) / rows.length;
  const margins = penalties.map(() => new Array<number>(pairs.length).fill(0));
  // Where no word stands in two pairs, or all answers are the same, nothing can be told.
  if (scale === 0) return margins[0] as readonly number[];
  for (let part = 0; part < parts; part++) {
    const learned = rows.filter((_, index) => partOf[index] !== part);
    let weights = new Float64Array(words);
    for (const [which, penalty] of penalties.entries()) {
      await breathe();
      throwIfAborted(signal);
      onProgress?.((part + which / penalties.length) / parts);
      weights = Float64Array.from(fit(learned, weights, penalty * scale));
      for (const [index, row] of rows.entries())
        if (partOf[index] === part) (margins[which] as number[])[index] = marginOf(row, weights);
    }
  }
  const losses = margins.map((each) => sumOf(each.map(negativeLogLogistic)));
  return margins[losses.indexOf(Math.min(...losses))] as readonly number[];
}
