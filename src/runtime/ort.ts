/**
 * @file onnxruntime-web behind the executor interface; the only module that imports it.
 * WASM: tensors are JS arrays that cross into the heap for each run; constants become initializers.
 * WebGPU: tensors are GPU buffers; every input and output stays on the device, and a node that would leave it fails
 * the session (disable_cpu_ep_fallback). One queue serves all calls: overlapping runs corrupt the runtime.
 * Not here: the choice of a device (device.ts) and what the graphs mean.
 */
import { readBinary } from '#ort-binary';
import type { Env, InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-common';
import type { DType } from '../core/dtype';
import { bytesPerElement } from '../core/dtype';
import { UserError } from '../core/errors';
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { fuseStage } from '../graph/fuse';
import { writeOnnx } from '../graph/onnx-writer';
import { planStage, pruneStage } from '../graph/stage';
import { requireInput, type Stage } from '../graph/value';
import { releaseBuffer } from './release-buffer';
import type { DeviceTensor, Executor, ExecutorMemory, HostArray, Program, Tensors } from './executor';
import { dtypeOf, tableBytes } from './executor';
import { BufferPool } from './buffer-pool';
import { CommandRecorder } from './command-recorder';
import type { HandedCounts, RuntimeStages } from './handed-stages';
import { HandedProgram, HandedStages } from './handed-stages';
import { TensorPool } from './stage-memory';
import { KernelExecutor } from './kernel-executor';
import { sayRuntimeError } from './runtime-errors';
import type { Trust } from './self-test';
import type { GpuTensor } from './watched-gpu';
import { withFasterProducts } from './wasm-products';
import { createStorage, paddedBytes, WatchedGpu, wholeWords } from './watched-gpu';

interface OrtModule {
  readonly env: Env;
  readonly Tensor: TensorConstructor & typeof Tensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
}

export interface OrtAssets {
  /** URL of the runtime's JavaScript glue and of its WebAssembly binary, same origin; absent in Node. */
  readonly mjs: string;
  readonly wasm: string;
}

interface OrtTensor extends DeviceTensor {
  readonly ort: Tensor;
}

interface OrtProgram<I extends string, O extends string> extends Program<I, O> {
  readonly session: InferenceSession;
  readonly constants: Tensors;
}

/**
 * The heap of the runtime, which onnxruntime-web does not show: its constructor is watched while the runtime starts.
 */
function watchWasmMemory(): { memory: WebAssembly.Memory | null; release(): void } {
  const original = WebAssembly.Memory;
  const watch = { memory: null as WebAssembly.Memory | null, release: () => void (WebAssembly.Memory = original) };
  WebAssembly.Memory = class extends original {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      watch.memory = this;
    }
  } as typeof WebAssembly.Memory;
  return watch;
}

/** Shared by both devices: compiling, running, counting bytes, and the queue. */
abstract class OrtExecutor implements Executor {
  abstract readonly device: 'wasm' | 'webgpu';
  abstract readonly copiesInputs: boolean;
  abstract readonly tableBytes: number | null;
  abstract readonly takesFloat16: boolean;
  readonly computesAttention = false;
  readonly savesByRuntime = false;
  abstract readonly groupsAttention: boolean;
  #queue: Promise<unknown> = Promise.resolve();
  #memoryWatch: ReturnType<typeof watchWasmMemory> | null = null;
  protected deviceBytes = 0;
  #peakDeviceBytes = 0;

  constructor(
    protected readonly ort: OrtModule,
    private readonly profile: boolean,
  ) {}

  get gradient(): Executor {
    return this;
  }

  /** Wraps a run's output, which nothing else refers to. */
  protected wrapResult(tensor: Tensor): OrtTensor {
    return this.wrap(tensor, tensor.dims, () => tensor.dispose());
  }

  /** What the runtime is fed for a tensor. */
  protected feedOf(tensor: DeviceTensor): Tensor {
    return (tensor as OrtTensor).ort;
  }

  protected abstract sessionOptions(stage: Stage): InferenceSession.SessionOptions;
  abstract upload(data: HostArray, shape: Shape): DeviceTensor;
  abstract read(tensor: DeviceTensor): Promise<HostArray>;
  abstract copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void;
  abstract settle(): Promise<void>;
  /** Rejects with the device: a run on a lost WebGPU device returns as if nothing had happened, or never. */
  protected guard<T>(work: Promise<T>): Promise<T> {
    return work;
  }
  protected checkHealth(): void {}
  /** Puts a stage into the form that the device runs best. */
  protected rewrite(stage: Stage): Stage {
    return stage;
  }
  /** Refuses a stage that the device cannot hold. */
  protected checkStage: (stage: Stage) => void = () => {};

  /** Runs `task` after all earlier ones, whether they failed or not. */
  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const guarded = (): Promise<T> => this.guard(task());
    const result = this.#queue.then(guarded, guarded);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  protected wrap(tensor: Tensor, shape: Shape, release: () => void): OrtTensor {
    const dtype = tensor.type as DType;
    const sizeBytes = sizeOf(shape) * bytesPerElement[dtype];
    let alive = true;
    this.deviceBytes += sizeBytes;
    this.#peakDeviceBytes = Math.max(this.#peakDeviceBytes, this.deviceBytes);
    return {
      ort: tensor,
      dtype,
      shape,
      sizeBytes,
      dispose: () => {
        if (!alive) return;
        alive = false;
        this.deviceBytes -= sizeBytes;
        release();
      },
    };
  }

  async compile<I extends string, O extends string>(
    fullStage: Stage<I, O>,
    constants: Tensors = {},
  ): Promise<Program<I, O>> {
    const stage = pruneStage(fullStage);
    const rewritten = this.rewrite(stage);
    this.checkStage(rewritten);
    const baked = this.copiesInputs ? constants : {};
    const initializers = Object.fromEntries(
      Object.entries(baked).map(([name, tensor]) => {
        const data = (tensor as OrtTensor).ort.data as Float32Array;
        return [name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
      }),
    );
    const session = await this.#enqueue(async () => {
      const written = writeOnnx(rewritten, initializers);
      this.#memoryWatch ??= watchWasmMemory();
      try {
        return await this.ort.InferenceSession.create(written, {
          ...this.sessionOptions(stage),
          enableProfiling: this.profile,
        });
      } catch (error) {
        throw sayRuntimeError(error, 'compile', stage.name, this.device);
      } finally {
        // The session has its own copy; a program with weights compiled in is large.
        releaseBuffer(written.buffer);
        this.#memoryWatch.release();
      }
    });
    const program: OrtProgram<I, O> = {
      stage,
      session,
      constants: this.copiesInputs ? {} : constants,
      dispose: () =>
        this.#enqueue(async () => {
          if (this.profile) session.endProfiling();
          await session.release();
        }),
    };
    return program;
  }

  /** Collects what the runtime is fed. */
  #feedsOf<I extends string, O extends string>(
    { stage, session, constants }: OrtProgram<I, O>,
    inputs: Tensors<I>,
  ): Record<string, Tensor> {
    const given: Tensors = { ...constants, ...inputs };
    const feeds: Record<string, Tensor> = {};
    for (const name of session.inputNames as I[]) {
      feeds[name] = this.feedOf(requireInput(stage, name, given[name] as OrtTensor | undefined, stage.open));
    }
    return feeds;
  }

  /** @param fetches tensors that the outputs are written over; the runtime makes those that are missing */
  async #runSession<I extends string, O extends string>(
    program: OrtProgram<I, O>,
    inputs: Tensors<I>,
    fetches: Readonly<Record<string, Tensor>> | null,
  ): Promise<InferenceSession.OnnxValueMapType> {
    const { stage, session } = program;
    const feeds = this.#feedsOf(program, inputs);
    const results = await this.#enqueue(() =>
      (fetches ? session.run(feeds, fetches) : session.run(feeds)).catch((error: unknown) => {
        throw sayRuntimeError(error, 'run', stage.name, this.device);
      }),
    );
    this.checkHealth();
    return results;
  }

  /** Runs a program that writes its outputs over the given tensors. */
  async runInto(program: Program, inputs: Tensors, outputs: Tensors): Promise<void> {
    const fetches = Object.entries(outputs).map(([name, tensor]) => [name, this.feedOf(tensor)] as const);
    await this.#runSession(program as OrtProgram<string, string>, inputs, Object.fromEntries(fetches));
  }

  async run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    const results = await this.#runSession(program as OrtProgram<I, O>, inputs, null);
    const outputs = Object.entries(results).map(([name, tensor]) => [name, this.wrapResult(tensor)]);
    return Object.fromEntries(outputs) as Tensors<O>;
  }

  restartPeak(): void {
    this.#peakDeviceBytes = this.deviceBytes;
  }

  memory(): ExecutorMemory {
    const { deviceBytes } = this;
    return {
      deviceBytes,
      peakDeviceBytes: this.#peakDeviceBytes,
      idleBytes: 0,
      wasmHeapBytes: this.#memoryWatch?.memory?.buffer.byteLength ?? 0,
    };
  }

  async close(): Promise<void> {
    await this.#queue;
  }
}

class WasmExecutor extends OrtExecutor {
  readonly device = 'wasm';
  readonly groupsAttention = false;
  readonly copiesInputs = true;
  readonly takesFloat16 = true;
  readonly tableBytes: number;

  constructor(ort: OrtModule, tableBytes: number, profile: boolean) {
    super(ort, profile);
    this.tableBytes = tableBytes;
  }

  /** Decoding's stages, known by their open sizes, are many small nodes on few rows; long rows gain nothing. */
  protected override rewrite(stage: Stage): Stage {
    return stage.open ? fuseStage(stage) : stage;
  }

  override async compile<I extends string, O extends string>(
    stage: Stage<I, O>,
    constants: Tensors = {},
  ): Promise<Program<I, O>> {
    const program = await super.compile(stage, constants);
    if (module) await releaseModule();
    return program;
  }

  protected sessionOptions(): InferenceSession.SessionOptions {
    return { executionProviders: ['wasm'], graphOptimizationLevel: 'all' };
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    const elements = data instanceof Float64Array ? Float32Array.from(data) : data;
    const tensor = new this.ort.Tensor(dtypeOf(data) as 'float32', elements as Float32Array, [...shape]);
    return this.wrap(tensor, shape, () => tensor.dispose());
  }

  protected override wrapResult(tensor: Tensor): OrtTensor {
    const { buffer } = tensor.data as Float32Array<ArrayBuffer>;
    return this.wrap(tensor, tensor.dims, () => {
      tensor.dispose();
      releaseBuffer(buffer);
    });
  }

  async read(tensor: DeviceTensor): Promise<HostArray> {
    return (tensor as OrtTensor).ort.data as HostArray;
  }

  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void {
    ((target as OrtTensor).ort.data as Float32Array).set((source as OrtTensor).ort.data as Float32Array, offset);
  }

  async settle(): Promise<void> {}
}

/** Uploads up to here may be a step's; they lie in buffers that are given out again. */
const mostPooledBytes = 256 * 2 ** 10;

class WebGpuExecutor extends OrtExecutor {
  readonly device = 'webgpu';
  readonly copiesInputs = false;
  readonly tableBytes: number;
  readonly takesFloat16: boolean;
  readonly groupsAttention: boolean;
  readonly #watched: WatchedGpu;
  readonly #kernels: KernelExecutor | null;
  readonly #stages: RuntimeStages;
  readonly #handed: HandedStages;
  readonly #programs = new Set<Program>();
  /** Outputs, and uploads of a step, which come again and again; weights have buffers of their own. */
  readonly #tensors: TensorPool;
  /** Values inside recorded stages. */
  readonly #scratch: BufferPool;
  #peakPoolBytes = 0;

  constructor(ort: OrtModule, gpu: GPUDevice, { profile, kernels, groupsAttention }: Trust & { profile: boolean }) {
    super(ort, profile);
    this.#watched = new WatchedGpu(gpu);
    this.#stages = {
      // Made before the runtime makes its first pipeline.
      recorder: new CommandRecorder(gpu),
      mayBeRecorded: !profile,
      compile: (stage) => super.compile(stage),
      runInto: (program, inputs, outputs) => this.runInto(program, inputs, outputs),
    };
    const create = (sizeBytes: number): GPUBuffer => createStorage(gpu, sizeBytes);
    this.#tensors = new TensorPool(new BufferPool(create));
    this.#scratch = new BufferPool(create);
    this.#handed = new HandedStages(gpu, this.#stages, { tensors: this.#tensors, scratch: this.#scratch });
    this.groupsAttention = groupsAttention;
    this.#kernels = kernels && new KernelExecutor(gpu, kernels, groupsAttention ? this.#stages : null);
    this.tableBytes = tableBytes('webgpu', this.#watched.bindingBytes);
    this.takesFloat16 = gpu.features.has('shader-f16');
  }

  override get gradient(): Executor {
    return this.#kernels ?? this;
  }

  override async compile<I extends string, O extends string>(
    stage: Stage<I, O>,
    constants: Tensors = {},
  ): Promise<Program<I, O>> {
    const handed = new HandedProgram(await this.#stages.compile(stage), constants, () => {
      this.#programs.delete(handed);
      if (this.#programs.size === 0) this.#releaseIdle();
    });
    this.#programs.add(handed);
    return handed;
  }

  override run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    this.checkHealth();
    return this.#handed.run(program as HandedProgram<I, O>, inputs);
  }

  /** Of what the runtime computes here: scoring and answering. */
  get counts(): Readonly<HandedCounts> {
    return this.#handed.counts;
  }

  get #poolBytes(): number {
    return this.#tensors.buffers.bytes + this.#scratch.bytes;
  }

  /** Gives idle buffers back to the device: with the last program the lists that bind them are gone. */
  #releaseIdle(): void {
    this.#peakPoolBytes = Math.max(this.#peakPoolBytes, this.#poolBytes);
    for (const pool of [this.#tensors.buffers, this.#scratch]) for (const { buffer } of pool.empty()) buffer.destroy();
  }

  /** A tensor that the runtime has not made lies in a buffer that it can be shown. */
  protected override feedOf(tensor: DeviceTensor): Tensor {
    const { ort } = tensor as Partial<OrtTensor>;
    if (ort) return ort;
    const { buffer, dtype, shape } = tensor as GpuTensor;
    return this.ort.Tensor.fromGpuBuffer(buffer, { dataType: dtype as 'float32', dims: [...shape] });
  }

  protected override wrap(tensor: Tensor, shape: Shape, release: () => void): OrtTensor & GpuTensor {
    return { ...super.wrap(tensor, shape, release), buffer: tensor.gpuBuffer as unknown as GPUBuffer };
  }

  override memory(): ExecutorMemory {
    const [own, kernels] = [super.memory(), this.#kernels?.memory()];
    const { heldBytes } = this.#tensors;
    return {
      deviceBytes: own.deviceBytes + heldBytes + (kernels?.deviceBytes ?? 0),
      peakDeviceBytes:
        own.peakDeviceBytes + Math.max(this.#peakPoolBytes, this.#poolBytes) + (kernels?.peakDeviceBytes ?? 0),
      idleBytes: own.idleBytes + this.#poolBytes - heldBytes + (kernels?.idleBytes ?? 0),
      wasmHeapBytes: own.wasmHeapBytes,
    };
  }

  override restartPeak(): void {
    super.restartPeak();
    this.#peakPoolBytes = this.#poolBytes;
    this.#kernels?.restartPeak();
  }

  protected override guard<T>(work: Promise<T>): Promise<T> {
    return this.#watched.guard(work);
  }

  protected override checkHealth(): void {
    this.#watched.checkHealth();
  }

  protected override rewrite(stage: Stage): Stage {
    return fuseStage(stage);
  }

  protected override checkStage = (stage: Stage): void => {
    const limit = this.#watched.bindingBytes;
    for (const { op, outputs } of planStage(stage).nodes) {
      for (const { dtype, shape } of outputs) {
        const sizeBytes = sizeOf(shape) * bytesPerElement[dtype];
        if (sizeBytes <= limit) continue;
        throw new UserError('outputTooLarge', {
          stage: stage.name,
          operator: op,
          shape: shape.join(', '),
          bytes: sizeBytes,
          limit,
        });
      }
    }
  };

  protected sessionOptions(stage: Stage): InferenceSession.SessionOptions {
    return {
      executionProviders: [{ name: 'webgpu', device: this.#watched.device, storageBufferCacheMode: 'simple' }],
      graphOptimizationLevel: 'basic',
      preferredOutputLocation: Object.fromEntries(Object.keys(stage.outputs).map((name) => [name, 'gpu-buffer'])),
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    };
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    const elements = data instanceof Float64Array ? Float32Array.from(data) : data;
    const limit = this.#watched.bindingBytes;
    if (elements.byteLength > limit) {
      throw new UserError('tensorBeyondBinding', { shape: shape.join(', '), bytes: elements.byteLength, limit });
    }
    const { device } = this.#watched;
    if (elements.byteLength <= mostPooledBytes) {
      const pooled = this.#tensors.take({ dtype: dtypeOf(data), shape }, elements.byteLength);
      device.queue.writeBuffer(pooled.buffer, 0, wholeWords(elements));
      return pooled;
    }
    const buffer = createStorage(device, paddedBytes(elements.byteLength));
    device.queue.writeBuffer(buffer, 0, wholeWords(elements));
    const tensor = this.ort.Tensor.fromGpuBuffer(buffer, { dataType: dtypeOf(data) as 'float32', dims: [...shape] });
    return this.wrap(tensor, shape, () => buffer.destroy());
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

  override async close(): Promise<void> {
    await super.close();
    this.#watched.device.destroy();
  }
}

/** @param binary the runtime's module; without it the runtime reads its own */
function configure(ort: OrtModule, threads: number, assets: OrtAssets | null, binary?: ArrayBufferLike): void {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  if (assets) ort.env.wasm.wasmPaths = { mjs: assets.mjs, wasm: assets.wasm };
  // Both builds of the runtime share what is set here.
  if (binary) ort.env.wasm.wasmBinary = binary;
  else delete ort.env.wasm.wasmBinary;
}

/** The WASM build's module, from its first executor on until the runtime has compiled it; null then. */
let module: Promise<Uint8Array<ArrayBuffer> | null> | null | undefined;

async function readModule(assets: OrtAssets | null): Promise<Uint8Array<ArrayBuffer> | null> {
  const binary = await readBinary(assets?.wasm ?? null);
  return binary && withFasterProducts(binary);
}

/** Frees the module's bytes once the runtime has started: its threads have what was compiled of them. */
async function releaseModule(): Promise<void> {
  const read = await module;
  module = null;
  if (read) releaseBuffer(read.buffer);
}

/**
 * Starts onnxruntime-web on WASM.
 * @param threads more than one needs cross-origin isolation in a browser
 * @param tableBytes has the model's tables cut into tensors of this size
 * @param profile has the runtime print what each kernel of a program took, as JSON lines, when the program is disposed
 */
export async function openWasmExecutor(options: {
  threads: number;
  assets: OrtAssets | null;
  tableBytes?: number;
  profile?: boolean;
}): Promise<Executor> {
  // package.json maps this to the runtime's Node build or its WASM-only browser build.
  const ort = (await import('#ort-wasm')) as unknown as OrtModule;
  if (module === undefined) module = readModule(options.assets);
  configure(ort, options.threads, options.assets, (await module)?.buffer);
  return new WasmExecutor(ort, options.tableBytes ?? tableBytes('wasm'), options.profile ?? false);
}

/**
 * Starts onnxruntime-web on a GPU device, which the executor then owns.
 * @param profile as of `openWasmExecutor`; the GPU's own times where the device has timestamp queries
 */
export async function openWebGpuExecutor(options: {
  gpu: GPUDevice;
  assets: OrtAssets | null;
  /** The runtime's WebAssembly itself, where it cannot be fetched (Node). */
  wasmBinary?: Uint8Array;
  profile?: boolean;
  kernels?: Trust['kernels'];
  groupsAttention?: boolean;
}): Promise<Executor> {
  const ort = (await import('onnxruntime-web/webgpu')) as unknown as OrtModule;
  configure(ort, 1, options.assets, options.wasmBinary as unknown as ArrayBuffer | undefined);
  const { profile = false, kernels = {}, groupsAttention = true } = options;
  return new WebGpuExecutor(ort, options.gpu, { profile, kernels, groupsAttention });
}
