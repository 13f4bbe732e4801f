/**
 * @file The one interface between the engine and whatever runs its graphs: WASM, WebGPU, or the float64 interpreter.
 * A DeviceTensor is opaque and lives where the executor put it; whoever receives one disposes it.
 */
import type { DType } from '../core/dtype';
import type { Shape } from '../core/shape';
import type { Stage } from '../graph/value';

/** Elements on the host; a Uint16Array holds the bits of float16. */
export type HostArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

/** Returns the dtype that an array is uploaded as; float64 goes as float32. */
export function dtypeOf(data: HostArray): DType {
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint8Array) return 'uint8';
  return data instanceof Uint16Array ? 'float16' : 'float32';
}

export interface DeviceTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly sizeBytes: number;
  /** Frees the memory; a second call does nothing. */
  dispose(): void;
}

/** A compiled stage; its type carries the stage's names. */
export interface Program<I extends string = string, O extends string = string> {
  readonly stage: Stage<I, O>;
  dispose(): Promise<void>;
}

/** Tensors by the names under which a stage takes or gives them. */
export type Tensors<Name extends string = string> = Readonly<Record<Name, DeviceTensor>>;

/** Bytes by kind, as worker/protocol's MemoryReport means them. */
export interface ExecutorMemory {
  readonly deviceBytes: number;
  /** The most that deviceBytes and idleBytes have been together, since `restartPeak` if that was called. */
  readonly peakDeviceBytes: number;
  /** Bytes of buffers that hold no tensor and are kept to be used again, those of values inside stages among them. */
  readonly idleBytes: number;
  readonly wasmHeapBytes: number;
}

/**
 * Chooses the size at which the model's tables are cut. WASM takes tensors of any size, but each is copied into its
 * heap, which never shrinks. A GPU's product with a slice of this size, of the rows that the head takes at once, is 8.6
 * GFLOP: a tenth of a second on a slow one, so that screen and watchdog wait for no dispatch.
 * @param bindingBytes the largest buffer that a shader may bind; null where it is not known
 */
export function tableBytes(device: 'wasm' | 'webgpu', bindingBytes: number | null = null): number {
  return device === 'wasm' ? 16 * 2 ** 20 : Math.min(64 * 2 ** 20, bindingBytes ?? Infinity);
}

export interface Executor {
  readonly device: 'webgpu' | 'wasm' | 'interpreter';
  /** Whether tensors cross to the device on each run (WASM), so that constants are worth compiling in. */
  readonly copiesInputs: boolean;
  /** The size at which a model's tables are cut; null for not at all. */
  readonly tableBytes: number | null;
  /** Whether it takes float16 tensors: WASM does, and a GPU that has `shader-f16`. */
  readonly takesFloat16: boolean;
  /**
   * What runs the gradient: on WebGPU kernels of our own, on the same device and over the same tensors; elsewhere the
   * executor itself.
   */
  readonly gradient: Executor;
  /** Whether it runs a row's attention as one operator. */
  readonly computesAttention: boolean;
  /** Whether a block's saving forward pass is written for the runtime, which then runs it in this one's place. */
  readonly savesByRuntime: boolean;
  /** Whether it has one operator for the attention of scoring and answering, which no gradient asks for. */
  readonly groupsAttention: boolean;
  /**
   * Compiles a stage once for all runs.
   * @param constants inputs that keep one value for the program's life and need not be fed again
   */
  compile<I extends string, O extends string>(stage: Stage<I, O>, constants?: Tensors): Promise<Program<I, O>>;
  upload(data: HostArray, shape: Shape): DeviceTensor;
  /** Feeds every input of the program's stage and returns every output. Calls queue up; they never overlap. */
  run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>>;
  /** Reads the values, to be used before the tensor is disposed: on WASM they are its own memory. */
  read(tensor: DeviceTensor): Promise<HostArray>;
  /** Copies all of `source` over `target`, an uploaded tensor, from element `offset` on. */
  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void;
  /** Resolves when the device has done all it was given; keeps the queue bounded. */
  settle(): Promise<void>;
  memory(): ExecutorMemory;
  /** Starts `peakDeviceBytes` anew from what is held now. */
  restartPeak(): void;
  close(): Promise<void>;
}

export function disposeAll(tensors: Iterable<DeviceTensor>): void {
  for (const tensor of tensors) tensor.dispose();
}
