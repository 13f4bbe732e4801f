/** @file What the training store holds and does, and what it is given: types alone. */
import type { StoreApi } from 'zustand/vanilla';
import type { Rules } from '../../data/rules';
import type { Split } from '../../data/split';
import type { Sayable } from '../../messages/message';
import type { MemoryNeed } from '../../run/memory-plan';
import type { ModelFile, ModelSummary } from '../../worker/protocol';
import type { AdapterShape } from '../../run/adapter-shape';
import type { PairReport, ProbeReport } from '../../run/reports';
import type { ScoredPair } from '../../data/preference-pair';
import type { RunPairs } from '../../storage/records';
import type { KeptJudge } from '../plain/compare/kept-judges';
import type { LoadableModel } from '../plain/compare/rewards';
import type { Job, TrainForm } from '../plain/train/options';
import type { Failure } from '../text/failure';
import type { ActiveRun } from './active-run';
import type { EngineTime } from './engine-time';
import type { Clock } from './clock';
import type { JudgeDependencies } from './run-judge';
import type { MarkRunning } from './train-run';

export interface LastStart {
  /** The runs of the start, in order. */
  readonly runIds: readonly string[];
  readonly stopped: boolean;
  readonly failure: Failure | null;
}

export interface Probe {
  readonly isRunning: boolean;
  readonly reports: readonly { readonly method: Job['method']; readonly report: ProbeReport }[];
  readonly failure: Failure | null;
}

/** One run over pairs that are settled already. */
export interface RunOver {
  readonly job: Job;
  readonly pairs: RunPairs;
  /** What the data set is called. */
  readonly dataset: string | null;
  /** Ids of the runs whose adapters are continued and are the reference; null takes the base. */
  readonly startFrom: string | null;
  readonly reference: string | null;
}

export interface TrainingState {
  readonly form: TrainForm;
  /** The run whose adapter is continued; null starts from the base with a fresh adapter. */
  readonly startFrom: string | null;
  /** The shape of the adapter of the run that is chosen to start from, once it was looked at. */
  readonly startShape: { readonly runId: string; readonly shape: AdapterShape } | null;
  /** The run whose adapter is DPO's reference, or `base`; null takes the start as it was. */
  readonly reference: string | null;
  readonly active: ActiveRun | null;
  readonly last: LastStart | null;
  /** What the last probe of the form found; null after any change of the form. */
  readonly probe: Probe | null;
  /** The sentence by which the engine would refuse the form as it stands. */
  readonly refusal: Sayable | null;
  /** What memory the first run of the form would need; null where that is not known, or no model is open. */
  readonly memory: MemoryNeed | null;

  setForm(change: Partial<TrainForm>): void;
  setStartFrom(runId: string | null): void;
  /** Looks at the adapter that is chosen to start from, where the open model has it. */
  lookAtStart(): Promise<void>;
  setReference(runId: string | null): void;
  /** Keeps an adapter that was trained elsewhere among the runs; why not, where it does not fit the open model. */
  importAdapter(name: string, files: readonly ModelFile[]): Promise<Failure | null>;
  /** Asks the engine whether it would train by the form. */
  checkSettings(): Promise<void>;
  /** Takes three steps of each run that the form asks for, keeping nothing but what they took. */
  startProbe(): Promise<void>;
  stopProbe(): void;
  /**
   * Trains what the form says, or the given jobs. Resolves when all runs of this start have ended.
   * @param starter the starter's task, where the jobs are its
   */
  start(plan?: readonly Job[], starter?: string): Promise<void>;
  /** Trains one run over the given pairs, whatever the form says. Resolves when it has ended. */
  trainOver(given: RunOver): Promise<void>;
  /** Ends the run under way, keeping what it has reached, and starts no further one. */
  stop(): void;
  /** Ends it too, marked as one that is to go on. */
  pause(): void;
  /** Goes on with a run from its latest checkpoint, as if it had not stopped. */
  resume(runId: string): Promise<void>;
  /** Trains a new run from a checkpoint of another, by the form's settings (plain/train/fork.ts says what it keeps). */
  fork(runId: string, step: number): Promise<void>;
}

export type TrainingStore = StoreApi<TrainingState>;

export interface TrainingDependencies extends JudgeDependencies {
  readonly getModel: () => ModelSummary | null;
  readonly getPairs: () => readonly ScoredPair[];
  /** What the data set is called; null where there are no pairs. */
  readonly getDataName?: () => string | null;
  /** The data set's own split, or null where it has none. */
  readonly getSplit: () => Split | null;
  /** The rules of the data set; null where there are none that can be used. */
  readonly getRules?: () => Rules | null;
  /** The judges of prompt sets. */
  readonly getJudges?: () => readonly KeptJudge[];
  /** The kept models, which a judge may be of. */
  readonly getStored?: () => readonly LoadableModel[];
  /** What encoding made of the pairs, in their order; null before it has. */
  readonly getReports: () => readonly PairReport[] | null;
  readonly engineTime: EngineTime;
  readonly markRunning: MarkRunning;
  readonly clock?: Clock;
  readonly form?: TrainForm;
  readonly startFrom?: string | null;
  readonly reference?: string | null;
}

/** What was given, with a clock. */
export type TrainingParts = TrainingDependencies & { readonly clock: Clock };
