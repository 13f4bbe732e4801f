/**
 * @file The data sets as they are kept: rows, name, size and history of each under keys of their own. The first one's
 * rows lie under the key of before there were several, so that an Airlock of then finds them too.
 */
import { message } from '../messages/message';
import { attempt } from './attempt';
import {
  changedRowsShape,
  datasetChangeShape,
  datasetLabelShape,
  datasetSizeShape,
  firstDatasetId,
  type ChangedRows,
  type DatasetChange,
  type DatasetLabel,
} from './dataset-record';
import type { KeptRecords, OverWrite, Stamp, Stamped } from './kept-records';
import type { Entries, KeyValue } from './key-value';
import { datasetShape, type Dataset } from './records';
import type { Shape } from './versioned';

/** A data set in the list. */
export interface DatasetEntry {
  readonly id: string;
  readonly label: DatasetLabel;
  readonly pairs: number;
}

/** What becomes of one change of the history: null forgets it. */
export interface HistoryWrite {
  readonly id: string;
  readonly change: DatasetChange | null;
  /** The rows of a new change. */
  readonly rows?: ChangedRows;
}

/** The rows of a data set, and the changes of their history with them. */
export interface DatasetWrite {
  readonly id: string;
  readonly dataset: Dataset;
  readonly over: Stamp;
  readonly history?: readonly HistoryWrite[];
}

export interface DatasetStorage {
  /** All data sets, deleted ones too, the oldest first; there is always one. */
  listDatasets(): Promise<readonly DatasetEntry[]>;
  readDataset(id?: string): Promise<Stamped<Dataset | null>>;
  /**
   * Writes the rows, and the changes of their history with them, all or nothing, over what was read or written under
   * the stamp; null, with nothing written, where another tab has written since.
   */
  writeDataset(dataset: Dataset, over: Stamp, id?: string, history?: readonly HistoryWrite[]): Promise<Stamp | null>;
  writeDatasetLabel(id: string, label: DatasetLabel): Promise<void>;
  /** Gives a new data set the rules of another one. */
  copyRules(from: string, to: string): Promise<void>;
  /** Gives a data set the review of another one's labels, whose pairs it has. */
  copyLabelReview(from: string, to: string): Promise<void>;
  /** The changes of a data set that can be undone or done again, the oldest first. */
  readHistory(id: string): Promise<readonly DatasetChange[]>;
  /** The rows of a change; null where they are gone. */
  readChangedRows(id: string, changeId: string): Promise<ChangedRows | null>;
  /** Takes away for good what was deleted before this moment (ISO 8601). */
  purgeDatasets(deletedBefore: string): Promise<void>;
}

const firstKey = 'dataset';
const rowsPrefix = `${firstKey}/`;
const labelPrefix = 'dataset-label/';
const rowsKey = (id: string) => (id === firstDatasetId ? firstKey : rowsPrefix + id);
const labelKey = (id: string) => labelPrefix + id;
const sizeKey = (id: string) => `dataset-size/${id}`;
/** Where the rules of a data set lie, which the storage of the studio's forms reads and writes. */
export const rulesKey = (id: string) => `rules/${id}`;
/** Where the review of its labels lies. */
export const labelReviewKey = (id: string) => `label-review/${id}`;
const historyPrefix = (id: string) => `dataset-change/${id}/`;
const changedRowsPrefix = (id: string) => `dataset-change-rows/${id}/`;
/** What KeptRecords keeps beside a value that tabs share. */
const stampOfRows = (id: string) => `stamp/${rowsKey(id)}`;

/** The shape of what is kept under each key of a data set. */
export const datasetShapes: readonly (readonly [RegExp, Shape<unknown>])[] = [
  [/^dataset(\/|$)/, datasetShape],
  [/^dataset-label\//, datasetLabelShape],
  [/^dataset-size\//, datasetSizeShape],
  [/^dataset-change\//, datasetChangeShape],
  [/^dataset-change-rows\//, changedRowsShape],
];

/** Of a data set that no name was ever written of. */
const unnamed: DatasetLabel = { name: null, madeAt: '' };

function idsIn(keys: readonly string[]): readonly string[] {
  const ids = keys.flatMap((key) => {
    if (key === firstKey) return [firstDatasetId];
    const prefix = [rowsPrefix, labelPrefix].find((each) => key.startsWith(each));
    return prefix === undefined ? [] : [key.slice(prefix.length)];
  });
  return [...new Set(ids)];
}

/** Of a change and its rows, to be written with the data set. */
function historyEntries(kept: KeptRecords, id: string, history: readonly HistoryWrite[]): Entries {
  return history.flatMap(({ id: changeId, change, rows }): Entries => {
    const [changeKey, changedRowsKey] = [historyPrefix(id) + changeId, changedRowsPrefix(id) + changeId];
    if (change === null)
      return [
        [changeKey, undefined],
        [changedRowsKey, undefined],
      ];
    return [
      kept.entry(datasetChangeShape, changeKey, change),
      ...(rows === undefined ? [] : [kept.entry(changedRowsShape, changedRowsKey, rows)]),
    ];
  });
}

/** A data set to be written with its size and history. */
export function datasetWrite(kept: KeptRecords, { id, dataset, over, history: changes = [] }: DatasetWrite): OverWrite {
  return {
    entry: kept.entry(datasetShape, rowsKey(id), dataset),
    over,
    beside: [
      kept.entry(datasetSizeShape, sizeKey(id), { pairs: dataset.rows.length }),
      ...historyEntries(kept, id, changes),
    ],
  };
}

async function list(kept: KeptRecords): Promise<readonly DatasetEntry[]> {
  const ids = idsIn(await kept.keys());
  const labels = await kept.readMany(datasetLabelShape, ids.map(labelKey));
  const sizes = await kept.readMany(datasetSizeShape, ids.map(sizeKey));
  const entries = await Promise.all(
    ids.map(async (id, index): Promise<DatasetEntry> => {
      // Rows of before sizes were kept are counted.
      const size = sizes[index] ?? { pairs: (await kept.read(datasetShape, rowsKey(id)))?.rows.length ?? 0 };
      return { id, label: labels[index] ?? unnamed, pairs: size.pairs };
    }),
  );
  if (entries.every(({ label }) => label.deletedAt !== undefined))
    entries.push({ id: firstDatasetId, label: unnamed, pairs: 0 });
  return entries.sort((a, b) => a.label.madeAt.localeCompare(b.label.madeAt) || a.id.localeCompare(b.id));
}

function history(kept: KeptRecords): Pick<DatasetStorage, 'readHistory' | 'readChangedRows'> {
  return {
    readHistory: (id) =>
      attempt(message('doReadHistory'), async () => {
        const keys = (await kept.keys()).filter((key) => key.startsWith(historyPrefix(id)));
        const changes = (await kept.readMany(datasetChangeShape, keys)).filter((change) => change !== null);
        return changes.sort((a, b) => a.order - b.order || a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
      }),

    readChangedRows: (id, changeId) =>
      attempt(message('doReadHistory'), () => kept.read(changedRowsShape, changedRowsPrefix(id) + changeId)),
  };
}

export function createDatasetStorage(db: KeyValue, kept: KeptRecords): DatasetStorage {
  return {
    listDatasets: () => attempt(message('doReadPairs'), () => list(kept)),

    readDataset: (id = firstDatasetId) =>
      attempt(message('doReadPairs'), () => kept.readStamped(datasetShape, rowsKey(id))),

    writeDataset: (dataset, over, id = firstDatasetId, changes = []) =>
      attempt(message('doSavePairs'), async () => {
        const [stamp = null] = await kept.writeAllOver([datasetWrite(kept, { id, dataset, over, history: changes })]);
        return stamp;
      }),

    writeDatasetLabel: (id, label) =>
      attempt(message('doSaveDatasetName'), () => db.setMany([kept.entry(datasetLabelShape, labelKey(id), label)])),

    copyRules: (from, to) =>
      attempt(message('doSaveRules'), async () => {
        const [rules] = await db.getMany([rulesKey(from)]);
        if (rules !== undefined) await db.setMany([[rulesKey(to), rules]]);
      }),

    copyLabelReview: (from, to) =>
      attempt(message('doSaveLabelReview'), async () => {
        const [review] = await db.getMany([labelReviewKey(from)]);
        if (review !== undefined) await db.setMany([[labelReviewKey(to), review]]);
      }),

    ...history(kept),

    purgeDatasets: (deletedBefore) =>
      attempt(message('doDeleteDatasets'), async () => {
        const old = (await list(kept)).filter(({ label: { deletedAt = deletedBefore } }) => deletedAt < deletedBefore);
        const keys = await db.keys();
        const gone = old.flatMap(({ id }) => [
          ...[rowsKey(id), stampOfRows(id), labelKey(id), sizeKey(id)],
          ...[rulesKey(id), labelReviewKey(id)].flatMap((key) => [key, `stamp/${key}`]),
          ...keys.filter((key) => key.startsWith(historyPrefix(id)) || key.startsWith(changedRowsPrefix(id))),
        ]);
        if (gone.length > 0) await db.deleteMany(gone);
      }),
  };
}
