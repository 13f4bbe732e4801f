/**
 * @file Runs packed rows through the model: log-probabilities of all completion tokens, and, from the objective's
 * derivatives, the gradient of every LoRA matrix. Holds the compiled stages; the tensors of a pass are freed as it
 * goes.
 */
import { distinctKinds } from '../models/architecture';
import type { LayerKind } from '../models/architecture';
import type { AttentionPiece } from '../models/layers';
import { groupsRow } from '../models/decode-stages';
import type { LoraLayout } from '../models/lora';
import { firstAdapted, layoutKey } from '../models/lora';
import type { AttentionStyle } from '../models/row-attention';
import { wholePiece } from '../models/row-attention';
import type {
  BiasName,
  HeadStages,
  JacobianName,
  ModelShape,
  SavedName,
  SavePolicy,
  ScoreName,
  TrainedBlockStages,
} from '../models/stages';
import {
  blockKey,
  buildAddStage,
  buildBlockStage,
  buildHeadSlice,
  buildHeadSliceWithJacobian,
  buildHeadStages,
  buildMaskStage,
  buildSquaresSlice,
  planTrainedBlockStages,
  slicesOf,
} from '../models/stages';
import { emptySum, sliceNames } from '../models/vocabulary';
import type { LoadedModel } from '../engine/loaded-model';
import type { DeviceAdapter } from '../engine/device-adapter';
import { embedTokens, matrixTensors } from '../engine/tables';
import { ProgramCache } from '../engine/program-cache';
import { uploadRotaryTables } from '../engine/rotary';
import type { DeviceTensor, Executor, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { RunConfig } from '../run/config';
import type { PackedRow } from './packing';
import { bucketLength, coarseBucketLength, piecesOf, rowPlaces, sequenceLengths } from './packing';

/**
 * The most rows that the LM head computes at once, and the most bytes of their logits of one slice of the vocabulary.
 */
const headLimits = { rows: 256, logitsBytes: 64 * 2 ** 20 };

/** What all blocks of a kind read besides their weights: mask and rotary tables, which kinds share where they agree. */
interface RowContexts {
  readonly attention: AttentionStyle;
  /** How the row's attention is cut. */
  readonly pieces: readonly AttentionPiece[];
  readonly byKind: ReadonlyMap<LayerKind, Tensors<BiasName>>;
  readonly all: readonly DeviceTensor[];
}

/** Returns a key that is equal where the graphs of two rows' attention are. */
const showPieces = (pieces: readonly AttentionPiece[]): string => pieces.map(({ to, keys }) => `${keys}-${to}`).join();

/** What the backward pass of one chunk of the head's rows reads. */
interface HeadChunk {
  readonly rows: DeviceTensor;
  readonly jacobian: DeviceTensor;
  readonly start: number;
  /** Of a score head the normed hidden states, [M, C], row-major: the gradient of the head's weights. */
  readonly normed: Float64Array | null;
}

/** What is asked of the head beside its numbers. */
interface HeadWishes {
  readonly keep: Keep;
  /** Where the normed hidden states of all targets go, [targets, C], row-major; null where nobody reads them. */
  readonly hidden: Float64Array | null;
}

/** What is asked of a forward pass beside what its backward pass needs. */
export interface SavingWishes {
  readonly takesSquares?: boolean;
  readonly hidden?: Float64Array | null;
}

/** What a forward pass keeps for its backward pass. */
export interface Tape {
  readonly logps: Float64Array;
  /** The log of the sum of squared probabilities at each target, nats, where it was asked for. */
  readonly logSquares: Float64Array | null;
  readonly row: PackedRow;
  /** @internal */
  readonly contexts: RowContexts;
  /** Input of each block; freed where the gradient does not reach (`firstAdapted`). @internal */
  readonly inputs: DeviceTensor[];
  /** Saved values of each block; freed alike. @internal */
  readonly saved: Tensors<SavedName>[];
  /** @internal */
  readonly jacobians: HeadChunk[];
  readonly adapter: DeviceAdapter;
  dispose(): void;
}

/** What the head has made of some rows after some slices of the vocabulary. */
interface HeadState {
  readonly scores: Tensors<ScoreName>;
  /** null where no backward pass will ask for them. */
  readonly jacobians: Tensors<JacobianName> | null;
}

/** What is kept of the head beside the log-probabilities. */
type Keep = 'nothing' | 'jacobian' | 'jacobian and squares';

/** The log-probabilities or scores of one chunk of rows, [M]; the Jacobian [M, C] where it was asked for. */
interface ChunkResult {
  readonly values: Float64Array;
  readonly logSquares: Float64Array | null;
  readonly jacobian: DeviceTensor | null;
  readonly normed: Float64Array | null;
}

const tensorsOf = ({ scores, jacobians }: HeadState): DeviceTensor[] => Object.values({ ...scores, ...jacobians });

/** Chooses the rows of a head chunk: the fewest chunks within the limits, all of one size, a multiple of 16. */
export function headChunkRows(targets: number, shape: ModelShape): number {
  const limit = Math.max(16, Math.min(headLimits.rows, headLimits.logitsBytes / (4 * Math.max(...slicesOf(shape)))));
  const chunks = Math.max(1, Math.ceil(targets / limit));
  return Math.max(16, Math.ceil(targets / chunks / 16) * 16);
}

/**
 * Reads the run's `gradient_checkpointing`: true saves nothing, false the weight products, and without it the budget
 * decides.
 */
export function savePolicyOf({
  gradient_checkpointing,
}: Pick<RunConfig, 'gradient_checkpointing'>): SavePolicy | 'auto' {
  if (gradient_checkpointing === null) return 'auto';
  return gradient_checkpointing ? 'none' : 'products';
}

/**
 * Weights of a layer that stand in for the model's own, by path inside the block; uploaded for one use, after which
 * they are freed.
 */
export type LentWeights = (layer: number) => Promise<Tensors>;

/**
 * Runs packed rows on one model, with a cache of compiled stages for every row length that comes by. Where the gradient
 * has an executor of its own, the passes that it needs run there, and scoring stays with the model's.
 */
export class RowRunner {
  readonly programs: ProgramCache;
  readonly #executor: Executor;
  /** Runs the passes of the gradient; null where this one does. */
  readonly #trained: RowRunner | null;
  /** Whether the runtime's operator takes the model's attention; null until it was asked. */
  #grouped: boolean | null = null;

  constructor(
    private readonly model: LoadedModel,
    private readonly policy: SavePolicy | 'auto' = 'auto',
    /** What scoring takes in place of the model's weights. */
    private readonly lend: LentWeights | null = null,
  ) {
    this.#executor = model.executor;
    this.programs = new ProgramCache(model.executor);
    const { gradient } = model.executor;
    this.#trained = gradient === model.executor ? null : new RowRunner({ ...model, executor: gradient }, policy);
  }

  /** Whether scoring and training run by different programs, which then can be held against each other. */
  get hasTwoForwardPasses(): boolean {
    return this.#trained !== null;
  }

  /** How long the rows are that training takes. */
  get roundUp(): (tokens: number) => number {
    return this.#executor.gradient.computesAttention ? coarseBucketLength : bucketLength;
  }

  /** The forward pass that training takes, without what it saves for the backward pass. */
  async forwardOfTraining(row: PackedRow, adapter: DeviceAdapter): Promise<Float64Array> {
    const tape = await this.forwardSaving(row, adapter);
    tape.dispose();
    return tape.logps;
  }

  /** Makes the row's embedded tokens, the first block's input, and everything that the blocks share. */
  async #enterRow(row: PackedRow, attention: AttentionStyle): Promise<{ x: DeviceTensor; contexts: RowContexts }> {
    const { T } = row;
    const { shape } = this.model;
    const pieces = {
      operator: () => [],
      grouped: () => wholePiece(T),
      both: () => wholePiece(T),
      pieces: () => piecesOf(row, this.#executor.device),
    }[attention]();
    const kinds = distinctKinds(shape.config);
    const position = this.#executor.upload(row.position, [T]);
    try {
      const x = await embedTokens(this.model, this.programs, row.tokens, position);
      const seen = await this.#visibility(row, { attention, pieces }, position);
      const tables = uploadRotaryTables(this.#executor, kinds, row.position, sequenceLengths(row));
      const contextOf = ({ slidingWindow, rope }: LayerKind): Tensors<BiasName> => ({
        ...seen.get(slidingWindow),
        ...(rope && tables.get(rope)),
      });
      return {
        x,
        contexts: {
          attention,
          pieces,
          byKind: new Map(kinds.map((kind) => [kind, contextOf(kind)])),
          all: [...seen.values(), ...tables.values()].flatMap((tensors) => Object.values<DeviceTensor>(tensors)),
        },
      };
    } finally {
      position.dispose();
    }
  }

  /** Makes what tells a block which tokens see each other, by the width of its window: biases, or the row's places. */
  async #visibility(
    row: PackedRow,
    { attention, pieces }: Pick<RowContexts, 'attention' | 'pieces'>,
    position: DeviceTensor,
  ): Promise<ReadonlyMap<number | null, Tensors>> {
    const { T } = row;
    const windows = new Set(distinctKinds(this.model.shape.config).map(({ slidingWindow }) => slidingWindow));
    const places = this.#executor.computesAttention ? { row: this.#executor.upload(rowPlaces(row), [T, 4]) } : null;
    if (places && attention === 'operator') return new Map([...windows].map((window) => [window, places]));
    const fed = {
      pair: this.#executor.upload(row.pair, [T]),
      branch: this.#executor.upload(row.branch, [T]),
      position,
    };
    try {
      const masks = new Map<number | null, Tensors>();
      for (const window of windows) {
        const mask = await this.programs.get(`mask ${showPieces(pieces)} ${window}`, () =>
          buildMaskStage(window, T, pieces),
        );
        masks.set(window, { ...places, ...(await this.#executor.run(mask, fed)) });
      }
      return masks;
    } finally {
      disposeAll([fed.pair, fed.branch]);
    }
  }

  /** How attention is written where its gradient is asked for. */
  get #trainedAttention(): AttentionStyle {
    if (!this.#executor.computesAttention) return 'pieces';
    return this.#executor.savesByRuntime && this.#isGrouped ? 'both' : 'operator';
  }

  /** Whether the runtime's operator takes the model's attention. */
  get #isGrouped(): boolean {
    return (this.#grouped ??= groupsRow(this.model.shape));
  }

  /** How attention is written where only its result is asked for: on a GPU the runtime has an operator for it. */
  get #scoredAttention(): AttentionStyle {
    if (!this.#executor.groupsAttention) return this.#executor.computesAttention ? 'operator' : 'pieces';
    return this.#isGrouped ? 'grouped' : 'pieces';
  }

  /** Returns a key that is equal for rows and kinds of layer whose blocks are the same graph. */
  #blockKey(kind: LayerKind, { T }: PackedRow, { attention, pieces }: RowContexts): string {
    const seen = {
      operator: () => `${T} window ${kind.slidingWindow}`,
      both: () => `both ${T} window ${kind.slidingWindow}`,
      grouped: () => `grouped ${T}`,
      pieces: () => showPieces(pieces),
    }[attention]();
    return `${blockKey(kind)} ${seen}`;
  }

  #kindOf(layer: number): LayerKind {
    return this.model.shape.config.layerKinds[layer] as LayerKind;
  }

  /** Collects what a block reads besides x and the adapter: mask and tables of its kind, its weights. */
  #blockInputs({ byKind }: RowContexts, layer: number): Tensors<BiasName> {
    return { ...byKind.get(this.#kindOf(layer)), ...(this.model.blocks[layer] as Tensors) };
  }

  /**
   * Runs the head over all targets in chunks, the LM head or the adapter's score head.
   */
  async #runHead(
    row: PackedRow,
    x: DeviceTensor,
    score: DeviceTensor | null,
    wishes: HeadWishes,
  ): Promise<Pick<Tape, 'logps' | 'logSquares' | 'jacobians'>> {
    const count = row.targets.length;
    const M = headChunkRows(count, this.model.shape);
    const logps = new Float64Array(count);
    const weights = score && Float64Array.from(await this.#executor.read(score));
    const squares = wishes.keep === 'jacobian and squares' ? new Float64Array(count) : null;
    const jacobians: Tape['jacobians'] = [];
    for (let start = 0; start < count; start += M) {
      const chunk = (values: Int32Array): Int32Array => {
        const padded = new Int32Array(M);
        padded.set(values.subarray(start, start + M));
        return padded;
      };
      const rows = this.#executor.upload(chunk(row.rows), [M]);
      const { values, logSquares, jacobian, normed } = weights
        ? await this.#runScoreChunk(row.T, x, rows, weights, wishes.keep !== 'nothing')
        : await this.#runHeadChunk(row.T, x, rows, chunk(row.targets), wishes);
      const met = Math.min(M, count - start);
      logps.set(values.subarray(0, met), start);
      if (logSquares) squares?.set(logSquares.subarray(0, met), start);
      const C = this.model.shape.config.hiddenSize;
      if (normed) wishes.hidden?.set(normed.subarray(0, met * C), start * C);
      if (jacobian) jacobians.push({ rows, jacobian, start, normed: weights && normed });
      else rows.dispose();
    }
    return { logps, logSquares: squares, jacobians };
  }

  /** Computes the log-probabilities of one chunk, slice by slice of the vocabulary. */
  async #runHeadChunk(
    T: number,
    x: DeviceTensor,
    rows: DeviceTensor,
    targets: Int32Array,
    { keep, hidden }: HeadWishes,
  ): Promise<ChunkResult> {
    const { shape, head } = this.model;
    const executor = this.#executor;
    const M = targets.length;
    const C = shape.config.hiddenSize;
    const stages = (): HeadStages => buildHeadStages(shape, T, M);
    const enter = await this.programs.get(`head ${T} ${M}`, () => stages().enter);
    const { normed } = await executor.run(enter, { ...head, x, rows });
    let state: HeadState = {
      scores: {
        sum: executor.upload(new Float32Array(M).fill(emptySum), [M, 1]),
        chosen: executor.upload(new Float32Array(M), [M, 1]),
      },
      jacobians:
        keep !== 'nothing'
          ? {
              jacobianSum: executor.upload(new Float32Array(M * C), [M, C]),
              jacobianChosen: executor.upload(new Float32Array(M * C), [M, C]),
            }
          : null,
    };
    try {
      const seen = hidden && Float64Array.from(await executor.read(normed));
      const slices = slicesOf(shape);
      let first = 0;
      for (const [i, name] of sliceNames('weight', slices).entries()) {
        const size = slices[i] as number;
        const local = executor.upload(
          targets.map((target) => target - first),
          [M],
        );
        const weight = matrixTensors(head, name, 'weight');
        const next = await this.#addSlice(state, size, { ...weight, normed, targets: local });
        disposeAll([local, ...tensorsOf(state)]);
        state = next;
        first += size;
      }
      const { scores, jacobians } = state;
      const [sums, chosen] = [await executor.read(scores.sum), await executor.read(scores.chosen)];
      const values = Float64Array.from(sums, (sum, i) => (chosen[i] as number) - sum);
      if (jacobians === null) return { values, logSquares: null, jacobian: null, normed: seen };
      const squares = keep === 'jacobian and squares' ? await this.#squares(normed) : null;
      const logSquares = squares && Float64Array.from(squares, (square, i) => square - 2 * (sums[i] as number));
      const leave = await this.programs.get(`head jacobian ${T} ${M}`, () => stages().leave);
      const { jacobian } = await executor.run(leave, { ...head, ...jacobians, x, rows });
      return { values, logSquares, jacobian, normed: seen };
    } finally {
      disposeAll([normed, ...tensorsOf(state)]);
    }
  }

  /**
   * Scores one chunk of rows by a score head w [C]: w . h, h [M, C] the normed hidden states. The products are the
   * host's, since there is one number a row; the norm's gradient is the LM head's stage, given w in each row.
   */
  async #runScoreChunk(
    T: number,
    x: DeviceTensor,
    rows: DeviceTensor,
    weights: Float64Array,
    keep: boolean,
  ): Promise<ChunkResult> {
    const { shape, head } = this.model;
    const executor = this.#executor;
    const M = rows.shape[0] as number;
    const C = weights.length;
    const stages = (): HeadStages => buildHeadStages(shape, T, M);
    const enter = await this.programs.get(`head ${T} ${M}`, () => stages().enter);
    const onDevice = await executor.run(enter, { ...head, x, rows });
    const normed = Float64Array.from(await executor.read(onDevice.normed));
    onDevice.normed.dispose();
    const values = Float64Array.from({ length: M }, (_, m) =>
      weights.reduce((sum, weight, c) => sum + weight * (normed[m * C + c] as number), 0),
    );
    if (!keep) return { values, logSquares: null, jacobian: null, normed };
    const tiled = new Float32Array(M * C);
    for (let m = 0; m < M; m++) tiled.set(weights, m * C);
    const fed = {
      jacobianSum: executor.upload(new Float32Array(M * C), [M, C]),
      jacobianChosen: executor.upload(tiled, [M, C]),
    };
    const leave = await this.programs.get(`head jacobian ${T} ${M}`, () => stages().leave);
    const { jacobian } = await executor.run(leave, { ...head, ...fed, x, rows });
    disposeAll(Object.values(fed));
    return { values, logSquares: null, jacobian, normed };
  }

  /** The log-sum-exp of twice the logits of each of the normed rows [M, C], slice by slice of the vocabulary. */
  async #squares(normed: DeviceTensor): Promise<Float64Array> {
    const { shape, head } = this.model;
    const M = normed.shape[0] as number;
    const slices = slicesOf(shape);
    let squares = this.#executor.upload(new Float32Array(M).fill(emptySum), [M, 1]);
    try {
      for (const [i, name] of sliceNames('weight', slices).entries()) {
        const size = slices[i] as number;
        const program = await this.programs.get(`head squares ${M} ${size}`, () => buildSquaresSlice(shape, M, size));
        const { newSquares } = await this.#executor.run(program, {
          ...matrixTensors(head, name, 'weight'),
          ...{ normed, squares },
        });
        squares.dispose();
        squares = newSquares;
      }
      return Float64Array.from(await this.#executor.read(squares));
    } finally {
      squares.dispose();
    }
  }

  /** Takes one slice of the vocabulary, of `size` rows, into the state, which stays the caller's. */
  async #addSlice(
    { scores, jacobians }: HeadState,
    size: number,
    slice: Tensors<'normed' | 'targets'>,
  ): Promise<HeadState> {
    const { shape } = this.model;
    const M = slice.targets.shape[0] as number;
    if (jacobians === null) {
      const program = await this.programs.get(`head slice ${M} ${size}`, () => buildHeadSlice(shape, M, size));
      const { newSum, newChosen } = await this.#executor.run(program, { ...slice, ...scores });
      return { scores: { sum: newSum, chosen: newChosen }, jacobians };
    }
    const program = await this.programs.get(`head slice with jacobian ${M} ${size}`, () =>
      buildHeadSliceWithJacobian(shape, M, size),
    );
    const after = await this.#executor.run(program, { ...slice, ...scores, ...jacobians });
    return {
      scores: { sum: after.newSum, chosen: after.newChosen },
      jacobians: { jacobianSum: after.newJacobianSum, jacobianChosen: after.newJacobianChosen },
    };
  }

  /**
   * Scores a row under the base (adapter null) or an adapter.
   * @param hidden is filled with the normed hidden states of the targets, [targets, C], where it is given
   * @returns log-probabilities of the row's targets, in nats, in the order of `row.targets`; of a reward model scores
   */
  async forward(
    row: PackedRow,
    adapter: DeviceAdapter | null,
    hidden: Float64Array | null = null,
  ): Promise<Float64Array> {
    const { shape, blocks } = this.model;
    const layout = adapter?.layout ?? null;
    const { x: first, contexts } = await this.#enterRow(row, this.#scoredAttention);
    const { attention, pieces } = contexts;
    let x = first;
    try {
      for (let layer = 0; layer < blocks.length; layer++) {
        const kind = this.#kindOf(layer);
        const block = await this.programs.get(`block ${this.#blockKey(kind, row, contexts)} ${layoutKey(layout)}`, () =>
          buildBlockStage({ shape, kind, lora: layout, T: row.T, pieces, attention }),
        );
        const lora = adapter && { lora: adapter.tensors[layer] as DeviceTensor };
        const lent = await this.lend?.(layer);
        try {
          const { y } = await this.#executor.run(block, { ...this.#blockInputs(contexts, layer), ...lent, ...lora, x });
          x.dispose();
          x = y;
        } finally {
          disposeAll(Object.values<DeviceTensor>(lent ?? {}));
        }
      }
      return (await this.#runHead(row, x, adapter?.score ?? null, { keep: 'nothing', hidden })).logps;
    } finally {
      disposeAll([x, ...contexts.all]);
    }
  }

  async #trainedPrograms(row: PackedRow, contexts: RowContexts, layer: number, layout: LoraLayout) {
    const { shape } = this.model;
    const { T } = row;
    const { attention, pieces } = contexts;
    const kind = this.#kindOf(layer);
    // Derived once for both programs, and only where one of them is not compiled yet.
    let built: TrainedBlockStages | null = null;
    const stages = (): TrainedBlockStages =>
      (built ??= planTrainedBlockStages({ shape, kind, lora: layout, T, pieces, attention }, this.policy));
    const key = `${this.#blockKey(kind, row, contexts)} ${layoutKey(layout)}`;
    return {
      forward: await this.programs.get(`block saving ${key}`, () => stages().forward),
      backward: await this.programs.get(`block backward ${key}`, () => stages().backward),
    };
  }

  /**
   * Scores a row as `forward` does and keeps what `backward` needs; the caller disposes the tape.
   * @param wishes whether the tape is to have `logSquares`, and what is filled with hidden states, as by `forward`
   */
  async forwardSaving(row: PackedRow, adapter: DeviceAdapter, wishes: SavingWishes = {}): Promise<Tape> {
    if (this.#trained) return this.#trained.forwardSaving(row, adapter, wishes);
    const { blocks } = this.model;
    const { x: first, contexts } = await this.#enterRow(row, this.#trainedAttention);
    const inputs: DeviceTensor[] = [first];
    const saved: Tensors<SavedName>[] = [];
    const reached = firstAdapted(adapter.layout, blocks.length);
    let jacobians: Tape['jacobians'] = [];
    const dispose = (): void => {
      disposeAll([...inputs, ...contexts.all, ...saved.flatMap((tensors) => Object.values(tensors))]);
      disposeAll(jacobians.flatMap(({ rows, jacobian }) => [rows, jacobian]));
    };
    try {
      for (let layer = 0; layer < blocks.length; layer++) {
        const x = inputs.at(-1) as DeviceTensor;
        const { forward } = await this.#trainedPrograms(row, contexts, layer, adapter.layout);
        const { y, ...kept } = await this.#executor.run(forward, {
          ...this.#blockInputs(contexts, layer),
          lora: adapter.tensors[layer] as DeviceTensor,
          x,
        });
        inputs.push(y);
        saved.push(kept);
        if (layer < reached) disposeAll([x, ...Object.values<DeviceTensor>(kept)]);
      }
      const last = inputs.at(-1) as DeviceTensor;
      const keep = wishes.takesSquares === true ? 'jacobian and squares' : 'jacobian';
      const headWishes = { keep, hidden: wishes.hidden ?? null } as const;
      const { logps, logSquares, ...head } = await this.#runHead(row, last, adapter.score, headWishes);
      jacobians = head.jacobians;
      inputs.pop();
      last.dispose();
      return { logps, logSquares, row, contexts, inputs, saved, jacobians, adapter, dispose };
    } catch (error) {
      dispose();
      throw error;
    }
  }

  /**
   * Adds d(sum_m weights[m] logps[m]) / d LoRA to the gradients, which it consumes.
   * @param weights d loss / d log-prob (or score) of each target, in the order of `row.targets`
   * @returns the new gradients, one flat tensor a block, and of a reward model its score head's as the last
   */
  async backward(tape: Tape, weights: Float64Array, gradients: readonly DeviceTensor[]): Promise<DeviceTensor[]> {
    if (this.#trained) return this.#trained.backward(tape, weights, gradients);
    const { row, adapter, contexts, inputs, saved } = tape;
    const result = [...gradients];
    let dy = await this.#headBackward(tape, weights);
    const first = firstAdapted(adapter.layout, this.model.blocks.length);
    for (let layer = this.model.blocks.length - 1; layer >= first; layer--) {
      const { backward } = await this.#trainedPrograms(row, contexts, layer, adapter.layout);
      const x = inputs[layer] as DeviceTensor;
      const gradient = result[layer] as DeviceTensor;
      const { dx, newGradient } = await this.#executor.run(backward, {
        ...this.#blockInputs(contexts, layer),
        ...saved[layer],
        lora: adapter.tensors[layer] as DeviceTensor,
        x,
        dy,
        gradient,
      });
      disposeAll([dy, gradient, x, ...Object.values<DeviceTensor>(saved[layer] ?? {})]);
      dy = dx;
      result[layer] = newGradient;
    }
    dy.dispose();
    if (adapter.score) result.push(await this.#addScoreGradient(tape, weights, result.pop() as DeviceTensor));
    return result;
  }

  /** Adds d loss / d w = sum_m weights[m] h[m] of a score head to its gradient [C], which it consumes. */
  async #addScoreGradient(tape: Tape, weights: Float64Array, gradient: DeviceTensor): Promise<DeviceTensor> {
    const sum = Float64Array.from(await this.#executor.read(gradient));
    gradient.dispose();
    const C = sum.length;
    for (const { start, normed } of tape.jacobians)
      for (let m = 0; normed && m < normed.length / C; m++) {
        const weight = weights[start + m] ?? 0;
        for (let c = 0; c < C; c++) sum[c] = (sum[c] as number) + weight * (normed[m * C + c] as number);
      }
    return this.#executor.upload(Float32Array.from(sum), [C]);
  }

  /** Computes d loss / d x after the last block, [T, C]. */
  async #headBackward(tape: Tape, weights: Float64Array): Promise<DeviceTensor> {
    const M = headChunkRows(weights.length, this.model.shape);
    const { T } = tape.row;
    const C = this.model.shape.config.hiddenSize;
    const program = await this.programs.get(
      `head backward ${T} ${M}`,
      () => buildHeadStages(this.model.shape, T, M).backward,
    );
    const addAll = await this.programs.get(`add ${T}`, () => buildAddStage(T, C));
    let total: DeviceTensor | null = null;
    for (const { rows, jacobian, start } of tape.jacobians) {
      const chunk = new Float32Array(M);
      chunk.set(weights.subarray(start, start + M));
      const fed = this.#executor.upload(chunk, [M, 1]);
      const { dx } = await this.#executor.run(program, { rows, jacobian, weights: fed });
      fed.dispose();
      if (!total) {
        total = dx;
        continue;
      }
      const added: Tensors<'sum'> = await this.#executor.run(addAll, { a: total, b: dx });
      disposeAll([total, dx]);
      total = added.sum;
    }
    return total ?? this.#executor.upload(new Float32Array(T * C), [T, C]);
  }

  /** Uploads gradients of zero, to start an accumulation from: one a block, and of a reward model its score head's. */
  zeroGradients({ layout, score }: Pick<DeviceAdapter, 'layout' | 'score'>): DeviceTensor[] {
    const { gradient } = this.#executor;
    const sizes = [...this.model.blocks.map(() => layout.size), ...(score ? [this.model.shape.config.hiddenSize] : [])];
    return sizes.map((size) => gradient.upload(new Float32Array(size), [size]));
  }

  async dispose(): Promise<void> {
    await this.#trained?.dispose();
    await this.programs.dispose();
  }
}
