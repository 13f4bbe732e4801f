/**
 * @file Sequences that are decoded together: one comes in with its prompt, all get a token a step, and one that has
 * ended leaves its slot to the next. What a sequence gives does not depend on its company.
 */
import type { ModelConfig } from '../models/architecture';
import { distinctKinds } from '../models/architecture';
import type { Caches, Chunk } from './caches';
import { createCaches } from './caches';
import type { AdapterStack, DecodeEngine, NextLogits } from './decode-engine';

/** Tokens of a prompt that go through at once: two sizes, because a GPU compiles each, and WASM fills the larger. */
const chunkSizes = { short: 32, long: 128 };

export interface Prompt {
  readonly promptIds: readonly number[];
  /** Its place in the stack. */
  readonly adapter: number;
}

/** A sequence that was taken in. */
export interface Entered {
  readonly slot: number;
  /** After its prompt. */
  readonly next: NextLogits;
}

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
  /** Releases the logits that were given last. */
  readonly #lent: (() => void)[] = [];

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

  /** Tokens of prompts that are worth taking in together; 0 where it is one prompt at a time. */
  get tokensTogether(): number {
    return this.#caches.packs ? chunkSizes.long : 0;
  }

  /**
   * Takes sequences in, whose slots are the numbers that `step` knows them by.
   * @returns the slot of each, and the logits after its prompt, which last until the next call
   */
  async enter(prompts: readonly Prompt[]): Promise<readonly Entered[]> {
    this.#releaseLogits();
    const slots = prompts.map(({ promptIds, adapter }) => {
      const free = this.#slots.indexOf(null);
      const slot = free === -1 ? this.#slots.length : free;
      if (slot === this.most) throw new Error('No slot is free.');
      this.#slots[slot] = { adapter, ids: [...promptIds], cached: 0 };
      return slot;
    });
    this.#reserve();
    const next = await this.#fill(new Map(slots.map((slot) => [slot, (this.#slots[slot] as Sequence).ids.length])));
    return slots.map((slot) => ({ slot, next: next.get(slot) as NextLogits }));
  }

  #reserve(): void {
    this.#caches.reserve(Math.max(1, ...this.#slots.map((sequence) => sequence?.ids.length ?? 0)));
  }

  /**
   * Brings the first tokens of sequences into their caches, from none on.
   * @param until how many, by slot
   * @returns the logits after the last of them
   */
  async #fill(until: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, NextLogits>> {
    const found = new Map<number, NextLogits>();
    for (const slot of until.keys()) (this.#slots[slot] as Sequence).cached = 0;
    for (let waiting = [...until]; waiting.length > 0;) {
      const chunks: Chunk[] = [];
      let rows = 0;
      for (const [slot, count] of waiting) {
        const { cached: from } = this.#slots[slot] as Sequence;
        const size = count - from > 2 * chunkSizes.short ? chunkSizes.long : chunkSizes.short;
        const chunk = { slot, from, count: Math.min(count - from, size) };
        if (rows > 0 && rows + chunk.count > this.tokensTogether) break;
        chunks.push(chunk);
        rows += chunk.count;
      }
      (await this.#runChunks(chunks, until)).forEach((next, slot) => found.set(slot, next));
      waiting = waiting.filter(([slot, count]) => (this.#slots[slot] as Sequence).cached < count);
    }
    return found;
  }

  /** @returns the logits of the sequences that are through */
  async #runChunks(
    chunks: readonly Chunk[],
    until: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, NextLogits>> {
    const used = chunks.flatMap(({ slot, from, count }) =>
      Array.from({ length: count }, (_, i) => ({ sequence: this.#slots[slot] as Sequence, position: from + i })),
    );
    const fixed = used.length <= chunkSizes.short ? chunkSizes.short : chunkSizes.long;
    const N = this.#caches.packs ? this.engine.paddedRows(used.length) : fixed;
    const rows = Array.from({ length: N }, (_, i) => used[i] ?? (used.at(-1) as (typeof used)[number]));
    const ends = chunks.flatMap(({ slot, from, count }, i) => {
      const last = chunks.slice(0, i + 1).reduce((sum, chunk) => sum + chunk.count, 0) - 1;
      return from + count === until.get(slot) ? [{ slot, last }] : [];
    });
    const attending = this.#caches.beginChunks(chunks, N);
    try {
      const { next, release } = await this.engine.run(
        {
          tokens: Int32Array.from(rows, ({ sequence, position }) => sequence.ids[position] as number),
          positions: Int32Array.from(rows, ({ position }) => position),
          lengths: rows.map(({ sequence }) => sequence.ids.length),
          adapters: rows.map(({ sequence }) => sequence.adapter),
          stack: this.stack,
        },
        attending,
        ends.map(({ last }) => last),
      );
      this.#lent.push(release);
      for (const { slot, count } of chunks) (this.#slots[slot] as Sequence).cached += count;
      for (const { slot } of ends) this.#caches.endPrompt(slot);
      return new Map(ends.map(({ slot }, i) => [slot, next[i] as NextLogits]));
    } finally {
      attending.dispose();
    }
  }

  /**
   * Appends a token to each sequence.
   * @param next by slot; every slot in use has one
   * @returns the logits of each, by slot, which last until the next call
   */
  async step(next: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, NextLogits>> {
    this.#releaseLogits();
    next.forEach((id, slot) => this.#slots[slot]?.ids.push(id));
    this.#reserve();
    for (const [slot, sequence] of this.#slots.entries()) {
      if (sequence && this.#borders.some((border) => sequence.cached <= border && sequence.ids.length > border))
        await this.#fill(new Map([[slot, sequence.cached]]));
    }
    const N = this.engine.paddedRows(this.engine.isOpen ? this.#slots.length : this.most);
    const rows = Array.from({ length: N }, (_, slot) => this.#slots[slot] ?? null);
    const attending = this.#caches.beginRows(
      rows.map((sequence) => sequence && sequence.cached),
      N,
    );
    const wanted = [...next.keys()];
    try {
      const { next: logits, release } = await this.engine.run(
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
      this.#lent.push(release);
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

  #releaseLogits(): void {
    for (const release of this.#lent.splice(0)) release();
  }

  dispose(): void {
    this.#releaseLogits();
    this.#caches.dispose();
  }
}
