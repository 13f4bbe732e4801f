/** @file Changes of the pairs by hand: edits, deletions, the split, and the pairs that judging makes. */
import { splitPairs, withMoved } from '../../data/split';
import { describeChange } from '../text/describe-dataset';
import { currentText } from '../text/text';
import type { ChangeRows, DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';
import { liveSets } from './dataset-sets';

type Editing = 'setSplit' | 'edit' | 'change' | 'add' | 'write' | 'takeBack' | 'remove';
type EditingTogether = 'removeRows' | 'moveRows' | 'removeAll';

/** The rows without the last of a file's row; the very rows where it has none. */
function withoutRow<T extends { readonly file: string; readonly row: number }>(
  rows: readonly T[],
  { file, row }: { readonly file: string; readonly row: number },
): readonly T[] {
  const index = rows.findLastIndex((other) => other.file === file && other.row === row);
  return index < 0 ? rows : rows.toSpliced(index, 1);
}

/** What changes several pairs together. */
export function editingTogether(
  { getState: get, setState: set }: DatasetStore,
  { notices }: Pick<DatasetDependencies, 'notices'>,
): Pick<DatasetState, EditingTogether> {
  return {
    async removeRows(chosen) {
      const rows = get().rows.filter((row) => !chosen.has(row));
      const number = get().rows.length - rows.length;
      if (number > 0) await get().change(rows, { kind: 'deletedSome', number });
    },

    async moveRows(chosen, side) {
      const { rows, split: before } = get();
      const after = withMoved(
        rows,
        before,
        rows.filter((row) => chosen.has(row)),
        side,
      );
      const [was, is] = [splitPairs(rows, before), splitPairs(rows, after)];
      const { notYetMoved, keepsTraining } = currentText().data.table;
      if (is.train.length === 0) return notices.getState().warn(keepsTraining);
      const number = Math.abs(is.train.length - was.train.length);
      if (number === 0) return notices.getState().tellDone(notYetMoved(side));
      set({ split: after });
      const kind = side === 'train' ? 'toTraining' : 'toEvaluation';
      await get().change(rows, { kind, number, split: { before, after } });
    },

    async removeAll() {
      set({ lastImport: null });
      await get().change([], { kind: 'deletedAll', number: get().rows.length });
    },
  };
}

/** What changes pairs one by one, and the split. */
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

    async write(pair) {
      const number = get().rows.length + 1;
      const row = { pair, file: currentText().data.writtenByHand, row: number };
      await get().change([...get().rows, row], { kind: 'added', number });
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
  };
}
