/**
 * @file Training: the form, the run under way with its progress, and what came of the last start. One start may be two
 * runs (SFT, then DPO), each from a fresh adapter unless its job says otherwise.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { Split } from '../../data/split';
import type { Sayable } from '../../messages/message';
import type { RunPairs } from '../../storage/records';
import type { ModelFile, ModelSummary, Requests } from '../../worker/protocol';
import type { EvaluationSettings } from '../../run/evaluation';
import type { PairReport, ProbeReport } from '../../run/reports';
import type { PreferencePair } from '../../data/preference-pair';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { precisionOfRun, sumBytes, type Run } from '../plain/runs/run';
import { forkRun, type ForkedRun } from '../plain/train/fork';
import { initialForm, readForm, type Job, type TrainForm } from '../plain/train/options';
import { partsOf, planRuns } from '../plain/train/plan';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { ActiveRun } from './active-run';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import { systemClock, type Clock } from './run-recorder';
import { namedAdapter, trainRun, type MarkRunning, type RunToTrain } from './train-run';

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

export interface TrainingState {
  readonly form: TrainForm;
  /** The run whose adapter is continued; null starts from the base with a fresh adapter. */
  readonly startFrom: string | null;
  /** The run whose adapter is DPO's reference; null takes the start as it was. */
  readonly reference: string | null;
  readonly active: ActiveRun | null;
  readonly last: LastStart | null;
  /** What the last probe of the form found; null after any change of the form. */
  readonly probe: Probe | null;
  /** The sentence by which the engine would refuse the form as it stands. */
  readonly refusal: Sayable | null;

  setForm(change: Partial<TrainForm>): void;
  setStartFrom(runId: string | null): void;
  setReference(runId: string | null): void;
  /** Keeps an adapter that was trained elsewhere among the runs; why not, where it does not fit the open model. */
  importAdapter(name: string, files: readonly ModelFile[]): Promise<Failure | null>;
  /** Asks the engine whether it would train by the form. */
  checkSettings(): Promise<void>;
  /** Takes three steps of each run that the form asks for, keeping nothing but what they took. */
  startProbe(): Promise<void>;
  stopProbe(): void;
  /** Trains what the form says, or the given jobs. Resolves when all runs of this start have ended. */
  start(plan?: readonly Job[]): Promise<void>;
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

export interface TrainingDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly getPairs: () => readonly PreferencePair[];
  /** The data set's own split, or null where it has none. */
  readonly getSplit: () => Split | null;
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
type Parts = TrainingDependencies & { readonly clock: Clock };

/** What the form asks for, planned over the pairs as they stand. */
function jobsOf(form: TrainForm, model: ModelSummary, { getPairs, getReports, getSplit }: Parts): readonly Job[] {
  return planRuns(readForm(form, model.linears).jobs, getPairs(), getReports(), getSplit()).map(({ job }) => job);
}

/**
 * What is trained on and what is held out.
 * @throws where one of them is needed and empty
 */
function requireParts(pairs: readonly PreferencePair[], job: Job, own: Split | null): RunPairs {
  const parts = partsOf(pairs, job, own);
  if (parts.train.length === 0 || (job.evaluation && parts.evaluation.length === 0))
    throw new UserError('nothingHeldOut');
  return parts;
}

/** The run, if the open model can take its adapter; null otherwise. */
function usableOrNull(id: string | null, { fingerprint }: ModelSummary, library: LibraryStore): string | null {
  const { runs } = library.getState();
  return runs.some((run) => run.id === id && run.modelFingerprint === fingerprint && run.adapterBytes > 0) ? id : null;
}

/** The runs that the form's runs begin from and are held against: those chosen, where one run is trained. */
function chosenRuns(
  { startFrom, reference }: TrainingState,
  jobs: readonly Job[],
  model: ModelSummary,
  { library }: Parts,
): { readonly startFrom: string | null; readonly reference: string | null } {
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) return { startFrom: null, reference: null };
  return {
    startFrom: usableOrNull(startFrom, model, library),
    reference: job.method === 'dpo' ? usableOrNull(reference, model, library) : null,
  };
}

const isAtWork = ({ engineTime }: Parts) => engineTime.isRunning('training') || engineTime.isRunning('probing');

type ChangingSettings = Pick<TrainingState, 'setForm' | 'checkSettings' | 'setStartFrom' | 'setReference'>;

function changingSettings({ getState: get, setState: set }: TrainingStore, { engine }: Parts): ChangingSettings {
  return {
    setForm: (change) => set({ form: { ...get().form, ...change }, refusal: null, probe: null }),

    async checkSettings() {
      const { form } = get();
      // The layers are checked against the model when it is there; the losses need none.
      const { jobs } = readForm({ ...form, targets: 'all-linear' }, []);
      let refusal: Sayable | null = null;
      try {
        for (const { config } of jobs) await engine.call('checkConfig', { config });
      } catch (error) {
        refusal = describeFailure(error).sentence;
      }
      if (get().form === form) set({ refusal });
    },

    setStartFrom: (startFrom) => set({ startFrom, probe: null }),
    setReference: (reference) => set({ reference, probe: null }),
  };
}

/** The record of an adapter that was trained elsewhere. */
function importedRun(
  name: string,
  { report, files }: Requests['checkAdapter']['out'],
  model: ModelSummary,
  startedMs: number,
): Run {
  const { lora_r, lora_alpha, target_modules, ancestors, knowsBase, basePrecision, method } = report;
  return {
    id: crypto.randomUUID(),
    name,
    // PEFT does not say how an adapter was trained. It stands among those of SFT, which DPO can start from.
    method: method ?? 'sft',
    status: 'finished',
    modelName: model.name,
    modelFingerprint: model.fingerprint,
    ...(basePrecision !== null && { precision: basePrecision }),
    startedAt: new Date(startedMs).toISOString(),
    config: { lora_r, lora_alpha, lora_target_modules: target_modules },
    pairs: 0,
    startedFrom: null,
    imported: { ancestors, knowsBase, knowsMethod: method !== null },
    steps: 0,
    totalSteps: 0,
    seconds: 0,
    finalLoss: null,
    finalMargin: null,
    adapterBytes: sumBytes(files),
    warnings: [],
    error: null,
  };
}

function importing({ engine, library, getModel, clock }: Parts): Pick<TrainingState, 'importAdapter'> {
  function freeName(name: string): string {
    const taken = new Set(library.getState().runs.map((run) => run.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
    return free;
  }

  return {
    async importAdapter(name, chosen) {
      const model = getModel();
      if (model === null) return null;
      try {
        const checked = await engine.call('checkAdapter', { files: chosen });
        const run = importedRun(freeName(name), checked, model, clock.now());
        await library.getState().save(run, { metrics: [], adapter: checked.files });
        return null;
      } catch (error) {
        return describeFailure(error);
      }
    },
  };
}

function probing(store: TrainingStore, parts: Parts): Pick<TrainingState, 'startProbe' | 'stopProbe'> {
  const { engine, engineTime, library, getModel, getPairs, getSplit } = parts;

  async function probe(model: ModelSummary, jobs: readonly Job[], signal: EngineSignal): Promise<void> {
    const [pairs, split, chosen] = [getPairs(), getSplit(), chosenRuns(store.getState(), jobs, model, parts)];
    let probe: Probe = { isRunning: true, reports: [], failure: null };
    const show = (change: Partial<Probe>) => store.setState({ probe: (probe = { ...probe, ...change }) });
    show({});
    try {
      for (const job of jobs) {
        const { train, evaluation } = requireParts(pairs, job, split);
        const input = {
          config: job.config,
          pairs: train,
          initAdapter: await namedAdapter(chosen.startFrom, library),
          refAdapter: await namedAdapter(chosen.reference, library),
          evaluation: job.evaluation ? { settings: job.evaluation.settings, pairs: evaluation } : null,
        };
        const report = await engine.call('probe', input, { signal });
        show({ reports: [...probe.reports, { method: job.method, report }] });
      }
    } catch (error) {
      show(isAbort(error) ? { reports: [] } : { failure: describeFailure(error) });
    } finally {
      show({ isRunning: false });
    }
  }

  return {
    async startProbe() {
      const model = getModel();
      if (model === null || getPairs().length === 0 || isAtWork(parts)) return;
      const jobs = jobsOf(store.getState().form, model, parts);
      await engineTime.run('probing', (signal) => probe(model, jobs, signal));
    },

    stopProbe: () => engineTime.stop('probing'),
  };
}

/** Trains the runs of one start; `runIds` is filled as they end. @returns whether it was stopped before the last */
type TrainRuns = (signal: EngineSignal, runIds: string[]) => Promise<boolean>;

/** Trains as the engine's foreground work, and says afterwards what came of it. */
async function runStart(store: TrainingStore, parts: Parts, trainRuns: TrainRuns): Promise<void> {
  if (isAtWork(parts)) return;
  await parts.engineTime.run('training', async (signal) => {
    const runIds: string[] = [];
    let failure: Failure | null = null;
    let stopped = false;
    store.setState({ last: null });
    try {
      stopped = await trainRuns(signal, runIds);
    } catch (error) {
      if (isAbort(error)) stopped = true;
      else failure = describeFailure(error);
      const failed = store.getState().active?.id;
      if (failed !== undefined) runIds.push(failed);
    } finally {
      store.setState({ active: null, last: { runIds, stopped, failure } });
    }
  });
}

function starting(store: TrainingStore, parts: Parts): Pick<TrainingState, 'start' | 'stop' | 'pause'> {
  const { library, engineTime, getModel, getPairs, getSplit, getReports } = parts;

  function stop(pausing: boolean): void {
    const { active } = store.getState();
    if (active === null || active.stopping) return;
    store.setState({ active: { ...active, stopping: true, pausing } });
    engineTime.stop('training');
  }

  return {
    async start(plan) {
      const model = getModel();
      // Pairs that change while a start is under way, say by an undo, are for the next one.
      const pairs = getPairs();
      if (model === null || pairs.length === 0) return;
      const split = plan === undefined ? getSplit() : null;
      const asked = plan ?? readForm(store.getState().form, model.linears).jobs;
      const jobs = planRuns(asked, pairs, getReports(), split).map(({ job }) => job);
      if (jobs.length === 0) return;
      const chosen = chosenRuns(store.getState(), plan === undefined ? jobs : [], model, parts);
      await runStart(store, parts, async (signal, runIds) => {
        for (const [index, job] of jobs.entries()) {
          const toTrain: RunToTrain = {
            job,
            model,
            pairs: requireParts(pairs, job, split),
            startFrom: job.continuesPrevious ? (runIds.at(-1) ?? null) : chosen.startFrom,
            reference: chosen.reference,
            place: index + 1,
            places: jobs.length,
          };
          const run = await trainRun(toTrain, signal, store, parts);
          runIds.push(run.id);
          if (plan === undefined && runIds.length > 1) library.getState().setCompared(runIds);
          if (run.status !== 'finished' || signal.aborted) return true;
        }
        return false;
      });
    },

    stop: () => stop(false),
    pause: () => stop(store.getState().active?.canPause === true),
  };
}

function continuing(store: TrainingStore, parts: Parts): Pick<TrainingState, 'resume' | 'fork'> {
  const { library, getModel, clock } = parts;
  const findRun = (id: string) => library.getState().runs.find((run) => run.id === id);

  /** Trains from a checkpoint of `parent` on, where the open model is the parent's and held as it was then. */
  async function continueFrom(parent: Run, step: number, begin: () => ForkedRun): Promise<void> {
    const model = getModel();
    if (model === null || model.fingerprint !== parent.modelFingerprint || model.precision !== precisionOfRun(parent))
      return;
    await runStart(store, parts, async (signal, runIds) => {
      const { checkpoint, pairs } = await library.getState().checkpointOf(parent.id, step);
      await library.getState().loadMetrics(parent.id);
      const upToStep = <T extends { readonly step: number }>(all: readonly T[] = []) =>
        all.filter((each) => each.step <= step);
      const { run, config, settings } = begin();
      const from = {
        run,
        checkpoint: settings ? checkpoint : { ...checkpoint, best: null },
        metrics: upToStep(library.getState().metrics[parent.id]),
        samples: upToStep(library.getState().samples[parent.id]),
      };
      const job = jobFrom(run.method, config, settings, Number(store.getState().form.save_steps) || 0);
      const { startedFrom: startFrom, reference = null } = run;
      const toTrain: RunToTrain = { job, model, pairs, from, startFrom, reference, place: 1, places: 1 };
      const ended = await trainRun(toTrain, signal, store, parts);
      runIds.push(ended.id);
      return ended.status !== 'finished';
    });
  }

  return {
    async resume(runId) {
      const run = findRun(runId);
      const step = run?.checkpoints?.at(-1);
      if (run === undefined || step === undefined) return;
      const { config, evaluation } = run;
      await continueFrom(run, step, () => ({ run, config, settings: evaluation?.settings ?? null }));
    },

    async fork(runId, step) {
      const parent = findRun(runId);
      const model = getModel();
      if (parent === undefined || model === null) return;
      const job = readForm({ ...store.getState().form, method: parent.method }, model.linears).jobs[0];
      if (job === undefined) return;
      await continueFrom(parent, step, () =>
        forkRun(parent, step, job, {
          id: crypto.randomUUID(),
          name: library.getState().nextName(parent.method),
          startedAt: new Date(clock.now()).toISOString(),
        }),
      );
    },
  };
}

/** The pairs held out are the parent's, so no share of them is to be taken. */
function jobFrom(
  method: Job['method'],
  config: Job['config'],
  settings: EvaluationSettings | null,
  save_steps: number,
): Job {
  return { method, config, save_steps, ...(settings && { evaluation: { settings, share: 0 } }) };
}

export function createTrainingStore(dependencies: TrainingDependencies): TrainingStore {
  const parts: Parts = { clock: systemClock, ...dependencies };
  return createStore<TrainingState>()((_set, _get, store) => ({
    form: parts.form ?? initialForm,
    startFrom: parts.startFrom ?? null,
    reference: parts.reference ?? null,
    active: null,
    last: null,
    probe: null,
    refusal: null,
    ...changingSettings(store, parts),
    ...importing(parts),
    ...probing(store, parts),
    ...starting(store, parts),
    ...continuing(store, parts),
  }));
}
