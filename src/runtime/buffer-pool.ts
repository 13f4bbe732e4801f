/**
 * @file Buffers that are given out again. The free buffer that was made first is taken first, so the same sequence
 * of calls gets the same buffers, step after step: bind groups made once stay right, and nothing is created any more.
 * What a buffer is, is the owner's: memory of a GPU, or nothing where only the bytes are asked for.
 */
import { sumOf } from '../core/statistics';
import { paddedBytes } from './watched-gpu';

export interface PooledBuffer<B = GPUBuffer> {
  readonly number: number;
  readonly sizeBytes: number;
  readonly buffer: B;
}

/** A free buffer is taken for less than it holds, so that rows of many lengths share what the longest needs. */
const mostSlack = { times: 2, bytes: 64 * 2 ** 10 };

export class BufferPool<B = GPUBuffer> {
  /** Free buffers in the order of their numbers. */
  readonly #free: PooledBuffer<B>[] = [];
  #made = 0;
  #bytes = 0;

  constructor(private readonly create: (sizeBytes: number) => B) {}

  /** Number of buffers created so far. */
  get created(): number {
    return this.#made;
  }

  /** Bytes of all buffers, taken or free. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the free buffer of the lowest number that fits, or creates one. */
  take(sizeBytes: number): PooledBuffer<B> {
    const size = paddedBytes(sizeBytes);
    const most = Math.max(mostSlack.times * size, mostSlack.bytes);
    const place = this.#free.findIndex((buffer) => buffer.sizeBytes >= size && buffer.sizeBytes <= most);
    const [free] = place < 0 ? [] : this.#free.splice(place, 1);
    if (free) return free;
    this.#bytes += size;
    return { number: this.#made++, sizeBytes: size, buffer: this.create(size) };
  }

  give(pooled: PooledBuffer<B>): void {
    const place = this.#free.findIndex(({ number }) => number > pooled.number);
    this.#free.splice(place < 0 ? this.#free.length : place, 0, pooled);
  }

  /** Parts with all free buffers. */
  empty(): PooledBuffer<B>[] {
    const free = this.#free.splice(0);
    this.#bytes -= sumOf(free.map(({ sizeBytes }) => sizeBytes));
    return free;
  }
}
