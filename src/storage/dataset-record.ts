/** @file What is kept of a data set beside its rows: what it is called, how large it is, and its changes. */
import { quickList } from './quick-list';
import { rowSchema, splitSchema } from './records';
import { z } from '../core/zod';
import { count, mapping, maybe, type Kept, type Shape } from './versioned';

/** The data set that every browser has, under the key of before there were several. */
export const firstDatasetId = 'main';

const labelSchema = mapping({
  /** Null until a person names it. */
  name: z.string().nullable(),
  /** ISO 8601. */
  madeAt: z.string(),
  /** The starter's task whose pairs it was made of; absent from a person's own. */
  task: maybe(z.string()),
  /** SHA-256 (hex) of the starter's file that it was made of. */
  shipped: maybe(z.string()),
  /** The round whose pairs it has, and the run whose answers they are; absent from every other data set. */
  round: maybe(mapping({ number: count, runId: z.string(), run: z.string() })),
  /** When it was deleted, ISO 8601; absent while it is not. Some days later it goes for good. */
  deletedAt: maybe(z.string()),
});
export type DatasetLabel = Kept<typeof labelSchema>;

export const datasetLabelShape: Shape<DatasetLabel> = {
  name: "A data set's name",
  version: 1,
  migrations: {},
  schema: labelSchema,
};

const sizeSchema = mapping({ pairs: count });

/** Written with the rows, so that a list of data sets reads none of them. */
export const datasetSizeShape: Shape<Kept<typeof sizeSchema>> = {
  name: "A data set's size",
  version: 1,
  migrations: {},
  schema: sizeSchema,
};

export const changeKinds = [
  'imported',
  'restored',
  'added',
  'deletedAll',
  'deletedOne',
  'deletedSome',
  'edited',
  'flipped',
  'fixed',
  'toTraining',
  'toEvaluation',
] as const;

const whatSchema = mapping({
  kind: z.enum(changeKinds),
  /** How many pairs; of `added`, `deletedOne`, `edited` and `flipped` the pair's number in the list. */
  number: count,
  /** The file that was imported, or the backup. */
  file: maybe(z.string()),
  /** The split before and after, where pairs were moved. */
  split: maybe(mapping({ before: splitSchema.nullable(), after: splitSchema.nullable() })),
});
export type ChangeWhat = Kept<typeof whatSchema>;

const changeSchema = mapping({
  id: z.string(),
  /** Each change has a higher one than those before it. */
  order: count,
  /** ISO 8601. */
  at: z.string(),
  what: whatSchema,
  /** Rows that are kept for it to be undone and done again. */
  rows: count,
  isUndone: z.boolean(),
});
/** One change of a data set's rows; the rows themselves are kept beside it. */
export type DatasetChange = Kept<typeof changeSchema>;

export const datasetChangeShape: Shape<DatasetChange> = {
  name: 'A change of the data set',
  version: 1,
  migrations: {},
  schema: changeSchema,
};

const placedRows = quickList(mapping({ at: z.int(), row: rowSchema }));
const changedRowsSchema = mapping({ removed: placedRows, added: placedRows });
export type ChangedRows = Kept<typeof changedRowsSchema>;

export const changedRowsShape: Shape<ChangedRows> = {
  name: 'The rows of a change',
  version: 1,
  migrations: {},
  schema: changedRowsSchema,
};
