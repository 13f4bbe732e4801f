/**
 * @file A checkpoint with an adapter added to its weights, in the same files: the same shards, names, index, configs,
 * tokenizer and template. It is written piece by piece, so that no more than a block of one shard is ever in memory.
 */
import { UserError, invariant, throwIfAborted } from '../core/errors';
import { breathe } from '../core/breathe';
import { bfloat16ArrayToFloat32, float16ArrayToFloat32 } from '../core/float';
import { readAll, readJsonObject, type ByteSource } from '../formats/byte-source';
import { withoutCommonFolder, type Directory, type ModelCheckpoint } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import {
  headerBytes,
  readSafetensorsHeader,
  readTensorAsFloat32,
  rowsOf,
  type HeaderEntry,
  type TensorInfo,
} from '../formats/safetensors';
import { findWeight } from '../engine/stored-weights';
import type { ModelShape } from '../models/stages';
import type { FloatDtype } from '../run/hand-over';
import { bytesFile, textFile, type StreamedFile } from './streamed-file';
import { addUpdate, checkRange, toBytes, type WeightUpdate } from './merge-weight';

/** What rounding did to the weights that the adapter changes; complete once all files have been read. */
export interface MergeCounts {
  /** Elements of weights that the adapter changes. */
  adapted: number;
  /** Those among them that have the base's value after rounding. */
  unchanged: number;
}

/** Bytes of the pieces in which weights are merged, as float32. */
const pieceBytes = 4 * 2 ** 20;

const isFloat = (dtype: string): dtype is FloatDtype => dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
const bytesOf = { F32: 4, F16: 2, BF16: 2 } as const;
const namesOfDtypes = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/** Weights of other formats, which would be the base's and not the merged ones. */
const otherWeights = /\.(bin|pt|pth|ckpt|h5|msgpack|gguf|onnx|onnx_data|npz)$/;

export interface MergeRequest {
  readonly checkpoint: ModelCheckpoint;
  readonly shape: ModelShape;
  readonly adapter: LoraAdapter;
  /** What all weights are rounded to; null: each to its own dtype. */
  readonly dtype: FloatDtype | null;
  readonly signal?: AbortSignal | undefined;
}

/** The updates by the names that the files give the weights. */
function updatesOf({ checkpoint, shape, adapter }: MergeRequest): ReadonlyMap<string, WeightUpdate> {
  const transposed = new Map(
    shape.architecture.linears(shape.config).map(({ path, transposed: is = false }) => [path, is]),
  );
  const updates = new Map<string, WeightUpdate>();
  for (let layer = 0; layer < shape.config.layers; layer++) {
    for (const [path, isTransposed] of transposed) {
      const name = shape.architecture.blockTensorName(layer, path);
      const module = adapter.modules.get(name);
      const found = module && findWeight(checkpoint, shape, `${name}.weight`);
      if (!module || !found) continue;
      updates.set(found.info.name, { module, scale: adapter.lora_alpha / adapter.r, transposed: isTransposed });
    }
  }
  return updates;
}

const dtypeOf = (info: TensorInfo, { dtype }: MergeRequest): TensorInfo['dtype'] =>
  dtype !== null && isFloat(info.dtype) ? dtype : info.dtype;

/** The tensor's entry in the header of its new file. */
function entryOf(info: TensorInfo, request: MergeRequest): HeaderEntry {
  const dtype = dtypeOf(info, request);
  const byteLength =
    isFloat(info.dtype) && isFloat(dtype) ? (info.byteLength / bytesOf[info.dtype]) * bytesOf[dtype] : info.byteLength;
  return { name: info.name, dtype, shape: info.shape, byteLength };
}

/** Copies bytes as they are, piece by piece. */
async function* copied(source: ByteSource, start: number, length: number): AsyncIterable<Uint8Array> {
  for (let done = 0; done < length; done += pieceBytes)
    yield await source.read(start + done, Math.min(pieceBytes, length - done));
}

function countUnchanged(before: Uint8Array, after: Uint8Array, width: number): number {
  let count = 0;
  for (let at = 0; at < before.length; at += width) {
    let isSame = true;
    for (let i = 0; i < width; i++) isSame &&= before[at + i] === after[at + i];
    if (isSame) count++;
  }
  return count;
}

/** The tensor's bytes in its new file. */
async function* tensorPieces(
  source: ByteSource,
  info: TensorInfo,
  update: WeightUpdate | undefined,
  request: MergeRequest,
  counts: MergeCounts,
): AsyncIterable<Uint8Array> {
  const dtype = dtypeOf(info, request);
  if (!isFloat(dtype) || (!update && dtype === info.dtype)) {
    yield* copied(source, info.byteOffset, info.byteLength);
    return;
  }
  const [rows = 1, ...rest] = info.shape;
  const columns = rest.reduce((product, size) => product * size, 1);
  const step = Math.max(1, Math.floor(pieceBytes / 4 / Math.max(1, columns)));
  for (let start = 0; start < rows; start += step) {
    const count = Math.min(step, rows - start);
    const piece = info.shape.length === 0 ? info : rowsOf(info, start, count);
    const values = await readTensorAsFloat32(source, piece);
    // As float32, bytes are the values themselves.
    const before = update && (dtype === 'F32' ? toBytes(values.slice(), dtype) : toBytes(values, dtype));
    if (update) addUpdate(values, start, columns, update);
    checkRange(values, dtype, info.name);
    const bytes = toBytes(values, dtype);
    if (before) {
      counts.adapted += values.length;
      counts.unchanged += countUnchanged(before, bytes, bytesOf[dtype]);
    }
    yield bytes;
    await breathe();
    throwIfAborted(request.signal);
  }
}

async function mergedFile(
  path: string,
  source: ByteSource,
  updates: ReadonlyMap<string, WeightUpdate>,
  request: MergeRequest,
  counts: MergeCounts,
): Promise<StreamedFile & { readonly weightBytes: number }> {
  const { tensors, metadata } = await readSafetensorsHeader(source);
  // In the file's own order of data, which readers of a stream rely on.
  const ordered = [...tensors.values()].sort((a, b) => a.byteOffset - b.byteOffset);
  const entries = ordered.map((info) => entryOf(info, request));
  const header = headerBytes(entries, Object.fromEntries(metadata));
  const weightBytes = entries.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    path,
    weightBytes,
    sizeBytes: header.byteLength + weightBytes,
    async *pieces() {
      yield header;
      for (const info of ordered) yield* tensorPieces(source, info, updates.get(info.name), request, counts);
    },
  };
}

/** The bytes of a float dtype as numbers. */
function fromBytes(bytes: Uint8Array, dtype: FloatDtype): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  return dtype === 'F16' ? float16ArrayToFloat32(halves) : bfloat16ArrayToFloat32(halves);
}

/** Rows of a weight. */
interface Rows {
  readonly start: number;
  readonly rows: number;
}

/** Reads weights as the merged files will have them. */
export class MergedWeights {
  readonly #updates: ReadonlyMap<string, WeightUpdate>;

  constructor(private readonly request: MergeRequest) {
    this.#updates = updatesOf(request);
  }

  /**
   * @param name of the weight in the whole model
   * @param rows of it; of one that the adapter changes all
   * @returns its numbers, row-major; null where the merged files have the base's own
   */
  async read(name: string, { start, rows }: Rows): Promise<Float32Array | null> {
    const { checkpoint, shape } = this.request;
    const found = findWeight(checkpoint, shape, name);
    if (!found) return null;
    const update = this.#updates.get(found.info.name);
    const dtype = dtypeOf(found.info, this.request);
    if (!isFloat(dtype) || (!update && (dtype === found.info.dtype || dtype === 'F32'))) return null;
    const isWhole = rows === (found.info.shape[0] ?? 1);
    invariant(isWhole || !update, `rows of ${name}, which an adapter changes`);
    const info = isWhole ? found.info : rowsOf(found.info, start, rows);
    const values = new Float32Array(info.shape.reduce((product, size) => product * size, 1));
    let at = 0;
    for await (const piece of tensorPieces(found.source, info, update, this.request, { adapted: 0, unchanged: 0 })) {
      const numbers = fromBytes(piece, dtype);
      values.set(numbers, at);
      at += numbers.length;
    }
    return values;
  }
}

const jsonFile = (path: string, value: unknown): StreamedFile => textFile(path, `${JSON.stringify(value, null, 2)}\n`);

/** config.json with the dtype of the merged weights under the key that it has. */
async function configFile(source: ByteSource, { dtype }: MergeRequest): Promise<StreamedFile> {
  if (dtype === null) return bytesFile('config.json', await readAll(source));
  const config = await readJsonObject(source);
  const key = 'dtype' in config ? 'dtype' : 'torch_dtype';
  return jsonFile('config.json', { ...config, [key]: namesOfDtypes[dtype] });
}

const indexName = 'model.safetensors.index.json';

/**
 * Plans the files of a merged checkpoint. Headers are read; weights are read when the pieces of their file are.
 * @param directory the base's own files
 * @returns the files, and what rounding did once their pieces have been read
 * @throws UserError for a weight that no number of its dtype can hold; AbortError when the signal says so
 */
export async function mergeCheckpoint(
  directory: Directory,
  request: MergeRequest,
): Promise<{ files: StreamedFile[]; counts: MergeCounts }> {
  const counts: MergeCounts = { adapted: 0, unchanged: 0 };
  const updates = updatesOf(request);
  const sources = new Set([...request.checkpoint.weights.values()].map(({ source }) => source));
  const files: StreamedFile[] = [];
  let totalBytes = 0;
  const others: [string, ByteSource][] = [];
  for (const [path, source] of [...withoutCommonFolder(directory)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (path.endsWith('.safetensors')) {
      if (!sources.has(source)) continue;
      const file = await mergedFile(path, source, updates, request, counts);
      totalBytes += file.weightBytes;
      files.push(file);
    } else if (!otherWeights.test(path) && !path.startsWith('.')) others.push([path, source]);
  }
  if (files.length === 0) throw new UserError('nothingToMerge', { name: request.checkpoint.name });
  for (const [path, source] of others) {
    if (path === 'config.json') files.push(await configFile(source, request));
    else if (path === indexName) {
      if (files.length === 1 && files[0]?.path === 'model.safetensors') continue;
      const index = await readJsonObject(source);
      const metadata = { ...(index['metadata'] as object | undefined), total_size: totalBytes };
      files.push(jsonFile(path, { ...index, metadata }));
    } else {
      files.push({ path, sizeBytes: source.sizeBytes, pieces: () => copied(source, 0, source.sizeBytes) });
    }
  }
  return { files, counts };
}
