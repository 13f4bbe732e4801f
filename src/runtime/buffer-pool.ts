/**
 * @file GPU buffers that are given out again. The free buffer that was made first is taken first, so the same sequence
 * of calls gets the same buffers, step after step: bind groups made once stay right, and nothing is created any more.
 */

/** Storage buffers are whole 16-byte blocks: reading back copies blocks, and kernels may read vectors of four. */
export const paddedBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

export interface PooledBuffer {
  readonly number: number;
  readonly buffer: GPUBuffer;
}

/** GPUBufferUsage of every pooled buffer, which Node knows only once Dawn is open. */
const usage = (): number => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

export class BufferPool {
  /** Free buffers by size, in the order of their numbers. */
  readonly #free = new Map<number, PooledBuffer[]>();
  #made = 0;
  #bytes = 0;

  constructor(private readonly gpu: GPUDevice) {}

  /** Number of buffers created so far. */
  get created(): number {
    return this.#made;
  }

  /** Bytes of all buffers that are not destroyed, free ones included. */
  get bytes(): number {
    return this.#bytes;
  }

  take(sizeBytes: number): PooledBuffer {
    const size = paddedBytes(sizeBytes);
    const free = this.#free.get(size)?.shift();
    if (free) return free;
    this.#bytes += size;
    return { number: this.#made++, buffer: this.gpu.createBuffer({ size, usage: usage() }) };
  }

  give(pooled: PooledBuffer): void {
    const { size } = pooled.buffer;
    const free = this.#free.get(size) ?? [];
    const place = free.findIndex(({ number }) => number > pooled.number);
    free.splice(place < 0 ? free.length : place, 0, pooled);
    this.#free.set(size, free);
  }

  /** Destroys the buffers that nobody has, where memory is wanted for other sizes. */
  destroyFree(): void {
    for (const { buffer } of [...this.#free.values()].flat()) {
      this.#bytes -= buffer.size;
      buffer.destroy();
    }
    this.#free.clear();
  }
}
