/**
 * @file The preference pairs: import, removal with undo, and what the loaded model makes of them.
 * Every change is written at once; when a write fails the pairs stay in the page and a sentence says so.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Dataset, DatasetRow } from '../../storage/records';
import type { PairReport, PreferencePair } from '../../worker/protocol';
import type { Engine } from '../engine-client';
import { describeFailure, isAbort, type Failure } from '../failure';
import { formatBytes } from '../format';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';

/** V8 holds at most half a gigacharacter in a string; this leaves room for the parsed copy. */
const maxFileBytes = 256 * 1024 * 1024;

export interface ParsedPairs {
  readonly pairs: readonly PreferencePair[];
  /** 1-based row of each pair. */
  readonly rows: readonly number[];
  readonly errors: readonly { readonly row: number; readonly message: string }[];
}

export type ImportMode = 'append' | 'replace';

export interface ImportOutcome {
  readonly file: string;
  readonly imported: number;
  readonly refused: readonly { readonly row: number; readonly message: string }[];
  /** Why nothing of the file could be used at all; null otherwise. */
  readonly failure: string | null;
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
  readonly check: PairCheck | null;
  readonly checking: { readonly done: number; readonly total: number } | null;
  readonly checkFailure: Failure | null;

  restore(): Promise<void>;
  /** @param mode as set by setImportMode if not given */
  importFile(name: string, file: Blob, mode?: ImportMode): Promise<void>;
  setImportMode(mode: ImportMode): void;
  forgetImport(): void;
  remove(index: number): Promise<void>;
  removeAll(): Promise<void>;
  /** Encodes all pairs as training will; a newer call takes the place of an older one. */
  checkWith(model: { readonly fingerprint: string } | null, maxLength: number): Promise<void>;
  /** Frees the engine for something that the user asked for. */
  stopChecking(): void;
}

export type DatasetStore = StoreApi<DatasetState>;

export interface DatasetDependencies {
  readonly engine: Engine;
  readonly storage: { readDataset(): Promise<Dataset | null>; writeDataset(dataset: Dataset): Promise<void> };
  readonly notices: NoticeStore;
  readonly parsePairs: (text: string, fileName: string) => ParsedPairs;
  readonly onStored: () => void;
}

export function createDatasetStore({ engine, storage, notices, parsePairs, onStored }: DatasetDependencies): DatasetStore {
  let checkingNow: AbortController | null = null;

  return createStore<DatasetState>()((set, get) => {
    async function keep(rows: readonly DatasetRow[]): Promise<void> {
      // The old check belongs to the old rows.
      set({ rows, check: null });
      try {
        await storage.writeDataset({ rows });
        onStored();
      } catch (error) {
        notices.getState().warn(`${describeFailure(error).sentence} ${currentText().faults.pairsNotKept}`);
      }
    }

    const refuseFile = (file: string, failure: string) =>
      set({ lastImport: { file, imported: 0, refused: [], failure } });

    return {
      rows: [],
      importMode: 'append',
      importing: null,
      lastImport: null,
      check: null,
      checking: null,
      checkFailure: null,

      async restore() {
        try {
          const dataset = await storage.readDataset();
          if (dataset !== null && get().rows.length === 0) set({ rows: dataset.rows });
        } catch (error) {
          notices.getState().warn(describeFailure(error).sentence);
        }
      },

      async importFile(name, file, mode = get().importMode) {
        if (file.size > maxFileBytes) {
          return refuseFile(name, currentText().faults.fileTooLarge(name, formatBytes(file.size), formatBytes(maxFileBytes)));
        }
        set({ importing: name, lastImport: null });
        try {
          const parsed = parsePairs(await file.text(), name);
          const added = parsed.pairs.map((pair, i): DatasetRow => ({ pair, file: name, row: parsed.rows[i] ?? i + 1 }));
          const { faults, data } = currentText();
          const nothing = parsed.errors.length > 0 ? faults.noUsableRow : faults.emptyFile;
          set({
            lastImport: {
              file: name,
              imported: added.length,
              refused: parsed.errors,
              failure: added.length > 0 ? null : nothing(name),
            },
          });
          if (added.length === 0) return;
          const before = get().rows;
          if (mode === 'replace' && before.length > 0) {
            await keep(added);
            notices.getState().tell(data.replaced(before.length), () => void keep(before));
          } else {
            await keep([...before, ...added]);
          }
        } catch (error) {
          refuseFile(name, describeFailure(error).sentence);
        } finally {
          set({ importing: null });
        }
      },

      setImportMode: (importMode) => set({ importMode }),
      forgetImport: () => set({ lastImport: null }),

      async remove(index) {
        const removed = get().rows[index];
        if (removed === undefined) return;
        await keep(get().rows.toSpliced(index, 1));
        notices.getState().tell(currentText().data.deletedOne(index + 1), () => {
          const { rows } = get();
          void keep(rows.toSpliced(Math.min(index, rows.length), 0, removed));
        });
      },

      async removeAll() {
        const removed = get().rows;
        set({ lastImport: null });
        await keep([]);
        // Pairs imported since stay; the old ones come back before them.
        notices.getState().tell(currentText().data.deleted(removed.length), () => void keep([...removed, ...get().rows]));
      },

      async checkWith(model, maxLength) {
        checkingNow?.abort();
        checkingNow = null;
        const { rows } = get();
        if (model === null || rows.length === 0) return set({ check: null, checking: null, checkFailure: null });
        const controller = new AbortController();
        checkingNow = controller;
        const isCurrent = () => checkingNow === controller;
        set({ check: null, checking: { done: 0, total: rows.length }, checkFailure: null });
        try {
          const reports = await engine.call('checkPairs', { pairs: rows.map(({ pair }) => pair), maxLength }, {
            signal: controller.signal,
            onProgress: (event) => {
              if (event.kind === 'encoding' && isCurrent()) set({ checking: { done: event.done, total: event.total } });
            },
          });
          if (isCurrent()) set({ check: { fingerprint: model.fingerprint, maxLength, reports } });
        } catch (error) {
          if (isCurrent() && !isAbort(error)) set({ checkFailure: describeFailure(error) });
        } finally {
          if (isCurrent()) {
            checkingNow = null;
            set({ checking: null });
          }
        }
      },

      stopChecking() {
        checkingNow?.abort();
      },
    };
  });
}
