/**
 * @file What the browser tests call to run the engine's stages on a device: window.harness. Test code, not shipped.
 */
import type { UserError } from '../../src/core/errors';
import type { KernelTime } from '../../src/bench/kernel-tally';
import { KernelTally } from '../../src/bench/kernel-tally';
import type { BenchReport, BenchSettings } from '../../src/bench/measure';
import { measureSpeed } from '../../src/bench/measure';
import { Random } from '../../src/core/random';
import { buildRandomModel } from '../../src/engine/random-model';
import { largestDifference, runDecodingCase } from '../../src/generation/decoding-case';
import { Builder } from '../../src/graph/builder';
import { interpretStage } from '../../src/graph/interpreter';
import { buildStageCases, isForRuntime } from '../../src/graph/operator-cases';
import type { Stage } from '../../src/graph/value';
import { productStage, trialForms, trialPasses } from '../../src/models/product-forms';
import { compareStage } from '../../src/runtime/compare-stage';
import { openDevice } from '../../src/runtime/device';
import type { Executor, Tensors } from '../../src/runtime/executor';
import { wasmAssets, webgpuAssets } from '../../src/runtime/ort-assets';
import type { ProductChoice } from '../../src/runtime/product-choice';
import type { ProductTuner } from '../../src/runtime/product-trial';
import type { EncodedPair } from '../../src/text/encode-pair';
import { parseRunConfig } from '../../src/run/config';
import { buildEmittedStages } from '../../src/training/stage-cases';
import { train } from '../../src/training/trainer';

export interface StageResult {
  readonly name: string;
  /** Relative L2 distance to the float64 interpreter; null with an error. */
  readonly error: number | null;
  readonly failure: string | null;
}

let executor: Executor;
let products: ProductTuner | null = null;
let kernels: KernelTally | null = null;

/** The runtime's profiler prints to the console, which it looks up when it starts. */
function listenToProfiler(tally: KernelTally): void {
  const { log } = console;
  console.log = (...values: unknown[]): void => {
    if (!tally.add(String(values[0]))) log(...values);
  };
}

async function open(device: 'webgpu' | 'wasm', threads = 1, profile = false): Promise<string> {
  if (profile) listenToProfiler((kernels = new KernelTally(device)));
  const surroundings = { assets: { wasm: wasmAssets, webgpu: webgpuAssets }, threads, gpu: navigator.gpu, profile };
  const opened = await openDevice(device, surroundings);
  executor = opened.executor;
  products = opened.products;
  const leftOut = executor.takesFloat16 ? '' : '; it has no shader-f16, so stages of float16 weights are left out';
  return `${executor.device}: ${opened.description}${leftOut}`;
}

async function measureStage(stage: Stage, inputs: Readonly<Record<string, Float64Array>>): Promise<StageResult> {
  try {
    return {
      name: stage.name,
      error: await compareStage(executor, stage, inputs, interpretStage(stage, inputs)),
      failure: null,
    };
  } catch (error) {
    return { name: stage.name, error: null, failure: (error as Error).message };
  }
}

/** Stages of float16 weights run only where the device takes them; SwiftShader does not. */
const isTaken = ({ inputs }: Stage): boolean =>
  executor.takesFloat16 || Object.values(inputs).every(({ dtype }) => dtype !== 'float16');

/** Every case of every operator, forward and backward, in part `part` of `parts`. */
async function runOperators(part: number, parts: number): Promise<StageResult[]> {
  const results: StageResult[] = [];
  for (const [i, { forward, backward, inputs }] of buildStageCases().filter(isForRuntime).entries()) {
    if (i % parts !== part || !isTaken(forward)) continue;
    results.push(await measureStage(forward, inputs));
    if (backward) results.push(await measureStage(backward, inputs));
  }
  return results;
}

/** Every kind of stage that the engine emits. */
async function runStages(part: number, parts: number): Promise<StageResult[]> {
  const results: StageResult[] = [];
  for (const [i, { stage, inputs }] of buildEmittedStages().entries()) {
    if (i % parts === part && isTaken(stage)) results.push(await measureStage(stage, inputs));
  }
  return results;
}

/** A stage with a node that WebGPU cannot take: compiling it must fail. */
async function compileUnplaceable(): Promise<string | null> {
  const g = new Builder();
  const x = g.input('x', 'int32', [4]);
  try {
    await executor.compile({ name: 'int32 Neg', inputs: { x }, outputs: { y: g.neg(x) } });
    return null;
  } catch (error) {
    const { message, details } = error as UserError;
    return `${message} ${details}`;
  }
}

export interface MemorySample {
  readonly step: number;
  readonly loss: number;
  readonly deviceBytes: number;
  /** Bytes of GPU buffers created and not destroyed, the runtime's own included. */
  readonly gpuBytes: number;
  readonly wasmHeapBytes: number;
}

/** Counts every buffer of every device from now on. */
function countGpuBytes(): () => number {
  let live = 0;
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const destroyed = new WeakSet<GPUBuffer>();
  GPUDevice.prototype.createBuffer = function (descriptor) {
    live += descriptor.size;
    return createBuffer.call(this, descriptor);
  };
  GPUBuffer.prototype.destroy = function () {
    if (!destroyed.has(this)) live -= this.size;
    destroyed.add(this);
    return destroy.call(this);
  };
  return () => live;
}

const gpuBytes = countGpuBytes();

/** Trains a tiny random model and samples memory at every step. */
async function trainAndSample(steps: number): Promise<MemorySample[]> {
  const model = await buildRandomModel('tiny', executor);
  const random = new Random(1);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
  const pairs = Array.from({ length: 2 }, (): EncodedPair => ({
    promptIds: tokens(6),
    chosenIds: tokens(5),
    rejectedIds: tokens(4),
    warnings: [],
    faults: [],
  }));
  const samples: MemorySample[] = [];
  const config = parseRunConfig({
    max_steps: steps,
    per_device_train_batch_size: 2,
    learning_rate: 1e-3,
    shuffle: false,
  });
  await train(model, {
    config,
    pairs,
    onEvent: (event) => {
      if (event.kind === 'step')
        samples.push({
          step: event.metrics.step,
          loss: event.metrics.loss,
          gpuBytes: gpuBytes(),
          ...executor.memory(),
        });
    },
  });
  model.dispose();
  return samples;
}

/** With the kernels' times where the device was opened with `profile`. */
async function bench(
  shape: string,
  settings: BenchSettings,
): Promise<BenchReport & { products?: ProductChoice | null; kernels?: readonly KernelTime[] }> {
  const started = performance.now();
  const model = await buildRandomModel(shape, executor);
  const passes = trialPasses(model.shape);
  const block = passes && { passes, weights: model.blocks[0] as Tensors };
  const choice = await products?.choose(trialForms(model.shape).map(productStage), null, block);
  const report = await measureSpeed(model, settings, started, () => {});
  return { ...report, ...(choice !== undefined && { products: choice }), ...(kernels && { kernels: kernels.kernels }) };
}

/** Three sequences decoded together, against each alone. */
async function decodeTogether(): Promise<{ difference: number; lengths: readonly number[]; leftBytes: number }> {
  const { together, alone, leftBytes } = await runDecodingCase(executor);
  return { difference: largestDifference(together, alone), lengths: together.map(({ length }) => length), leftBytes };
}

const harness = { open, runOperators, runStages, compileUnplaceable, trainAndSample, bench, decodeTogether };

declare global {
  interface Window {
    harness: typeof harness;
  }
}

window.harness = harness;
