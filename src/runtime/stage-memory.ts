/**
 * @file Where the values of stages lie when kernels of our own run them: those inside a stage in buffers that all
 * stages share, its outputs in buffers that are given out again or written over an input. Whoever runs stages and
 * whoever only counts their bytes take the same buffers in the same order.
 */
import { bytesPerElement } from '../core/dtype';
import { sizeOf } from '../core/shape';
import type { Value } from '../graph/value';
import type { CompiledStage } from '../wgsl/kernel';
import type { BufferPool, PooledBuffer } from './buffer-pool';
import type { DeviceTensor } from './executor';

/** Bytes of a value in a buffer of ours, where a truth value is a word. */
export const bytesOf = ({ dtype, shape }: Pick<Value, 'dtype' | 'shape'>): number =>
  sizeOf(shape) * (dtype === 'bool' ? 4 : bytesPerElement[dtype]);

/** Bytes of the uniform buffer that tells kernels the lengths of a row. */
export const lengthsBytes = 16;

/** The values whose buffers are given to each run, in their order: inputs and then outputs. */
export const boundValues = ({ stage }: CompiledStage): readonly Value[] => [
  ...Object.values(stage.inputs),
  ...Object.values(stage.outputs),
];

/**
 * Places the values inside a stage: one whose last reader has run gives its buffer to a later one. Stages run one after
 * the other, so all of them may use the same buffers, which go back to the pool at once. Constants keep theirs.
 */
export function placeInner<B>(
  compiled: CompiledStage,
  pool: BufferPool<B>,
  constants: BufferPool<B>,
): Map<Value, PooledBuffer<B>> {
  const { kernels } = compiled;
  const bound = new Set<Value>(boundValues(compiled));
  const inner = new Map<Value, PooledBuffer<B>>();
  const lastUse = new Map<Value, number>();
  kernels.forEach(({ reads, writes }, i) => [...reads, ...writes].forEach((value) => lastUse.set(value, i)));
  const taken = new Set<PooledBuffer<B>>();
  kernels.forEach(({ reads, writes }, i) => {
    for (const value of [...reads, ...writes]) {
      if (bound.has(value) || inner.has(value)) continue;
      const isConstant = value.source.kind === 'constant';
      const buffer = (isConstant ? constants : pool).take(bytesOf(value));
      inner.set(value, buffer);
      if (!isConstant) taken.add(buffer);
    }
    for (const value of new Set([...reads, ...writes])) {
      const buffer = inner.get(value);
      if (!buffer || !taken.has(buffer) || lastUse.get(value) !== i) continue;
      pool.give(buffer);
      taken.delete(buffer);
    }
  });
  return inner;
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

export interface PlacedOutput extends NamedValue {
  /** The input that it is written over; null for none. */
  readonly overwrites: string | null;
  /** The place, among inputs and then outputs, of the tensor that it is a copy of: an input given out again. */
  readonly copies: number | null;
}

/** Says of each output whether it is written over an input, or is a copy of one. */
export function placeOutputs(compiled: CompiledStage): PlacedOutput[] {
  const { stage, inPlace } = compiled;
  const bound = boundValues(compiled);
  const inputs = Object.keys(stage.inputs).length;
  return Object.entries<Value>(stage.outputs).map(([name, value], i) => {
    const overwrites = inPlace.get(value) ?? null;
    const place = bound.indexOf(value);
    const isCopy = overwrites === null && place < inputs + i;
    return { name, value, overwrites, copies: isCopy ? place : null };
  });
}

/** A tensor in a buffer, whatever that is. */
export interface BufferTensor<B = GPUBuffer> extends DeviceTensor {
  readonly buffer: B;
}

/** Hands a tensor's buffer to a new one that is written over it; disposing the old one does nothing any more. */
export function takeOver<B>(tensor: BufferTensor<B>): BufferTensor<B> {
  const { dispose } = tensor;
  (tensor as { dispose: () => void }).dispose = () => {};
  return { ...tensor, dispose };
}

/** Tensors in buffers of a pool, which come back to it when they are disposed. */
export class TensorPool<B = GPUBuffer> {
  #heldBytes = 0;

  constructor(readonly buffers: BufferPool<B>) {}

  /** Bytes of the tensors that nobody has disposed. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes a buffer for a tensor; `bytes` are those that its elements take there. */
  take({ dtype, shape }: Pick<Value, 'dtype' | 'shape'>, bytes = bytesOf({ dtype, shape })): BufferTensor<B> {
    const pooled = this.buffers.take(bytes);
    const sizeBytes = sizeOf(shape) * bytesPerElement[dtype];
    let alive = true;
    this.#heldBytes += sizeBytes;
    const dispose = (): void => {
      if (!alive) return;
      alive = false;
      this.#heldBytes -= sizeBytes;
      this.buffers.give(pooled);
    };
    return { buffer: pooled.buffer, dtype, shape, sizeBytes, dispose };
  }
}
