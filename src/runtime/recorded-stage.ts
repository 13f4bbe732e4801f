/**
 * @file A compiled stage ready to run: its pipelines, the buffers of the values inside it, and lists of dispatches that
 * were recorded for the buffers it was run with, to be played again.
 */
import { bytesPerElement } from '../core/dtype';
import { sizeOf } from '../core/shape';
import type { Value } from '../graph/value';
import type { CompiledStage, Kernel } from '../wgsl/kernel';
import type { BufferPool, PooledBuffer } from './buffer-pool';

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: readonly [number, number, number];
}

export const bytesOf = ({ dtype, shape }: Value): number =>
  sizeOf(shape) * (dtype === 'bool' ? 4 : bytesPerElement[dtype]);

function constantData(value: Value): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  const data = value.source.kind === 'constant' ? value.source.data : [];
  return value.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
}

export class RecordedStage {
  /** Buffers of values inside the stage and of its constants. */
  readonly #inner = new Map<Value, PooledBuffer>();
  readonly #lists = new Map<string, readonly Dispatch[]>();
  bindGroupsCreated = 0;

  constructor(
    private readonly gpu: GPUDevice,
    readonly compiled: CompiledStage,
    private readonly pipelines: readonly GPUComputePipeline[],
  ) {}

  /**
   * Places the values inside the stage: one whose last reader has run gives its buffer to a later one. Stages run one
   * after the other, so all of them may use the same buffers, which go back to the pool at once.
   */
  place(pool: BufferPool, constants: BufferPool): void {
    const { stage, kernels } = this.compiled;
    const bound = new Set<Value>([...Object.values(stage.inputs), ...Object.values(stage.outputs)]);
    const lastUse = new Map<Value, number>();
    kernels.forEach(({ reads, writes }, i) => [...reads, ...writes].forEach((value) => lastUse.set(value, i)));
    const taken = new Set<PooledBuffer>();
    kernels.forEach(({ reads, writes }, i) => {
      for (const value of [...reads, ...writes]) {
        if (bound.has(value) || this.#inner.has(value)) continue;
        if (value.source.kind === 'constant') this.#placeConstant(value, constants);
        else {
          const buffer = pool.take(bytesOf(value));
          taken.add(buffer);
          this.#inner.set(value, buffer);
        }
      }
      for (const value of new Set([...reads, ...writes])) {
        const buffer = this.#inner.get(value);
        if (!buffer || !taken.has(buffer) || lastUse.get(value) !== i) continue;
        pool.give(buffer);
        taken.delete(buffer);
      }
    });
  }

  #placeConstant(value: Value, constants: BufferPool): void {
    const pooled = constants.take(bytesOf(value));
    this.gpu.queue.writeBuffer(pooled.buffer, 0, constantData(value));
    this.#inner.set(value, pooled);
  }

  /** Number of dispatches of one run. */
  get dispatches(): number {
    return this.compiled.kernels.length;
  }

  /**
   * Issues the stage.
   * @param bound the buffers of inputs and outputs
   * @param key equal for equal buffers
   */
  play(pass: GPUComputePassEncoder, key: string, bound: ReadonlyMap<Value, GPUBuffer>): void {
    const list = this.#lists.get(key) ?? this.#record(key, bound);
    for (const { pipeline, group, grid } of list) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    }
  }

  #record(key: string, bound: ReadonlyMap<Value, GPUBuffer>): readonly Dispatch[] {
    const bufferOf = (value: Value, kernel: Kernel): GPUBuffer => {
      const buffer = bound.get(value) ?? this.#inner.get(value)?.buffer;
      if (!buffer) throw new Error(`Stage '${this.compiled.stage.name}', '${kernel.label}': a value has no buffer.`);
      return buffer;
    };
    const list = this.compiled.kernels.map((kernel, i): Dispatch => {
      const pipeline = this.pipelines[i] as GPUComputePipeline;
      const entries = [...kernel.reads, ...kernel.writes].map((value, binding) => ({
        binding,
        resource: { buffer: bufferOf(value, kernel) },
      }));
      this.bindGroupsCreated++;
      return {
        pipeline,
        group: this.gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
        grid: kernel.grid,
      };
    });
    this.#lists.set(key, list);
    return list;
  }

  dispose(constants: BufferPool): void {
    for (const [value, pooled] of this.#inner) if (value.source.kind === 'constant') constants.give(pooled);
    this.#inner.clear();
    this.#lists.clear();
  }
}
