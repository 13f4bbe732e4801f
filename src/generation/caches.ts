/**
 * @file What sequences hold of their past: the keys and values of every layer, a slot a sequence.
 * On WASM they lie on the host, which writes into them; on a GPU they stay there, and attention gives them anew.
 */
import { sizeOf } from '../core/shape';
import type { LayerKind } from '../models/architecture';
import { deviceCapacity, hostCapacityStep } from '../models/decode-caches';
import { forbidden } from '../models/layers';
import type { DeviceTensor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { Attending, DecodeEngine } from './decode-engine';

/** A token each of sequences, by slot: its position, or null where the slot holds no sequence. */
export type RowPositions = readonly (number | null)[];

/** Part of a sequence that goes through the layers at once. */
export interface Chunk {
  readonly slot: number;
  /** Position of its first token. */
  readonly from: number;
  readonly count: number;
}

export interface Caches {
  /** Whether chunks of several sequences go through together. */
  readonly packs: boolean;
  /** Whether slots can change places, so that those in use are kept together. */
  readonly move: ((from: number, to: number) => void) | null;
  /** Makes room for sequences of so many tokens. */
  reserve(tokens: number): void;
  /** @param N rows, padding included */
  beginRows(positions: RowPositions, N: number): Attending;
  /**
   * @param chunks of different sequences, one after the other in the rows; where caches do not `pack`, one
   * @param N rows, padding included
   */
  beginChunks(chunks: readonly Chunk[], N: number): Attending;
  /** Called when all chunks of a prompt have gone through. */
  endPrompt(slot: number): void;
  dispose(): void;
}

/** For queries at these positions what attention adds to their scores over S slots; null may look nowhere. */
function biasOf(positions: RowPositions, rows: number, S: number, slidingWindow: number | null): Float32Array {
  const bias = new Float32Array(rows * S).fill(forbidden);
  positions.forEach((position, row) => {
    if (position === null) return;
    const first = slidingWindow === null ? 0 : Math.max(0, position - slidingWindow + 1);
    bias.fill(0, row * S + first, row * S + position + 1);
  });
  return bias;
}

/** The biases of a step, one for each width of sliding window, made when a layer asks. */
class Biases {
  readonly #made = new Map<number | null, DeviceTensor>();

  constructor(
    private readonly engine: DecodeEngine,
    private readonly make: (slidingWindow: number | null) => DeviceTensor,
  ) {}

  of(layer: number): DeviceTensor {
    const { slidingWindow } = this.engine.model.shape.config.layerKinds[layer] as LayerKind;
    let bias = this.#made.get(slidingWindow);
    if (!bias) this.#made.set(slidingWindow, (bias = this.make(slidingWindow)));
    return bias;
  }

  dispose(): void {
    disposeAll(this.#made.values());
  }
}

const positionsOf = ({ from, count }: Chunk): number[] => Array.from({ length: count }, (_, i) => from + i);

interface HostLayer {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** Tensors over the same memory, by which the executor counts it. */
  readonly counted: readonly DeviceTensor[];
}

/** Caches in arrays of the host, [slots, K, S, D] a layer; they follow the longest sequence. */
class HostCaches implements Caches {
  readonly packs = true;
  readonly #layers: HostLayer[];
  #capacity = 0;

  constructor(
    private readonly engine: DecodeEngine,
    private readonly slots: number,
  ) {
    this.#layers = engine.model.blocks.map(() => ({
      ...{ keys: new Float32Array(), values: new Float32Array(), counted: [] },
    }));
  }

  reserve(tokens: number): void {
    const before = this.#capacity;
    const capacity = hostCapacityStep * Math.ceil(tokens / hostCapacityStep);
    if (capacity <= before && capacity > before - 2 * hostCapacityStep) return;
    const { executor, shape } = this.engine.model;
    const { kvHeads, headDim } = shape.config;
    const dims = [this.slots, kvHeads, capacity, headDim];
    const kept = Math.min(before, capacity) * headDim;
    const grow = (cache: Float32Array): Float32Array => {
      const grown = new Float32Array(sizeOf(dims));
      for (let start = 0, to = 0; start < cache.length; start += before * headDim, to += capacity * headDim)
        grown.set(cache.subarray(start, start + kept), to);
      return grown;
    };
    // One after the other, so that no more than one layer is there twice.
    this.#layers.forEach((layer, i) => {
      const [keys, values] = [grow(layer.keys), grow(layer.values)];
      disposeAll(layer.counted);
      const counted = [keys, values].map((cache) => executor.upload(cache, dims));
      this.#layers[i] = { keys, values, counted };
    });
    this.#capacity = capacity;
  }

  move = (from: number, to: number): void => {
    const size = this.#slotSize;
    for (const { keys, values } of this.#layers)
      for (const cache of [keys, values]) cache.copyWithin(to * size, from * size, (from + 1) * size);
  };

  get #slotSize(): number {
    const { kvHeads, headDim } = this.engine.model.shape.config;
    return kvHeads * headDim * this.#capacity;
  }

  /** Writes the keys and values of one row of a step into a slot. */
  #write(
    layer: number,
    heads: { k: Float32Array; v: Float32Array },
    row: number,
    slot: number,
    position: number,
  ): void {
    const { kvHeads, headDim: D } = this.engine.model.shape.config;
    const { keys, values } = this.#layers[layer] as { keys: Float32Array; values: Float32Array };
    for (let head = 0; head < kvHeads; head++) {
      const source = (row * kvHeads + head) * D;
      const target = slot * this.#slotSize + (head * this.#capacity + position) * D;
      // A view for each would take longer than the copy.
      for (let d = 0; d < D; d++) {
        keys[target + d] = heads.k[source + d] as number;
        values[target + d] = heads.v[source + d] as number;
      }
    }
  }

  async #readHeads({ k, v }: Tensors<'q' | 'k' | 'v'>): Promise<{ k: Float32Array; v: Float32Array }> {
    const { executor } = this.engine.model;
    return { k: (await executor.read(k)) as Float32Array, v: (await executor.read(v)) as Float32Array };
  }

  beginRows(positions: RowPositions, N: number): Attending {
    const { executor, shape } = this.engine.model;
    const { kvHeads: K, headDim: D } = shape.config;
    const S = this.#capacity;
    const biases = new Biases(this.engine, (window) => executor.upload(biasOf(positions, N, S, window), [N, 1, 1, S]));
    return {
      attend: async (layer, heads) => {
        const read = await this.#readHeads(heads);
        positions.forEach((position, slot) => {
          if (position !== null) this.#write(layer, read, slot, slot, position);
        });
        const { keys, values } = this.#layers[layer] as { keys: Float32Array; values: Float32Array };
        const past = {
          keys: executor.upload(keys.subarray(0, N * this.#slotSize), [N, K, S, D]),
          values: executor.upload(values.subarray(0, N * this.#slotSize), [N, K, S, D]),
        };
        const program = await this.engine.rowsAttention(layer);
        const { attended } = await executor.run(program, { q: heads.q, ...past, bias: biases.of(layer) });
        disposeAll(Object.values(past));
        return attended;
      },
      dispose: () => biases.dispose(),
    };
  }

  beginChunks(chunks: readonly Chunk[], N: number): Attending {
    const { executor, shape } = this.engine.model;
    const { heads: H, headDim: D } = shape.config;
    const S = this.#capacity;
    const biases = chunks.map(
      (chunk) =>
        new Biases(this.engine, (window) =>
          executor.upload(biasOf(positionsOf(chunk), chunk.count, S, window), [1, 1, chunk.count, S]),
        ),
    );
    return {
      attend: async (layer, heads) => {
        const read = await this.#readHeads(heads);
        const queries = (await executor.read(heads.q)) as Float32Array;
        const joined = new Float32Array(N * H * D);
        let row = 0;
        for (const [i, chunk] of chunks.entries()) {
          const rows = { from: row, to: row + chunk.count };
          for (; row < rows.to; row++) this.#write(layer, read, row, chunk.slot, chunk.from + row - rows.from);
          const q = queries.subarray(rows.from * H * D, rows.to * H * D);
          const attended = await this.#attendChunk(layer, chunk, q, (biases[i] as Biases).of(layer));
          joined.set((await executor.read(attended)) as Float32Array, rows.from * H * D);
          attended.dispose();
        }
        return executor.upload(joined, [N, H * D]);
      },
      dispose: () => biases.forEach((made) => made.dispose()),
    };
  }

  async #attendChunk(
    layer: number,
    { slot, count }: Chunk,
    q: Float32Array,
    bias: DeviceTensor,
  ): Promise<DeviceTensor> {
    const { executor, shape } = this.engine.model;
    const { heads: H, kvHeads: K, headDim: D } = shape.config;
    const S = this.#capacity;
    const { keys, values } = this.#layers[layer] as { keys: Float32Array; values: Float32Array };
    const [start, end] = [slot * this.#slotSize, (slot + 1) * this.#slotSize];
    const inputs = {
      q: executor.upload(q, [count, K, H / K, D]),
      keys: executor.upload(keys.subarray(start, end), [K, 1, S, D]),
      values: executor.upload(values.subarray(start, end), [K, 1, S, D]),
    };
    const { attended } = await executor.run(await this.engine.chunkAttention(layer), { ...inputs, bias });
    disposeAll(Object.values(inputs));
    return attended;
  }

  endPrompt(): void {}

  dispose(): void {
    disposeAll(this.#layers.flatMap(({ counted }) => counted));
  }
}

/** Keys and values of one layer on the device. */
type Held = Tensors<'keys' | 'values'>;

/** Caches on the device, of a fixed capacity. A prompt fills one of its own, which is then copied into its slot. */
class DeviceCaches implements Caches {
  readonly packs = false;
  readonly move = null;
  readonly #capacity: number;
  readonly #slots: Held[];
  #prompt: Held[] | null = null;

  constructor(
    private readonly engine: DecodeEngine,
    slots: number,
    tokens: number,
  ) {
    this.#capacity = deviceCapacity(tokens);
    this.#slots = engine.model.blocks.map(() => this.#empty(slots));
  }

  #empty(slots: number): Held {
    const { executor, shape } = this.engine.model;
    const { kvHeads, headDim } = shape.config;
    const dims = [slots, kvHeads, this.#capacity, headDim];
    const zeros = new Float32Array(sizeOf(dims));
    return { keys: executor.upload(zeros, dims), values: executor.upload(zeros.slice(), dims) };
  }

  reserve(): void {}

  /** Lets new tokens of sequences meet the caches that they are then in. */
  #attend(held: Held[], last: readonly number[], T: number): Attending {
    const { executor } = this.engine.model;
    const ends = executor.upload(Int32Array.from(last), [last.length]);
    return {
      attend: async (layer, heads) => {
        const program = await this.engine.growingAttention(layer, { B: last.length, T, S: this.#capacity });
        const past = held[layer] as Held;
        const { attended, newKeys, newValues } = await executor.run(program, { ...heads, ...past, last: ends });
        disposeAll(Object.values(past));
        held[layer] = { keys: newKeys, values: newValues };
        return attended;
      },
      dispose: () => ends.dispose(),
    };
  }

  beginRows(positions: RowPositions, N: number): Attending {
    // A slot that holds no sequence has a token written at its start; the next sequence's prompt takes its place.
    return this.#attend(
      this.#slots,
      Array.from({ length: N }, (_, slot) => positions[slot] ?? 0),
      1,
    );
  }

  beginChunks([{ from }]: readonly [Chunk], N: number): Attending {
    this.#prompt ??= this.engine.model.blocks.map(() => this.#empty(1));
    // Padding goes behind the chunk's tokens, where the next ones take its place.
    return this.#attend(this.#prompt, [from + N - 1], N);
  }

  endPrompt(slot: number): void {
    const { executor, shape } = this.engine.model;
    const size = shape.config.kvHeads * shape.config.headDim * this.#capacity;
    this.#prompt?.forEach(({ keys, values }, layer) => {
      const held = this.#slots[layer] as Held;
      executor.copyInto(held.keys, slot * size, keys);
      executor.copyInto(held.values, slot * size, values);
      disposeAll([keys, values]);
    });
    this.#prompt = null;
  }

  dispose(): void {
    disposeAll([...this.#slots, ...(this.#prompt ?? [])].flatMap((held) => Object.values(held)));
  }
}

/**
 * Makes empty caches.
 * @param slots sequences that they hold at once
 * @param tokens of the longest of them
 */
export function createCaches(engine: DecodeEngine, slots: number, tokens: number): Caches {
  return engine.isOpen ? new HostCaches(engine, slots) : new DeviceCaches(engine, slots, tokens);
}
