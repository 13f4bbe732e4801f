/** @file An executor that notes how long each kind of call took. */
import type { Executor, ExecutorMemory, HostArray, DeviceTensor, Program, Tensors } from '../runtime/executor';
import type { Shape } from '../core/shape';
import type { Stage } from '../graph/value';

export type Phase = 'forward' | 'head' | 'backward' | 'optimizer' | 'transfers';
export type SecondsByPhase = Record<Phase, number>;

function phaseOf({ name }: Stage): Phase {
  if (name.startsWith('AdamW')) return 'optimizer';
  if (name.endsWith('backward') || name === 'add') return 'backward';
  return name.startsWith('head') ? 'head' : 'forward';
}

const none = (): SecondsByPhase => ({ forward: 0, head: 0, backward: 0, optimizer: 0, transfers: 0 });

/**
 * Runs are noted by the phase of their stage; uploads, reads and waiting for the device as transfers. On WASM a run
 * lasts as long as its arithmetic; on WebGPU it only issues work, and the waiting falls on the next read.
 */
export class TimedExecutor implements Executor {
  #seconds = none();

  readonly #gradient: TimedExecutor;

  /** @param shared counts into another's seconds: the executor of the gradient beside that of the forward pass */
  constructor(
    private readonly inner: Executor,
    private readonly shared: TimedExecutor | null = null,
  ) {
    this.#gradient = inner.gradient === inner ? this : new TimedExecutor(inner.gradient, this);
  }

  /** Returns the seconds of each phase since the last call. */
  takeSeconds(): SecondsByPhase {
    const taken = this.#seconds;
    this.#seconds = none();
    return taken;
  }

  #time<T>(phase: Phase, work: () => T): T {
    const start = performance.now();
    const addTime = (): void => void ((this.shared ?? this).#seconds[phase] += (performance.now() - start) / 1000);
    const result = work();
    if (result instanceof Promise) void result.then(addTime, addTime);
    else addTime();
    return result;
  }

  get device(): Executor['device'] {
    return this.inner.device;
  }

  get copiesInputs(): boolean {
    return this.inner.copiesInputs;
  }

  get tableBytes(): number | null {
    return this.inner.tableBytes;
  }

  get takesFloat16(): boolean {
    return this.inner.takesFloat16;
  }

  get gradient(): Executor {
    return this.#gradient;
  }

  get savesByRuntime(): boolean {
    return this.inner.savesByRuntime;
  }
  get computesAttention(): boolean {
    return this.inner.computesAttention;
  }
  get groupsAttention(): boolean {
    return this.inner.groupsAttention;
  }

  compile<I extends string, O extends string>(stage: Stage<I, O>, constants?: Tensors): Promise<Program<I, O>> {
    return this.inner.compile(stage, constants);
  }

  run<I extends string, O extends string>(program: Program<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    return this.#time(phaseOf(program.stage), () => this.inner.run(program, inputs));
  }

  upload(data: HostArray, shape: Shape): DeviceTensor {
    return this.#time('transfers', () => this.inner.upload(data, shape));
  }

  read(tensor: DeviceTensor): Promise<HostArray> {
    return this.#time('transfers', () => this.inner.read(tensor));
  }

  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void {
    this.#time('transfers', () => this.inner.copyInto(target, offset, source));
  }

  settle(): Promise<void> {
    return this.#time('transfers', () => this.inner.settle());
  }

  restartPeak(): void {
    this.inner.restartPeak();
  }

  memory(): ExecutorMemory {
    return this.inner.memory();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
