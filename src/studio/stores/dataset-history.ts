/**
 * @file The history of a data set's rows: each change can be undone and done again, at a later visit too. Its parts
 * are written in the transaction that writes the rows; rows of old changes are read when they are needed.
 */
import { changeBetween, reversed, takeBackBelow, type RowChange } from '../../data/row-changes';
import type { ChangeWhat, DatasetChange } from '../../storage/dataset-record';
import type { HistoryWrite } from '../../storage/dataset-storage';
import type { Dataset, DatasetRow } from '../../storage/records';
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
  /** The oldest first, with those that are about to be written. */
  private changes: readonly DatasetChange[] = [];

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
    this.changes = [...changes.values()].sort((a, b) => a.order - b.order);
    this.publish();
  }

  /** Shows the changes as they are by now. */
  publish(): void {
    if (this.store.getState().history !== this.changes) this.store.setState({ history: this.changes });
  }

  /** Forgets a change that came to nothing. */
  drop(id: string): void {
    this.unwritten.delete(id);
    this.rows.delete(id);
    this.changes = this.changes.filter((change) => change.id !== id);
  }

  /** What takes it back that a change was turned. */
  turnBack(id: string): () => void {
    const [change, write] = [this.changes.find((each) => each.id === id), this.unwritten.get(id)];
    return () => {
      if (write === undefined) this.unwritten.delete(id);
      else this.unwritten.set(id, write);
      this.changes = this.changes.map((each) => (each.id === id ? (change ?? each) : each));
    };
  }

  find(which: (changes: readonly DatasetChange[]) => DatasetChange | undefined): string | undefined {
    return which(this.changes)?.id;
  }

  /**
   * Notes a change, to be shown once it is written; those that were undone cannot be done again after it.
   * @returns its id
   */
  record(before: readonly DatasetRow[], after: readonly DatasetRow[], what: ChangeWhat): string {
    const history = this.changes;
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
    this.changes = standing.filter((each) => !gone.includes(each));
    return noted.id;
  }

  /** The data set with this change undone, or done again, whatever came after it; says so where its rows are gone. */
  async turn(id: string, isUndone: boolean, now: Dataset): Promise<Dataset> {
    const history = this.changes;
    const at = history.findIndex((change) => change.id === id);
    const change = history[at];
    if (change === undefined || change.isUndone === isUndone) return now;
    const later = history.slice(at + 1).filter((each) => !each.isUndone);
    const missing = [change, ...later].filter((each) => !this.rows.has(each.id));
    // What this session changed is undone at once.
    if (missing.length > 0) await this.read(missing);
    const rows = this.rows.get(id);
    if (rows === undefined) {
      this.dependencies.notices.getState().warn(currentText().data.history.rowsGone);
      return now;
    }
    this.put({ ...change, isUndone });
    this.changes = history.map((each) => (each.id === id ? { ...each, isUndone } : each));
    const { split } = change.what;
    const between = later.flatMap((each) => this.rows.get(each.id) ?? []);
    return {
      rows: takeBackBelow(now.rows, isUndone ? rows : reversed(rows), between),
      split: split === undefined ? now.split : isUndone ? split.before : split.after,
    };
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
  getHistory: () => RowHistory,
  keepRows: KeepRows,
): Pick<DatasetState, 'undo' | 'redo' | 'goBackTo'> {
  async function turn(given: string | undefined, isUndone: boolean): Promise<void> {
    // Where none is named it is the one that stands when its turn has come: two undos take two changes back.
    let id = given;
    let turnBack = (): void => {};
    await keepRows((now) => {
      turnBack();
      const history = getHistory();
      id ??= history.find(isUndone ? undoable : redoable);
      if (id === undefined) return now;
      turnBack = history.turnBack(id);
      return history.turn(id, isUndone, now);
    });
  }

  return {
    undo: (id) => turn(id, true),
    redo: (id) => turn(id, false),

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
