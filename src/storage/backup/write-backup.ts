/** @file "Back up everything": all that the browser keeps, written into one container as it is read. */
import { throwIfAborted, UserError } from '../../core/errors';
import type { ModelStore } from '../models/model-store';
import { modelShape, type StoredModel } from '../models/stored-model';
import { seal } from '../versioned';
import { ContainerWriter, type Bytes, type ByteSink, type ContainerOptions } from './container';
import { encodeValue } from './encoded-value';
import { kindOf, unitKinds, type RecordUnits, type UnitKind } from './record-units';

export const recordName = (key: string): string => `record/${key}`;
export const modelName = (id: string, file?: string): string => ['model', id, ...(file ? [file] : [])].join('/');

/** Bytes of a model that are read at once. */
const pieceBytes = 4 * 2 ** 20;

export interface BackupProgress {
  readonly kind: 'records' | 'models';
  readonly done: number;
  readonly total: number;
}

export interface BackupOptions extends Omit<ContainerOptions, 'kind'> {
  /** Whether the models' files are written, or only their names, sizes and hashes. */
  readonly withModels: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
}

export interface BackupResult {
  /** Of the file, hex. */
  readonly sha256: string;
  readonly counts: Readonly<Record<UnitKind, number>>;
  readonly models: number;
  /** Keys of records that no backup can hold; they are damaged and set aside, or another program's. */
  readonly leftOut: readonly string[];
}

async function* readPieces(blob: Blob, signal: AbortSignal | undefined): AsyncGenerator<Bytes> {
  for (let at = 0; at < blob.size; at += pieceBytes) {
    throwIfAborted(signal);
    yield new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer());
  }
}

/** One value as an entry. */
export function addValue(writer: ContainerWriter, name: string, value: unknown): Promise<void> {
  const parts = encodeValue(name, value);
  return writer.add(name, { bytes: parts.reduce((sum, { length }) => sum + length, 0), parts });
}

async function addUnits(
  writer: ContainerWriter,
  records: RecordUnits,
  { signal, onProgress }: BackupOptions,
): Promise<Pick<BackupResult, 'counts' | 'leftOut'>> {
  const counts = Object.fromEntries(unitKinds.map((kind) => [kind, 0])) as Record<UnitKind, number>;
  const leftOut: string[] = [];
  const units = await records.list();
  for (const [done, unit] of units.entries()) {
    throwIfAborted(signal);
    onProgress?.({ kind: 'records', done, total: units.length });
    for (const [key, value] of await records.read(unit)) {
      try {
        await addValue(writer, recordName(key), value);
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'backupValueUnknown') throw error;
        leftOut.push(key);
      }
    }
    counts[kindOf(unit)]++;
  }
  return { counts, leftOut };
}

async function addModel(
  writer: ContainerWriter,
  models: Pick<ModelStore, 'open'>,
  model: StoredModel,
  { withModels, signal, onProgress }: BackupOptions,
): Promise<void> {
  await addValue(writer, modelName(model.id), seal(modelShape, model));
  if (!withModels) return;
  const { files, release } = await models.open(model.id);
  try {
    let done = 0;
    const counted = async function* (blob: Blob) {
      for await (const piece of readPieces(blob, signal)) {
        yield piece;
        done += piece.length;
        onProgress?.({ kind: 'models', done, total: model.sizeBytes });
      }
    };
    for (const { path, blob } of files)
      await writer.add(modelName(model.id, path), { bytes: blob.size, parts: counted(blob) });
  } finally {
    await release();
  }
}

/** @throws UserError for what cannot be read or written, AbortError when cancelled; the file is then the caller's */
export async function writeBackup(
  sink: ByteSink,
  records: RecordUnits,
  models: Pick<ModelStore, 'list' | 'open'>,
  options: BackupOptions,
): Promise<BackupResult> {
  const writer = await ContainerWriter.begin(sink, { ...options, kind: 'backup' });
  const written = await addUnits(writer, records, options);
  const stored = (await models.list()).models;
  for (const model of stored) await addModel(writer, models, model, options);
  return { sha256: await writer.end(), ...written, models: stored.length };
}
