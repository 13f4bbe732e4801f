/**
 * @file Sequences that are decoded together: one comes in with its prompt, all get a token a step, and one that has
 * ended leaves its slot to the next. What a sequence gives does not depend on its company.
 */
import type { ModelConfig } from '../models/architecture';
import { distinctKinds } from '../models/architecture';
import type { Caches } from './caches';
import { createCaches } from './caches';
import type { AdapterStack, DecodeEngine, NextLogits } from './decode-engine';

/** Tokens of a prompt that go through at once: two sizes, because a GPU compiles each, and WASM fills the larger. */
const chunkSizes = { short: 32, long: 128 };

interface Sequence {
  readonly adapter: number;
  readonly ids: number[];
  /** Tokens in the cache. */
  cached: number;
}

/** Where LongRoPE changes its frequencies: the cache of a sequence that grows beyond is filled anew. */
const bordersOf = (config: ModelConfig): readonly number[] =>
  distinctKinds(config).flatMap(({ rope }) => (rope?.long ? [rope.long.beyond] : []));

/** Sequences in their slots. */
export class Batch {
  readonly #caches: Caches;
  readonly #slots: (Sequence | null)[] = [];
  readonly #borders: readonly number[];

  /**
   * @param most sequences at once
   * @param tokens of the longest sequence that will come
   */
  constructor(
    private readonly engine: DecodeEngine,
    private readonly stack: AdapterStack,
    readonly most: number,
    tokens: number,
  ) {
    this.#caches = createCaches(engine, engine.paddedRows(most), tokens);
    this.#borders = bordersOf(engine.model.shape.config);
  }

  /**
   * Takes a sequence in, whose slot is the number that `step` knows it by.
   * @param adapter its place in the stack
   * @returns the logits after the prompt
   */
  async enter(promptIds: readonly number[], adapter: number): Promise<{ slot: number; next: NextLogits }> {
    const free = this.#slots.indexOf(null);
    const slot = free === -1 ? this.#slots.length : free;
    if (slot === this.most) throw new Error('No slot is free.');
    const sequence = { adapter, ids: [...promptIds], cached: 0 };
    this.#slots[slot] = sequence;
    this.#reserve();
    const [next] = await this.#fill(slot, sequence, sequence.ids.length);
    if (!next) throw new Error('A prompt needs a token.');
    return { slot, next };
  }

  #reserve(): void {
    // A chunk's padding lies behind nothing: only tokens need room.
    this.#caches.reserve(Math.max(1, ...this.#slots.map((sequence) => sequence?.ids.length ?? 0)));
  }

  /** Brings the first tokens of a sequence into its cache, from none on. */
  async #fill(slot: number, sequence: Sequence, until: number): Promise<readonly NextLogits[]> {
    let logits: readonly NextLogits[] = [];
    sequence.cached = 0;
    while (sequence.cached < until) {
      const remaining = until - sequence.cached;
      const size = remaining > 2 * chunkSizes.short ? chunkSizes.long : chunkSizes.short;
      const count = Math.min(remaining, size);
      logits = await this.#runChunk(slot, sequence, count, count === remaining);
      sequence.cached += count;
    }
    this.#caches.endPrompt(slot);
    return logits;
  }

  async #runChunk(slot: number, { adapter, ids, cached }: Sequence, count: number, isLast: boolean) {
    const N = this.engine.paddedRows(count);
    const attending = this.#caches.beginChunk({ slot, from: cached, count, N });
    try {
      return await this.engine.run(
        {
          tokens: Int32Array.from({ length: N }, (_, i) => (i < count ? (ids[cached + i] as number) : 0)),
          positions: Int32Array.from({ length: N }, (_, i) => cached + i),
          lengths: new Array<number>(N).fill(ids.length),
          adapters: new Array<number>(N).fill(adapter),
          stack: this.stack,
        },
        attending,
        isLast ? [count - 1] : [],
      );
    } finally {
      attending.dispose();
    }
  }

  /**
   * Appends a token to each sequence.
   * @param next by slot; every slot in use has one
   * @returns the logits of each, by slot
   */
  async step(next: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, NextLogits>> {
    next.forEach((id, slot) => this.#slots[slot]?.ids.push(id));
    this.#reserve();
    for (const [slot, sequence] of this.#slots.entries()) {
      if (sequence && this.#borders.some((border) => sequence.cached <= border && sequence.ids.length > border))
        await this.#fill(slot, sequence, sequence.cached);
    }
    const N = this.engine.paddedRows(this.engine.isOpen ? this.#slots.length : this.most);
    const rows = Array.from({ length: N }, (_, slot) => this.#slots[slot] ?? null);
    const attending = this.#caches.beginRows(
      rows.map((sequence) => sequence && sequence.cached),
      N,
    );
    const wanted = [...next.keys()];
    try {
      const logits = await this.engine.run(
        {
          tokens: Int32Array.from(rows, (sequence) => sequence?.ids.at(-1) ?? 0),
          positions: Int32Array.from(rows, (sequence) => sequence?.cached ?? 0),
          lengths: rows.map((sequence) => sequence?.ids.length ?? 1),
          adapters: rows.map((sequence) => sequence?.adapter ?? -1),
          stack: this.stack,
        },
        attending,
        wanted,
      );
      for (const sequence of rows) if (sequence) sequence.cached++;
      return new Map(wanted.map((slot, i) => [slot, logits[i] as NextLogits]));
    } finally {
      attending.dispose();
    }
  }

  /**
   * Lets a sequence go.
   * @returns the slot of the sequence that takes its place now, or null where none moves
   */
  leave(slot: number): number | null {
    this.#slots[slot] = null;
    if (!this.#caches.move) return null;
    const last = this.#slots.length - 1;
    if (slot !== last) {
      this.#caches.move(last, slot);
      this.#slots[slot] = this.#slots[last] as Sequence;
    }
    this.#slots.pop();
    return slot === last ? null : last;
  }

  dispose(): void {
    this.#caches.dispose();
  }
}
