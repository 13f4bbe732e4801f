/** @file What the store of the preference pairs holds and does, for the pieces that it is made of. */
import type { StoreApi } from 'zustand/vanilla';
import type { Encoding } from '../../data/import/encoding';
import type { ParsedPairs } from '../../data/import/make-pairs';
import type { Table } from '../../data/import/read-table';
import type { ImportPlan, PairForm } from '../../data/import/plan';
import type { PairScores, PreferencePair } from '../../data/preference-pair';
import type { Side, Split } from '../../data/split';
import type { Message, Sayable } from '../../messages/message';
import type { PairReport, PairTensor } from '../../run/reports';
import type { ChangeWhat, DatasetChange, DatasetLabel } from '../../storage/dataset-record';
import type { DatasetEntry, DatasetWrite } from '../../storage/dataset-storage';
import type { Dataset, DatasetRow } from '../../storage/records';
import type { Stamp } from '../../storage/studio-storage';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { ReadTableFile } from '../browser/table-reader';
import type { RememberedPlans } from '../plain/data/remembered-plans';
import type { Storage } from '../plain/records';
import type { Failure } from '../text/failure';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import type { Next } from './shared-value';

/** Where a file's pairs go: to those of the open data set, or into a data set of their own. */
export type ImportMode = 'append' | 'ownSet';

export interface ImportOutcome {
  readonly file: string;
  readonly imported: number;
  readonly refused: readonly { readonly row: number; readonly message: Sayable }[];
  /** Why nothing of the file could be used at all; null otherwise. */
  readonly failure: Sayable | null;
  /** False while the rows are in the page alone, since they could not be written. */
  readonly isKept: boolean;
}

/** A file that a person looks at before it is imported: what it seems to be, and what would come of it. */
export interface ImportPreview {
  readonly file: string;
  readonly mode: ImportMode | null;
  /** The file itself, for another encoding. */
  readonly blob: Blob;
  readonly table: Table;
  readonly columns: readonly string[];
  /** Columns that hold anything. */
  readonly filled: readonly string[];
  /** Where the plan comes from: a file of the same columns, what was recognised, or nothing but names. */
  readonly origin: 'remembered' | 'recognised' | 'unknown';
  /** What speaks against the names of the columns, or has to be told. */
  readonly doubt: Message | null;
  /** Roles without a column are to be chosen. */
  readonly plan: ImportPlan;
  /** Whether a person chose the shape or a column. */
  readonly isPlanChosen: boolean;
  /** Whether a person chose text or messages; else the open model's template tells, whenever it is opened. */
  readonly isFormChosen: boolean;
  /** What the plan makes of the file; null while a column is to be chosen. */
  readonly parsed: ParsedPairs | null;
  /** Why the encoding that was chosen last does not do; null or absent otherwise. */
  readonly undecoded?: Sayable | null;
}

/** What the model's tokenizer made of the pairs; `reports` are in the order of `rows`. */
export interface PairCheck {
  readonly fingerprint: string;
  readonly maxLength: number;
  readonly reports: readonly PairReport[];
}

export interface DatasetState {
  /** All data sets, deleted ones too; of the open one `rows` are newer than what is said here. */
  readonly sets: readonly DatasetEntry[];
  readonly openId: string;
  /** What was done to the rows of the open data set, the oldest first. */
  readonly history: readonly DatasetChange[];
  /** Of the open data set. */
  readonly rows: readonly DatasetRow[];
  readonly importMode: ImportMode;
  readonly importing: string | null;
  /** How much of the file has been read, from 0 to 1; null where none is read. */
  readonly readShare: number | null;
  readonly lastImport: ImportOutcome | null;
  /** Files waiting to be looked at; the first is shown. */
  readonly previews: readonly ImportPreview[];
  /** What files of the same columns were imported as. */
  readonly rememberedPlans: RememberedPlans;
  readonly split: Split | null;
  readonly check: PairCheck | null;
  readonly checking: { readonly done: number; readonly total: number } | null;
  readonly checkFailure: Failure | null;

  restore(): Promise<void>;
  /** Takes over what another tab wrote. */
  refresh(): Promise<void>;
  /** Writes the open data set, and what it is called, into a storage that was cleared. */
  writeAnew(): Promise<void>;
  /**
   * Imports a file of prompt, chosen and rejected alone at once; where anything is to be asked, it waits in `previews`.
   * @param mode as set by setImportMode if not given
   */
  importFile(name: string, file: Blob, mode?: ImportMode): Promise<void>;
  /** Reads the file that is looked at in another shape, or by other columns. */
  planImport(plan: ImportPlan): void;
  /** Makes text or messages of the file that is looked at, whatever model is open. */
  chooseImportForm(form: PairForm): void;
  /** Another model is open: what nobody chose the form of takes that which the model asks for. */
  formImports(): void;
  /** Reads the file that is looked at in another encoding. */
  decodeImport(encoding: Encoding): Promise<void>;
  confirmImport(): Promise<void>;
  /** Gives up the file that is being read. */
  cancelReading(): void;
  cancelImport(): void;
  setImportMode(mode: ImportMode): void;
  setSplit(split: Split | null): Promise<void>;
  /**
   * False, with nothing changed, where the row is no longer there: another tab has changed or deleted it.
   * @param scores null takes them away; as they were where they are not given
   */
  edit(row: DatasetRow, pair: PreferencePair, scores?: PairScores | null): Promise<boolean>;
  /** Makes the rejected answer the chosen one; nothing where the row is no longer there. */
  flip(row: DatasetRow): Promise<void>;
  /** Puts in what is made of the rows and says so; its undo spares what was changed since. */
  change(next: NextRows): Promise<void>;
  forgetImport(): void;
  /** Adds a pair that was made by judging. @param write writes both together */
  add(row: DatasetRow, write?: WritePairs): Promise<boolean>;
  /** Adds a pair that was written by hand, and says so. */
  write(pair: PreferencePair): Promise<void>;
  /** Removes such a pair again, wherever it stands, in another data set too; `absent` where it is gone already. */
  takeBack(row: Pick<DatasetRow, 'file' | 'row'>, write?: WritePairs): Promise<boolean | 'absent'>;
  remove(index: number): Promise<void>;
  removeRows(rows: ReadonlySet<DatasetRow>): Promise<void>;
  /** Puts pairs, and all others of their prompts, on a side of the split; one prompt at least stays for training. */
  moveRows(rows: ReadonlySet<DatasetRow>, side: Side): Promise<void>;
  removeAll(): Promise<void>;
  /** Takes a change back; the last one where none is named. */
  undo(changeId?: string): Promise<void>;
  /** Does a change again that was taken back. */
  redo(changeId?: string): Promise<void>;
  /** Takes back this change and all after it; or, where it was taken back, does all again up to it. */
  goBackTo(changeId: string): Promise<void>;
  /** Lists the data sets anew, and clears those that were deleted long ago. */
  listSets(): Promise<void>;
  /** False where the open one could not be stored first, or the other not be read; which is said. */
  openSet(id: string): Promise<boolean>;
  /** Makes an empty data set and opens it. */
  newSet(name: string): Promise<boolean>;
  /** Makes a data set of these pairs, with the rules of the open one, and opens it; its notice can take it back. */
  makeSet(name: string, rows: readonly DatasetRow[], label?: Pick<DatasetLabel, 'round'>): Promise<boolean>;
  renameSet(id: string, name: string): Promise<void>;
  /** Copies the open data set and opens the copy. */
  duplicateSet(name: string): Promise<boolean>;
  /** It can be brought back for some days. */
  deleteSet(id: string): Promise<void>;
  bringBackSet(id: string): Promise<void>;
  /**
   * Opens the data set of a task of the starter. One that a person has changed is never written over: it stays as
   * theirs, and a new one is made.
   * @param shipped SHA-256 of the task's pairs
   * @returns whether the pairs are there already or still to be imported
   */
  openStarterSet(task: string, shipped: string): Promise<'ready' | 'empty' | 'failed'>;
  /** Encodes all pairs as training will, to learn what it would cut off or leave out. */
  checkPairs(model: { readonly fingerprint: string } | null, maxLength: number, signal: EngineSignal): Promise<void>;
  /** Encodes one pair into the tensors that training sees. */
  inspect(pair: PreferencePair, maxLength: number): Promise<PairTensor>;
  /** How many tokens a text is as an answer of the open model, its end token included. */
  countTokens(text: string): Promise<number>;
}

export type DatasetStore = StoreApi<DatasetState>;

export interface DatasetDependencies {
  readonly engine: Engine;
  readonly storage: Pick<
    Storage,
    | 'listDatasets'
    | 'readDataset'
    | 'writeDataset'
    | 'writeDatasetLabel'
    | 'readHistory'
    | 'readChangedRows'
    | 'purgeDatasets'
    | 'copyRules'
    | 'copyLabelReview'
  >;
  readonly notices: NoticeStore;
  readonly readTable: ReadTableFile;
  readonly onStored: () => void;
  readonly pending?: PendingWrites;
  /** The data set that was open at the last visit. */
  readonly openId?: string;
  /** Whether the open model has a chat template, so that texts are taken for messages; false where it is not given. */
  readonly hasTemplate?: () => boolean;
  /** What files of known columns were imported as, at the last visit. */
  readonly rememberedPlans?: RememberedPlans;
}

/**
 * Writes a data set, with whatever goes with it; null where another tab has written it since, false gives it up.
 * @throws where it cannot be written
 */
export type WritePairs = (pairs: DatasetWrite) => Promise<Stamp | null | false>;

/** What becomes of the open data set, and what that is called; null where nothing does. */
export type NextRows = (now: Dataset) => { readonly rows: readonly DatasetRow[]; readonly what: ChangeWhat } | null;

/** Writes what becomes of the open data set, then shows it. @returns whether it is written */
export type KeepRows = (next: Next<Dataset>, write?: WritePairs) => Promise<boolean>;

/** As KeepRows, and notes the change in the history; with its id where there was one. */
export type ChangeRows = (
  next: NextRows,
) => Promise<{ readonly id: string; readonly what: ChangeWhat; readonly isWritten: boolean } | null>;
