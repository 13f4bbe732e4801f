/**
 * @file The interpreter behind the executor interface: the whole engine in float64, for tests of exactness.
 */
import type { DType } from '../core/dtype';
import { bytesPerElement } from '../core/dtype';
import type { Shape } from '../core/shape';
import { interpretStage } from '../graph/interpreter';
import type { Stage, Value } from '../graph/value';
import { float16ArrayToFloat32 } from '../core/float';
import { dtypeOf } from './executor';
import type { DeviceTensor, Executor, ExecutorMemory, HostArray, Program, Tensors } from './executor';

interface HostTensor extends DeviceTensor {
  readonly data: Float64Array;
}

interface InterpretedProgram<I extends string, O extends string> extends Program<I, O> {
  readonly constants: Tensors;
}

export class Float64Executor implements Executor {
  readonly device = 'interpreter';
  readonly copiesInputs = false;
  readonly computesAttention = false;
  readonly savesByRuntime = false;
  readonly groupsAttention = false;
  readonly gradient = this;
  readonly takesFloat16 = true;
  /** The size at which tables are cut, which tests of models cut for a device set. */
  tableBytes: number | null = null;
  readonly #live = new Set<DeviceTensor>();
  #peakDeviceBytes = 0;

  #liveBytes(): number {
    let bytes = 0;
    for (const tensor of this.#live) bytes += tensor.sizeBytes;
    return bytes;
  }

  #wrap(data: Float64Array, shape: Shape, dtype: DType): HostTensor {
    const tensor: HostTensor = {
      dtype,
      shape,
      data,
      sizeBytes: data.length * bytesPerElement[dtype],
      dispose: () => this.#live.delete(tensor),
    };
    this.#live.add(tensor);
    this.#peakDeviceBytes = Math.max(this.#peakDeviceBytes, this.#liveBytes());
    return tensor;
  }

  async compile<I extends string, O extends string>(
    stage: Stage<I, O>,
    constants: Tensors = {},
  ): Promise<InterpretedProgram<I, O>> {
    return { stage, constants, dispose: async () => {} };
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    const values = data instanceof Uint16Array ? float16ArrayToFloat32(data) : data;
    return this.#wrap(Float64Array.from(values), shape, dtypeOf(data));
  }

  async run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    const { stage, constants } = program as InterpretedProgram<I, O>;
    const fed = Object.entries({ ...constants, ...inputs }).map(([name, tensor]) => [
      name,
      (tensor as HostTensor).data,
    ]);
    const outputs = interpretStage(stage, Object.fromEntries(fed) as Record<string, Float64Array>);
    const types: Readonly<Record<string, Value>> = stage.outputs;
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data, shape }]) => [
        name,
        this.#wrap(data, shape, types[name]?.dtype ?? 'float32'),
      ]),
    ) as Tensors as Tensors<O>;
  }

  async read(tensor: DeviceTensor): Promise<HostArray> {
    const { data, dtype } = tensor as HostTensor;
    return dtype === 'int32' ? Int32Array.from(data) : data.slice();
  }

  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void {
    (target as HostTensor).data.set((source as HostTensor).data, offset);
  }

  async settle(): Promise<void> {}

  restartPeak(): void {
    this.#peakDeviceBytes = this.#liveBytes();
  }

  memory(): ExecutorMemory {
    return { deviceBytes: this.#liveBytes(), peakDeviceBytes: this.#peakDeviceBytes, idleBytes: 0, wasmHeapBytes: 0 };
  }

  async close(): Promise<void> {
    this.#live.clear();
  }
}
