/**
 * @file GPU buffers that are given out again. The free buffer that was made first is taken first, so the same sequence
 * of calls gets the same buffers, step after step: bind groups made once stay right, and nothing is created any more.
 */
import { createStorage, paddedBytes } from './watched-gpu';

export interface PooledBuffer {
  readonly number: number;
  readonly sizeBytes: number;
  readonly buffer: GPUBuffer;
}

/** A free buffer is taken for less than it holds, so that rows of many lengths share what the longest needs. */
const mostSlack = { times: 2, bytes: 64 * 2 ** 10 };

export class BufferPool {
  /** Free buffers in the order of their numbers. */
  readonly #free: PooledBuffer[] = [];
  #made = 0;

  constructor(private readonly gpu: GPUDevice) {}

  /** Number of buffers created so far. */
  get created(): number {
    return this.#made;
  }

  /** Takes the free buffer of the lowest number that fits, or creates one. */
  take(sizeBytes: number): PooledBuffer {
    const size = paddedBytes(sizeBytes);
    const most = Math.max(mostSlack.times * size, mostSlack.bytes);
    const place = this.#free.findIndex((buffer) => buffer.sizeBytes >= size && buffer.sizeBytes <= most);
    const [free] = place < 0 ? [] : this.#free.splice(place, 1);
    return free ?? { number: this.#made++, sizeBytes: size, buffer: createStorage(this.gpu, size) };
  }

  give(pooled: PooledBuffer): void {
    const place = this.#free.findIndex(({ number }) => number > pooled.number);
    this.#free.splice(place < 0 ? this.#free.length : place, 0, pooled);
  }
}
