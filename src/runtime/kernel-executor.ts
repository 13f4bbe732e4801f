/**
 * @file Runs stages on kernels of our own, compiled from the stages themselves (wgsl/), on a WebGPU device. Buffers
 * stay what they are from step to step and what is issued is recorded once, so a step costs the CPU next to nothing.
 */
import { bytesPerElement } from '../core/dtype';
import { UserError } from '../core/errors';
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { runtimeOperators } from '../graph/operators/fused';
import { planStage, pruneStage } from '../graph/stage';
import type { Stage, Value } from '../graph/value';
import { fitsShape } from '../graph/value';
import type { CompileOptions } from '../wgsl/compile';
import { compileStage, defaultMostFlops } from '../wgsl/compile';
import type { Kernel } from '../wgsl/kernel';
import type { TileVariant } from '../wgsl/tiles';
import type { PooledBuffer } from './buffer-pool';
import { BufferPool } from './buffer-pool';
import type { DeviceTensor, Executor, ExecutorMemory, HostArray, Program, Tensors } from './executor';
import { disposeAll, dtypeOf, tableBytes } from './executor';
import { bytesOf, RecordedStage } from './recorded-stage';
import type { GpuTensor } from './watched-gpu';
import { createModule, paddedBytes, WatchedGpu, wholeWords } from './watched-gpu';

/** Exact counts since the executor was opened. */
export interface IssueCounts {
  readonly dispatches: number;
  readonly buffersCreated: number;
  readonly bindGroupsCreated: number;
  readonly pipelinesCreated: number;
  /** Runs of stages that the runtime was given. */
  readonly stagesHandedOver: number;
}

interface ProgramInput {
  readonly name: string;
  readonly value: Value;
}

interface ProgramOutput extends ProgramInput {
  /** The input that it is written over; null for none. */
  readonly overwrites: string | null;
  /** The place, among inputs and then outputs, of the tensor that it is a copy of: an input given out again. */
  readonly copies: number | null;
}

/** A program with all that a run would otherwise look up each time. */
class KernelProgram<I extends string, O extends string> implements Program<I, O> {
  readonly inputs: readonly ProgramInput[];
  readonly outputs: readonly ProgramOutput[];

  constructor(
    readonly stage: Stage<I, O>,
    readonly recorded: RecordedStage,
    readonly constants: Tensors,
    private readonly release: () => void,
  ) {
    this.inputs = Object.entries<Value>(stage.inputs).map(([name, value]) => ({ name, value }));
    this.outputs = Object.entries<Value>(stage.outputs).map(([name, value]) => {
      const overwrites = recorded.compiled.inPlace.get(value) ?? null;
      const place = recorded.bound.indexOf(value);
      const copies = overwrites === null && place < this.inputs.length + Object.keys(stage.outputs).indexOf(name);
      return { name, value, overwrites, copies: copies ? place : null };
    });
  }

  async dispose(): Promise<void> {
    this.release();
  }
}

/** The runtime on the same device and queue, for stages with operators that only it computes. */
export interface RuntimeStages {
  compile<I extends string, O extends string>(stage: Stage<I, O>): Promise<Program<I, O>>;
  /** Runs a program of its own, which writes its outputs over these tensors. */
  runInto(program: Program, inputs: Tensors, outputs: Tensors): Promise<void>;
}

/** A program that the runtime runs, on tensors of ours. */
class HandedProgram<I extends string, O extends string> implements Program<I, O> {
  readonly stage: Stage<I, O>;

  constructor(
    readonly runtime: RuntimeStages,
    readonly program: Program<I, O>,
    readonly constants: Tensors,
  ) {
    this.stage = program.stage;
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }
}

/** Hands a tensor's buffer to a new one that is written over it; disposing the old one does nothing any more. */
function takeOver(tensor: GpuTensor): GpuTensor {
  const { dispose } = tensor;
  (tensor as { dispose: () => void }).dispose = () => {};
  return { ...tensor, dispose };
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
  readonly #tensors: BufferPool;
  /** Values inside stages, which run one after the other: no tensor that somebody holds ever lies here. */
  readonly #scratch: BufferPool;
  readonly #constants: BufferPool;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #lengths = new Map<string, GPUBuffer>();
  readonly #recorded = new Set<RecordedStage>();
  readonly #numbers = new WeakMap<GPUBuffer, number>();
  #nextNumber = 0;
  #heldBytes = 0;
  #peakBytes = 0;
  #savesByRuntime = false;
  #dispatches = 0;
  #handedOver = 0;
  #groupsOfDisposed = 0;

  constructor(
    private readonly gpu: GPUDevice,
    private options: CompileOptions = {},
    /** Takes the stages that only the runtime computes; null where there is none. */
    private readonly runtime: RuntimeStages | null = null,
  ) {
    this.#watched = new WatchedGpu(gpu);
    this.#tensors = new BufferPool(gpu);
    this.#scratch = new BufferPool(gpu);
    this.#constants = new BufferPool(gpu);
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
    const groups = [...this.#recorded].reduce((sum, { bindGroupsCreated }) => sum + bindGroupsCreated, 0);
    return {
      dispatches: this.#dispatches,
      buffersCreated: this.#tensors.created + this.#scratch.created + this.#constants.created + this.#lengths.size,
      bindGroupsCreated: groups + this.#groupsOfDisposed,
      pipelinesCreated: this.#pipelines.size,
      stagesHandedOver: this.#handedOver,
    };
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
    const buffer = this.gpu.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
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
    if (runtime && planStage(stage).nodes.some(({ op }) => runtimeOperators.has(op)))
      return new HandedProgram(runtime, await runtime.compile(stage), constants);
    const compiled = compileStage(stage, this.options);
    this.#checkBindings(stage, compiled.kernels);
    const pipelines = await this.#watched.guard(
      Promise.all(compiled.kernels.map((kernel) => this.#pipelineOf(kernel))),
    );
    const recorded = new RecordedStage(this.gpu, compiled, pipelines, this.#lengthsOf);
    recorded.place(this.#scratch, this.#constants);
    this.#recorded.add(recorded);
    return new KernelProgram(stage, recorded, constants, () => {
      if (!this.#recorded.delete(recorded)) return;
      this.#groupsOfDisposed += recorded.bindGroupsCreated;
      recorded.dispose(this.#constants);
    });
  }

  #wrap(pooled: PooledBuffer, { dtype, shape }: Pick<Value, 'dtype' | 'shape'>): GpuTensor {
    const sizeBytes = sizeOf(shape) * bytesPerElement[dtype];
    let alive = true;
    this.#heldBytes += sizeBytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#heldBytes);
    return {
      buffer: pooled.buffer,
      dtype,
      shape,
      sizeBytes,
      dispose: () => {
        if (!alive) return;
        alive = false;
        this.#heldBytes -= sizeBytes;
        this.#tensors.give(pooled);
      },
    };
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    const elements = data instanceof Float64Array ? Float32Array.from(data) : data;
    const pooled = this.#tensors.take(elements.byteLength);
    this.gpu.queue.writeBuffer(pooled.buffer, 0, wholeWords(elements));
    return this.#wrap(pooled, { dtype: dtypeOf(data), shape });
  }

  /** A number that stands for a buffer in the key of a recorded list. */
  #numberOf(buffer: GPUBuffer): number {
    const known = this.#numbers.get(buffer);
    if (known !== undefined) return known;
    this.#numbers.set(buffer, this.#nextNumber);
    return this.#nextNumber++;
  }

  /** Has the runtime write into buffers of the pool, which are the same ones row after row. */
  async #handOver<I extends string, O extends string>(
    { runtime, program, constants }: HandedProgram<I, O>,
    inputs: Tensors<I>,
  ): Promise<Tensors<O>> {
    const given = Object.entries<Value>(program.stage.outputs).map(([name, value]) => {
      return [name, this.#wrap(this.#tensors.take(bytesOf(value)), value)] as const;
    });
    const outputs = Object.fromEntries(given) as Tensors<string> as Tensors<O>;
    try {
      await runtime.runInto(program, { ...constants, ...inputs }, outputs);
      this.#handedOver++;
    } catch (error) {
      disposeAll(Object.values<DeviceTensor>(outputs));
      throw error;
    }
    return outputs;
  }

  async run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    this.#watched.checkHealth();
    if (program instanceof HandedProgram) return this.#handOver<I, O>(program as HandedProgram<I, O>, inputs);
    const { stage, recorded, constants, inputs: wanted, outputs: given } = program as KernelProgram<I, O>;
    const fed: Tensors = inputs;
    const numbers: number[] = [];
    const buffers: GPUBuffer[] = [];
    for (const { name, value } of wanted) {
      const tensor = (fed[name] ?? constants[name]) as GpuTensor | undefined;
      if (!tensor) throw new Error(`Stage '${stage.name}' was not given its input '${name}'.`);
      if (!fitsShape(tensor.shape, value.shape)) {
        throw new Error(
          `Stage '${stage.name}', input '${name}': got [${tensor.shape.join(', ')}], wants [${value.shape.join(', ')}].`,
        );
      }
      buffers.push(tensor.buffer);
      numbers.push(this.#numberOf(tensor.buffer));
    }
    const encoder = this.gpu.createCommandEncoder();
    const outputs: Record<string, GpuTensor> = {};
    const copies: [from: GPUBuffer, to: GPUBuffer, bytes: number][] = [];
    for (const { name, value, overwrites, copies: from } of given) {
      if (overwrites !== null) {
        outputs[name] = takeOver((fed[overwrites] ?? constants[overwrites]) as GpuTensor);
        buffers.push(outputs[name].buffer);
        continue;
      }
      const pooled = this.#tensors.take(bytesOf(value));
      outputs[name] = this.#wrap(pooled, value);
      if (from !== null) copies.push([buffers[from] as GPUBuffer, pooled.buffer, paddedBytes(bytesOf(value))]);
      buffers.push(pooled.buffer);
      numbers.push(this.#numberOf(pooled.buffer));
    }
    const pass = encoder.beginComputePass();
    recorded.play(pass, numbers.join(), buffers);
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
    return { deviceBytes: this.#heldBytes, peakDeviceBytes: this.#peakBytes, wasmHeapBytes: 0 };
  }

  restartPeak(): void {
    this.#peakBytes = this.#heldBytes;
  }

  async close(): Promise<void> {
    this.gpu.destroy();
  }
}
