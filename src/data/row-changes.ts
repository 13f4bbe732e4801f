/**
 * @file One change of a list of rows as data that can be stored: what went and what came, each with its place. Undone
 * and done again in turn it gives the very lists back; out of turn mergeRows carries it over what came later. Pure.
 */
import { mergeRows } from './merge-rows';

export interface PlacedRow<T> {
  /** Index in the list that has the row. */
  readonly at: number;
  readonly row: T;
}

export interface RowChange<T> {
  /** Of the list before. */
  readonly removed: readonly PlacedRow<T>[];
  /** Of the list after. */
  readonly added: readonly PlacedRow<T>[];
}

/** What changed between two lists whose common rows are the same objects in the same order. */
export function changeBetween<T>(before: readonly T[], after: readonly T[]): RowChange<T> {
  const [had, has] = [new Set(before), new Set(after)];
  const missingIn = (rows: readonly T[], others: ReadonlySet<T>) =>
    rows.flatMap((row, at) => (others.has(row) ? [] : [{ at, row }]));
  return { removed: missingIn(before, has), added: missingIn(after, had) };
}

/** The change from after to before. */
export const reversed = <T>({ removed, added }: RowChange<T>): RowChange<T> => ({ removed: added, added: removed });

/** The indices of rows that say the same as the given ones: where those stood, or else the last that do. */
function findRows<T>(rows: readonly T[], placed: readonly PlacedRow<T>[]): ReadonlySet<number> {
  const found = new Set<number>();
  const moved: string[] = [];
  for (const { at, row } of placed) {
    const key = JSON.stringify(row);
    if (rows[at] === row || (at < rows.length && JSON.stringify(rows[at]) === key)) found.add(at);
    else moved.push(key);
  }
  if (moved.length === 0) return found;
  const places = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    if (found.has(index)) continue;
    const key = JSON.stringify(row);
    const same = places.get(key);
    if (same === undefined) places.set(key, [index]);
    else same.push(index);
  }
  for (const key of moved) {
    const index = places.get(key)?.pop();
    if (index !== undefined) found.add(index);
  }
  return found;
}

/** The list before the change, given the list after it. Rows are found by what they say. */
export function takeBack<T>(rows: readonly T[], { removed, added }: RowChange<T>): readonly T[] {
  const gone = findRows(rows, added);
  const kept = rows.filter((_, index) => !gone.has(index));
  const before: T[] = [];
  let next = 0;
  for (const { at, row } of removed) {
    while (before.length < at && next < kept.length) before.push(kept[next++] as T);
    before.push(row);
  }
  return [...before, ...kept.slice(next)];
}

/**
 * The rows without this change, and with all that came after it.
 * @param later the changes since, the oldest first
 */
export function takeBackBelow<T>(
  rows: readonly T[],
  change: RowChange<T>,
  later: readonly RowChange<T>[],
): readonly T[] {
  if (later.length === 0) return takeBack(rows, change);
  const after = later.reduceRight((then, each) => takeBack(then, each), rows);
  return mergeRows(after, takeBack(after, change), rows);
}
