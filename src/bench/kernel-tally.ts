/**
 * @file Adds up what the runtime's profiler prints of each kernel: the GPU's own times on WebGPU, the CPU's on WASM.
 */

export interface KernelTime {
  readonly kernel: string;
  /** How often it ran, the first step, which compiles, and the reference included. */
  readonly runs: number;
  readonly seconds: number;
  /** Seconds of the longest run. On WebGPU this is one dispatch, which a driver's watchdog may cut off. */
  readonly longest_seconds: number;
}

/** A line of onnxruntime's profile, Chrome's trace event format; `dur` in microseconds. */
interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string };
}

/**
 * Of a WebGPU run the lines of category Api are the GPU's timestamps, `node&operator&kernel`, while the lines of the
 * nodes are the time to issue them. Of a WASM run the nodes are all there is.
 */
function kernelOf({ cat, name, args }: TraceEvent, device: 'webgpu' | 'wasm'): string | undefined {
  if (device === 'webgpu') return cat === 'Api' ? name.split('&').at(-1) : undefined;
  return cat === 'Node' && name.endsWith('_kernel_time') ? args.op_name : undefined;
}

/** Collects the times of kernels from the lines of a console. */
export class KernelTally {
  readonly #kernels = new Map<string, KernelTime>();

  constructor(private readonly device: 'webgpu' | 'wasm') {}

  /**
   * Adds a line of the profiler's.
   * @returns whether the line is the profiler's
   */
  add(line: string): boolean {
    if (!line.startsWith('{"cat"')) return false;
    const event = JSON.parse(line.replace(/,\s*$/, '')) as TraceEvent;
    const kernel = kernelOf(event, this.device);
    if (kernel === undefined) return true;
    const before = this.#kernels.get(kernel) ?? { kernel, runs: 0, seconds: 0, longest_seconds: 0 };
    const seconds = event.dur / 1e6;
    this.#kernels.set(kernel, {
      kernel,
      runs: before.runs + 1,
      seconds: before.seconds + seconds,
      longest_seconds: Math.max(before.longest_seconds, seconds),
    });
    return true;
  }

  /** The kernels with their times, the costliest first. */
  get kernels(): KernelTime[] {
    return [...this.#kernels.values()].sort((a, b) => b.seconds - a.seconds);
  }
}
