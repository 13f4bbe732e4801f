/**
 * @file Runs rows of tokens through a model for decoding: compiled stages, the adapters in use, and the way through the
 * layers. A row may be any sequence's token under any of the adapters. Not here: caches (caches.ts), and which token is
 * in which row (batch.ts).
 */
import { sumOf } from '../core/statistics';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { residentHeapBytes } from '../engine/weight-list';
import { ProgramCache } from '../engine/program-cache';
import { uploadRotaryTables } from '../engine/rotary';
import { embedTokens } from '../engine/tables';
import type { LayerKind } from '../models/architecture';
import { distinctKinds } from '../models/architecture';
import { fixedRowsFor } from '../models/decode-caches';
import type { GrowingAttention } from '../models/decode-stages';
import {
  anyCapacity,
  anyRows,
  anyTargets,
  buildChunkAttention,
  buildDecodedBlock,
  buildGrowingAttention,
  buildLogitsStage,
  buildRowsAttention,
  softcapOf,
} from '../models/decode-stages';
import type { LoraLayout } from '../models/lora';
import { layoutKey, loraScale, stackLora } from '../models/lora';
import { blockKey } from '../models/stages';
import type { DeviceTensor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';

/** Adapters whose rows go through the layers together; null stands for the base. */
export interface AdapterStack {
  /** Null where all of them are the base. */
  readonly layout: LoraLayout | null;
  /** One flat tensor for each block. */
  readonly tensors: readonly DeviceTensor[];
  /**
   * The columns that each of them has in the stack, and its scale; null for the base, and for an adapter with a weight
   * that is no number: zero times it would not be nothing to the others.
   */
  readonly columns: readonly ({ readonly from: number; readonly r: number; readonly scale: number } | null)[];
  /** The places of adapters that are left out for such a weight. */
  readonly unfit: ReadonlySet<number>;
  /** What the blocks and the logits are compiled into for this layout. */
  readonly programs: ProgramCache;
  dispose(): void;
}

/** Tokens that go through the layers together, one a row. */
export interface TokenRows {
  readonly tokens: Int32Array;
  readonly positions: Int32Array;
  /** Tokens of the sequence that each row belongs to: LongRoPE turns by them. */
  readonly lengths: readonly number[];
  /** Each row's adapter, by its place in the stack. */
  readonly adapters: readonly number[];
  readonly stack: AdapterStack;
}

/** The logits [V] of a next token, and their log-sum-exp. */
export interface NextLogits {
  readonly logits: Float32Array;
  readonly norm: number;
}

/** Logits in the device's own memory, until they are released. */
export interface LentLogits {
  readonly next: readonly NextLogits[];
  release(): void;
}

const noLogits: LentLogits = { next: [], release: () => {} };

/** Lets the rows of a step meet what their sequences hold. */
export interface Attending {
  /** @returns [N, H * D] */
  attend(layer: number, heads: Tensors<'q' | 'k' | 'v'>): Promise<DeviceTensor>;
  dispose(): void;
}

/** Compiled stages for decoding, shared by all that decode on a model. */
export class DecodeEngine {
  /** Whether sizes of stages are left open: where tensors lie on the host. */
  readonly isOpen: boolean;
  /** Whether programs have the weights compiled in: where they would cross for each token, and the heap holds them. */
  readonly #compilesWeights: boolean;
  readonly #programs: ProgramCache;
  /**
   * Those with weights compiled in, by layout of adapters. Those of a layout that nobody uses go before others are
   * compiled, so that the weights are in the heap once.
   */
  readonly #resident = new Map<string, { readonly programs: ProgramCache; users: number }>();
  #disposedCompilations = 0;

  /** @param fitsHeap whether WASM's heap holds all weights compiled in; where not, they are fed for each step */
  constructor(
    readonly model: LoadedModel,
    fitsHeap = residentHeapBytes(model.shape) !== null,
  ) {
    const { executor } = model;
    this.isOpen = executor.copiesInputs;
    this.#compilesWeights = executor.copiesInputs && fitsHeap;
    this.#programs = new ProgramCache(executor);
  }

  /** Number of programs compiled so far. */
  get compilations(): number {
    const resident = [...this.#resident.values()].map(({ programs }) => programs.compilations);
    return sumOf([this.#programs.compilations, this.#disposedCompilations, ...resident]);
  }

  /** The rows that a step of so many is run with. A single row against a weight that is fed has other bits than two. */
  paddedRows(count: number): number {
    if (this.isOpen) return this.#compilesWeights ? count : Math.max(2, count);
    return fixedRowsFor(count);
  }

  /** Puts adapters together; the caller disposes the stack, and the adapters after it. */
  async stack(adapters: readonly (DeviceAdapter | null)[]): Promise<AdapterStack> {
    const { executor, shape, blocks } = this.model;
    const different = [...new Set(adapters.flatMap((adapter) => (adapter ? [adapter] : [])))];
    const isAlone = different.length === 1;
    const flats = new Map<DeviceAdapter, Float32Array[]>();
    for (const adapter of isAlone ? [] : different) {
      const read: Float32Array[] = [];
      for (const tensor of adapter.tensors) read.push(Float32Array.from(await executor.read(tensor)));
      if (read.every((flat) => flat.every(Number.isFinite))) flats.set(adapter, read);
    }
    const present = isAlone ? different : [...flats.keys()];
    const unfit = new Set(adapters.flatMap((adapter, i) => (adapter && !present.includes(adapter) ? [i] : [])));
    const stacked =
      present.length === 0
        ? null
        : stackLora(
            shape.architecture,
            shape.config,
            present.map((adapter) => adapter.layout),
          );
    const layout = stacked?.layout ?? null;
    const joined =
      !stacked || isAlone
        ? []
        : blocks.map((_, layer) => {
            const vectors = [...flats.values()].map((read) => read[layer] as Float32Array);
            return executor.upload(stacked.join(vectors), [stacked.layout.size]);
          });
    const { programs, release } = await this.#programsFor(layout);
    return {
      layout,
      tensors: isAlone ? (present[0] as DeviceAdapter).tensors : joined,
      columns: adapters.map((adapter) => {
        const at = adapter ? present.indexOf(adapter) : -1;
        if (!adapter || !stacked || at === -1) return null;
        const { config } = adapter.layout;
        return { from: stacked.offsets[at] as number, r: config.r, scale: loraScale(config) };
      }),
      unfit,
      programs,
      dispose: () => {
        disposeAll(joined);
        release();
      },
    };
  }

  /** Lends the programs for this layout; those with weights for others go first, where nobody uses them. */
  async #programsFor(layout: LoraLayout | null): Promise<{ programs: ProgramCache; release: () => void }> {
    if (!this.#compilesWeights) return { programs: this.#programs, release: () => {} };
    const key = layoutKey(layout);
    const known = this.#resident.get(key);
    const { executor, blocks } = this.model;
    const lent = known ?? { programs: new ProgramCache(executor, 2 * blocks.length + 2), users: 0 };
    lent.users++;
    this.#resident.set(key, lent);
    for (const [other, { programs, users }] of [...this.#resident]) {
      if (users > 0) continue;
      this.#resident.delete(other);
      this.#disposedCompilations += programs.compilations;
      await programs.dispose();
    }
    return { programs: lent.programs, release: () => void lent.users-- };
  }

  async #blockPrograms(layer: number, { layout, programs }: AdapterStack, rows: number) {
    const { model } = this;
    const kind = model.shape.config.layerKinds[layer] as LayerKind;
    const N = this.isOpen ? anyRows : rows;
    const [own, weights] = this.#compilesWeights ? [layer, model.blocks[layer] as Tensors] : ['', {}];
    const key = `${blockKey(kind)} ${N} ${layoutKey(layout)} ${own}`;
    const build = () => buildDecodedBlock({ shape: model.shape, kind, lora: layout, N });
    return {
      enter: await programs.get(`enter ${key}`, () => build().enter, weights),
      leave: await programs.get(`leave ${key}`, () => build().leave, weights),
    };
  }

  readonly #caps = new Map<LayerKind, number | null>();

  /** How a layer bends the scores of its attention. */
  #attention(layer: number) {
    const { shape } = this.model;
    const kind = shape.config.layerKinds[layer] as LayerKind;
    let softcap = this.#caps.get(kind);
    if (softcap === undefined) {
      softcap = softcapOf(shape, kind);
      this.#caps.set(kind, softcap);
    }
    return { config: shape.config, softcap, slidingWindow: kind.slidingWindow };
  }

  rowsAttention(layer: number) {
    const size = { ...this.#attention(layer), N: anyRows, S: anyCapacity };
    return this.#programs.get(`attend ${size.softcap}`, () => buildRowsAttention(size));
  }

  chunkAttention(layer: number) {
    const size = { ...this.#attention(layer), N: anyRows, S: anyCapacity };
    return this.#programs.get(`attend chunk ${size.softcap}`, () => buildChunkAttention(size));
  }

  growingAttention(layer: number, tokens: Pick<GrowingAttention, 'B' | 'T' | 'S'>) {
    const isGrouped = this.model.executor.groupsAttention;
    const size = { ...this.#attention(layer), ...tokens, isGrouped };
    const key = [size.B, size.T, size.S, size.softcap, size.slidingWindow].join(' ');
    return this.#programs.get(`attend ${key}`, () => buildGrowingAttention(size));
  }

  #logitsProgram({ programs }: AdapterStack, rows: number, targets: number) {
    const { model } = this;
    const [N, M] = this.isOpen ? [anyRows, anyTargets] : [rows, targets];
    const weights = this.#compilesWeights ? model.head : {};
    return programs.get(`logits ${N} ${M}`, () => buildLogitsStage(model.shape, N, M), weights);
  }

  /** The scale of each row's own adapter in its columns of the stack, and 0 in the others: [N, R]. */
  #uploadMask({ adapters, stack }: TokenRows): DeviceTensor | null {
    const R = stack.layout?.config.r;
    if (R === undefined) return null;
    const mask = new Float32Array(adapters.length * R);
    adapters.forEach((adapter, row) => {
      const own = stack.columns[adapter];
      if (own) mask.fill(own.scale, row * R + own.from, row * R + own.from + own.r);
    });
    return this.model.executor.upload(mask, [adapters.length, R]);
  }

  /**
   * Runs rows through all layers.
   * @param wanted the rows whose next token is to be chosen; none while more of a prompt is to come
   * @returns what each of them is followed by; the caller releases it
   */
  async run(rows: TokenRows, attending: Attending, wanted: readonly number[]): Promise<LentLogits> {
    const { model } = this;
    const { executor, shape, blocks } = model;
    const { tokens, positions, lengths, stack } = rows;
    const N = tokens.length;
    const tables = uploadRotaryTables(executor, distinctKinds(shape.config), positions, lengths);
    const position = executor.upload(positions, [N]);
    const mask = this.#uploadMask(rows);
    const shared = [
      position,
      ...(mask ? [mask] : []),
      ...[...tables.values()].flatMap((table) => Object.values(table)),
    ];
    try {
      let x = await embedTokens(model, this.#programs, tokens, position);
      for (const [layer, weights] of blocks.entries()) {
        const { rope } = shape.config.layerKinds[layer] as LayerKind;
        const { enter, leave } = await this.#blockPrograms(layer, stack, N);
        const lora = mask ? { mask, lora: stack.tensors[layer] as DeviceTensor } : {};
        const given = { ...(this.#compilesWeights ? {} : weights), ...lora };
        const heads = await executor.run(enter, { ...given, ...(rope && tables.get(rope)), x });
        const attended = await attending.attend(layer, heads);
        disposeAll(Object.values(heads));
        const { y } = await executor.run(leave, { ...given, x, attended });
        disposeAll([x, attended]);
        x = y;
      }
      const logits = wanted.length > 0 ? await this.#logits(x, stack, wanted) : noLogits;
      x.dispose();
      return logits;
    } finally {
      disposeAll(shared);
    }
  }

  async #logits(x: DeviceTensor, stack: AdapterStack, wanted: readonly number[]): Promise<LentLogits> {
    const { executor, head, shape } = this.model;
    const V = shape.config.vocabularySize;
    const M = this.paddedRows(wanted.length);
    const rows = executor.upload(
      Int32Array.from({ length: M }, (_, i) => wanted[i] ?? 0),
      [M],
    );
    const program = await this.#logitsProgram(stack, x.shape[0] as number, M);
    const { logits, norm } = await executor.run(program, { ...(this.#compilesWeights ? {} : head), x, rows });
    rows.dispose();
    const values = (await executor.read(logits)) as Float32Array;
    const norms = (await executor.read(norm)) as Float32Array;
    return {
      next: wanted.map((_, i) => ({ logits: values.subarray(i * V, (i + 1) * V), norm: norms[i] as number })),
      release: () => disposeAll([logits, norm]),
    };
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
    for (const { programs } of this.#resident.values()) await programs.dispose();
  }
}
