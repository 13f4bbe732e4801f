/**
 * @file Stages that the runtime runs on a GPU, on tensors that lie in buffers given out again: itself at first, and
 * then by playing what it issued (command-recorder.ts), which takes a tenth of its CPU time. The same sequence of runs
 * gets the same buffers, so that what is played is bound once.
 */
import type { Stage, Value } from '../graph/value';
import { requireInput } from '../graph/value';
import { BufferNumbers } from './buffer-numbers';
import type { BufferPool } from './buffer-pool';
import type { CommandRecorder } from './command-recorder';
import type { DeviceTensor, Program, Tensors } from './executor';
import { disposeAll } from './executor';
import { Recording } from './recording';
import type { TensorPool } from './stage-memory';
import type { GpuTensor } from './watched-gpu';

/** The runtime on a device. */
export interface RuntimeStages {
  compile<I extends string, O extends string>(stage: Stage<I, O>): Promise<Program<I, O>>;
  /** Runs a program of its own, which writes its outputs over these tensors. */
  runInto(program: Program, inputs: Tensors, outputs: Tensors): Promise<void>;
  /** Whether its commands may be played without it: not where it measures what each takes. */
  readonly mayBeRecorded: boolean;
  readonly recorder: CommandRecorder;
}

/** The first run in which the runtime compiles nothing any more. */
const firstRecorded = 2;
/** After so many attempts that failed a program stays with the runtime. */
const mostAttempts = 3;

/** Exact counts since the executor was opened. */
export interface HandedCounts {
  /** Dispatches of runs that were played; the runtime does not tell its own. */
  dispatches: number;
  bindGroupsCreated: number;
  /** Runs. */
  handedOver: number;
  /** Those of them that were played without the runtime. */
  replayed: number;
}

/** A program of the runtime's. */
export class HandedProgram<I extends string, O extends string> implements Program<I, O> {
  readonly stage: Stage<I, O>;
  readonly names: readonly I[];
  runs = 0;
  attempts = 0;
  recording: Recording | null = null;

  constructor(
    readonly program: Program<I, O>,
    readonly constants: Tensors,
    private readonly release: () => void,
  ) {
    this.stage = program.stage;
    this.names = Object.keys(program.stage.inputs) as I[];
  }

  async dispose(): Promise<void> {
    this.recording?.dispose();
    this.recording = null;
    this.release();
    await this.program.dispose();
  }
}

export class HandedStages {
  readonly #numbers = new BufferNumbers();
  readonly counts: HandedCounts = { dispatches: 0, bindGroupsCreated: 0, handedOver: 0, replayed: 0 };

  /**
   * @param tensors where outputs lie
   * @param scratch where the values inside recorded stages lie
   */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly runtime: RuntimeStages,
    private readonly pools: { readonly tensors: TensorPool; readonly scratch: BufferPool },
  ) {}

  #replay(recording: Recording, buffers: readonly GPUBuffer[]): void {
    this.runtime.recorder.disturb();
    const encoder = this.gpu.createCommandEncoder();
    const before = recording.bindGroupsCreated;
    recording.play(encoder, this.#numbers.keyOf(buffers), buffers);
    this.gpu.queue.submit([encoder.finish()]);
    this.counts.bindGroupsCreated += recording.bindGroupsCreated - before;
    this.counts.dispatches += recording.dispatches;
    this.counts.replayed++;
  }

  async run<I extends string, O extends string>(handed: HandedProgram<I, O>, inputs: Tensors<I>): Promise<Tensors<O>> {
    const { stage, program, constants, names } = handed;
    const fed: Tensors = { ...constants, ...inputs };
    const buffers = names.map((name) => requireInput(stage, name, fed[name] as GpuTensor | undefined).buffer);
    const given = Object.entries<Value>(stage.outputs).map(([name, value]) => {
      return [name, this.pools.tensors.take(value)] as const;
    });
    buffers.push(...given.map(([, { buffer }]) => buffer));
    const outputs = Object.fromEntries(given) as Tensors<string> as Tensors<O>;
    try {
      handed.runs++;
      if (handed.recording) this.#replay(handed.recording, buffers);
      else {
        const work = (): Promise<void> => this.runtime.runInto(program, fed, outputs);
        await (this.#isToBeRecorded(handed) ? this.#record(handed, buffers, work) : work());
      }
      this.counts.handedOver++;
    } catch (error) {
      disposeAll(Object.values<DeviceTensor>(outputs));
      throw error;
    }
    return outputs;
  }

  #isToBeRecorded({ runs, attempts }: HandedProgram<string, string>): boolean {
    const { mayBeRecorded, recorder } = this.runtime;
    return mayBeRecorded && !recorder.isRecording && runs >= firstRecorded && attempts < mostAttempts;
  }

  async #record(
    handed: HandedProgram<string, string>,
    buffers: readonly GPUBuffer[],
    work: () => Promise<void>,
  ): Promise<void> {
    handed.attempts++;
    const recording = await this.runtime.recorder.record(buffers, this.pools.scratch, work);
    if (recording instanceof Recording) handed.recording = recording;
  }
}
