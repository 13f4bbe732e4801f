/**
 * @file Two tabs change the same list of rows: what a list read from storage has in common with the one known, and what
 * becomes of changes made on both sides. Rows are the same where they are the same object. Pure.
 */

/**
 * Returns `read` with those of its rows that say the same as a known one replaced by it, so that the same row stays the
 * same object.
 */
export function knownAgain<T>(known: readonly T[], read: readonly T[]): readonly T[] {
  const spare = new Map<string, T[]>();
  for (const row of known) {
    const key = JSON.stringify(row);
    const same = spare.get(key);
    if (same === undefined) spare.set(key, [row]);
    else same.push(row);
  }
  const rows = read.map((row) => spare.get(JSON.stringify(row))?.shift() ?? row);
  return rows.length === known.length && rows.every((row, i) => row === known[i]) ? known : rows;
}

/**
 * Returns `theirs` with what was removed and added on the way from `base` to `mine`. A new row follows the row that it
 * follows in `mine`, or the nearest one before that which is still there.
 */
export function mergeRows<T>(base: readonly T[], mine: readonly T[], theirs: readonly T[]): readonly T[] {
  if (mine === base) return theirs;
  const [had, has, given] = [new Set(base), new Set(mine), new Set(theirs)];
  const added = new Map<T | null, T[]>();
  let follows: T | null = null;
  for (const row of mine) {
    if (given.has(row)) follows = row;
    else if (!had.has(row)) {
      const list = added.get(follows) ?? [];
      list.push(row);
      added.set(follows, list);
    }
  }
  const isKept = (row: T) => has.has(row) || !had.has(row);
  return [
    ...(added.get(null) ?? []),
    ...theirs.flatMap((row) => [...(isKept(row) ? [row] : []), ...(added.get(row) ?? [])]),
  ];
}
