/**
 * @file A checkpoint opened on a device: every weight checked against the architecture, put into the precision asked
 * for and uploaded once, one tensor at a time; shared by policy, reference and generation. Not here: what is run on it.
 */
import { createSHA256 } from 'hash-wasm';
import { breathe } from '../core/breathe';
import type { Precision } from '../core/dtype';
import { UserError, throwIfAborted } from '../core/errors';
import { sha256Hex } from '../core/sha256';
import { showShape, sameShape, sizeOf } from '../core/shape';
import { message, type Message } from '../messages/message';
import type { ModelCheckpoint } from '../formats/checkpoint';
import { readTensorAsFloat32, rowsOf } from '../formats/safetensors';
import type { Architecture, ModelConfig, NamedTensor } from '../models/architecture';
import { listBlockTensors } from '../models/architecture';
import { findArchitecture } from '../models/registry';
import { precisionOf, slicesOf } from '../models/stages';
import type { ModelShape } from '../models/stages';
import { sliceNames, sliceVocabulary } from '../models/vocabulary';
import type { Storage } from '../models/weights';
import { storageOf, storedBytes, storeMatrix } from '../models/weights';
import type { DeviceTensor, Executor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';

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
  readonly warnings: readonly Message[];
  dispose(): void;
}

/** Buffers that older transformers saved beside the weights; they carry nothing. */
const ignoredTensors = /(rotary_emb\.inv_freq|masked_bias|(attn|attention)\.bias)$/;

/** A tensor of the checkpoint and how the device holds it. */
export interface Weight extends NamedTensor {
  readonly storage: Storage;
  /** Whether the tensor is [in, out] and not [out, in]. */
  readonly transposed: boolean;
}

/** Weights by the path under which their stage takes them. */
type NamedWeights = ReadonlyMap<string, Weight>;

/** Lists every tensor that the model needs; a tied head has the name of the embedding. */
function listWeights(shape: ModelShape): { embedding: NamedWeights; head: NamedWeights; blocks: NamedWeights[] } {
  const { architecture, config } = shape;
  const plain = (tensor: NamedTensor): Weight => ({ ...tensor, storage: 'float32', transposed: false });
  const table = (tensor: NamedTensor): Weight => ({
    ...plain(tensor),
    storage: storageOf(precisionOf(shape), 'table', config.hiddenSize),
  });
  const embedding = new Map(
    [...architecture.embeddingTensors(config)].map(([path, tensor]) => [
      path,
      path === 'table' ? table(tensor) : plain(tensor),
    ]),
  );
  const tied = embedding.get('table') as Weight;
  const weight = config.tiedEmbeddings ? tied : { ...tied, name: architecture.headNames[0] as string };
  const linears = new Map(architecture.linears(config).map((linear) => [`${linear.path}.weight`, linear]));
  const blockTensors = [...listBlockTensors(architecture, config)];
  return {
    embedding,
    head: new Map([
      ...[...architecture.finalNormTensors(config)].map(([path, tensor]): [string, Weight] => [path, plain(tensor)]),
      ['weight', weight],
    ]),
    blocks: Array.from({ length: config.layers }, (_, layer) => {
      return new Map(
        blockTensors.map(([path, dims]) => {
          const linear = linears.get(path);
          const tensor = plain({ name: architecture.blockTensorName(layer, path), shape: dims });
          return [
            path,
            linear
              ? {
                  ...tensor,
                  storage: storageOf(precisionOf(shape), 'linear', linear.in),
                  transposed: linear.transposed ?? false,
                }
              : tensor,
          ];
        }),
      );
    }),
  };
}

/** Lists every weight once, a tied head with the embedding. */
export function listWeightsOnce(shape: ModelShape): ReadonlyMap<string, Weight> {
  const { embedding, head, blocks } = listWeights(shape);
  return new Map(
    [embedding, head, ...blocks].flatMap((weights) => [...weights.values()].map((weight) => [weight.name, weight])),
  );
}

/** Counts the weights; a tied head counts once. */
export function countParameters(shape: ModelShape): number {
  return [...listWeightsOnce(shape).values()].reduce((sum, { shape: dims }) => sum + sizeOf(dims), 0);
}

/** Counts the bytes that the weights take on a device at the shape's precision. */
export function countWeightBytes(shape: ModelShape): number {
  return [...listWeightsOnce(shape).values()].reduce(
    (sum, { storage, shape: dims }) => sum + storedBytes(storage, sizeOf(dims)),
    0,
  );
}

/** The WebAssembly heap has 32-bit addresses; what runs beside the compiled-in weights gets the last quarter. */
const residentLimitBytes = 3 * 2 ** 30;

/** Factor for gaps between programs and the heap's growth by a fifth (measured: docs/log.md). */
const residentGrowth = 1.4;

/**
 * Estimates the bytes of the WebAssembly heap for answering where every layer and the output projection have their
 * weights compiled in, and while the largest of them is compiled. It is null where that is more than the heap should
 * hold; then the weights are brought to it for each token. The runtime widens compiled-in float16 weights for good.
 */
export function residentHeapBytes(shape: ModelShape): number | null {
  const { blocks, head } = listWeights(shape);
  const sizes = [...blocks, head].map((weights) =>
    [...weights.values()].reduce(
      (sum, { storage, shape: dims }) => sum + storedBytes(storage === 'float16' ? 'float32' : storage, sizeOf(dims)),
      0,
    ),
  );
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const heapBytes = Math.round(16 * 2 ** 20 + residentGrowth * (all + 2 * Math.max(...sizes)));
  return heapBytes <= residentLimitBytes ? heapBytes : null;
}

/**
 * Lists the names under which a checkpoint may have a tensor, as transformers reads them: without the base model's
 * prefix too.
 */
function possibleNames({ basePrefix, headNames }: Architecture, name: string): string[] {
  if (name === headNames[0]) return [...headNames];
  return name.startsWith(basePrefix) ? [name, name.slice(basePrefix.length)] : [name];
}

function findWeight({ weights }: ModelCheckpoint, architecture: Architecture, name: string) {
  const found = possibleNames(architecture, name).find((candidate) => weights.has(candidate));
  return found === undefined ? undefined : weights.get(found);
}

/**
 * Compares names and shapes of the files with those that the config calls for, before any weight is read.
 * @returns the names of tensors that the architecture does not use
 * @throws UserError for a tensor that is missing or of another shape
 */
export function checkWeights(checkpoint: ModelCheckpoint, shape: ModelShape): string[] {
  const { architecture } = shape;
  const wanted = listWeightsOnce(shape);
  const missing = [...wanted.keys()].filter((name) => !findWeight(checkpoint, architecture, name));
  if (missing.length > 0) {
    const more = missing.length > 1 ? message('andMoreTensors', { count: missing.length - 1 }) : '';
    throw new UserError('weightsLack', { name: checkpoint.name, tensor: missing[0] ?? '', more });
  }
  for (const [name, { shape: dims }] of wanted) {
    const found = findWeight(checkpoint, architecture, name)?.info.shape ?? [];
    if (!sameShape(found, dims)) {
      throw new UserError('weightShapeOther', {
        name: checkpoint.name,
        tensor: name,
        shape: showShape(found),
        wanted: showShape(dims),
      });
    }
  }
  const known = new Set(
    [...wanted.keys(), ...architecture.headNames].flatMap((name) => possibleNames(architecture, name)),
  );
  return [...checkpoint.weights.keys()].filter((name) => !known.has(name) && !ignoredTensors.test(name));
}

/**
 * Finds the checkpoint's architecture and reads its config; no weight is read.
 * @throws UserError for an architecture or a value that Airlock does not compute
 */
export function describeShape(checkpoint: ModelCheckpoint): ModelShape {
  const architecture = findArchitecture(checkpoint.config);
  const config: ModelConfig = architecture.parseConfig(checkpoint.config);
  return { architecture, config };
}

export interface LoadOptions {
  /** Called with the weights read so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** How the weights are to be held; float32 by default. */
  readonly precision?: Precision | undefined;
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

/**
 * Reads, hashes and uploads every weight; on failure nothing stays behind.
 * @throws UserError for weights that do not fit the config or the precision; AbortError when the signal says so
 */
export async function loadModel(
  checkpoint: ModelCheckpoint,
  executor: Executor,
  { onProgress, signal, precision = 'float32' }: LoadOptions = {},
): Promise<LoadedModel> {
  checkPrecision(executor, precision);
  const described = describeShape(checkpoint);
  const shape = { ...described, precision, slices: sliceVocabulary(described.config, executor.tableBytes) };
  const leftover = checkWeights(checkpoint, shape);
  const hashes: string[] = [JSON.stringify(checkpoint.config)];
  const total = countParameters(shape);
  let done = 0;
  // A table is read, hashed and uploaded piece by piece: whole, it may be the largest part of the model. The platform's
  // own hash is four times as fast, and takes its input whole.
  const hash = await createSHA256();
  const { embedding, head, blocks, all } = await uploadWeights(shape, async (weight, piece) => {
    const { name } = weight;
    const location = findWeight(checkpoint, shape.architecture, name);
    if (!location) throw new Error(`'${name}' was checked and is gone.`);
    const { source, info } = location;
    const data = await readTensorAsFloat32(source, rowsOf(info, piece.start, piece.rows));
    const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    const isWhole = piece.start === 0 && piece.isLast;
    if (!isWhole) (piece.start === 0 ? hash.init() : hash).update(bytes);
    if (piece.isLast) hashes.push(name, isWhole ? await sha256Hex(bytes) : hash.digest());
    await breathe();
    throwIfAborted(signal);
    done += data.length;
    onProgress?.(done, total);
    return uploadPiece(executor, data, weight, piece);
  });
  return {
    name: checkpoint.name,
    shape,
    executor,
    embedding,
    head,
    blocks,
    parameters: total,
    fingerprint: await sha256Hex(new TextEncoder().encode(hashes.join('\n'))),
    warnings:
      leftover.length === 0
        ? []
        : [
            message('tensorsUnused', {
              count: leftover.length,
              names: leftover.slice(0, 3).join(', ') + (leftover.length > 3 ? ', ...' : ''),
            }),
          ],
    dispose: () => disposeAll(all),
  };
}
