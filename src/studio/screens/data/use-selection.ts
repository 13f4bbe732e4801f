/** @file Which pairs of the table are selected: one by one, a range with Shift, or all that are shown. */
import { useCallback, useMemo, useState } from 'react';
import type { DatasetRow } from '../../../storage/records';

export interface Selection {
  /** Those of them that are still there. */
  readonly selected: ReadonlySet<DatasetRow>;
  /** Selects a row or takes it out again; with `isRange` all from the last one on. */
  readonly toggle: (index: number, isRange: boolean) => void;
  readonly replace: (rows: readonly DatasetRow[]) => void;
}

/** @param shown indices of the rows that are shown, in their order, which a range follows */
export function useSelection(rows: readonly DatasetRow[], shown: readonly number[]): Selection {
  const [state, setState] = useState<{ readonly chosen: ReadonlySet<DatasetRow>; readonly last: DatasetRow | null }>({
    chosen: new Set(),
    last: null,
  });
  const selected = useMemo(() => new Set(rows.filter((row) => state.chosen.has(row))), [rows, state.chosen]);
  const toggle = useCallback(
    (index: number, isRange: boolean) =>
      setState(({ chosen, last }) => {
        const row = rows[index];
        if (row === undefined) return { chosen, last };
        const [from, to] = [shown.findIndex((each) => rows[each] === last), shown.indexOf(index)];
        const range =
          isRange && from >= 0 && to >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [index];
        const after = new Set(chosen);
        for (const each of range.flatMap((at) => rows[at] ?? [])) {
          if (chosen.has(row)) after.delete(each);
          else after.add(each);
        }
        return { chosen: after, last: row };
      }),
    [rows, shown],
  );
  const replace = useCallback((chosen: readonly DatasetRow[]) => setState({ chosen: new Set(chosen), last: null }), []);
  return { selected, toggle, replace };
}
