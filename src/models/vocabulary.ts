/**
 * @file Tables of the vocabulary, [V, C]: the embedding and the output projection. Where one is larger than a device
 * takes at once, it is cut by rows into slices, each a tensor of its own; this module puts together what they give.
 */
import { UserError } from '../core/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { ModelConfig } from './architecture';
import { softcap } from './layers';
import type { Matrix } from './weights';

/** Number of rows in each slice; one slice is the whole table. */
export type VocabularySlices = readonly number[];

/**
 * Cuts the vocabulary into the fewest slices that fit the device, of nearly one size. Sizes count as float32, because
 * what is stored in fewer bits is widened for the backward pass.
 * @param tableBytes the most that a tensor may take; null where it may be of any size
 * @throws UserError where not even one row fits
 */
export function sliceVocabulary(
  { vocabularySize: V, hiddenSize: C }: ModelConfig,
  tableBytes: number | null,
): VocabularySlices {
  const rowBytes = 4 * C;
  if (tableBytes === null || V * rowBytes <= tableBytes) return [V];
  const most = Math.floor(tableBytes / rowBytes);
  if (most === 0) throw new UserError('embeddingRowTooLarge', { bytes: rowBytes, limit: tableBytes });
  const count = Math.ceil(V / most);
  return Array.from({ length: count }, (_, i) => Math.floor((V * (i + 1)) / count) - Math.floor((V * i) / count));
}

/** Names the inputs of a table's slices; a table of one slice has its own name. */
export function sliceNames(path: string, slices: VocabularySlices): string[] {
  return slices.length === 1 ? [path] : slices.map((_, i) => `${path}${i}`);
}

/** Emits which tokens lie in the slice that begins at `start`, and their rows in it; row 0 for the others. */
function locateTokens(g: Builder, tokens: Value, start: number, rows: number): { inside: Value; local: Value } {
  const zero = g.constant(0, [], 'int32');
  const shifted = g.sub(tokens, g.constant(start, [], 'int32'));
  const inside = g.and(
    g.greaterOrEqual(shifted, zero),
    g.not(g.greaterOrEqual(shifted, g.constant(rows, [], 'int32'))),
  );
  return { inside, local: g.where(inside, shifted, zero) };
}

function eachSlice<T>(tables: readonly Matrix[], visit: (table: Matrix, start: number, rows: number) => T): T[] {
  let start = 0;
  return tables.map((table) => {
    const result = visit(table, start, table.rows);
    start += table.rows;
    return result;
  });
}

/** Emits the table's rows, whole or in slices, at tokens [T]: [T, C]. */
export function lookUp(g: Builder, tables: readonly Matrix[], tokens: Value): Value {
  const [first, ...more] = tables as [Matrix, ...Matrix[]];
  if (more.length === 0) return first.gather(tokens);
  const T = tokens.shape[0] as number;
  const found = eachSlice(tables, (table, start, rows) => {
    const { inside, local } = locateTokens(g, tokens, start, rows);
    return { inside: g.reshape(inside, [T, 1]), embedded: table.gather(local) };
  });
  return found
    .slice(1)
    .reduce((x, { inside, embedded }) => g.where(inside, embedded, x), (found[0] as { embedded: Value }).embedded);
}

/** Emits the logits of one slice, x [M, C] to [M, rows]. */
const logitsOf = (g: Builder, table: Matrix, x: Value, cap: number | null): Value => softcap(g, table.product(x), cap);

/** Emits the logits of the whole vocabulary, x [M, C] to [M, V]. */
export function allLogits(g: Builder, tables: readonly Matrix[], x: Value, cap: number | null): Value {
  return g.concat(
    tables.map((table) => logitsOf(g, table, x, cap)),
    1,
  );
}

/**
 * What the head knows of each row after some slices, [M, 1] each: the log-sum-exp of the logits so far, and the
 * target's logit once its slice was met (0 before).
 */
export interface Scores {
  readonly sum: Value;
  readonly chosen: Value;
}

/** Stands for minus infinity, the log-sum-exp of no logits. */
export const emptySum = -1e30;

/**
 * Emits the log-sum-exp of twice the logits, [M, 1], with one slice taken in: the sum of squared probabilities is its
 * exponential over that of twice the logits' own log-sum-exp.
 */
export function addSquares(g: Builder, table: Matrix, { x, cap }: Pick<HeadRows, 'x' | 'cap'>, before: Value): Value {
  const doubled = g.mul(logitsOf(g, table, x, cap), g.constant(2));
  return g.reduceLogSumExp(g.concat([before, g.reduceLogSumExp(doubled, [1])], 1), [1]);
}

/** The head's input and what it is to predict. */
export interface HeadRows {
  /** Normed hidden states [M, C]. */
  readonly x: Value;
  /** Target tokens [M] as rows of the slice; those outside of it lie in other slices. */
  readonly targets: Value;
  /** Soft cap of the logits. */
  readonly cap: number | null;
}

/**
 * Emits the scores with one slice's logits taken in. Log-sum-exps are joined in the way they are made, so no
 * exponential leaves float32's range.
 */
export function addSlice(g: Builder, table: Matrix, { x, targets, cap }: HeadRows, before: Scores): Scores {
  const M = targets.shape[0] as number;
  const sum = g.reduceLogSumExp(g.concat([before.sum, g.reduceLogSumExp(logitsOf(g, table, x, cap), [1])], 1), [1]);
  const { inside, local } = locateTokens(g, targets, 0, table.rows);
  // A product with the target's row, whose gradient is that row: no scatter into the logits.
  const logit = softcap(g, g.reduceSum(g.mul(x, table.gather(local)), [1]), cap);
  return { sum, chosen: g.add(before.chosen, g.mul(logit, g.cast(g.reshape(inside, [M, 1]), 'float32'))) };
}
