/**
 * @file Chooses how kernels of our own multiply on the device at hand: each variant multiplies what the open model
 * does, for a second all together, and the fastest that passes the self-test is taken. By the GPU's own clock where it
 * has one, otherwise by waiting for the device. The choice is the caller's to keep; within a process it is made once.
 */
import { sizeOf } from '../core/shape';
import { sumOf } from '../core/statistics';
import { countFlops } from '../graph/flops';
import type { Stage, Value } from '../graph/value';
import { compileStage } from '../wgsl/compile';
import type { Kernel } from '../wgsl/kernel';
import type { TileVariant } from '../wgsl/tiles';
import { largeTile, tileVariants } from '../wgsl/tiles';
import { KernelExecutor } from './kernel-executor';
import type { PassTrial } from './pass-trial';
import { fasterPass } from './pass-trial';
import type { ProductChoice, SavingPass } from './product-choice';
import { tryProducts } from './self-test';
import { createModule, createStorage, paddedBytes } from './watched-gpu';

/** One run of a trial lasts this long, so that neither issuing nor the clock's step counts. */
const runMs = 15;
const rounds = 2;
const mostRepeats = 50;

/** A product ready to be run several times in one pass. */
interface Trial {
  readonly flops: number;
  run(repeats: number): Promise<number>;
}

/** Measures the milliseconds that a pass takes. */
type Clock = (encode: (pass: GPUComputePassEncoder) => void) => Promise<number>;

function waitingClock(gpu: GPUDevice): Clock {
  return async (encode) => {
    const started = performance.now();
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass);
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    await gpu.queue.onSubmittedWorkDone();
    return performance.now() - started;
  };
}

/** The GPU's own clock, which does not count what waiting for it takes. */
function stampClock(gpu: GPUDevice): Clock {
  return async (encode) => {
    const querySet = gpu.createQuerySet({ type: 'timestamp', count: 2 });
    const resolved = gpu.createBuffer({ size: 16, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    const staging = gpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
      });
      encode(pass);
      pass.end();
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
      gpu.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const [from, to] = new BigUint64Array(staging.getMappedRange()) as unknown as [bigint, bigint];
      return Number(to - from) / 1e6;
    } finally {
      querySet.destroy();
      resolved.destroy();
      staging.destroy();
    }
  };
}

/** Some drivers give nothing, or run backwards: such a clock is none. */
function clockOf(gpu: GPUDevice): Clock {
  const waiting = waitingClock(gpu);
  if (!gpu.features.has('timestamp-query')) return waiting;
  const stamps = stampClock(gpu);
  return async (encode) => {
    const ms = await stamps(encode);
    return ms > 0 ? ms : waiting(encode);
  };
}

/** A product and its tensors, which all variants use in turn. */
interface Task {
  readonly stage: Stage;
  readonly buffers: ReadonlyMap<Value, GPUBuffer>;
}

function taskOf(gpu: GPUDevice, stage: Stage): Task {
  const values = [...Object.values(stage.inputs), ...Object.values(stage.outputs)];
  const buffers = values.map((value) => [value, createStorage(gpu, paddedBytes(4 * sizeOf(value.shape)))] as const);
  return { stage, buffers: new Map(buffers) };
}

async function openTrial(gpu: GPUDevice, task: Task, tile: TileVariant, clock: Clock): Promise<Trial> {
  const { stage, buffers } = task;
  const { kernels } = compileStage(stage, { tile, mostFlops: Infinity });
  const { code, grid, reads, writes } = kernels[0] as Kernel;
  const module = createModule(gpu, { code });
  const pipeline = await gpu.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const group = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...reads, ...writes].map((value, binding) => ({
      binding,
      resource: { buffer: buffers.get(value) as GPUBuffer },
    })),
  });
  return {
    flops: countFlops(stage),
    run: (repeats) =>
      clock((pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(...grid);
      }),
  };
}

/** The best milliseconds of one product. */
async function timeTrial({ run }: Trial): Promise<number> {
  await run(1);
  const once = await run(1);
  const repeats = Math.max(1, Math.min(mostRepeats, Math.floor(runMs / once)));
  let best = once;
  for (let round = 0; round < rounds; round++) best = Math.min(best, (await run(repeats)) / repeats);
  return best;
}

/** GFLOPS of one variant over all products. */
async function timeVariant(trials: readonly Trial[]): Promise<number> {
  let ms = 0;
  for (const trial of trials) ms += await timeTrial(trial);
  return sumOf(trials.map(({ flops }) => flops)) / ms / 1e6;
}

export interface TriedVariant {
  readonly tile: TileVariant;
  readonly gflops: number;
}

/**
 * Compiles all variants at once and times them one after the other. No further one is begun when the time is up; one
 * that the driver refuses is left out.
 * @param stages products, a kernel each
 * @param budgetMs for all variants, compiling not counted: that is the driver's time and not the GPU's
 * @returns the fastest first
 */
export async function tryVariants(
  gpu: GPUDevice,
  stages: readonly Stage[],
  variants: readonly TileVariant[],
  budgetMs = 1000,
): Promise<TriedVariant[]> {
  const clock = clockOf(gpu);
  const tasks = stages.map((stage) => taskOf(gpu, stage));
  const opened = variants.map((tile) => Promise.all(tasks.map((task) => openTrial(gpu, task, tile, clock))));
  const compiled = await Promise.allSettled(opened);
  const started = performance.now();
  const tried: TriedVariant[] = [];
  for (const [i, tile] of variants.entries()) {
    const trials = compiled[i];
    if (trials?.status !== 'fulfilled') continue;
    if (tried.length > 0 && performance.now() - started > budgetMs) break;
    const gflops = await timeVariant(trials.value).catch(() => 0);
    if (gflops > 0 && Number.isFinite(gflops)) tried.push({ tile, gflops });
  }
  for (const { buffers } of tasks) buffers.forEach((buffer) => buffer.destroy());
  return tried.sort((a, b) => b.gflops - a.gflops);
}

/** Chooses how products are computed on one device. */
export interface ProductTuner {
  /** Vendor, architecture and description of the GPU: under this name a choice is kept. */
  readonly adapter: string;
  /**
   * Takes the choice that was kept, or makes one.
   * @param stages products of the open model, a kernel each
   * @param kept what was chosen on this GPU before
   * @param block for the choice of who runs a block's saving pass; null where only kernels of our own can
   * @returns null where the default stays because no trial came to an end
   */
  choose(stages: readonly Stage[], kept: ProductChoice | null, block?: PassTrial | null): Promise<ProductChoice | null>;
}

/** What was chosen in this process, by adapter. */
const chosen = new Map<string, ProductChoice>();

/** Opens the tuner of a device whose gradients run on these kernels. */
export function openTuner(
  gpu: GPUDevice,
  adapter: string,
  kernels: KernelExecutor,
  variants: readonly TileVariant[] = tileVariants(gpu.features),
): ProductTuner {
  // The default was tried with all other kernels when the device was opened.
  const isRight = new Map<TileVariant, boolean>([[largeTile, true]]);
  /** Takes a variant where it computes right on this device. */
  const take = async (tile: TileVariant, gflops: number): Promise<ProductChoice | null> => {
    const right = isRight.get(tile) ?? (await tryProducts(new KernelExecutor(gpu, { tile }))) === null;
    isRight.set(tile, right);
    if (!right) return null;
    const choice = { variant: tile.name, gflops };
    kernels.chooseTile(tile, gflops);
    return choice;
  };
  const chooseTile = async (stages: readonly Stage[], known: ProductChoice | null): Promise<ProductChoice | null> => {
    const tile = variants.find(({ name }) => name === known?.variant);
    const taken = known && tile ? await take(tile, known.gflops) : null;
    if (taken) return taken;
    for (const { tile: next, gflops } of await tryVariants(gpu, stages, variants)) {
      const choice = await take(next, gflops);
      if (choice) return choice;
    }
    return null;
  };
  const choosePass = async (
    known: SavingPass | undefined,
    block: PassTrial | null,
  ): Promise<SavingPass | undefined> => {
    const pass = block && kernels.hasRuntime ? (known ?? (await fasterPass(kernels, block))) : undefined;
    kernels.saveByRuntime(pass === 'runtime');
    return pass;
  };
  return {
    adapter,
    async choose(stages, kept, block = null) {
      const known = kept ?? chosen.get(adapter) ?? null;
      const tile = await chooseTile(stages, known);
      // A model whose attention only ours computes says nothing about the next one.
      const pass = (await choosePass(known?.savingPass, block)) ?? known?.savingPass;
      if (!tile) return null;
      const choice = { ...tile, ...(pass && { savingPass: pass }) };
      chosen.set(adapter, choice);
      return choice;
    },
  };
}
