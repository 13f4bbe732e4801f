/**
 * @file Autoregressive decoding with a key/value cache that stays on the device. The prompt goes through in chunks,
 * then one token at a time; each step's new keys and values are written into the cache in place.
 * Several decoders share one engine: each holds its own cache and adapter.
 */
import { breathe } from '../core/breathe';
import { UserError, throwIfAborted } from '../core/errors';
import { Random } from '../core/random';
import type { DeviceAdapter } from '../engine/device-adapter';
import { wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { residentHeapBytes } from '../engine/loaded-model';
import { ProgramCache } from '../engine/program-cache';
import { uploadRotaryTables } from '../engine/rotary';
import { embedTokens } from '../engine/tables';
import { layoutKey } from '../models/lora';
import type { LayerKind } from '../models/architecture';
import { distinctKinds } from '../models/architecture';
import { blockKey, buildDecodeStage, buildLogitsStage } from '../models/stages';
import type { DeviceTensor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { SampledToken, SamplingOptions } from './sampling';
import { sampleToken } from './sampling';

/** Tokens run at once: two sizes for a prompt, of which the larger brings the weights to the device less often. */
const chunkSizes = { single: 1, short: 32, long: 128 };
/** The cache holds this or a power of two above it, so that few shapes exist: each compiles all weights in on WASM. */
const leastCapacity = 128;

function chunkSize(remaining: number): number {
  if (remaining === 1) return chunkSizes.single;
  return remaining > 2 * chunkSizes.short ? chunkSizes.long : chunkSizes.short;
}
/** The key position of a slot that holds nothing, past every query's. */
const emptySlot = 2 ** 31 - 1;

/** Compiled stages for decoding, shared by all decoders of a model. */
export class DecodeEngine {
  readonly #programs: ProgramCache;
  /**
   * Whether single tokens find the weights compiled into their programs: where tensors would cross for each, and the
   * heap holds them.
   */
  readonly #compilesWeights: boolean;
  /** Adapters of zeros by layout. */
  readonly #zeros = new Map<string, DeviceAdapter>();

  constructor(readonly model: LoadedModel) {
    this.#compilesWeights = model.executor.copiesInputs && residentHeapBytes(model.shape) !== null;
    this.#programs = new ProgramCache(model.executor, 4 * model.blocks.length + 64);
  }

  /** Number of programs compiled so far. */
  get compilations(): number {
    return this.#programs.compilations;
  }

  /**
   * Returns what these answer with when they answer together. Where weights are compiled in, the base has an adapter of
   * zeros, which adds exactly nothing: so it shares the programs of the first adapter, and the weights are in the heap
   * once.
   */
  together(adapters: readonly (DeviceAdapter | null)[]): (DeviceAdapter | null)[] {
    const layout = adapters.find((adapter) => adapter !== null)?.layout;
    if (!this.#compilesWeights || !layout) return [...adapters];
    const { executor, blocks } = this.model;
    const key = layoutKey(layout);
    const zeros =
      this.#zeros.get(key) ??
      wrapAdapter(
        layout,
        blocks.map(() => executor.upload(new Float32Array(layout.size), [layout.size])),
      );
    this.#zeros.set(key, zeros);
    return adapters.map((adapter) => adapter ?? zeros);
  }

  /**
   * Compiles the block for N new tokens and a cache of S; on WASM single tokens get one program a layer, with its
   * weights compiled in.
   */
  blockProgram(layer: number, adapter: DeviceAdapter | null, N: number, S: number) {
    const { model } = this;
    const layout = adapter?.layout ?? null;
    const kind = model.shape.config.layerKinds[layer] as LayerKind;
    const key = `block ${blockKey(kind)} ${kind.slidingWindow} ${N} ${S} ${layoutKey(layout)}`;
    const build = () => buildDecodeStage(model.shape, kind, layout, N, S);
    if (N > 1 || !this.#compilesWeights) return this.#programs.get(key, build);
    return this.#programs.get(`${key} ${layer}`, build, model.blocks[layer] as Tensors);
  }

  /** Embeds tokens [N]: x [N, C]. */
  embedTokens(tokens: Int32Array, position: DeviceTensor): Promise<DeviceTensor> {
    return embedTokens(this.model, this.#programs, tokens, position);
  }

  logitsProgram(N: number) {
    const constants = N === 1 && this.#compilesWeights ? this.model.head : {};
    return this.#programs.get(`logits ${N}`, () => buildLogitsStage(this.model.shape, N), constants);
  }

  dispose(): Promise<void> {
    for (const zeros of this.#zeros.values()) zeros.dispose();
    return this.#programs.dispose();
  }
}

/** One sequence being decoded. */
class Sequence {
  readonly #capacity: number;
  readonly #caches: { keys: DeviceTensor; values: DeviceTensor }[];
  /** Where LongRoPE changes its frequencies: the cache of a sequence that grows beyond is filled anew. */
  readonly #borders: readonly number[];
  readonly #ids: number[] = [];
  /** Tokens in the cache. */
  #length = 0;

  constructor(
    private readonly engine: DecodeEngine,
    private readonly adapter: DeviceAdapter | null,
    tokens: number,
  ) {
    const { kvHeads, headDim } = engine.model.shape.config;
    this.#borders = distinctKinds(engine.model.shape.config).flatMap(({ rope }) =>
      rope?.long ? [rope.long.beyond] : [],
    );
    // A chunk's padding is written behind the last token.
    this.#capacity = Math.max(leastCapacity, 2 ** Math.ceil(Math.log2(tokens))) + chunkSizes.long;
    const shape = [this.#capacity, kvHeads, headDim];
    const empty = (): DeviceTensor =>
      engine.model.executor.upload(new Float32Array(this.#capacity * kvHeads * headDim), shape);
    this.#caches = engine.model.blocks.map(() => ({ keys: empty(), values: empty() }));
  }

  /**
   * Appends tokens to the sequence.
   * @returns the logits [V] after the last one
   */
  async append(ids: readonly number[]): Promise<ArrayLike<number>> {
    let logits: ArrayLike<number> | null = null;
    this.#ids.push(...ids);
    if (this.#borders.some((border) => this.#length <= border && this.#ids.length > border)) this.#length = 0;
    while (this.#length < this.#ids.length) {
      const N = chunkSize(this.#ids.length - this.#length);
      logits = await this.#appendChunk(this.#ids.slice(this.#length, this.#length + N), N);
    }
    if (!logits) throw new Error('Nothing was appended.');
    return logits;
  }

  /** @returns the logits after the last id; null while more of the prompt is to come */
  async #appendChunk(ids: readonly number[], N: number): Promise<ArrayLike<number> | null> {
    const { model } = this.engine;
    const { executor, shape } = model;
    const { kvHeads, headDim } = shape.config;
    const S = this.#capacity;
    const positions = Int32Array.from({ length: N }, (_, i) => this.#length + i);
    const keyPositions = Int32Array.from({ length: S + N }, (_, slot) => {
      if (slot < S) return slot < this.#length ? slot : emptySlot;
      return positions[slot - S] as number;
    });
    const tokens = new Int32Array(N);
    tokens.set(ids);
    const tables = uploadRotaryTables(
      executor,
      distinctKinds(shape.config),
      positions,
      positions.map(() => this.#ids.length),
    );
    const shared = {
      queryPositions: executor.upload(positions, [N]),
      keyPositions: executor.upload(keyPositions, [S + N]),
    };
    let x = await this.engine.embedTokens(tokens, shared.queryPositions);
    try {
      for (let layer = 0; layer < model.blocks.length; layer++) {
        const { keys, values } = this.#caches[layer] as { keys: DeviceTensor; values: DeviceTensor };
        const program = await this.engine.blockProgram(layer, this.adapter, N, S);
        const lora = this.adapter ? { lora: this.adapter.tensors[layer] as DeviceTensor } : {};
        const { rope } = shape.config.layerKinds[layer] as LayerKind;
        const inputs = {
          ...shared,
          ...(rope && tables.get(rope)),
          ...(model.blocks[layer] as Tensors),
          ...lora,
          pastKeys: keys,
          pastValues: values,
          x,
        };
        const { y, k, v } = await executor.run(program, inputs);
        // Rows of padding are written too and overwritten by the next chunk.
        executor.copyInto(keys, this.#length * kvHeads * headDim, k);
        executor.copyInto(values, this.#length * kvHeads * headDim, v);
        disposeAll([x, k, v]);
        x = y;
      }
      this.#length += ids.length;
      if (this.#length < this.#ids.length) return null;
      const row = executor.upload(Int32Array.of(ids.length - 1), [1]);
      const { logits } = await executor.run(await this.engine.logitsProgram(N), { ...model.head, x, row });
      const values = (await executor.read(logits)).slice();
      disposeAll([row, logits]);
      return values;
    } finally {
      disposeAll([x, ...Object.values(shared), ...[...tables.values()].flatMap((table) => Object.values(table))]);
    }
  }

  dispose(): void {
    disposeAll(this.#caches.flatMap(({ keys, values }) => [keys, values]));
  }
}

export interface GenerateOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly seed: number;
  /** Tokens that end the answer. */
  readonly stopIds: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedToken extends SampledToken {
  /** True for the token that ended the answer (EOS), which is no part of the text. */
  readonly isStop: boolean;
}

/**
 * Streams the answer to a prompt token by token; it ends with the stop token, after `maxNewTokens`, or where the
 * context is full.
 * @throws UserError for an empty prompt, one that fills the context, or logits that are no numbers; AbortError when the
 * signal says so
 */
export async function* generateTokens(
  engine: DecodeEngine,
  adapter: DeviceAdapter | null,
  promptIds: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, void> {
  const { contextLength } = engine.model.shape.config;
  if (promptIds.length === 0) throw new UserError('promptEmpty');
  if (promptIds.length >= contextLength) {
    throw new UserError('promptTooLong', { tokens: promptIds.length, limit: contextLength });
  }
  const budget = Math.min(options.maxNewTokens, contextLength - promptIds.length);
  const random = new Random(options.seed);
  const sequence = new Sequence(engine, adapter, promptIds.length + budget);
  try {
    let next: readonly number[] = promptIds;
    for (let i = 0; i < budget; i++) {
      await breathe();
      throwIfAborted(options.signal);
      const logits = await sequence.append(next);
      const token = sampleToken(logits, options, random);
      if (!Number.isFinite(token.logp)) {
        throw new UserError('logitNotFinite', { number: i + 1 });
      }
      const isStop = options.stopIds.includes(token.id);
      yield { ...token, isStop };
      if (isStop) return;
      next = [token.id];
    }
  } finally {
    sequence.dispose();
  }
}
