/**
 * @file Counts what training on a GPU allocates, before there is a weight or a device: two steps of the real training
 * code on an executor that counts. After the second nothing is allocated any more.
 */
import type { LoadedModel } from '../engine/loaded-model';
import { uploadWeights } from '../engine/loaded-model';
import { wrapAdapter } from '../engine/device-adapter';
import type { LoraLayout } from '../models/lora';
import type { ModelShape, SavePolicy } from '../models/stages';
import { CountedExecutor } from '../runtime/counted-executor';
import type { DeviceTensor } from '../runtime/executor';
import { paddedBytes } from '../runtime/watched-gpu';
import { parseRunConfig } from '../run/config';
import type { RowSize } from '../run/memory-plan';
import { AdamW } from './adamw';
import { packRow } from './packing';
import { RowRunner } from './row-runner';

export interface CountedRun {
  readonly shape: ModelShape;
  readonly lora: LoraLayout;
  readonly policy: SavePolicy | 'auto';
  /** The largest row; shorter ones take its buffers. */
  readonly row: RowSize;
  /** As of `Executor`. */
  readonly savesByRuntime: boolean;
}

/**
 * Bytes of buffers by what lies in them: those that are allocated, to the byte, where kernels of our own save values.
 */
export interface PoolCount {
  /** Gradients and moments, and the parameters, which lie in buffers of their own. */
  readonly adapter_and_optimizer: number;
  /** What rows keep for their backward pass, and the gradient that is passed down. */
  readonly activations: number;
  /** Values inside stages, constants, and the lengths that kernels read; of the runtime's stages an estimate. */
  readonly scratch: number;
  /** What the runtime needs besides to run blocks' saving passes until they are recorded; an estimate. */
  readonly runtime: number;
}

/** A tensor that is in no pool: weights, and the parameters that a run starts from, lie in buffers of their own. */
const apart = (shape: readonly number[]): DeviceTensor =>
  ({ buffer: null, dtype: 'float32', shape, sizeBytes: 0, dispose: () => {} }) as DeviceTensor;

/** The model as the stages read it. However exactly weights are held, nothing else changes its size by it. */
async function weightless(shape: ModelShape, executor: CountedExecutor): Promise<LoadedModel> {
  const { embedding, head, blocks } = await uploadWeights({ ...shape, precision: 'float32' }, async (weight, piece) => {
    const dims = weight.shape.length === 0 ? weight.shape : [piece.rows, ...weight.shape.slice(1)];
    return new Map([['', apart(dims)]]);
  });
  return {
    ...{ name: 'counted', shape: { ...shape, precision: 'float32' }, executor, embedding, head, blocks },
    ...{ parameters: 0, fingerprint: '', tables: new Map(), warnings: [], dispose: () => {} },
  };
}

/** Packs a row of this size: a prompt and one completion. */
function rowOf({ tokens, targets }: RowSize, roundUp: (tokens: number) => number) {
  const prompt = new Array<number>(Math.max(1, tokens - targets + 1)).fill(0);
  return packRow([{ promptIds: prompt, completions: [new Array<number>(targets).fill(0)] }], roundUp);
}

/** Takes two steps on rows of this size, and counts. */
export async function countPool({ shape, lora, policy, row: size, savesByRuntime }: CountedRun): Promise<PoolCount> {
  const executor = new CountedExecutor(savesByRuntime);
  const model = await weightless(shape, executor);
  const runner = new RowRunner(model, policy);
  const parameters = model.blocks.map(() => apart([lora.size]));
  const optimizer = await AdamW.open(model, parameters, parseRunConfig({}));
  const row = rowOf(size, runner.roundUp);
  let learned = 0;
  for (let step = 0; step < 2; step++) {
    const adapter = wrapAdapter(lora, optimizer.parameters);
    const gradients = runner.zeroGradients(adapter);
    if (step === 0) learned = executor.tensorBytes;
    const tape = await runner.forwardSaving(row, adapter);
    const summed = await runner.backward(tape, new Float64Array(row.targets.length), gradients);
    tape.dispose();
    await optimizer.step(summed, 0);
  }
  const initial = model.blocks.length * paddedBytes(4 * lora.size);
  return {
    adapter_and_optimizer: initial + learned,
    activations: executor.tensorBytes - learned,
    scratch: executor.scratchBytes,
    runtime: executor.runtimeBytes,
  };
}
