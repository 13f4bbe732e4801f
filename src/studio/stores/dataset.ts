/**
 * @file The preference pairs: import, removal with undo, and what the loaded model makes of them.
 * Every change is written at once; when a write fails the pairs stay in the page and a sentence says so.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { makePairs, type ParsedPairs } from '../../data/import/make-pairs';
import { maxFileBytes, readTable, type Table } from '../../data/import/read-table';
import { recognise, type ImportPlan } from '../../data/import/recognise';
import { knownAgain, mergeRows } from '../../data/merge-rows';
import { fileProblem } from '../../data/parse-pairs';
import type { Split } from '../../data/split';
import type { Dataset, DatasetRow } from '../../storage/records';
import type { Progress } from '../../worker/protocol';
import type { PairReport, PairTensor } from '../../run/reports';
import type { PreferencePair } from '../../data/preference-pair';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { Sayable } from '../../messages/message';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { formatBytes } from '../text/format';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';
import { shareValue, tellSharing, type SharedValue } from './shared-value';

/** Before anything is imported. */
const nothing: Dataset = { rows: [], split: null };

export type ImportMode = 'append' | 'replace';

export interface ImportOutcome {
  readonly file: string;
  readonly imported: number;
  readonly refused: readonly { readonly row: number; readonly message: Sayable }[];
  /** Why nothing of the file could be used at all; null otherwise. */
  readonly failure: Sayable | null;
}

/** A file that a person looks at before it is imported: what it seems to be, and what would come of it. */
export interface ImportPreview {
  readonly file: string;
  readonly mode: ImportMode | null;
  readonly table: Table;
  readonly columns: readonly string[];
  /** Null where the shape has to be chosen by hand. */
  readonly plan: ImportPlan | null;
  /** What the plan makes of the file; null without a plan. */
  readonly parsed: ParsedPairs | null;
}

/** What the model's tokenizer made of the pairs; `reports` are in the order of `rows`. */
export interface PairCheck {
  readonly fingerprint: string;
  readonly maxLength: number;
  readonly reports: readonly PairReport[];
}

export interface DatasetState {
  readonly rows: readonly DatasetRow[];
  readonly importMode: ImportMode;
  readonly importing: string | null;
  readonly lastImport: ImportOutcome | null;
  /** Files waiting to be looked at; the first is shown. */
  readonly previews: readonly ImportPreview[];
  readonly split: Split | null;
  readonly check: PairCheck | null;
  readonly checking: { readonly done: number; readonly total: number } | null;
  readonly checkFailure: Failure | null;

  restore(): Promise<void>;
  /** Takes over what another tab wrote. */
  refresh(): Promise<void>;
  /**
   * Imports a file of prompt, chosen and rejected at once; any other shape waits in `previews`.
   * @param mode as set by setImportMode if not given
   */
  importFile(name: string, file: Blob, mode?: ImportMode): Promise<void>;
  /** Reads the file that is looked at in another shape, or by other columns. */
  planImport(plan: ImportPlan): void;
  confirmImport(): Promise<void>;
  cancelImport(): void;
  setImportMode(mode: ImportMode): void;
  setSplit(split: Split | null): Promise<void>;
  /** False, with nothing changed, where the row is no longer there: another tab has changed or deleted it. */
  edit(row: DatasetRow, pair: PreferencePair): Promise<boolean>;
  /** Puts in what a fix made of the rows, with a notice whose undo spares what was changed since. */
  change(rows: readonly DatasetRow[], sentence: string): Promise<void>;
  forgetImport(): void;
  /** Adds a pair that was made in the studio. */
  add(row: DatasetRow): Promise<void>;
  /** Removes such a pair again, wherever it stands; nothing if it is gone already. */
  takeBack(row: Pick<DatasetRow, 'file' | 'row'>): Promise<void>;
  remove(index: number): Promise<void>;
  removeAll(): Promise<void>;
  /** Encodes all pairs as training will, to learn what it would cut off or leave out. */
  checkPairs(model: { readonly fingerprint: string } | null, maxLength: number, signal: EngineSignal): Promise<void>;
  /** Encodes one pair into the tensors that training sees. */
  inspect(pair: PreferencePair, maxLength: number): Promise<PairTensor>;
}

export type DatasetStore = StoreApi<DatasetState>;

export interface DatasetDependencies {
  readonly engine: Engine;
  readonly storage: Pick<Storage, 'readDataset' | 'writeDataset'>;
  readonly notices: NoticeStore;
  readonly onStored: () => void;
}

/** `before` again, without what was deleted since and with what was added since. */
function undoChange(
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

/** The pairs as storage and other tabs have them. */
function shareDataset(
  { getState: get, setState: set }: DatasetStore,
  { storage, notices, onStored }: DatasetDependencies,
): SharedValue {
  return shareValue<Dataset>({
    empty: nothing,
    read: async (known) => {
      const { value, stamp } = await storage.readDataset();
      return { value: { rows: knownAgain(known.rows, value?.rows ?? []), split: value?.split ?? null }, stamp };
    },
    write: (dataset, over) => storage.writeDataset(dataset, over),
    mine: () => ({ rows: get().rows, split: get().split }),
    show: ({ rows, split }) => set({ split, ...(rows !== get().rows && { rows, check: null }) }),
    merge: (base, mine, theirs) => ({
      rows: mergeRows(base.rows, mine.rows, theirs.rows),
      split: mine.split === base.split ? theirs.split : mine.split,
    }),
    onWritten: onStored,
    ...tellSharing(notices, () => currentText().faults.pairsNotKept),
  });
}

/** Shows the rows and writes them. */
type KeepRows = (rows: readonly DatasetRow[]) => Promise<void>;

type Importing = 'importFile' | 'planImport' | 'confirmImport' | 'cancelImport' | 'setImportMode' | 'forgetImport';

function importing(
  { getState: get, setState: set }: DatasetStore,
  { notices }: DatasetDependencies,
  keepRows: KeepRows,
): Pick<DatasetState, Importing> {
  const refuseFile = (file: string, failure: Sayable) =>
    set({ lastImport: { file, imported: 0, refused: [], failure } });

  async function importPairs(file: string, parsed: ParsedPairs, mode: ImportMode): Promise<void> {
    const added = parsed.pairs.map((pair, i): DatasetRow => ({ pair, file, row: parsed.rows[i] ?? i + 1 }));
    const { faults, data } = currentText();
    const failure = added.length > 0 ? null : faults.noUsableRow(file);
    set({ lastImport: { file, imported: added.length, refused: parsed.errors, failure } });
    if (added.length === 0) return;
    const before = get().rows;
    if (mode === 'append' || before.length === 0) return keepRows([...before, ...added]);
    await keepRows(added);
    notices
      .getState()
      .tellDone(data.replaced(before.length), () => void keepRows(undoChange(before, added, get().rows)));
  }

  async function readFile(name: string, file: Blob, mode: ImportMode | undefined): Promise<void> {
    const table = await readTable(new Uint8Array(await file.arrayBuffer()), name);
    const problem = fileProblem(table, name);
    if (problem !== null) return refuseFile(name, problem);
    const { plan, isSure, columns } = recognise(table);
    const parsed = plan === null ? null : makePairs(table, plan, name);
    if (parsed !== null && isSure && plan?.shape === 'pairs') await importPairs(name, parsed, mode ?? get().importMode);
    else set({ previews: [...get().previews, { file: name, mode: mode ?? null, table, columns, plan, parsed }] });
  }

  return {
    async importFile(name, file, mode) {
      if (file.size > maxFileBytes) {
        const { fileTooLarge } = currentText().faults;
        return refuseFile(name, fileTooLarge(name, formatBytes(file.size), formatBytes(maxFileBytes)));
      }
      set({ importing: name, lastImport: null });
      try {
        await readFile(name, file, mode);
      } catch (error) {
        refuseFile(name, describeFailure(error).sentence);
      } finally {
        set({ importing: null });
      }
    },

    planImport(plan) {
      const [shown, ...waiting] = get().previews;
      if (shown === undefined) return;
      set({ previews: [{ ...shown, plan, parsed: makePairs(shown.table, plan, shown.file) }, ...waiting] });
    },

    async confirmImport() {
      const [shown, ...waiting] = get().previews;
      if (shown === undefined || shown.parsed === null) return;
      set({ previews: waiting });
      await importPairs(shown.file, shown.parsed, shown.mode ?? get().importMode);
    },

    cancelImport: () => set({ previews: get().previews.slice(1) }),
    setImportMode: (importMode) => set({ importMode }),
    forgetImport: () => set({ lastImport: null }),
  };
}

type Editing = 'setSplit' | 'edit' | 'change' | 'add' | 'takeBack' | 'remove' | 'removeAll';

function editing(
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

function checking(
  { getState: get, setState: set }: DatasetStore,
  { engine }: DatasetDependencies,
): Pick<DatasetState, 'checkPairs' | 'inspect'> {
  return {
    async checkPairs(model, maxLength, signal) {
      const { rows } = get();
      if (model === null || rows.length === 0) return set({ check: null, checking: null, checkFailure: null });
      set({ check: null, checking: { done: 0, total: rows.length }, checkFailure: null });
      const onProgress = (event: Progress) => {
        if (event.kind === 'encoding' && !signal.aborted) set({ checking: { done: event.done, total: event.total } });
      };
      try {
        const input = { pairs: rows.map(({ pair }) => pair), maxLength };
        const reports = await engine.call('checkPairs', input, { signal, onProgress });
        if (!signal.aborted) set({ check: { fingerprint: model.fingerprint, maxLength, reports } });
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) set({ checkFailure: describeFailure(error) });
      } finally {
        set({ checking: null });
      }
    },

    inspect: (pair, maxLength) => engine.call('inspectPair', { pair, maxLength }),
  };
}

export function createDatasetStore(dependencies: DatasetDependencies): DatasetStore {
  return createStore<DatasetState>()((set, get, store) => {
    const shared = shareDataset(store, dependencies);
    const keepRows: KeepRows = (rows) => {
      // The old check belongs to the old rows; a split leaves them as they are.
      if (rows !== get().rows) set({ rows, check: null });
      return shared.keepMine();
    };
    return {
      ...nothing,
      importMode: 'append',
      importing: null,
      lastImport: null,
      previews: [],
      check: null,
      checking: null,
      checkFailure: null,
      restore: () => shared.refresh(),
      refresh: () => shared.refresh(),
      ...importing(store, dependencies, keepRows),
      ...editing(store, dependencies, keepRows),
      ...checking(store, dependencies),
    };
  });
}
