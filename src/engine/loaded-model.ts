/**
 * @file A checkpoint opened on a device: every weight checked against the architecture, put into the precision asked
 * for and uploaded once, one tensor at a time; shared by policy, reference and generation. Not here: what is run on it.
 */
import { createSHA256 } from 'hash-wasm';
import { breathe } from '../core/breathe';
import type { Precision } from '../core/dtype';
import { UserError, throwIfAborted } from '../core/errors';
import { showPlace, sizeOf } from '../core/shape';
import { sha256Hex } from '../core/sha256';
import { message, type Message } from '../messages/message';
import type { ModelCheckpoint } from '../formats/checkpoint';
import { readTensorAsFloat32, rowsOf } from '../formats/safetensors';
import { slicesOf } from '../models/stages';
import type { ModelShape } from '../models/stages';
import { sliceNames, sliceVocabulary } from '../models/vocabulary';
import { storeMatrix } from '../models/weights';
import type { DeviceTensor, Executor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import { checkWeights, describeShape, findUntiedHead, findWeight } from './stored-weights';
import { countParameters, listWeights, type NamedWeights, type Weight } from './weight-list';

export interface LoadedModel {
  readonly name: string;
  readonly shape: ModelShape;
  readonly executor: Executor;
  /**
   * Weights of the embedding stage by path; `table` is the one of the tokens, in slices where the device wants them.
   */
  readonly embedding: Tensors;
  /** Weights of the head stages by path; `weight` is the output projection, in slices as the table. */
  readonly head: Tensors;
  /** The weights of each layer, by path inside the block. */
  readonly blocks: readonly Tensors[];
  readonly parameters: number;
  /** SHA-256 (hex) over the config and every weight. */
  readonly fingerprint: string;
  /** SHA-256 (hex) over the values in float32 of embedding and output projection, by the tensor's name. */
  readonly tables: ReadonlyMap<string, string>;
  readonly warnings: readonly Message[];
  dispose(): void;
}

export interface LoadOptions {
  /** Called with the weights read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** How the weights are to be held; float32 by default. */
  readonly precision?: Precision | undefined;
  /** What `describeShape` said of the checkpoint, where it was asked already. */
  readonly described?: ModelShape | undefined;
}

/** The tensors that hold a weight, or a piece of it, by the end of their names; empty for the weight's own. */
type StoredWeight = ReadonlyMap<string, DeviceTensor>;

/** Rows of a weight: a table of the vocabulary is made of several pieces, any other weight is one. */
export interface WeightPiece {
  readonly start: number;
  readonly rows: number;
  readonly isLast: boolean;
}

/** Uploads a piece of a weight as it is to be held. */
export function uploadPiece(
  executor: Executor,
  data: Float32Array,
  { name, shape, storage, transposed }: Weight,
  { rows }: WeightPiece,
): StoredWeight {
  const dims = shape.length === 0 ? shape : [rows, ...shape.slice(1)];
  return new Map(
    storeMatrix(name, data, dims, storage, transposed).map((part) => [
      part.suffix,
      executor.upload(part.data, part.shape),
    ]),
  );
}

function cutRows(sizes: readonly number[]): WeightPiece[] {
  let start = 0;
  return sizes.map((rows, i) => ({ start: (start += rows) - rows, rows, isLast: i === sizes.length - 1 }));
}

/**
 * Uploads the weights of all stages. `upload` is called once for each piece of each weight, in order; on failure all
 * that was uploaded is disposed.
 */
export async function uploadWeights(
  shape: ModelShape,
  upload: (weight: Weight, piece: WeightPiece) => Promise<StoredWeight>,
): Promise<Pick<LoadedModel, 'embedding' | 'head' | 'blocks'> & { readonly all: ReadonlySet<DeviceTensor> }> {
  const slices = slicesOf(shape);
  const uploaded = new Map<string, StoredWeight[]>();
  const allTensors = (): DeviceTensor[] => [...uploaded.values()].flat().flatMap((stored) => [...stored.values()]);
  const uploadAll = async (weights: NamedWeights): Promise<Tensors> => {
    const tensors: Record<string, DeviceTensor> = {};
    for (const [path, weight] of weights) {
      const isTable = path === 'table' || path === 'weight';
      let pieces = uploaded.get(weight.name);
      if (!pieces) {
        uploaded.set(weight.name, (pieces = []));
        for (const piece of cutRows(isTable ? slices : [weight.shape[0] ?? 1]))
          pieces.push(await upload(weight, piece));
      }
      const names = isTable ? sliceNames(path, slices) : [path];
      names.forEach((name, i) => pieces[i]?.forEach((tensor, suffix) => (tensors[`${name}${suffix}`] = tensor)));
    }
    return tensors;
  };
  const weights = listWeights(shape);
  try {
    const embedding = await uploadAll(weights.embedding);
    const blocks: Tensors[] = [];
    for (const block of weights.blocks) blocks.push(await uploadAll(block));
    return { embedding, blocks, head: await uploadAll(weights.head), all: new Set(allTensors()) };
  } catch (error) {
    disposeAll(allTensors());
    throw error;
  }
}

/**
 * Refuses a precision whose tensors the device has not.
 * @throws UserError for float16 on a GPU without `shader-f16`
 */
export function checkPrecision({ takesFloat16 }: Pick<Executor, 'takesFloat16'>, precision: Precision): void {
  if (precision !== 'float16' || takesFloat16) return;
  throw new UserError('noFloat16');
}

function fingerprintOf({ config }: ModelCheckpoint, hashes: ReadonlyMap<string, string>): Promise<string> {
  return sha256Hex(new TextEncoder().encode([JSON.stringify(config), ...[...hashes].flat()].join('\n')));
}

/** Picks the hashes of embedding and output projection; a tied head has the embedding's. */
function tableHashes(shape: ModelShape, hashes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { embedding, head } = listWeights(shape);
  const [table, weight] = [embedding.get('table') as Weight, head.get('weight') as Weight];
  const names = [table.name, ...shape.architecture.headNames];
  return new Map(names.map((name) => [name, hashes.get(name === table.name ? name : weight.name) as string]));
}

/**
 * Refuses a weight that is no number; nothing that is computed with it would be one.
 * @param file where the tensor lies
 */
function checkNumbers(data: Float32Array, { name, shape }: Weight, { start }: WeightPiece, file: string): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const width = sizeOf(shape.slice(1));
  const place = showPlace(shape, start * width + bad);
  throw new UserError('weightNotNumber', { tensor: name, place, file, value: String(data[bad]) });
}

function sayUnused(names: readonly string[]): Message[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  return [message('tensorsUnused', { count: names.length, names: shown })];
}

/** What a checkpoint is, without its weights. */
export type ModelIdentity = Pick<LoadedModel, 'name' | 'shape' | 'parameters' | 'fingerprint' | 'tables' | 'warnings'>;

/**
 * Reads and hashes every weight, a piece at a time.
 * @param keep what becomes of a piece
 */
async function readModel(
  checkpoint: ModelCheckpoint,
  shape: ModelShape,
  { onProgress, signal }: LoadOptions,
  keep: (data: Float32Array, weight: Weight, piece: WeightPiece) => StoredWeight,
): Promise<ModelIdentity & Awaited<ReturnType<typeof uploadWeights>>> {
  const leftover = checkWeights(checkpoint, shape);
  const hashes = new Map<string, string>();
  const total = countParameters(shape);
  let done = 0;
  // A table is read, hashed and uploaded piece by piece: whole, it may be the largest part of the model. The platform's
  // own hash is four times as fast, and takes its input whole.
  const hash = await createSHA256();
  const uploaded = await uploadWeights(shape, async (weight, piece) => {
    const { name } = weight;
    const location = findWeight(checkpoint, shape, name);
    if (!location) throw new Error(`'${name}' was checked and is gone.`);
    const { source, info } = location;
    const data = await readTensorAsFloat32(source, rowsOf(info, piece.start, piece.rows));
    checkNumbers(data, weight, piece, source.name);
    const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    const isWhole = piece.start === 0 && piece.isLast;
    if (!isWhole) (piece.start === 0 ? hash.init() : hash).update(bytes);
    if (piece.isLast) hashes.set(name, isWhole ? await sha256Hex(bytes) : hash.digest());
    await breathe();
    throwIfAborted(signal);
    done += data.length;
    onProgress?.(done, total);
    return keep(data, weight, piece);
  });
  return {
    ...uploaded,
    name: checkpoint.name,
    shape,
    parameters: total,
    fingerprint: await fingerprintOf(checkpoint, hashes),
    tables: tableHashes(shape, hashes),
    warnings: [...checkpoint.warnings, ...findUntiedHead(checkpoint, shape), ...sayUnused(leftover)],
  };
}

/**
 * Reads, hashes and uploads every weight; on failure nothing stays behind.
 * @throws UserError for weights that do not fit the config or the precision or are no numbers; AbortError when the
 * signal says so
 */
export async function loadModel(
  checkpoint: ModelCheckpoint,
  executor: Executor,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const { precision = 'float32' } = options;
  checkPrecision(executor, precision);
  const described = options.described ?? (await describeShape(checkpoint));
  const shape = { ...described, precision, slices: sliceVocabulary(described.config, executor.tableBytes) };
  const { all, ...model } = await readModel(checkpoint, shape, options, (data, weight, piece) =>
    uploadPiece(executor, data, weight, piece),
  );
  return { ...model, executor, dispose: () => disposeAll(all) };
}

/** Bytes of a vocabulary's pieces where none is kept. */
const identifiedTableBytes = 64 * 2 ** 20;

/**
 * Reads and hashes every weight and keeps none: what a checkpoint is, without a device.
 * @throws UserError for weights that do not fit the config or are no numbers; AbortError when the signal says so
 */
export async function identifyModel(checkpoint: ModelCheckpoint, options: LoadOptions = {}): Promise<ModelIdentity> {
  const described = options.described ?? (await describeShape(checkpoint));
  const shape = { ...described, slices: sliceVocabulary(described.config, identifiedTableBytes) };
  const { name, parameters, fingerprint, tables, warnings } = await readModel(
    checkpoint,
    shape,
    options,
    () => new Map(),
  );
  return { name, shape, parameters, fingerprint, tables, warnings };
}
