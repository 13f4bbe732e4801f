/**
 * @file How the matrices of a model are held on the device and read in a graph: as float32, as float16 widened where
 * they are used, or in blocks of 4 or 8 bits (graph/operators/quantized.ts). All arithmetic is float32 in each of them.
 * Norms and biases, which are small, are always float32.
 */
import type { Precision } from '../core/dtype';
import { float32ArrayToFloat16 } from '../core/float';
import { UserError } from '../core/errors';
import { quantizeBlocks } from '../core/quantize';
import type { Shape } from '../core/shape';
import { showShape } from '../core/shape';
import type { Builder } from '../graph/builder';
import type { BlockFormat } from '../graph/operator';
import type { Value } from '../graph/value';

/** How one matrix is held. */
export type Storage = 'float32' | 'float16' | 'int4' | 'int8';

const blockSize = 32;
const formats: Readonly<Record<'int4' | 'int8', BlockFormat>> = {
  int4: { bits: 4, blockSize },
  int8: { bits: 8, blockSize },
};

/**
 * Chooses how a matrix is held at a precision; a row that blocks do not fill stays float32.
 * @param width elements of a row, K
 */
export function storageOf(precision: Precision, matrix: 'linear' | 'table', width: number): Storage {
  if (precision !== 'int4') return precision;
  if (width % blockSize !== 0) return 'float32';
  return matrix === 'linear' ? 'int4' : 'int8';
}

/** Counts the bytes that so many elements take in this storage, scales included. */
export function storedBytes(storage: Storage, elements: number): number {
  if (storage === 'float32') return 4 * elements;
  if (storage === 'float16') return 2 * elements;
  return (elements * formats[storage].bits) / 8 + (4 * elements) / blockSize;
}

/** A matrix inside a graph. */
export interface Matrix {
  /** Number of rows, N. */
  readonly rows: number;
  /** What the stage must be fed for it. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** Emits x [M, K] times the transposed matrix: [M, N]. */
  product(x: Value): Value;
  /** Emits the rows at int32 indices [T]: [T, K]. */
  gather(indices: Value): Value;
}

/** Names a matrix's scales, beside its own name. */
const scalesOf = (name: string): string => `${name}.scales`;

/**
 * Declares a matrix as inputs of a stage, as it is held.
 * @param shape [N, K] as the product takes it, or [K, N] where it is `transposed` (Conv1D), which blocks undo
 */
export function declareMatrix(g: Builder, name: string, storage: Storage, shape: Shape, transposed = false): Matrix {
  const [N, K] = (transposed ? [...shape].reverse() : shape) as [number, number];
  if (storage === 'float32' || storage === 'float16') {
    const held = g.input(name, storage, shape);
    return {
      rows: N,
      inputs: { [name]: held },
      product: (x) => g.gemm(x, g.cast(held, 'float32'), { transB: !transposed }),
      gather: (indices) => g.cast(g.gather(held, indices), 'float32'),
    };
  }
  const format = formats[storage];
  const data = g.input(name, 'uint8', [N, K / blockSize, (blockSize * format.bits) / 8]);
  const scales = g.input(scalesOf(name), 'float32', [N, K / blockSize]);
  return {
    rows: N,
    inputs: { [name]: data, [scalesOf(name)]: scales },
    product: (x) => g.matmulNBits(x, data, scales, format),
    gather: (indices) => g.gatherQuantized(data, scales, indices, format),
  };
}

/** One tensor of a matrix as it goes to the device, and the end of its name there. */
export interface StoredPart {
  readonly suffix: string;
  readonly data: Float32Array | Uint16Array | Uint8Array;
  readonly shape: Shape;
}

const largestFloat16 = 65504;

/** Exchanges rows and columns. */
function transpose(data: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = data[row * columns + column] as number;
  }
  return result;
}

/**
 * Puts a weight in float32 into the tensors that `declareMatrix` reads.
 * @throws UserError where float16 cannot hold a value
 */
export function storeMatrix(
  name: string,
  data: Float32Array,
  shape: Shape,
  storage: Storage,
  transposed = false,
): StoredPart[] {
  if (storage === 'float32') return [{ suffix: '', data, shape }];
  if (storage === 'float16') {
    const tooLarge = data.find((value) => Math.abs(value) > largestFloat16);
    if (tooLarge !== undefined) {
      throw new UserError('beyondFloat16', {
        tensor: name,
        place: showShape(shape),
        value: tooLarge,
        limit: largestFloat16,
      });
    }
    return [{ suffix: '', data: float32ArrayToFloat16(data), shape }];
  }
  const [N, K] = (transposed ? [...shape].reverse() : shape) as [number, number];
  const { bits } = formats[storage];
  const { levels, scales } = quantizeBlocks(
    transposed ? transpose(data, shape as [number, number]) : data,
    bits,
    blockSize,
  );
  return [
    { suffix: '', data: levels, shape: [N, K / blockSize, (blockSize * bits) / 8] },
    { suffix: scalesOf(''), data: scales, shape: [N, K / blockSize] },
  ];
}
