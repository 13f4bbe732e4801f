/** @file Trains one run from its beginning, or from a checkpoint on, to its end, and records it on the way. */
import type { StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { withDefaults } from '../../run/config';
import type { RunPairs, SampleRound } from '../../storage/records';
import type { ModelSummary, NamedAdapter, Progress, TrainResult } from '../../worker/protocol';
import type { StepMetrics } from '../../run/metrics';
import type { TrainingCheckpoint } from '../../run/training-checkpoint';
import type { EngineSignal } from '../browser/engine-client';
import { rewardModelOf } from '../plain/runs/reward-model-of';
import { baseReference, type Run } from '../plain/runs/run';
import type { Job } from '../plain/train/options';
import { samplePrompts, stepsOver } from '../plain/train/plan';
import { beginShowing, type ActiveRun } from './active-run';
import type { LibraryStore } from './library';
import type { Clock } from './clock';
import { withRunJudge, type JudgeDependencies, type OpenedJudge } from './run-judge';
import { RunRecorder } from './run-recorder';

/** Marks a run as going, for other tabs, until the returned function is called; null where another tab trains it. */
export type MarkRunning = (runId: string) => (() => void) | null | Promise<(() => void) | null>;

export interface TrainRunDependencies extends JudgeDependencies {
  readonly markRunning: MarkRunning;
  readonly clock: Clock;
}

export interface RunToTrain {
  readonly job: Job;
  readonly model: ModelSummary;
  readonly pairs: RunPairs;
  /** What the data set is called. */
  readonly dataset: string | null;
  /** Where to go on from; the run is then the one that goes on, or a new one made of it. */
  readonly from?: {
    readonly run: Run;
    /** Null begins it again. */
    readonly checkpoint: TrainingCheckpoint | null;
    readonly metrics: readonly StepMetrics[];
    readonly samples: readonly SampleRound[];
  };
  /** Ids of the runs whose adapters are continued and are the reference; null: the base, and the start as it was. */
  readonly startFrom: string | null;
  readonly reference: string | null;
  /** The runs of one start around this one: ids of those before it, and what is to follow. */
  readonly plan: {
    readonly before: readonly string[];
    readonly after: readonly Job[];
    /** The starter's task, where the runs are its. */
    readonly starter?: string;
  };
}

/** With the judge of another base that compares its answers; null where none does. */
interface JudgedRunToTrain extends RunToTrain {
  readonly judge: OpenedJudge | null;
}

/** The job with the steps that were planned for it, which its budget has come to. */
function withoutBudget({ method, config, continuesPrevious, evaluation, samples, save_steps }: Job): Job {
  return {
    ...{ method, config },
    ...(continuesPrevious !== undefined && { continuesPrevious }),
    ...(evaluation && { evaluation }),
    ...(samples && { samples }),
    ...(save_steps !== undefined && { save_steps }),
  };
}

/** What is kept of a plan: all that the runs to come need, and nothing where the run is alone. */
function keptPlan({ before, after, starter }: RunToTrain['plan']): Pick<Run, 'plan'> {
  if (before.length + after.length === 0) return {};
  return { plan: { before, after: after.map(withoutBudget), ...(starter !== undefined && { starter }) } };
}

/** What the pairs are put into words by: nothing where they are plain text. */
function templateOf({ train, evaluation }: RunPairs, { templateChoice }: ModelSummary): string {
  const [first] = [...train.slice(0, 1), ...evaluation.slice(0, 1)];
  return typeof first?.prompt === 'string' ? 'none' : (templateChoice ?? 'own');
}

function newRun(toTrain: RunToTrain, name: string, startedMs: number): Run {
  const { job, model, pairs, startFrom, reference, plan } = toTrain;
  const { evaluation, samples, method, config } = job;
  return {
    id: crypto.randomUUID(),
    name,
    method,
    status: 'running',
    modelName: model.name,
    modelFingerprint: model.fingerprint,
    precision: model.precision,
    startedAt: new Date(startedMs).toISOString(),
    config,
    pairs: pairs.train.length,
    keepsPairs: true,
    ...(toTrain.dataset !== null && { dataset: toTrain.dataset }),
    template: templateOf(pairs, model),
    startedFrom: startFrom,
    ...keptPlan(plan),
    ...(reference !== null && { reference }),
    ...(samples &&
      evaluation && {
        samples: { prompts: samplePrompts(samples.prompts, pairs), maxNewTokens: samples.maxNewTokens },
      }),
    ...(evaluation && { evaluation: { pairs: pairs.evaluation.length, settings: evaluation.settings } }),
    steps: 0,
    totalSteps: stepsOver(withDefaults(config), pairs.train),
    seconds: 0,
    finalLoss: null,
    finalMargin: null,
    adapterBytes: 0,
    warnings: [],
    error: null,
  };
}

/** What was measured of the adapter that it had reached does not hold for the one that it will reach. */
function continuedRun(run: Run, { job, pairs }: RunToTrain): Run {
  const kept = Object.entries(run).filter(([key]) => key !== 'calibration');
  return {
    ...(Object.fromEntries(kept) as unknown as Run),
    status: 'running',
    totalSteps: stepsOver(withDefaults(job.config), pairs.train),
    error: null,
  };
}

/** The adapter of a run with the run's name; null for the base. */
export async function namedAdapter(runId: string | null, library: LibraryStore): Promise<NamedAdapter | null> {
  if (runId === null) return null;
  const files = await library.getState().adapterOf(runId);
  return { name: library.getState().runs.find(({ id }) => id === runId)?.name ?? runId, files };
}

/** What a run is held against; null takes the start as it was. */
export const referenceAdapter = async (
  reference: string | null,
  library: LibraryStore,
): Promise<NamedAdapter | typeof baseReference | null> =>
  reference === baseReference ? baseReference : namedAdapter(reference, library);

async function callTrain(
  { job, pairs, from, startFrom, reference, judge }: JudgedRunToTrain,
  run: Run,
  { engine, library }: TrainRunDependencies,
  options: { readonly signal: EngineSignal; readonly onProgress: (event: Progress) => void },
): Promise<TrainResult> {
  const { evaluation, save_steps } = job;
  return engine.call(
    'train',
    {
      config: job.config,
      pairs: pairs.train,
      initAdapter: await namedAdapter(startFrom, library),
      refAdapter: await referenceAdapter(reference, library),
      rewardModel: await namedAdapter(rewardModelOf(job.config), library),
      judgeModel: judge?.model ?? null,
      resume: from?.checkpoint ?? null,
      evaluation: evaluation ? { settings: evaluation.settings, pairs: pairs.evaluation } : null,
      samples: (evaluation && run.samples) ?? null,
      // Without a number they come by time alone: no run has as many steps.
      save_steps: save_steps || Number.MAX_SAFE_INTEGER,
    },
    options,
  );
}

type ActiveStore = StoreApi<{ readonly active: ActiveRun | null }>;

async function trainJudged(
  toTrain: JudgedRunToTrain,
  signal: EngineSignal,
  { getState, setState }: ActiveStore,
  dependencies: TrainRunDependencies,
): Promise<Run> {
  const { library, markRunning, clock } = dependencies;
  const { from, job, pairs, judge } = toTrain;
  const begun = from
    ? continuedRun(from.run, toTrain)
    : newRun(toTrain, library.getState().nextName(job.method), clock.now());
  const run: Run = { ...begun, ...(judge && { judge: judge.record }) };
  const release = await markRunning(run.id);
  if (release === null) throw new UserError('trainedElsewhere', { run: run.name });
  // It can go on over the same pairs, and so can what follows it, whenever a break comes.
  const isNew = library.getState().runs.every(({ id }) => id !== run.id);
  const made = { metrics: from?.metrics ?? [], samples: from?.samples ?? [] };
  setState({ active: beginShowing(run, toTrain, made) });
  const show = (change: Partial<ActiveRun>) => {
    const { active } = getState();
    if (active?.id === run.id) setState({ active: { ...active, ...change } });
  };
  const recorder = new RunRecorder({ run, pairs, ...made }, { library: library.getState(), show }, clock);
  try {
    await library.getState().save(run, isNew ? { pairs } : {});
    const onProgress = (event: Progress) => recorder.record(event);
    const result = await callTrain(toTrain, run, dependencies, { signal, onProgress });
    return await recorder.finish(result, getState().active?.pausing === true ? 'paused' : 'stopped');
  } catch (error) {
    await recorder.fail(error);
    throw error;
  } finally {
    release();
  }
}

/**
 * Trains one run to its end, showing it in the store as the active one.
 * @throws what the engine threw, after the run was written as failed or stopped; UserError, before anything is written,
 *   where the model that is to compare its answers is not kept
 */
export const trainRun = (
  toTrain: RunToTrain,
  signal: EngineSignal,
  store: ActiveStore,
  dependencies: TrainRunDependencies,
): Promise<Run> =>
  withRunJudge(
    { config: toTrain.job.config, model: toTrain.model, begun: toTrain.from?.run.judge },
    dependencies,
    (judge) => trainJudged({ ...toTrain, judge }, signal, store, dependencies),
  );
