/**
 * @file The preference pairs: data sets with names, import, changes with a history, and what the loaded model makes of
 * the open one.
 * Every change is written, then shown; when a write fails the pairs stay in the page and a sentence says so.
 */
import { createStore } from 'zustand/vanilla';
import { knownAgain, mergeRows } from '../../data/merge-rows';
import { firstDatasetId, type ChangeWhat } from '../../storage/dataset-record';
import type { DatasetEntry } from '../../storage/dataset-storage';
import type { Dataset } from '../../storage/records';
import { currentText } from '../text/text';
import { checking } from './dataset-check';
import { editing, editingOne, editingTogether } from './dataset-edit';
import { RowHistory, turning } from './dataset-history';
import { importing } from './dataset-import';
import { keepingSets, liveSets, type SwitchTo } from './dataset-sets';
import type {
  ChangeRows,
  DatasetDependencies,
  DatasetState,
  DatasetStore,
  KeepRows,
  WritePairs,
} from './dataset-state';
import { shareValue, tellSharing, type SharedParts, type SharedValue, type Write } from './shared-value';

export type { DatasetState, DatasetStore, ImportOutcome, ImportPreview, PairCheck } from './dataset-state';

/** Before anything is imported. */
const nothing: Dataset = { rows: [], split: null };

const isDataset = ({ rows, split }: Dataset, other: Dataset): boolean => rows === other.rows && split === other.split;

/** The pairs of the open data set, and its history, as storage and other tabs have them. */
function shareDataset(
  { getState: get, setState: set }: DatasetStore,
  dependencies: DatasetDependencies,
  getHistory: () => RowHistory,
): SharedValue<Dataset> {
  const { storage, notices, onStored, pending } = dependencies;
  const parts: SharedParts<Dataset> = {
    empty: nothing,
    read: async (known) => {
      const history = getHistory();
      const { value, stamp } = await storage.readDataset(history.datasetId);
      history.show(await storage.readHistory(history.datasetId));
      return { value: { rows: knownAgain(known.rows, value?.rows ?? []), split: value?.split ?? null }, stamp };
    },
    write: writingRows(getHistory, ({ dataset, over, id, history }) =>
      storage.writeDataset(dataset, over, id, history),
    ),
    mine: () => ({ rows: get().rows, split: get().split }),
    show: (dataset) => {
      // The old check belongs to the old rows; a split leaves them as they are.
      if (!isDataset(dataset, get()))
        set({ split: dataset.split, ...(dataset.rows !== get().rows && { rows: dataset.rows, check: null }) });
      getHistory().publish();
    },
    merge: (base, mine, theirs) => ({
      rows: mergeRows(base.rows, mine.rows, theirs.rows),
      split: mine.split === base.split ? theirs.split : mine.split,
    }),
    onWritten() {
      const { lastImport } = get();
      if (lastImport?.isKept === false) set({ lastImport: { ...lastImport, isKept: true } });
      onStored();
    },
    ...tellSharing(notices, () => currentText().faults.pairsNotKept),
  };
  return shareValue(parts, pending);
}

/** Writes rows with the changes of their history that are not written yet. */
function writingRows(getHistory: () => RowHistory, write: WritePairs): Write<Dataset> {
  return async (dataset, over) => {
    const history = getHistory();
    const changes = history.toWrite();
    const stamp = await write({ id: history.datasetId, dataset, over, history: changes });
    if (typeof stamp === 'string') history.noteWritten(changes);
    return stamp;
  };
}

/** The open data set: its rows and its history, and another one in its place. */
function opening(store: DatasetStore, dependencies: DatasetDependencies, openId: string) {
  const { getState: get, setState: set } = store;
  const { storage } = dependencies;
  let history = new RowHistory(openId, store, dependencies);
  const shared = shareDataset(store, dependencies, () => history);

  const keepRows: KeepRows = (next, write) => shared.change(next, write && writingRows(() => history, write));

  const changeRows: ChangeRows = async (next) => {
    let noted: { readonly id: string; readonly what: ChangeWhat } | null = null;
    const isWritten = await keepRows((now) => {
      // Another tab has written meanwhile: the change is another one now.
      if (noted !== null) history.drop(noted.id);
      noted = null;
      const changed = next(now);
      if (changed === null) return now;
      const { rows, what } = changed;
      noted = { id: history.record(now.rows, rows, what), what };
      return { rows, split: what.split === undefined ? now.split : what.split.after };
    });
    return noted === null ? null : { ...(noted as { id: string; what: ChangeWhat }), isWritten };
  };

  async function writeAnew(): Promise<void> {
    const label = get().sets.find(({ id }) => id === get().openId)?.label;
    if (label !== undefined) await storage.writeDatasetLabel(get().openId, label);
    await shared.writeAnew();
    await get().listSets();
  }

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

  return { keepRows, changeRows, switchTo, refresh, writeAnew, getHistory: () => history };
}

export function createDatasetStore(dependencies: DatasetDependencies): DatasetStore {
  return createStore<DatasetState>()((_set, _get, store) => {
    const openId = dependencies.openId ?? firstDatasetId;
    const { keepRows, changeRows, switchTo, refresh, writeAnew, getHistory } = opening(store, dependencies, openId);
    return {
      ...nothing,
      sets: [],
      openId,
      history: [],
      importMode: 'append',
      importing: null,
      readShare: null,
      lastImport: null,
      previews: [],
      rememberedPlans: dependencies.rememberedPlans ?? [],
      check: null,
      checking: null,
      checkFailure: null,
      restore: refresh,
      refresh,
      writeAnew,
      ...importing(store, dependencies, changeRows),
      ...editingOne(store),
      ...editing(store, dependencies, keepRows, changeRows),
      ...editingTogether(store, dependencies),
      ...turning(store, getHistory, keepRows),
      ...keepingSets(store, dependencies, switchTo),
      ...checking(store, dependencies),
    };
  });
}
