/** @file Changes of the pairs by hand: edits, deletions, the split, and the pairs that judging makes. */
import { splitPairs, withMoved } from '../../data/split';
import { turnedRound } from '../plain/data/label-review';
import { describeChange } from '../text/describe-dataset';
import { currentText } from '../text/text';
import type { DatasetRow } from '../../storage/records';
import type {
  ChangeRows,
  DatasetDependencies,
  DatasetState,
  DatasetStore,
  KeepRows,
  WritePairs,
} from './dataset-state';
import { liveSets } from './dataset-sets';

type Editing = 'setSplit' | 'change' | 'add' | 'write' | 'takeBack';
type EditingOne = 'edit' | 'flip' | 'remove';
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
    removeRows: (chosen) =>
      get().change((now) => {
        const rows = now.rows.filter((row) => !chosen.has(row));
        const number = now.rows.length - rows.length;
        return number === 0 ? null : { rows, what: { kind: 'deletedSome', number } };
      }),

    moveRows: (chosen, side) =>
      get().change(({ rows, split: before }) => {
        const after = withMoved(
          rows,
          before,
          rows.filter((row) => chosen.has(row)),
          side,
        );
        const [was, is] = [splitPairs(rows, before), splitPairs(rows, after)];
        const { notYetMoved, keepsTraining } = currentText().data.table;
        const number = Math.abs(is.train.length - was.train.length);
        if (is.train.length === 0) notices.getState().warn(keepsTraining);
        else if (number === 0) notices.getState().tellDone(notYetMoved(side));
        if (is.train.length === 0 || number === 0) return null;
        return {
          rows,
          what: { kind: side === 'train' ? 'toTraining' : 'toEvaluation', number, split: { before, after } },
        };
      }),

    async removeAll() {
      set({ lastImport: null });
      await get().change(({ rows }) => ({ rows: [], what: { kind: 'deletedAll', number: rows.length } }));
    },
  };
}

/** What changes one pair. */
export function editingOne({ getState: get }: DatasetStore): Pick<DatasetState, EditingOne> {
  return {
    async edit(row, pair, given) {
      let isThere = false;
      await get().change(({ rows }) => {
        const index = rows.indexOf(row);
        isThere = index >= 0;
        if (!isThere) return null;
        const { scores: kept, ...rest } = row;
        const scores = given === undefined ? kept : given;
        const edited = { ...rest, pair, ...(scores && { scores }) };
        return { rows: rows.with(index, edited), what: { kind: 'edited', number: index + 1 } };
      });
      return isThere;
    },

    flip: (row) =>
      get().change(({ rows }) => {
        const at = rows.indexOf(row);
        return at < 0 ? null : { rows: rows.with(at, turnedRound(row)), what: { kind: 'flipped', number: at + 1 } };
      }),

    async remove(index) {
      const row = get().rows[index];
      await get().change(({ rows }) => {
        const at = row === undefined ? -1 : rows.indexOf(row);
        return at < 0 ? null : { rows: rows.toSpliced(at, 1), what: { kind: 'deletedOne', number: at + 1 } };
      });
    },
  };
}

/** What changes the split, adds pairs and takes them back. */
export function editing(
  { getState: get }: DatasetStore,
  { notices, storage }: DatasetDependencies,
  keepRows: KeepRows,
  changeRows: ChangeRows,
): Pick<DatasetState, Editing> {
  const writePairs: WritePairs = ({ dataset, over, id, history }) => storage.writeDataset(dataset, over, id, history);

  /** A pair that was made while another data set was open is taken out there. */
  async function takeBackElsewhere(
    row: Pick<DatasetRow, 'file' | 'row'>,
    write: WritePairs,
  ): Promise<boolean | 'absent'> {
    for (const { id } of liveSets(get().sets)) {
      if (id === get().openId) continue;
      const { value, stamp } = await storage.readDataset(id);
      const rows = withoutRow(value?.rows ?? [], row);
      if (value === null || rows === value.rows) continue;
      return typeof (await write({ id, dataset: { ...value, rows }, over: stamp })) === 'string';
    }
    return 'absent';
  }

  return {
    async setSplit(split) {
      await keepRows(({ rows }) => ({ rows, split }));
    },

    async change(next) {
      const changed = await changeRows(next);
      if (changed === null) return;
      const { id, what } = changed;
      notices.getState().tellDone(describeChange(what, currentText()), () => void get().undo(id));
    },

    write: (pair) =>
      get().change(({ rows }) => {
        const number = rows.length + 1;
        const row = { pair, file: currentText().data.writtenByHand, row: number };
        return { rows: [...rows, row], what: { kind: 'added', number } };
      }),

    add: (row, write) => keepRows(({ rows, split }) => ({ rows: [...rows, row], split }), write),

    async takeBack(row, write) {
      if (withoutRow(get().rows, row) === get().rows) return takeBackElsewhere(row, write ?? writePairs);
      return keepRows(({ rows, split }) => ({ rows: withoutRow(rows, row), split }), write);
    },
  };
}
