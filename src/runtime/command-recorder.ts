/**
 * @file Records what somebody else issues on a GPU, so that it can be issued again without him: onnxruntime takes its
 * CPU time for a stage each time that it is run, and gives the device the same commands each time. The buffers that it
 * was given may be others when the commands are played, and its own ones are replaced: to it they are free between two
 * runs. (Its own capture of graphs binds a session to the buffers of its first run for ever; docs/log.md.) Nothing is
 * recorded where anything is issued that could not be the same again.
 */
import type { BufferPool } from './buffer-pool';
import type { Binding, Command, Dispatch, Place } from './recording';
import { Recording } from './recording';
import { bytesOfView } from './watched-gpu';

/** What is seen while it records. */
class Watch {
  readonly groups = new Map<GPUBindGroup, GPUBindGroupDescriptor>();
  readonly written = new Map<GPUBuffer, Uint8Array<ArrayBuffer>>();
  readonly commands: Command[] = [];
  readonly uniforms = new Map<string, GPUBuffer>();
  /** The runtime's buffers for values inside the stage, in the order of their places after the given ones. */
  readonly inner: GPUBuffer[] = [];
  /** Its buffers that are only read: what it made of the stage's constants, which stay as long as its session. */
  readonly #kept = new Set<GPUBuffer>();
  /** Why it cannot be played again. */
  spoilt: string | null = null;

  constructor(
    private readonly gpu: GPUDevice,
    private readonly given: readonly GPUBuffer[],
    private readonly writtenBy: WrittenBindings,
  ) {
    if (new Set(given).size < given.length) this.spoilt = 'a buffer was given twice';
  }

  /** A uniform is written anew for each dispatch, by turns for many: its contents are kept in a buffer of our own. */
  #uniformOf(buffer: GPUBuffer): GPUBuffer | null {
    const data = this.written.get(buffer);
    if (!data) return null;
    const key = `${buffer.size}: ${data.join()}`;
    const known = this.uniforms.get(key);
    if (known) return known;
    const own = this.gpu.createBuffer({ size: buffer.size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
    new Uint8Array(own.getMappedRange()).set(data);
    own.unmap();
    this.uniforms.set(key, own);
    return own;
  }

  /** @param isWritten whether the command writes it: what is read only, is read of before */
  #placeOf(buffer: GPUBuffer, isWritten: boolean): Place | null {
    const given = this.given.indexOf(buffer);
    if (given >= 0) return given;
    if ((buffer.usage & GPUBufferUsage.UNIFORM) !== 0) return this.#uniformOf(buffer);
    const place = this.inner.indexOf(buffer);
    if (place >= 0) return this.given.length + place;
    if (!isWritten) {
      this.#kept.add(buffer);
      return buffer;
    }
    if (this.#kept.has(buffer)) this.spoilt ??= 'a constant is written';
    return this.given.length + this.inner.push(buffer) - 1;
  }

  dispatch(pipeline: GPUComputePipeline | null, group: GPUBindGroup | null, grid: Dispatch['grid']): void {
    const descriptor = group && this.groups.get(group);
    const written = pipeline && this.writtenBy(pipeline);
    if (!pipeline || !descriptor || !written) {
      this.spoilt ??= 'a bind group or pipeline is older than the watch';
      return;
    }
    const bindings: Binding[] = [];
    for (const { binding, resource } of descriptor.entries) {
      const { buffer, ...range } = 'buffer' in resource ? resource : { buffer: resource as GPUBuffer };
      const place = this.#placeOf(buffer, written.has(binding));
      if (place === null) this.spoilt ??= 'a uniform is older than the recording';
      else bindings.push({ binding, place, range });
    }
    this.commands.push({ kind: 'dispatch', pipeline, layout: descriptor.layout, bindings, grid });
  }

  copy({ from, to, range }: { from: GPUBuffer; to: GPUBuffer; range: readonly [number, number, number] }): void {
    const [source, target] = [this.#placeOf(from, false), this.#placeOf(to, true)];
    if ((to.usage & GPUBufferUsage.MAP_READ) !== 0) this.spoilt ??= 'values are read';
    if (source === null || target === null) this.spoilt ??= 'a uniform is copied';
    else this.commands.push({ kind: 'copy', from: source, to: target, range });
  }

  clear(buffer: GPUBuffer, offset: number, size: number): void {
    const place = this.#placeOf(buffer, true);
    if (place === null) this.spoilt ??= 'a uniform is cleared';
    else this.commands.push({ kind: 'clear', place, range: [offset, size] });
  }
}

/** The bindings of group 0 that a pipeline writes; null where its code was not seen. */
type WrittenBindings = (pipeline: GPUComputePipeline) => ReadonlySet<number> | null;

const writtenStorage = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage,\s*read_write>/g;

/** Puts methods in the place of an object's own until `undo`. */
function shadow<T extends object>(target: T, methods: Partial<T>): () => void {
  const names = Object.keys(methods) as (keyof T)[];
  const before = names.map((name) => Object.getOwnPropertyDescriptor(target, name));
  Object.assign(target, methods);
  return () => {
    names.forEach((name, i) => {
      delete target[name];
      const own = before[i];
      if (own) Object.defineProperty(target, name, own);
    });
  };
}

function watchPass(pass: GPUComputePassEncoder, watch: Watch): void {
  let pipeline: GPUComputePipeline | null = null;
  let group: GPUBindGroup | null = null;
  const { setPipeline, setBindGroup, dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  shadow(pass, {
    setPipeline: (next) => setPipeline.call(pass, (pipeline = next)),
    setBindGroup: ((index: number, next: GPUBindGroup, ...offsets: []) => {
      if (index !== 0 || offsets.length > 0) watch.spoilt ??= 'more than one bind group, or dynamic offsets';
      group = next;
      (setBindGroup as (...all: unknown[]) => void).call(pass, index, next, ...offsets);
    }) as GPUComputePassEncoder['setBindGroup'],
    dispatchWorkgroups: (x, y = 1, z = 1) => {
      watch.dispatch(pipeline, group, [x, y, z]);
      dispatchWorkgroups.call(pass, x, y, z);
    },
    dispatchWorkgroupsIndirect: (buffer, offset) => {
      watch.spoilt ??= 'the GPU chooses the size of a dispatch';
      dispatchWorkgroupsIndirect.call(pass, buffer, offset);
    },
  });
}

function watchEncoder(encoder: GPUCommandEncoder, watch: Watch): void {
  const { beginComputePass, copyBufferToBuffer, clearBuffer } = encoder;
  shadow(encoder, {
    beginComputePass: (descriptor) => {
      const pass = beginComputePass.call(encoder, descriptor);
      watchPass(pass, watch);
      return pass;
    },
    copyBufferToBuffer: ((from: GPUBuffer, ...rest: [number, GPUBuffer, number, number?] | [GPUBuffer, number?]) => {
      const [fromOffset, to, toOffset, bytes] =
        typeof rest[0] === 'number' ? (rest as [number, GPUBuffer, number, number?]) : [0, rest[0], 0, rest[1]];
      const size = bytes ?? from.size - fromOffset;
      watch.copy({ from, to: to as GPUBuffer, range: [fromOffset, toOffset as number, size as number] });
      copyBufferToBuffer.call(encoder, from, fromOffset, to as GPUBuffer, toOffset as number, size as number);
    }) as typeof copyBufferToBuffer,
    clearBuffer: (buffer, offset = 0, size = buffer.size - offset) => {
      watch.clear(buffer, offset, size);
      clearBuffer.call(encoder, buffer, offset, size);
    },
  });
}

/** Records on one device, whose pipelines it has to see from the first on. */
export class CommandRecorder {
  readonly #codes = new WeakMap<GPUShaderModule, string>();
  readonly #written = new WeakMap<GPUComputePipeline, ReadonlySet<number>>();
  #watch: Watch | null = null;

  constructor(private readonly gpu: GPUDevice) {
    const { createShaderModule, createComputePipeline, createComputePipelineAsync } = gpu;
    const see = (pipeline: GPUComputePipeline, { compute }: GPUComputePipelineDescriptor): GPUComputePipeline => {
      const found = this.#codes.get(compute.module)?.matchAll(writtenStorage);
      if (found) this.#written.set(pipeline, new Set([...found].map(([, binding]) => Number(binding))));
      return pipeline;
    };
    shadow(gpu, {
      createShaderModule: (descriptor) => {
        const module = createShaderModule.call(gpu, descriptor);
        this.#codes.set(module, descriptor.code);
        return module;
      },
      createComputePipeline: (descriptor) => see(createComputePipeline.call(gpu, descriptor), descriptor),
      createComputePipelineAsync: async (descriptor) =>
        see(await createComputePipelineAsync.call(gpu, descriptor), descriptor),
    });
  }

  get isRecording(): boolean {
    return this.#watch !== null;
  }

  /** To be called by whoever else issues commands: they are in no recording, and one that is under way is spoilt. */
  disturb(): void {
    if (this.#watch) this.#watch.spoilt ??= 'somebody else issued commands';
  }

  /**
   * Records all that is issued while work is under way, which must be issued by that work alone.
   * @param given the buffers that may be others when it is played
   * @param pool where values lie that nobody sees; its buffers are given back at once, for others between two runs
   * @returns the recording; or why there is none
   */
  async record(given: readonly GPUBuffer[], pool: BufferPool, work: () => Promise<void>): Promise<Recording | string> {
    const { gpu } = this;
    const watch = new Watch(gpu, given, (pipeline) => this.#written.get(pipeline) ?? null);
    const undo = watchDevice(gpu, watch);
    this.#watch = watch;
    try {
      await work();
    } finally {
      this.#watch = null;
      undo();
    }
    const uniforms = [...watch.uniforms.values()];
    if (watch.spoilt !== null) {
      for (const buffer of uniforms) buffer.destroy();
      return watch.spoilt;
    }
    const scratch = watch.inner.map(({ size }) => pool.take(size));
    scratch.forEach((pooled) => pool.give(pooled));
    return new Recording(
      gpu,
      watch.commands,
      uniforms,
      scratch.map(({ buffer }) => buffer),
    );
  }
}

/** Shows to the watch what is issued on the device, until the function that it returns is called. */
function watchDevice(gpu: GPUDevice, watch: Watch): () => void {
  const { createBindGroup, createCommandEncoder, queue } = gpu;
  const { writeBuffer } = queue;
  const undoDevice = shadow(gpu, {
    createBindGroup: (descriptor) => {
      const group = createBindGroup.call(gpu, descriptor);
      watch.groups.set(group, { ...descriptor, entries: [...descriptor.entries] });
      return group;
    },
    createCommandEncoder: (descriptor) => {
      const encoder = createCommandEncoder.call(gpu, descriptor);
      watchEncoder(encoder, watch);
      return encoder;
    },
  });
  const undoQueue = shadow(queue, {
    writeBuffer: (buffer, offset, data, dataOffset, size) => {
      if (offset !== 0 || (buffer.usage & GPUBufferUsage.UNIFORM) === 0) watch.spoilt ??= 'data from the host';
      watch.written.set(buffer, bytesOfView(data, dataOffset, size).slice());
      writeBuffer.call(queue, buffer, offset, data as GPUAllowSharedBufferSource, dataOffset, size);
    },
  });
  return () => {
    undoDevice();
    undoQueue();
  };
}
