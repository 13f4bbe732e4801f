/**
 * @file Restores a backup in two steps: the plan reads and checks all of the file and says what each of its units would
 * be here, and nothing is written; then what was accepted is written, a unit a transaction. Units are the same by their
 * ids; data sets of one id are merged row by row and lose none.
 */
import { UserError } from '../../core/errors';
import { isJsonObject } from '../../core/json';
import { sha256Hex } from '../../core/sha256';
import { knownAgain, mergeRows } from '../../data/merge-rows';
import { changeBetween } from '../../data/row-changes';
import {
  changedRowsShape,
  datasetChangeShape,
  datasetLabelShape,
  datasetSizeShape,
  type DatasetLabel,
} from '../dataset-record';
import type { Entries } from '../key-value';
import type { Misfit } from '../misfit';
import { modelShape, type StoredModel } from '../models/stored-model';
import {
  datasetShape,
  labelsShape,
  noRunNames,
  noteName,
  runNamesShape,
  runShape,
  type Dataset,
  type DatasetRow,
} from '../records';
import { Unreadable } from '../unreadable';
import { readSealed, seal } from '../versioned';
import type { Bytes } from './container';
import { ContainerContent, walkContainer, type EntryPlace, type OpenedContainer } from './container-reader';
import { decodeValue, encodeValue, joinBytes } from './encoded-value';
import { kindOf, unitOf, type RecordUnits, type UnitKind } from './record-units';

/**
 * What a unit of the file is to this browser: new, the same, a data set with rows that are new here, a record that is
 * another one here, or one that this Airlock cannot read.
 */
export type Fate = 'added' | 'same' | 'merged' | 'differs' | 'unfit';

interface KeptPlace extends EntryPlace {
  readonly key: string;
  /** Of the content, hex: it is read again when it is written. */
  readonly sha256: string;
}

export interface UnitPlan {
  readonly unit: string;
  readonly kind: UnitKind;
  readonly fate: Fate;
  /** The name of a run. */
  readonly name: string | null;
  /** Of a data set. */
  readonly label: DatasetLabel | null;
  /** Rows of a data set that are new here. */
  readonly rows: number;
  /** Why it is unfit; null where it is not, or of a kind that is not known here. */
  readonly misfit: Misfit | null;
  readonly places: readonly KeptPlace[];
}

export interface ModelPlan {
  readonly model: StoredModel;
  readonly fate: 'here' | 'included' | 'named';
  /** Of its files, where they are included. */
  readonly files: readonly (EntryPlace & { readonly path: string; readonly sha256: string })[];
}

export interface RestorePlan {
  readonly container: OpenedContainer;
  readonly units: readonly UnitPlan[];
  readonly models: readonly ModelPlan[];
}

export interface RestoreOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

type Found = readonly (KeptPlace & { readonly content: Bytes; readonly value: unknown })[];

const valueAt = (found: Found, pattern: RegExp): unknown => found.find(({ key }) => pattern.test(key))?.value;

/** The first record that does not fit; undefined where all do. */
function unfitIn(found: Found, { shapeAt }: RecordUnits): { readonly misfit: Misfit | null } | undefined {
  for (const { key, value } of found) {
    if (key.startsWith('set-aside')) continue;
    const shape = shapeAt(key);
    if (shape === null) return { misfit: null };
    const [unfit] = readSealed(shape, value).unfit;
    if (unfit !== undefined) return { misfit: unfit.misfit };
  }
  return undefined;
}

function isSame(content: Bytes, key: string, stored: unknown): boolean {
  if (stored === undefined || stored instanceof Unreadable) return false;
  const here = joinBytes(encodeValue(key, stored));
  if (here.length !== content.length) return false;
  for (let at = 0; at < here.length; at++) if (here[at] !== content[at]) return false;
  return true;
}

/** The rows of a data set that stand here, and with the file's: those that are new, in the file's order. */
export function mergeDatasets(here: Dataset, theirs: Dataset): { readonly merged: Dataset; readonly rows: number } {
  const mine = knownAgain(here.rows, theirs.rows);
  const known = new Set(here.rows);
  const common = mine.filter((row) => known.has(row));
  const rows = mine.length - common.length;
  const merged = rows === 0 ? here.rows : mergeRows<DatasetRow>(common, mine, here.rows);
  return { merged: { rows: merged, split: here.split ?? theirs.split }, rows };
}

const rowsPattern = /^dataset(?:\/|$)/;

function rowsIn(values: ReadonlyMap<string, unknown>): Dataset | null {
  const key = [...values.keys()].find((each) => rowsPattern.test(each));
  return readSealed(datasetShape, values.get(key ?? '')).value;
}

/**
 * Whether the file's data set comes whole, its history too: a new browser has a data set already, without rows. Where
 * there is a history of its own, that stays, all rows deleted or not; without readable rows it is of no use.
 */
function comesWhole(stored: ReadonlyMap<string, unknown>): boolean {
  const rows = rowsIn(stored)?.rows;
  const hasHistory = [...stored.keys()].some((key) => key.startsWith('dataset-change/'));
  return rows === undefined || (rows.length === 0 && !hasHistory);
}

function fateOfDataset(found: Found, stored: ReadonlyMap<string, unknown>): Pick<UnitPlan, 'fate' | 'rows'> {
  const theirs = rowsIn(new Map(found.map(({ key, value }) => [key, value])));
  const label = [...stored].find(([key]) => key.startsWith('dataset-label/'))?.[1];
  if (readSealed(datasetLabelShape, label).value?.deletedAt !== undefined) return { fate: 'differs', rows: 0 };
  if (found.every(({ key, content }) => isSame(content, key, stored.get(key)))) return { fate: 'same', rows: 0 };
  if (comesWhole(stored)) return { fate: 'added', rows: theirs?.rows.length ?? 0 };
  const here = rowsIn(stored);
  if (here === null || theirs === null) return { fate: 'same', rows: 0 };
  const { rows } = mergeDatasets(here, theirs);
  return { fate: rows > 0 ? 'merged' : 'same', rows };
}

/** The settings without what is of one browser alone. */
function settingsIn(value: unknown): Record<string, unknown> {
  const parts = isJsonObject(value) && isJsonObject(value['value']) ? value['value'] : {};
  return Object.fromEntries(Object.entries(parts).filter(([part]) => part !== 'lastModel' && part !== 'lastBackup'));
}

function fateOfSettings(found: Found, stored: ReadonlyMap<string, unknown>): Fate {
  const [theirs, here] = [settingsIn(found[0]?.value), settingsIn(stored.get('settings'))];
  const others = Object.keys(theirs).filter((part) => JSON.stringify(theirs[part]) !== JSON.stringify(here[part]));
  if (others.length === 0) return 'same';
  return others.every((part) => here[part] === undefined) ? 'added' : 'differs';
}

async function planUnit(unit: string, found: Found, records: RecordUnits): Promise<UnitPlan> {
  const kind = kindOf(unit);
  const run = readSealed(runShape, valueAt(found, /^run\//)).value;
  const labels = readSealed(labelsShape, valueAt(found, /^labels\//)).value;
  const plan = {
    ...{ unit, kind, rows: 0, misfit: null },
    name: labels?.name ?? run?.name ?? null,
    label: readSealed(datasetLabelShape, valueAt(found, /^dataset-label\//)).value,
    places: found.map(({ key, name, bytes, offset, sha256 }) => ({ key, name, bytes, offset, sha256 })),
  };
  const unfit = unfitIn(found, records);
  if (unfit !== undefined) return { ...plan, fate: 'unfit', ...unfit };
  const stored = await records.read(unit);
  const areSame = found.every(({ key, content }) => isSame(content, key, stored.get(key)));
  if (areSame && kind !== 'dataset') return { ...plan, fate: 'same' };
  if (kind === 'dataset') return { ...plan, ...fateOfDataset(found, stored) };
  if (kind === 'settings') return { ...plan, fate: fateOfSettings(found, stored) };
  if (kind === 'run-numbers') return { ...plan, fate: 'merged' };
  return { ...plan, fate: stored.size === 0 ? 'added' : 'differs' };
}

/** Gathers the entries of the file into units and models as they come. */
class Planning {
  readonly units: UnitPlan[] = [];
  private found: (Found[number] & object)[] = [];
  private unit: string | null = null;
  private readonly keys = new Set<string>();
  private readonly models = new Map<string, { model: StoredModel; files: EntryPlace[] }>();

  constructor(private readonly records: RecordUnits) {}

  async take(place: EntryPlace, content: Bytes | null): Promise<void> {
    if (this.keys.has(place.name)) throw new UserError('backupValueBad', { name: place.name });
    this.keys.add(place.name);
    const key = /^record\/(.+)$/s.exec(place.name)?.[1];
    if (key !== undefined && content !== null) return this.takeRecord(key, place, content);
    const [, id = '', file] = /^model\/([^/]+)(?:\/(.+))?$/s.exec(place.name) ?? [];
    if (id === '') return;
    if (file !== undefined) return void this.models.get(id)?.files.push(place);
    const model = readSealed(modelShape, decodeValue(place.name, content ?? new Uint8Array())).value;
    if (model === null) throw new UserError('backupValueBad', { name: place.name });
    this.models.set(id, { model, files: [] });
  }

  private async takeRecord(key: string, place: EntryPlace, content: Bytes): Promise<void> {
    const unit = unitOf(key);
    if (unit === null) throw new UserError('backupValueBad', { name: place.name });
    if (unit !== this.unit) {
      await this.endUnit();
      if (this.units.some((each) => each.unit === unit)) throw new UserError('backupValueBad', { name: place.name });
      this.unit = unit;
    }
    const value = decodeValue(place.name, content);
    this.found.push({ ...place, key, content, value, sha256: await sha256Hex(content) });
  }

  async endUnit(): Promise<void> {
    const { unit, found } = this;
    [this.unit, this.found] = [null, []];
    if (unit !== null) this.units.push(await planUnit(unit, found, this.records));
  }

  modelPlans(here: readonly StoredModel[]): readonly ModelPlan[] {
    return [...this.models].map(([id, { model, files }]) => {
      const known = files.flatMap((place) => {
        const path = place.name.slice(`model/${id}/`.length);
        const file = model.files.find((each) => each.path === path && each.sizeBytes === place.bytes);
        return file === undefined ? [] : [{ ...place, path, sha256: file.sha256 }];
      });
      const isWhole = model.files.length > 0 && known.length === model.files.length;
      const isHere = here.some(({ sha256 }) => sha256 === model.sha256);
      return { model, fate: isHere ? 'here' : isWhole ? 'included' : 'named', files: isWhole ? known : [] };
    });
  }
}

/**
 * Reads all of a backup and says what would become of it; nothing is written.
 * @throws UserError for a file that is not as it was written
 */
export async function planRestore(
  container: OpenedContainer,
  records: RecordUnits,
  models: readonly StoredModel[],
  options: RestoreOptions = {},
): Promise<RestorePlan> {
  const planning = new Planning(records);
  await walkContainer(container, {
    ...options,
    wants: (name) => name.startsWith('record/') || /^model\/[^/]+$/.test(name),
    onEntry: (place, content) => planning.take(place, content),
  });
  await planning.endUnit();
  return { container, units: planning.units, models: planning.modelPlans(models) };
}

type Values = ReadonlyMap<string, unknown>;

/** The rows, and the split, that are new here, as one change of the history that stands here: it can be undone. */
function mergedDataset(stored: Values, theirs: Values, file: string): Entries {
  const [key] = [...theirs.keys()].filter((each) => rowsPattern.test(each));
  const [here, other] = [rowsIn(stored), rowsIn(theirs)];
  if (key === undefined || here === null || other === null) return [];
  const { merged, rows } = mergeDatasets(here, other);
  if (rows === 0) return [];
  const isSplitTaken = here.split === null && merged.split !== null;
  const id = unitOf(key)?.slice('dataset/'.length) ?? '';
  const changes = [...stored].filter(([each]) => each.startsWith('dataset-change/'));
  const orders = changes.map(([, value]) => readSealed(datasetChangeShape, value).value?.order ?? 0);
  const change = {
    id: crypto.randomUUID(),
    order: Math.max(0, ...orders) + 1,
    at: new Date().toISOString(),
    what: {
      ...{ kind: 'restored' as const, number: rows, file },
      ...(isSplitTaken && { split: { before: here.split, after: merged.split } }),
    },
    rows,
    isUndone: false,
  };
  return [
    [key, seal(datasetShape, merged)],
    [`dataset-size/${id}`, seal(datasetSizeShape, { pairs: merged.rows.length })],
    [`dataset-change/${id}/${change.id}`, seal(datasetChangeShape, change)],
    [`dataset-change-rows/${id}/${change.id}`, seal(changedRowsShape, changeBetween(here.rows, merged.rows))],
  ];
}

/** A deleted data set whose file's is wanted stands again, with what it held when it was deleted. */
function datasetEntries({ fate, label }: UnitPlan, stored: Values, theirs: Values, file: string): Entries {
  const key = [...stored.keys()].find((each) => each.startsWith('dataset-label/'));
  const isDeleted = fate === 'differs' && key !== undefined && label !== null;
  return [
    ...mergedDataset(stored, theirs, file),
    ...(isDeleted ? [[key, seal(datasetLabelShape, label)] as const] : []),
  ];
}

function mergedNames(stored: Values, theirs: Values): Entries {
  const [here = noRunNames, other = noRunNames] = [stored, theirs].map(
    (values) => readSealed(runNamesShape, values.get('run-numbers')).value ?? noRunNames,
  );
  const owners = other.owners.reduce((names, { name, runId }) => noteName(names, { id: runId, name }), here);
  const both = { ...owners, dpo: Math.max(owners.dpo, other.dpo), sft: Math.max(owners.sft, other.sft) };
  return [['run-numbers', seal(runNamesShape, both)]];
}

function mergedSettings(stored: Values, theirs: Values, isTaken: boolean): Entries {
  const value = theirs.get('settings') as { readonly version: number };
  const here = stored.get('settings') as { readonly value?: object } | undefined;
  const parts = settingsIn(value);
  const merged = isTaken ? { ...here?.value, ...parts } : { ...parts, ...here?.value };
  return [['settings', { ...value, value: merged }]];
}

/** What is written of a unit; nothing where what stands here stays. */
function entriesOf(plan: UnitPlan, stored: Values, theirs: Values, how: HowToRestore): Entries {
  const { kind, fate } = plan;
  if (kind === 'run-numbers') return mergedNames(stored, theirs);
  if (kind === 'settings') return mergedSettings(stored, theirs, how.takesTheirs);
  if (!isWritten(plan, how.takesTheirs)) return [];
  if (kind === 'dataset' && !comesWhole(stored)) return datasetEntries(plan, stored, theirs, how.file);
  // It is here since the look.
  if (kind !== 'dataset' && fate === 'added' && stored.size > 0) return [];
  const gone = [...stored.keys()].filter((key) => !theirs.has(key));
  return [...theirs, ...gone.map((key) => [key, undefined] as const)];
}

export interface HowToRestore {
  /** The name of the file, for the history. */
  readonly file: string;
  /** Whether the file's record takes the place of another one here. */
  readonly takesTheirs: boolean;
}

/** Whether accepting would write anything of the unit. */
export const isWritten = ({ fate }: Pick<UnitPlan, 'fate'>, takesTheirs: boolean): boolean =>
  fate === 'added' || fate === 'merged' || (fate === 'differs' && takesTheirs);

async function readAgain(content: ContainerContent, place: KeptPlace): Promise<unknown> {
  const bytes = await content.read(place.offset, place.bytes);
  if ((await sha256Hex(bytes)) !== place.sha256) throw new UserError('backupEntryAltered', { name: place.name });
  return decodeValue(place.name, bytes);
}

/** Writes one unit of an accepted plan, all or nothing. */
export async function restoreUnit(
  container: OpenedContainer,
  plan: UnitPlan,
  records: RecordUnits,
  how: HowToRestore,
): Promise<void> {
  if (!isWritten(plan, how.takesTheirs)) return;
  const content = new ContainerContent(container);
  const theirs = new Map<string, unknown>();
  for (const place of plan.places) theirs.set(place.key, await readAgain(content, place));
  await records.write(plan.unit, [...theirs.keys()], (stored) => entriesOf(plan, stored, theirs, how));
}
