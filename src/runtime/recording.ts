/**
 * @file Commands for a GPU that somebody else issued once (command-recorder.ts), to be issued again on other buffers.
 */

/** A buffer: one of those that a run is given, by its place, or one that stays. */
export type Place = number | GPUBuffer;

export interface Binding {
  readonly binding: number;
  readonly place: Place;
  readonly range: { readonly offset?: number; readonly size?: number };
}

export interface Dispatch {
  readonly kind: 'dispatch';
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: readonly Binding[];
  readonly grid: readonly [number, number, number];
}

/** Zeros in a buffer: the runtime cleans what it takes from its cache. */
export interface Clear {
  readonly kind: 'clear';
  readonly place: Place;
  readonly range: readonly [offset: number, size: number];
}

/** Bytes of one buffer to another: a tensor of another shape is a copy to the runtime. */
interface Copy {
  readonly kind: 'copy';
  readonly from: Place;
  readonly to: Place;
  readonly range: readonly [fromOffset: number, toOffset: number, size: number];
}

export type Command = Dispatch | Clear | Copy;

/** A command on certain buffers. */
type Issued =
  | (Pick<Dispatch, 'kind' | 'pipeline' | 'grid'> & { readonly group: GPUBindGroup })
  | (Pick<Clear, 'kind' | 'range'> & { readonly buffer: GPUBuffer })
  | (Pick<Copy, 'kind' | 'range'> & { readonly source: GPUBuffer; readonly target: GPUBuffer });

/** Lists for sets of buffers that come again; where they never do, none grows without end. */
const mostLists = 1024;

/** Commands that can be played on other buffers than they were recorded with. */
export class Recording {
  readonly #lists = new Map<string, readonly Issued[]>();
  readonly dispatches: number;
  bindGroupsCreated = 0;

  /**
   * @param commands places beyond the given buffers are those of `scratch`
   * @param uniforms buffers of the recording's own, which it destroys
   * @param scratch where the values lie that nobody else sees; others may use the buffers between two runs
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly commands: readonly Command[],
    private readonly uniforms: readonly GPUBuffer[],
    private readonly scratch: readonly GPUBuffer[],
  ) {
    this.dispatches = commands.filter(({ kind }) => kind === 'dispatch').length;
  }

  /**
   * Issues all again.
   * @param key equal for equal buffers
   * @param buffers in the order in which they were given
   */
  play(encoder: GPUCommandEncoder, key: string, buffers: readonly GPUBuffer[]): void {
    let pass: GPUComputePassEncoder | null = null;
    for (const command of this.#lists.get(key) ?? this.#bind(key, buffers)) {
      if (command.kind !== 'dispatch') {
        pass?.end();
        pass = null;
        if (command.kind === 'clear') encoder.clearBuffer(command.buffer, ...command.range);
        else {
          const [fromOffset, toOffset, size] = command.range;
          encoder.copyBufferToBuffer(command.source, fromOffset, command.target, toOffset, size);
        }
        continue;
      }
      const { pipeline, group, grid } = command;
      pass ??= encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    }
    pass?.end();
  }

  #bind(key: string, buffers: readonly GPUBuffer[]): readonly Issued[] {
    const all = [...buffers, ...this.scratch];
    const bufferAt = (place: Place): GPUBuffer => (typeof place === 'number' ? (all[place] as GPUBuffer) : place);
    const list = this.commands.map((command): Issued => {
      if (command.kind === 'clear') return { ...command, buffer: bufferAt(command.place) };
      if (command.kind === 'copy') {
        const { kind, range, from, to } = command;
        return { kind, range, source: bufferAt(from), target: bufferAt(to) };
      }
      const { kind, pipeline, layout, grid } = command;
      const entries = command.bindings.map(({ binding, place, range }) => ({
        binding,
        resource: { ...range, buffer: bufferAt(place) },
      }));
      this.bindGroupsCreated++;
      return { kind, pipeline, group: this.gpu.createBindGroup({ layout, entries }), grid };
    });
    if (this.#lists.size === mostLists) this.#lists.clear();
    this.#lists.set(key, list);
    return list;
  }

  dispose(): void {
    this.#lists.clear();
    for (const buffer of this.uniforms) buffer.destroy();
  }
}
