/**
 * @file Runs packed rows through the model: log-probabilities of all completion tokens, and, from the objective's
 * derivatives, the gradient of every LoRA matrix. Holds the compiled stages; the tensors of a pass are freed as it goes.
 */
import { rotaryTables } from '../models/layers';
import type { LoraLayout } from '../models/lora';
import { layoutKey } from '../models/lora';
import type { SavePolicy, TrainedBlockStages } from '../models/stages';
import { buildAddStage, buildBlockStage, buildEmbedStage, buildHeadStages, buildMaskStage, buildTrainedBlockStages, planTrainedBlockStages } from '../models/stages';
import type { LoadedModel } from '../engine/loaded-model';
import type { DeviceAdapter } from '../engine/device-adapter';
import { ProgramCache } from '../engine/program-cache';
import type { DeviceTensor, Executor, Program, Tensors } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { PackedRow } from './packing';

/** Rows of the LM head computed at once at most, and bytes of their [rows, V] logits. */
const headChunkLimit = { rows: 256, logitsBytes: 64 * 2 ** 20 };

/** What a forward pass keeps for its backward pass. */
export interface Tape {
  readonly logps: Float64Array;
  readonly row: PackedRow;
  /** @internal */
  readonly context: Tensors;
  /** Input of each block. @internal */
  readonly inputs: DeviceTensor[];
  /** Saved values of each block. @internal */
  readonly saved: Tensors[];
  /** @internal */
  readonly jacobians: { readonly rows: DeviceTensor; readonly jacobian: DeviceTensor; readonly start: number }[];
  readonly adapter: DeviceAdapter;
  dispose(): void;
}

/** Rows a head chunk has: the fewest, in steps of 32, that cover `targets`, up to the limit. */
function headChunkRows(targets: number, vocabularySize: number): number {
  const inSteps = (rows: number, round: (steps: number) => number): number => Math.max(32, round(rows / 32) * 32);
  return Math.min(headChunkLimit.rows, inSteps(headChunkLimit.logitsBytes / (4 * vocabularySize), Math.floor), inSteps(targets, Math.ceil));
}

export class RowRunner {
  readonly programs: ProgramCache;
  readonly #executor: Executor;

  constructor(
    private readonly model: LoadedModel,
    private readonly policy: SavePolicy | 'auto' = 'auto',
  ) {
    this.#executor = model.executor;
    this.programs = new ProgramCache(model.executor);
  }

  /** The row's tokens and everything the blocks share; `x` is the first block's input. */
  async #enter(row: PackedRow): Promise<{ x: DeviceTensor; context: Record<string, DeviceTensor> }> {
    const { T } = row;
    const { shape, embedding } = this.model;
    const embed = await this.programs.get(`embed ${T}`, () => buildEmbedStage(shape, T));
    const mask = await this.programs.get(`mask ${T}`, () => buildMaskStage(shape, T));
    const upload = (data: Int32Array): DeviceTensor => this.#executor.upload(data, [T]);
    const fed = { tokens: upload(row.tokens), pair: upload(row.pair), branch: upload(row.branch), position: upload(row.position) };
    try {
      const { x } = await this.#executor.run(embed, { tokens: fed.tokens, table: embedding });
      const { bias } = await this.#executor.run(mask, fed);
      const { headDim, ropeTheta } = shape.config;
      const { cos, sin } = rotaryTables(row.position, headDim, ropeTheta);
      const table = (data: Float32Array): DeviceTensor => this.#executor.upload(data, [T, 1, headDim / 2]);
      return { x: x as DeviceTensor, context: { bias: bias as DeviceTensor, cos: table(cos), sin: table(sin) } };
    } finally {
      disposeAll(Object.values(fed));
    }
  }

  #loraInputs(adapter: DeviceAdapter | null, layer: number): Tensors {
    return adapter ? { lora: adapter.tensors[layer] as DeviceTensor } : {};
  }

  /** Runs the head over all targets in chunks; `keep` returns the Jacobians too. */
  async #runHead(row: PackedRow, x: DeviceTensor, keep: boolean): Promise<{ logps: Float64Array; jacobians: Tape['jacobians'] }> {
    const count = row.targets.length;
    const M = headChunkRows(count, this.model.shape.config.vocabularySize);
    const kind = keep ? 'forward' : 'forwardOnly';
    const program = await this.programs.get(`head ${kind} ${row.T} ${M}`, () => buildHeadStages(this.model.shape, row.T, M)[kind]);
    const logps = new Float64Array(count);
    const jacobians: Tape['jacobians'] = [];
    for (let start = 0; start < count; start += M) {
      const chunk = (values: Int32Array): DeviceTensor => {
        const padded = new Int32Array(M);
        padded.set(values.subarray(start, start + M));
        return this.#executor.upload(padded, [M]);
      };
      const rows = chunk(row.rows);
      const targets = chunk(row.targets);
      const result = await this.#executor.run(program, { ...this.model.head, x, rows, targets });
      const values = await this.#executor.read(result['logps'] as DeviceTensor);
      logps.set(values.subarray(0, Math.min(M, count - start)), start);
      disposeAll([targets, result['logps'] as DeviceTensor]);
      if (keep) jacobians.push({ rows, jacobian: result['jacobian'] as DeviceTensor, start });
      else rows.dispose();
    }
    return { logps, jacobians };
  }

  /** @returns log-probabilities of the row's targets, nats, in the order of `row.targets` */
  async forward(row: PackedRow, adapter: DeviceAdapter | null): Promise<Float64Array> {
    const { shape, blocks } = this.model;
    const key = `block ${row.T} ${layoutKey(adapter?.layout ?? null)}`;
    const block = await this.programs.get(key, () => buildBlockStage(shape, adapter?.layout ?? null, row.T));
    const entered = await this.#enter(row);
    let { x } = entered;
    try {
      for (let layer = 0; layer < blocks.length; layer++) {
        const { y } = await this.#executor.run(block, { ...entered.context, ...(blocks[layer] as Tensors), ...this.#loraInputs(adapter, layer), x });
        x.dispose();
        x = y as DeviceTensor;
      }
      return (await this.#runHead(row, x, false)).logps;
    } finally {
      disposeAll([x, ...Object.values(entered.context)]);
    }
  }

  async #trained(row: PackedRow, layout: LoraLayout): Promise<{ forward: Program; backward: Program }> {
    const { shape } = this.model;
    // Derived once for both programs, and only where one of them is not compiled yet.
    let built: TrainedBlockStages | null = null;
    const stages = (): TrainedBlockStages =>
      (built ??= this.policy === 'auto' ? planTrainedBlockStages(shape, layout, row.T) : buildTrainedBlockStages(shape, layout, row.T, this.policy));
    const key = `${row.T} ${layoutKey(layout)}`;
    return {
      forward: await this.programs.get(`block saving ${key}`, () => stages().forward),
      backward: await this.programs.get(`block backward ${key}`, () => stages().backward),
    };
  }

  /** As `forward`, keeping what `backward` needs; the caller disposes the tape. */
  async forwardSaving(row: PackedRow, adapter: DeviceAdapter): Promise<Tape> {
    const { blocks } = this.model;
    const { forward } = await this.#trained(row, adapter.layout);
    const { x: first, context } = await this.#enter(row);
    const inputs: DeviceTensor[] = [first];
    const saved: Tensors[] = [];
    let jacobians: Tape['jacobians'] = [];
    const dispose = (): void => {
      disposeAll([...inputs, ...Object.values(context), ...saved.flatMap((tensors) => Object.values(tensors))]);
      disposeAll(jacobians.flatMap(({ rows, jacobian }) => [rows, jacobian]));
    };
    try {
      for (let layer = 0; layer < blocks.length; layer++) {
        const x = inputs.at(-1) as DeviceTensor;
        const { y, ...kept } = await this.#executor.run(forward, { ...context, ...(blocks[layer] as Tensors), ...this.#loraInputs(adapter, layer), x });
        inputs.push(y as DeviceTensor);
        saved.push(kept);
      }
      const last = inputs.at(-1) as DeviceTensor;
      const head = await this.#runHead(row, last, true);
      jacobians = head.jacobians;
      inputs.pop();
      last.dispose();
      return { logps: head.logps, row, context, inputs, saved, jacobians, adapter, dispose };
    } catch (error) {
      dispose();
      throw error;
    }
  }

  /**
   * Adds d(sum_m weights[m] logps[m]) / d LoRA to the gradients, which it consumes.
   * @param weights d loss / d log-prob of each target, in the order of `row.targets`
   * @returns the new gradients, one flat tensor a block
   */
  async backward(tape: Tape, weights: Float64Array, gradients: readonly DeviceTensor[]): Promise<DeviceTensor[]> {
    const { row, adapter, context, inputs, saved } = tape;
    const { backward } = await this.#trained(row, adapter.layout);
    const result = [...gradients];
    let dy = await this.#headBackward(tape, weights);
    for (let layer = this.model.blocks.length - 1; layer >= 0; layer--) {
      const outputs = await this.#executor.run(backward, {
        ...context,
        ...(this.model.blocks[layer] as Tensors),
        ...this.#loraInputs(adapter, layer),
        ...(saved[layer] as Tensors),
        x: inputs[layer] as DeviceTensor,
        dy,
        gradient: result[layer] as DeviceTensor,
      });
      disposeAll([dy, result[layer] as DeviceTensor, inputs[layer] as DeviceTensor, ...Object.values(saved[layer] as Tensors)]);
      dy = outputs['dx'] as DeviceTensor;
      result[layer] = outputs['newGradient'] as DeviceTensor;
    }
    dy.dispose();
    return result;
  }

  /** d loss / d x after the last block, [T, C]. */
  async #headBackward(tape: Tape, weights: Float64Array): Promise<DeviceTensor> {
    const M = headChunkRows(weights.length, this.model.shape.config.vocabularySize);
    const { T } = tape.row;
    const program = await this.programs.get(`head backward ${T} ${M}`, () => buildHeadStages(this.model.shape, T, M).backward);
    const addAll = await this.programs.get(`add ${T}`, () => buildAddStage(T, this.model.shape.config.hiddenSize));
    let total: DeviceTensor | null = null;
    for (const { rows, jacobian, start } of tape.jacobians) {
      const chunk = new Float32Array(M);
      chunk.set(weights.subarray(start, start + M));
      const fed = this.#executor.upload(chunk, [M, 1]);
      const dx = (await this.#executor.run(program, { rows, jacobian, weights: fed }))['dx'] as DeviceTensor;
      fed.dispose();
      if (!total) {
        total = dx;
        continue;
      }
      const { sum } = await this.#executor.run(addAll, { a: total, b: dx });
      disposeAll([total, dx]);
      total = sum as DeviceTensor;
    }
    return total ?? this.#executor.upload(new Float32Array(T * this.model.shape.config.hiddenSize), [T, this.model.shape.config.hiddenSize]);
  }

  /** Gradients of zero, to start an accumulation from. */
  zeroGradients(layout: LoraLayout): DeviceTensor[] {
    return this.model.blocks.map(() => this.#executor.upload(new Float32Array(layout.size), [layout.size]));
  }

  dispose(): Promise<void> {
    return this.programs.dispose();
  }
}
