/** @file Changes of the pairs by hand: edits, deletions, the split, and the pairs that judging makes. */
import { describeChange } from '../text/describe-dataset';
import { currentText } from '../text/text';
import type { ChangeRows, DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';
import { liveSets } from './dataset-sets';

type Editing = 'setSplit' | 'edit' | 'change' | 'add' | 'takeBack' | 'remove' | 'removeAll';

/** The rows without the last of a file's row; the very rows where it has none. */
function withoutRow<T extends { readonly file: string; readonly row: number }>(
  rows: readonly T[],
  { file, row }: { readonly file: string; readonly row: number },
): readonly T[] {
  const index = rows.findLastIndex((other) => other.file === file && other.row === row);
  return index < 0 ? rows : rows.toSpliced(index, 1);
}

/** What changes pairs one by one or all at once. */
export function editing(
  { getState: get, setState: set }: DatasetStore,
  { notices, storage }: DatasetDependencies,
  keepRows: KeepRows,
  changeRows: ChangeRows,
): Pick<DatasetState, Editing> {
  /** A pair that was made while another data set was open is taken out there. */
  async function takeBackElsewhere(row: { readonly file: string; readonly row: number }): Promise<void> {
    for (const { id } of liveSets(get().sets)) {
      if (id === get().openId) continue;
      const { value, stamp } = await storage.readDataset(id);
      const rows = withoutRow(value?.rows ?? [], row);
      if (value === null || rows === value.rows) continue;
      await storage.writeDataset({ ...value, rows }, stamp, id);
      return;
    }
  }

  return {
    async setSplit(split) {
      set({ split });
      await keepRows(get().rows);
    },

    async edit(row, pair) {
      const { rows } = get();
      const index = rows.indexOf(row);
      if (index < 0) return false;
      await get().change(rows.with(index, { ...row, pair }), { kind: 'edited', number: index + 1 });
      return true;
    },

    async change(rows, what) {
      const id = await changeRows(rows, what);
      notices.getState().tellDone(describeChange(what, currentText()), () => void get().undo(id));
    },

    add: (row) => keepRows([...get().rows, row]),

    async takeBack(row) {
      const rows = withoutRow(get().rows, row);
      if (rows !== get().rows) return keepRows(rows);
      await takeBackElsewhere(row).catch((error: unknown) => notices.getState().tellFailure(error));
    },

    async remove(index) {
      if (get().rows[index] === undefined) return;
      await get().change(get().rows.toSpliced(index, 1), { kind: 'deletedOne', number: index + 1 });
    },

    async removeAll() {
      set({ lastImport: null });
      await get().change([], { kind: 'deletedAll', number: get().rows.length });
    },
  };
}
