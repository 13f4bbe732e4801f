/** @file Numbers that stand for buffers in the keys of lists that were recorded for them. */
export class BufferNumbers {
  readonly #numbers = new WeakMap<GPUBuffer, number>();
  #next = 0;

  /** Equal for the same buffers in the same order, and for no others. */
  keyOf(buffers: readonly GPUBuffer[]): string {
    return buffers.map((buffer) => this.#numberOf(buffer)).join();
  }

  #numberOf(buffer: GPUBuffer): number {
    const known = this.#numbers.get(buffer);
    if (known !== undefined) return known;
    this.#numbers.set(buffer, this.#next);
    return this.#next++;
  }
}
