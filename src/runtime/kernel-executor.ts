/**
 * @file Runs stages on kernels of our own, compiled from the stages themselves (wgsl/), on a WebGPU device. Buffers
 * stay what they are from step to step and what is issued is recorded once, so a step costs the CPU next to nothing.
 */
import { UserError } from '../core/errors';
import type { Shape } from '../core/shape';
import { sumOf } from '../core/statistics';
import { runtimeOperators } from '../graph/operators/fused';
import { planStage, pruneStage } from '../graph/stage';
import type { Stage, Value } from '../graph/value';
import { requireInput } from '../graph/value';
import type { CompileOptions } from '../wgsl/compile';
import { compileStage, defaultMostFlops } from '../wgsl/compile';
import type { Kernel } from '../wgsl/kernel';
import type { TileVariant } from '../wgsl/tiles';
import { BufferNumbers } from './buffer-numbers';
import { BufferPool } from './buffer-pool';
import type { DeviceTensor, Executor, ExecutorMemory, HostArray, Program, Tensors } from './executor';
import { dtypeOf, tableBytes } from './executor';
import type { RuntimeStages } from './handed-stages';
import { HandedProgram, HandedStages } from './handed-stages';
import { RecordedStage } from './recorded-stage';
import type { NamedValue, PlacedOutput } from './stage-memory';
import { bytesOf, lengthsBytes, placeOutputs, takeOver, TensorPool } from './stage-memory';
import type { GpuTensor } from './watched-gpu';
import { createModule, createStorage, paddedBytes, WatchedGpu, wholeWords } from './watched-gpu';

/** Exact counts since the executor was opened. */
export interface IssueCounts {
  readonly dispatches: number;
  readonly buffersCreated: number;
  readonly bindGroupsCreated: number;
  readonly pipelinesCreated: number;
  /** Runs of stages that are written for the runtime. */
  readonly stagesHandedOver: number;
  /** Those of them whose commands were played without the runtime. */
  readonly stagesReplayed: number;
}

/** A program with all that a run would otherwise look up each time. */
class KernelProgram<I extends string, O extends string> implements Program<I, O> {
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly PlacedOutput[];

  constructor(
    readonly stage: Stage<I, O>,
    readonly recorded: RecordedStage,
    readonly constants: Tensors,
    private readonly release: () => void,
  ) {
    this.inputs = Object.entries<Value>(stage.inputs).map(([name, value]) => ({ name, value }));
    this.outputs = placeOutputs(recorded.compiled);
  }

  async dispose(): Promise<void> {
    this.release();
  }
}

export class KernelExecutor implements Executor {
  readonly device = 'webgpu';
  readonly copiesInputs = false;
  readonly takesFloat16 = true;
  readonly computesAttention = true;
  readonly groupsAttention = false;
  readonly gradient = this;
  readonly tableBytes: number;
  readonly #watched: WatchedGpu;
  readonly #tensors: TensorPool;
  /** Values inside stages, which run one after the other: no tensor that somebody holds ever lies here. */
  readonly #scratch: BufferPool;
  readonly #constants: BufferPool;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #lengths = new Map<string, GPUBuffer>();
  readonly #recorded = new Set<RecordedStage>();
  /** All that are not disposed. */
  readonly #programs = new Set<Program>();
  readonly #handed: HandedStages | null;
  readonly #numbers = new BufferNumbers();
  /** Of all buffers, up to when some were given back. */
  #peakBytes = 0;
  #savesByRuntime = false;
  #dispatches = 0;
  #groupsOfDisposed = 0;

  constructor(
    private readonly gpu: GPUDevice,
    private options: CompileOptions = {},
    /** Takes the stages that only the runtime computes; null where there is none. */
    private readonly runtime: RuntimeStages | null = null,
  ) {
    this.#watched = new WatchedGpu(gpu);
    const create = (sizeBytes: number): GPUBuffer => createStorage(gpu, sizeBytes);
    this.#tensors = new TensorPool(new BufferPool(create));
    this.#scratch = new BufferPool(create);
    this.#constants = new BufferPool(create);
    this.#handed = runtime && new HandedStages(gpu, runtime, { tensors: this.#tensors, scratch: this.#scratch });
    this.tableBytes = tableBytes('webgpu', this.#watched.bindingBytes);
  }

  get savesByRuntime(): boolean {
    return this.#savesByRuntime;
  }

  /** Whether there is a runtime that could run blocks' saving passes. */
  get hasRuntime(): boolean {
    return this.runtime !== null;
  }

  /** Has the runtime run blocks' saving passes from now on, where there is one; or no longer. */
  saveByRuntime(isWanted: boolean): void {
    this.#savesByRuntime = isWanted && this.hasRuntime;
  }

  get counts(): IssueCounts {
    const groups = sumOf([...this.#recorded].map(({ bindGroupsCreated }) => bindGroupsCreated));
    const handed = this.#handed?.counts;
    return {
      dispatches: this.#dispatches + (handed?.dispatches ?? 0),
      buffersCreated:
        this.#tensors.buffers.created + this.#scratch.created + this.#constants.created + this.#lengths.size,
      bindGroupsCreated: groups + this.#groupsOfDisposed + (handed?.bindGroupsCreated ?? 0),
      pipelinesCreated: this.#pipelines.size,
      stagesHandedOver: handed?.handedOver ?? 0,
      stagesReplayed: handed?.replayed ?? 0,
    };
  }

  /** Bytes of all buffers that were made: those of tensors, free or not, of values inside stages, of constants. */
  get #poolBytes(): number {
    const pools = [this.#tensors.buffers, this.#scratch, this.#constants];
    return sumOf(pools.map(({ bytes }) => bytes)) + lengthsBytes * this.#lengths.size;
  }

  /**
   * Computes products of stages that are compiled from now on by this variant.
   * @param gflops what it reaches: a dispatch holds half of what then takes a tenth of a second
   */
  chooseTile(tile: TileVariant, gflops: number): void {
    this.options = { ...this.options, tile, mostFlops: Math.max(defaultMostFlops, 0.05e9 * gflops) };
  }

  /** Refuses a stage with a tensor that the device cannot bind. */
  #checkBindings(stage: Stage, kernels: readonly Kernel[]): void {
    const limit = this.#watched.bindingBytes;
    for (const { label, reads, writes } of kernels) {
      for (const value of [...reads, ...writes]) {
        const bytes = paddedBytes(bytesOf(value));
        if (bytes <= limit) continue;
        const shape = value.shape.join(', ');
        throw new UserError('outputTooLarge', { stage: stage.name, operator: label, shape, bytes, limit });
      }
    }
  }

  #pipelineOf({ code, label }: Kernel): Promise<GPUComputePipeline> {
    let pipeline = this.#pipelines.get(code);
    if (!pipeline) {
      const module = createModule(this.gpu, { code, label });
      pipeline = this.gpu.createComputePipelineAsync({
        layout: 'auto',
        label,
        compute: { module, entryPoint: 'main' },
      });
      this.#pipelines.set(code, pipeline);
      pipeline.catch(() => this.#pipelines.delete(code));
    }
    return pipeline;
  }

  /** The buffer from which kernels read the lengths of a row: one for all stages that have the same. */
  readonly #lengthsOf = (lengths: readonly number[]): GPUBuffer => {
    const known = this.#lengths.get(lengths.join());
    if (known) return known;
    const buffer = this.gpu.createBuffer({
      size: lengthsBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.gpu.queue.writeBuffer(
      buffer,
      0,
      Uint32Array.from({ length: 4 }, (_, i) => lengths[i] ?? 0),
    );
    this.#lengths.set(lengths.join(), buffer);
    return buffer;
  };

  async compile<I extends string, O extends string>(
    fullStage: Stage<I, O>,
    constants: Tensors = {},
  ): Promise<Program<I, O>> {
    const stage = pruneStage(fullStage);
    const { runtime } = this;
    if (runtime && planStage(stage).nodes.some(({ op }) => runtimeOperators.has(op))) {
      const handed = new HandedProgram(await runtime.compile(stage), constants, () => this.#letGo(handed));
      this.#programs.add(handed);
      return handed;
    }
    const compiled = compileStage(stage, this.options);
    this.#checkBindings(stage, compiled.kernels);
    const pipelines = await this.#watched.guard(
      Promise.all(compiled.kernels.map((kernel) => this.#pipelineOf(kernel))),
    );
    const recorded = new RecordedStage(this.gpu, compiled, pipelines, this.#lengthsOf);
    recorded.place(this.#scratch, this.#constants);
    this.#recorded.add(recorded);
    const program = new KernelProgram(stage, recorded, constants, () => {
      if (!this.#recorded.delete(recorded)) return;
      this.#groupsOfDisposed += recorded.bindGroupsCreated;
      recorded.dispose(this.#constants);
      this.#letGo(program);
    });
    this.#programs.add(program);
    return program;
  }

  #letGo(program: Program): void {
    this.#programs.delete(program);
    if (this.#programs.size === 0) this.#releaseIdle();
  }

  /** Gives idle buffers back to the device: with the last program the lists that bind them are gone. */
  #releaseIdle(): void {
    this.#peakBytes = Math.max(this.#peakBytes, this.#poolBytes);
    for (const pool of [this.#tensors.buffers, this.#scratch, this.#constants])
      for (const { buffer } of pool.empty()) buffer.destroy();
    this.#lengths.forEach((buffer) => buffer.destroy());
    this.#lengths.clear();
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    const elements = data instanceof Float64Array ? Float32Array.from(data) : data;
    const tensor = this.#tensors.take({ dtype: dtypeOf(data), shape }, elements.byteLength);
    this.gpu.queue.writeBuffer(tensor.buffer, 0, wholeWords(elements));
    return tensor;
  }

  async run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    this.#watched.checkHealth();
    if (program instanceof HandedProgram && this.#handed)
      return this.#handed.run(program as HandedProgram<I, O>, inputs);
    this.runtime?.recorder.disturb();
    const { stage, recorded, constants, inputs: wanted, outputs: given } = program as KernelProgram<I, O>;
    const fed: Tensors = inputs;
    const buffers = wanted.map(
      ({ name }) => requireInput(stage, name, (fed[name] ?? constants[name]) as GpuTensor | undefined).buffer,
    );
    // What is written over an input lies where that lies, and needs no number.
    const numbered = [...buffers];
    const encoder = this.gpu.createCommandEncoder();
    const outputs: Record<string, GpuTensor> = {};
    const copies: [from: GPUBuffer, to: GPUBuffer, bytes: number][] = [];
    for (const { name, value, overwrites, copies: from } of given) {
      if (overwrites !== null) {
        outputs[name] = takeOver((fed[overwrites] ?? constants[overwrites]) as GpuTensor);
        buffers.push(outputs[name].buffer);
        continue;
      }
      const { buffer } = (outputs[name] = this.#tensors.take(value));
      if (from !== null) copies.push([buffers[from] as GPUBuffer, buffer, paddedBytes(bytesOf(value))]);
      buffers.push(buffer);
      numbered.push(buffer);
    }
    const pass = encoder.beginComputePass();
    recorded.play(pass, this.#numbers.keyOf(numbered), buffers);
    pass.end();
    for (const [from, to, bytes] of copies) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
    this.gpu.queue.submit([encoder.finish()]);
    this.#dispatches += recorded.dispatches;
    return outputs as Tensors<string> as Tensors<O>;
  }

  read(tensor: DeviceTensor): Promise<HostArray> {
    return this.#watched.read(tensor);
  }

  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void {
    this.#watched.copyInto(target, offset, source);
  }

  settle(): Promise<void> {
    return this.#watched.settle();
  }

  memory(): ExecutorMemory {
    const { heldBytes } = this.#tensors;
    const allBytes = this.#poolBytes;
    const peakDeviceBytes = Math.max(this.#peakBytes, allBytes);
    return { deviceBytes: heldBytes, peakDeviceBytes, idleBytes: allBytes - heldBytes, wasmHeapBytes: 0 };
  }

  restartPeak(): void {
    this.#peakBytes = this.#poolBytes;
  }

  async close(): Promise<void> {
    this.gpu.destroy();
  }
}
