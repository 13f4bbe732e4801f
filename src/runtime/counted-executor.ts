/**
 * @file Runs stages for their bytes alone: it takes and gives back buffers as `KernelExecutor` does, computes nothing,
 * and reads zeros. So what a run will need on a GPU is counted by the very code that trains.
 */
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { sumOf } from '../core/statistics';
import { fuseStage } from '../graph/fuse';
import { runtimeOperators } from '../graph/operators/fused';
import { planStage, pruneStage } from '../graph/stage';
import type { Stage, Value } from '../graph/value';
import { compileStage } from '../wgsl/compile';
import { BufferPool } from './buffer-pool';
import type { DeviceTensor, Executor, ExecutorMemory, HostArray, Program, Tensors } from './executor';
import { dtypeOf } from './executor';
import type { BufferTensor, PlacedOutput } from './stage-memory';
import { lengthsBytes, placeInner, placeOutputs, takeOver, TensorPool } from './stage-memory';
import { innerBufferBytes } from './workspace';

interface CountedProgram<I extends string, O extends string> extends Program<I, O> {
  readonly outputs: readonly PlacedOutput[];
  /** Buffers that the runtime takes inside the stage, in bytes. */
  readonly inner: readonly number[];
  runs: number;
}

export class CountedExecutor implements Executor {
  readonly device = 'webgpu';
  readonly copiesInputs = false;
  readonly tableBytes = null;
  readonly takesFloat16 = true;
  readonly computesAttention = true;
  readonly groupsAttention = false;
  readonly gradient = this;
  readonly #tensors = new TensorPool<null>(new BufferPool(() => null));
  readonly #scratch = new BufferPool(() => null);
  readonly #constants = new BufferPool(() => null);
  readonly #lengths = new Set<string>();
  /** The most that the runtime needs besides, for a stage that it is handed. */
  #runtimeBytes = 0;

  /** @param savesByRuntime as of `Executor` */
  constructor(readonly savesByRuntime: boolean) {}

  /** Bytes of the buffers that tensors lie in. */
  get tensorBytes(): number {
    return this.#tensors.buffers.bytes;
  }

  /** Bytes of the buffers that no tensor lies in: of values inside stages, of constants and lengths. */
  get scratchBytes(): number {
    return this.#scratch.bytes + this.#constants.bytes + lengthsBytes * this.#lengths.size;
  }

  /** What the runtime holds while it runs a stage that is written for it, outputs not counted; an estimate. */
  get runtimeBytes(): number {
    return this.#runtimeBytes;
  }

  async compile<I extends string, O extends string>(fullStage: Stage<I, O>): Promise<CountedProgram<I, O>> {
    const stage = pruneStage(fullStage);
    const dispose = async (): Promise<void> => {};
    const named = Object.entries<Value>(stage.outputs);
    if (planStage(stage).nodes.some(({ op }) => runtimeOperators.has(op))) {
      const inner = innerBufferBytes(fuseStage(stage));
      this.#runtimeBytes = Math.max(this.#runtimeBytes, sumOf(inner));
      const outputs = named.map(([name, value]) => ({ name, value, overwrites: null, copies: null }));
      return { stage, outputs, inner, runs: 0, dispose };
    }
    const compiled = compileStage(stage);
    placeInner(compiled, this.#scratch, this.#constants);
    for (const { lengths } of compiled.kernels) if (lengths.length > 0) this.#lengths.add(lengths.join());
    return { stage, outputs: placeOutputs(compiled), inner: [], runs: 0, dispose };
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    return this.#tensors.take({ dtype: dtypeOf(data), shape }, data.byteLength);
  }

  async run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    const fed: Tensors = inputs;
    const counted = program as CountedProgram<I, O>;
    const outputs = counted.outputs.map(({ name, value, overwrites }) => [
      name,
      overwrites === null ? this.#tensors.take(value) : takeOver(fed[overwrites] as BufferTensor<null>),
    ]);
    // In the second run the runtime's commands are recorded, on buffers of ours.
    if (++counted.runs === 2) {
      const scratch = counted.inner.map((bytes) => this.#scratch.take(bytes));
      scratch.forEach((pooled) => this.#scratch.give(pooled));
    }
    return Object.fromEntries(outputs) as Tensors<O>;
  }

  async read({ shape }: DeviceTensor): Promise<HostArray> {
    return new Float32Array(sizeOf(shape));
  }

  copyInto(): void {}

  async settle(): Promise<void> {}

  memory(): ExecutorMemory {
    const { heldBytes } = this.#tensors;
    const allBytes = this.tensorBytes + this.scratchBytes;
    return { deviceBytes: heldBytes, peakDeviceBytes: allBytes, idleBytes: allBytes - heldBytes, wasmHeapBytes: 0 };
  }

  restartPeak(): void {}

  async close(): Promise<void> {}
}
