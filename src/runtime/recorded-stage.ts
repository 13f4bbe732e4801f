/**
 * @file A compiled stage ready to run: its pipelines, the buffers of the values inside it, and lists of dispatches that
 * were recorded for the buffers it was run with, to be played again.
 */
import type { Value } from '../graph/value';
import type { CompiledStage, Kernel } from '../wgsl/kernel';
import { lengthsBinding } from '../wgsl/kernel';
import type { BufferPool, PooledBuffer } from './buffer-pool';
import { boundValues, placeInner } from './stage-memory';

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: readonly [number, number, number];
}

function constantData(value: Value): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  const data = value.source.kind === 'constant' ? value.source.data : [];
  return value.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
}

export class RecordedStage {
  /** Buffers of values inside the stage and of its constants. */
  readonly #inner = new Map<Value, PooledBuffer>();
  readonly #lists = new Map<string, readonly Dispatch[]>();
  /** The values whose buffers are given to each run, in their order: inputs and then outputs. */
  readonly bound: readonly Value[];
  bindGroupsCreated = 0;

  constructor(
    private readonly gpu: GPUDevice,
    readonly compiled: CompiledStage,
    private readonly pipelines: readonly GPUComputePipeline[],
    /** The uniform buffer that holds so many lengths. */
    private readonly lengthsOf: (lengths: readonly number[]) => GPUBuffer,
  ) {
    this.bound = boundValues(compiled);
  }

  /** Places the values inside the stage, and writes its constants. */
  place(pool: BufferPool, constants: BufferPool): void {
    for (const [value, pooled] of placeInner(this.compiled, pool, constants)) {
      if (value.source.kind === 'constant') this.gpu.queue.writeBuffer(pooled.buffer, 0, constantData(value));
      this.#inner.set(value, pooled);
    }
  }

  /** Number of dispatches of one run. */
  get dispatches(): number {
    return this.compiled.kernels.length;
  }

  /**
   * Issues the stage.
   * @param key equal for equal buffers
   * @param buffers of the values of `bound`
   */
  play(pass: GPUComputePassEncoder, key: string, buffers: readonly GPUBuffer[]): void {
    const list = this.#lists.get(key) ?? this.#record(key, buffers);
    for (const { pipeline, group, grid } of list) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    }
  }

  #record(key: string, buffers: readonly GPUBuffer[]): readonly Dispatch[] {
    const bound = new Map<Value, GPUBuffer>();
    this.bound.forEach((value, i) => {
      if (!bound.has(value)) bound.set(value, buffers[i] as GPUBuffer);
    });
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
      if (kernel.lengths.length > 0)
        entries.push({ binding: lengthsBinding, resource: { buffer: this.lengthsOf(kernel.lengths) } });
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
