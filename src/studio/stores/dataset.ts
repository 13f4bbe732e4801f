/**
 * @file The preference pairs: import, removal with undo, and what the loaded model makes of them.
 * Every change is written at once; when a write fails the pairs stay in the page and a sentence says so.
 */
import { createStore } from 'zustand/vanilla';
import { knownAgain, mergeRows } from '../../data/merge-rows';
import type { Dataset } from '../../storage/records';
import { currentText } from '../text/text';
import { checking } from './dataset-check';
import { editing } from './dataset-edit';
import { importing } from './dataset-import';
import type { DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';
import { shareValue, tellSharing, type SharedValue } from './shared-value';

export type { DatasetState, DatasetStore, ImportOutcome, ImportPreview, PairCheck } from './dataset-state';

/** Before anything is imported. */
const nothing: Dataset = { rows: [], split: null };

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
