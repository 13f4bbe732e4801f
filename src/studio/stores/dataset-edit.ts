/** @file Changes of the pairs by hand: edits, deletions, the split, and the pairs that judging makes. */
import type { DatasetRow } from '../../storage/records';
import { currentText } from '../text/text';
import type { DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';

/** `before` again, without what was deleted since and with what was added since. */
export function undoChange(
  before: readonly DatasetRow[],
  after: readonly DatasetRow[],
  current: readonly DatasetRow[],
): DatasetRow[] {
  const [had, made, has] = [new Set(before), new Set(after), new Set(current)];
  return [
    ...before.filter((row) => has.has(row) || !made.has(row)),
    ...current.filter((row) => !had.has(row) && !made.has(row)),
  ];
}

type Editing = 'setSplit' | 'edit' | 'change' | 'add' | 'takeBack' | 'remove' | 'removeAll';

/** What changes pairs one by one or all at once. */
export function editing(
  { getState: get, setState: set }: DatasetStore,
  { notices }: DatasetDependencies,
  keepRows: KeepRows,
): Pick<DatasetState, Editing> {
  return {
    async setSplit(split) {
      set({ split });
      await keepRows(get().rows);
    },

    async edit(row, pair) {
      const { rows } = get();
      const index = rows.indexOf(row);
      if (index < 0) return false;
      await get().change(rows.with(index, { ...row, pair }), currentText().data.edited(index + 1));
      return true;
    },

    async change(rows, sentence) {
      const before = get().rows;
      await keepRows(rows);
      notices.getState().tellDone(sentence, () => void keepRows(undoChange(before, rows, get().rows)));
    },

    add: (row) => keepRows([...get().rows, row]),

    async takeBack({ file, row }) {
      const index = get().rows.findLastIndex((other) => other.file === file && other.row === row);
      if (index >= 0) await keepRows(get().rows.toSpliced(index, 1));
    },

    async remove(index) {
      const removed = get().rows[index];
      if (removed === undefined) return;
      await keepRows(get().rows.toSpliced(index, 1));
      notices.getState().tellDone(currentText().data.deletedOne(index + 1), () => {
        const { rows } = get();
        void keepRows(rows.toSpliced(Math.min(index, rows.length), 0, removed));
      });
    },

    async removeAll() {
      const removed = get().rows;
      set({ lastImport: null });
      await keepRows([]);
      // Pairs imported since stay; the old ones come back before them.
      const undo = () => void keepRows([...removed, ...get().rows]);
      notices.getState().tellDone(currentText().data.deleted(removed.length), undo);
    },
  };
}
