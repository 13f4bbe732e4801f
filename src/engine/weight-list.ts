/**
 * @file Which tensors a model is made of and how the device holds each: names and sizes that follow from the config and
 * the precision alone. Not here: whether a checkpoint has them (stored-weights.ts), and their values.
 */
import { sizeOf } from '../core/shape';
import type { NamedTensor } from '../models/architecture';
import { listBlockTensors } from '../models/architecture';
import { precisionOf } from '../models/stages';
import type { ModelShape } from '../models/stages';
import type { Storage } from '../models/weights';
import { storageOf, storedBytes } from '../models/weights';

/** A tensor of the checkpoint and how the device holds it. */
export interface Weight extends NamedTensor {
  readonly storage: Storage;
  /** Whether the tensor is [in, out] and not [out, in]. */
  readonly transposed: boolean;
}

/** Weights by the path under which their stage takes them. */
export type NamedWeights = ReadonlyMap<string, Weight>;

/** Lists every tensor that the model needs; a tied head has the name of the embedding. */
export function listWeights(shape: ModelShape): {
  embedding: NamedWeights;
  head: NamedWeights;
  blocks: NamedWeights[];
} {
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

/** The heap before anything is compiled into it. */
const emptyBytes = 16 * 2 ** 20;

/** Bytes that each layer, and the output projection, have in the heap: float16 weights are widened there for good. */
function heapParts(shape: ModelShape): readonly number[] {
  const { blocks, head } = listWeights(shape);
  return [...blocks, head].map((weights) =>
    [...weights.values()].reduce(
      (sum, { storage, shape: dims }) => sum + storedBytes(storage === 'float16' ? 'float32' : storage, sizeOf(dims)),
      0,
    ),
  );
}

/**
 * Estimates the bytes of the WebAssembly heap for answering where every layer and the output projection have their
 * weights compiled in, and while the largest of them is compiled. It is null where that is more than the heap should
 * hold; then the weights are brought to it for each token.
 */
export function residentHeapBytes(shape: ModelShape): number | null {
  const sizes = heapParts(shape);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const heapBytes = Math.round(emptyBytes + residentGrowth * (all + 2 * Math.max(...sizes)));
  return heapBytes <= residentLimitBytes ? heapBytes : null;
}

/**
 * Estimates what a second model adds to the WebAssembly heap while both answer. Where the heap holds the weights of
 * both, the second one's are compiled in too; else they are brought to it for each token, a layer at a time.
 */
export function besideHeapBytes(
  second: ModelShape,
  first: ModelShape,
): { readonly bytes: number; readonly isCompiledIn: boolean } {
  const bytes = (residentHeapBytes(second) ?? Infinity) - emptyBytes;
  if ((residentHeapBytes(first) ?? emptyBytes) + bytes <= residentLimitBytes) return { bytes, isCompiledIn: true };
  return { bytes: Math.round(residentGrowth * Math.max(...heapParts(second))), isCompiledIn: false };
}
