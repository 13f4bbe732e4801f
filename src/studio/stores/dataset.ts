/**
 * @file The preference pairs: data sets with names, import, changes with a history, and what the loaded model makes of
 * the open one.
 * Every change is written at once; when a write fails the pairs stay in the page and a sentence says so.
 */
import { createStore } from 'zustand/vanilla';
import { knownAgain, mergeRows } from '../../data/merge-rows';
import { firstDatasetId } from '../../storage/dataset-record';
import type { DatasetEntry } from '../../storage/dataset-storage';
import type { Dataset } from '../../storage/records';
import { currentText } from '../text/text';
import { checking } from './dataset-check';
import { editing, editingTogether } from './dataset-edit';
import { RowHistory, turning } from './dataset-history';
import { importing } from './dataset-import';
import { keepingSets, liveSets, type SwitchTo } from './dataset-sets';
import type { ChangeRows, DatasetDependencies, DatasetState, DatasetStore, KeepRows } from './dataset-state';
import { shareValue, tellSharing, type SharedValue } from './shared-value';

export type { DatasetState, DatasetStore, ImportOutcome, ImportPreview, PairCheck } from './dataset-state';

/** Before anything is imported. */
const nothing: Dataset = { rows: [], split: null };

/** The pairs of the open data set, and its history, as storage and other tabs have them. */
function shareDataset(
  { getState: get, setState: set }: DatasetStore,
  { storage, notices, onStored }: DatasetDependencies,
  getHistory: () => RowHistory,
): SharedValue<Dataset> {
  return shareValue<Dataset>({
    empty: nothing,
    read: async (known) => {
      const history = getHistory();
      const { value, stamp } = await storage.readDataset(history.datasetId);
      history.show(await storage.readHistory(history.datasetId));
      return { value: { rows: knownAgain(known.rows, value?.rows ?? []), split: value?.split ?? null }, stamp };
    },
    write: async (dataset, over) => {
      const history = getHistory();
      const changes = history.toWrite();
      const stamp = await storage.writeDataset(dataset, over, history.datasetId, changes);
      if (stamp !== null) history.noteWritten(changes);
      return stamp;
    },
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

/** The open data set: its rows and its history, and another one in its place. */
function opening(store: DatasetStore, dependencies: DatasetDependencies, openId: string) {
  const { getState: get, setState: set } = store;
  const { storage } = dependencies;
  let history = new RowHistory(openId, store, dependencies);
  const shared = shareDataset(store, dependencies, () => history);

  const keepRows: KeepRows = (rows) => {
    // The old check belongs to the old rows; a split leaves them as they are.
    if (rows !== get().rows) set({ rows, check: null });
    return shared.keepMine();
  };

  const changeRows: ChangeRows = async (rows, what) => {
    const id = history.record(get().rows, rows, what);
    await keepRows(rows);
    return id;
  };

  const switchTo: SwitchTo = (id) =>
    shared.switchTo(async () => {
      const { value, stamp } = await storage.readDataset(id);
      const changes = await storage.readHistory(id);
      const begin = () => {
        history = new RowHistory(id, store, dependencies);
        set({ openId: id, lastImport: null, previews: [] });
        history.show(changes);
      };
      return { value: value ?? nothing, stamp, begin };
    });

  /** The open data set may have been deleted in another tab. */
  async function refresh(): Promise<void> {
    await get().listSets();
    const live = liveSets(get().sets);
    if (live.length === 0 || live.some(({ id }) => id === get().openId)) return shared.refresh();
    await switchTo((live.at(-1) as DatasetEntry).id);
  }

  return { keepRows, changeRows, switchTo, refresh, getHistory: () => history };
}

export function createDatasetStore(dependencies: DatasetDependencies): DatasetStore {
  return createStore<DatasetState>()((_set, _get, store) => {
    const openId = dependencies.openId ?? firstDatasetId;
    const { keepRows, changeRows, switchTo, refresh, getHistory } = opening(store, dependencies, openId);
    return {
      ...nothing,
      sets: [],
      openId,
      history: [],
      importMode: 'append',
      importing: null,
      lastImport: null,
      previews: [],
      rememberedPlans: dependencies.rememberedPlans ?? [],
      check: null,
      checking: null,
      checkFailure: null,
      restore: refresh,
      refresh,
      ...importing(store, dependencies, changeRows),
      ...editing(store, dependencies, keepRows, changeRows),
      ...editingTogether(store, dependencies),
      ...turning(store, dependencies, getHistory, keepRows),
      ...keepingSets(store, dependencies, switchTo),
      ...checking(store, dependencies),
    };
  });
}
