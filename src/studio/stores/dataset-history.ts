/**
 * @file The history of a data set's rows: each change can be undone and done again, at a later visit too. Its parts
 * are written in the transaction that writes the rows; rows of old changes are read when they are needed.
 */
import { changeBetween, reversed, takeBackBelow, type RowChange } from '../../data/row-changes';
import type { ChangeWhat, DatasetChange } from '../../storage/dataset-record';
import type { HistoryWrite } from '../../storage/dataset-storage';
import type { DatasetRow } from '../../storage/records';
import { currentText } from '../text/text';
import type { DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';

/** Changes that are kept of a data set. */
export const maxChanges = 100;
/** Rows that are kept of all its changes together; the newest change is kept whatever it holds. */
export const maxChangedRows = 50_000;

/** The changes that are too old, or hold too many rows together with those after them. */
function outgrown(changes: readonly DatasetChange[]): readonly DatasetChange[] {
  let rows = 0;
  return [...changes].reverse().filter((change, nth) => {
    rows += change.rows;
    return nth > 0 && (nth >= maxChanges || rows > maxChangedRows);
  });
}

/** The history of the open data set, and what of it is not written yet. */
export class RowHistory {
  /** Rows of the changes of this session, and of those that were read. */
  private readonly rows = new Map<string, RowChange<DatasetRow>>();
  private readonly unwritten = new Map<string, HistoryWrite>();

  constructor(
    readonly datasetId: string,
    private readonly store: DatasetStore,
    private readonly dependencies: Pick<DatasetDependencies, 'storage' | 'notices'>,
  ) {}

  /** What the storage is to write with the rows. */
  toWrite(): readonly HistoryWrite[] {
    return [...this.unwritten.values()];
  }

  noteWritten(writes: readonly HistoryWrite[]): void {
    for (const write of writes) if (this.unwritten.get(write.id) === write) this.unwritten.delete(write.id);
  }

  /** Shows what is stored, with what is not written yet. */
  show(stored: readonly DatasetChange[]): void {
    const changes = new Map(stored.map((change) => [change.id, change]));
    for (const { id, change } of this.unwritten.values()) {
      if (change === null) changes.delete(id);
      else changes.set(id, change);
    }
    this.store.setState({ history: [...changes.values()].sort((a, b) => a.order - b.order) });
  }

  /** Notes a change; those that were undone cannot be done again after it. @returns its id */
  record(before: readonly DatasetRow[], after: readonly DatasetRow[], what: ChangeWhat): string {
    const { history } = this.store.getState();
    const change = changeBetween(before, after);
    const noted: DatasetChange = {
      id: crypto.randomUUID(),
      order: (history.at(-1)?.order ?? 0) + 1,
      at: new Date().toISOString(),
      what,
      rows: change.removed.length + change.added.length,
      isUndone: false,
    };
    this.rows.set(noted.id, change);
    this.put(noted, change);
    const undone = history.filter(({ isUndone }) => isUndone);
    const standing = [...history.filter(({ isUndone }) => !isUndone), noted];
    const gone = [...undone, ...outgrown(standing)];
    for (const { id } of gone) this.unwritten.set(id, { id, change: null });
    this.store.setState({ history: standing.filter((each) => !gone.includes(each)) });
    return noted.id;
  }

  /** Undoes this change, or does it again, whatever came after it; says so where its rows are gone. */
  async turn(id: string, isUndone: boolean, keepRows: KeepRows): Promise<void> {
    const { history } = this.store.getState();
    const at = history.findIndex((change) => change.id === id);
    const change = history[at];
    if (change === undefined || change.isUndone === isUndone) return;
    const later = history.slice(at + 1).filter((each) => !each.isUndone);
    const missing = [change, ...later].filter((each) => !this.rows.has(each.id));
    // What this session changed is undone at once.
    if (missing.length > 0) await this.read(missing);
    const rows = this.rows.get(id);
    if (rows === undefined) return this.dependencies.notices.getState().warn(currentText().data.history.rowsGone);
    this.put({ ...change, isUndone });
    const changed = this.store.getState().history.map((each) => (each.id === id ? { ...each, isUndone } : each));
    this.store.setState({ history: changed });
    const { split } = change.what;
    if (split !== undefined) this.store.setState({ split: isUndone ? split.before : split.after });
    const between = later.flatMap((each) => this.rows.get(each.id) ?? []);
    await keepRows(takeBackBelow(this.store.getState().rows, isUndone ? rows : reversed(rows), between));
  }

  private put(change: DatasetChange, rows?: RowChange<DatasetRow>): void {
    const known = rows ?? this.unwritten.get(change.id)?.rows;
    this.unwritten.set(change.id, { id: change.id, change, ...(known && { rows: known }) });
  }

  private async read(changes: readonly DatasetChange[]): Promise<void> {
    await Promise.all(
      changes.map(async ({ id }) => {
        const rows = await this.dependencies.storage.readChangedRows(this.datasetId, id);
        if (rows !== null) this.rows.set(id, rows);
      }),
    );
  }
}

/** The change that an undo without a name takes back: the last that stands. */
export function undoable(history: readonly DatasetChange[]): DatasetChange | undefined {
  return history.findLast(({ isUndone }) => !isUndone);
}

/** The change that is done again next: the first that was undone after the last that stands. */
export function redoable(history: readonly DatasetChange[]): DatasetChange | undefined {
  return history[history.findLastIndex(({ isUndone }) => !isUndone) + 1];
}

/** Undoing and doing again. */
export function turning(
  { getState: get }: DatasetStore,
  { notices }: Pick<DatasetDependencies, 'notices'>,
  getHistory: () => RowHistory,
  keepRows: KeepRows,
): Pick<DatasetState, 'undo' | 'redo' | 'goBackTo'> {
  async function turn(id: string | undefined, isUndone: boolean): Promise<void> {
    if (id === undefined) return;
    try {
      await getHistory().turn(id, isUndone, keepRows);
    } catch (error) {
      notices.getState().tellFailure(error);
    }
  }

  return {
    undo: (id = undoable(get().history)?.id) => turn(id, true),
    redo: (id = redoable(get().history)?.id) => turn(id, false),

    async goBackTo(id) {
      const { history } = get();
      const at = history.findIndex((change) => change.id === id);
      const change = history[at];
      if (change === undefined) return;
      const turned = change.isUndone ? history.slice(0, at + 1) : history.slice(at).reverse();
      for (const each of turned) if (each.isUndone === change.isUndone) await turn(each.id, !change.isUndone);
    },
  };
}
