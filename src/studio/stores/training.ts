/**
 * @file Training: the form, the run under way with its progress, and what came of the last start.
 * One start may be two runs (SFT, then DPO), each from a fresh adapter unless its job says otherwise. Metrics arrive
 * faster than the page can draw, so they are collected and shown a few times a second, and written to storage every few
 * seconds.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelFile, ModelSummary, NamedAdapter, PreferencePair, Progress, StepMetrics } from '../../worker/protocol';
import type { Engine } from '../engine-client';
import { describeFailure, isAbort, type Failure } from '../failure';
import type { AnswerLengths } from '../train/doctor';
import { countSteps, initialForm, readForm, type Job, type TrainForm } from '../train/options';
import { sumBytes, type LibraryStore, type Run } from './library';

const showEveryMs = 100;
const writeEveryMs = 5000;

/** What a run is doing; `total` is 0 where it is not known. */
export interface Phase {
  readonly kind: 'preparing' | 'encoding' | 'compiling' | 'reference' | 'training' | 'evaluating' | 'saving';
  readonly detail: string;
  readonly done: number;
  readonly total: number;
}

export interface ActiveRun {
  readonly id: string;
  readonly name: string;
  readonly method: 'dpo' | 'sft';
  readonly config: Job['config'];
  readonly lengths: AnswerLengths | null;
  /** 1-based place among the runs of this start. */
  readonly place: number;
  readonly places: number;
  readonly phase: Phase;
  readonly metrics: readonly StepMetrics[];
  readonly totalSteps: number;
  readonly secondsPerStep: number;
  readonly secondsLeft: number | null;
  readonly stopping: boolean;
}

export interface LastStart {
  /** The runs of the start, in order. */
  readonly runIds: readonly string[];
  readonly stopped: boolean;
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
  /** Why the engine would refuse the form as it stands, its sentence. */
  readonly refusal: string | null;

  setForm(change: Partial<TrainForm>): void;
  setStartFrom(runId: string | null): void;
  setReference(runId: string | null): void;
  /** Keeps an adapter that was trained elsewhere among the runs; why not, where it does not fit the open model. */
  importAdapter(name: string, files: readonly ModelFile[]): Promise<Failure | null>;
  /** Asks the engine whether it would train by the form. */
  checkSettings(): Promise<void>;
  /** Trains what the form says, or the given jobs. Resolves when all runs of this start have ended. */
  start(plan?: readonly Job[]): Promise<void>;
  /** Ends the run under way, keeping what it has reached, and starts no further one. */
  stop(): void;
}

export type TrainingStore = StoreApi<TrainingState>;

export interface TrainingDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly getPairs: () => readonly PreferencePair[];
  /** Called before the engine is used, to end background work. */
  readonly claimEngine: () => void;
  /** Marks a run as going, for other tabs, until the returned function is called. */
  readonly markRunning: (runId: string) => () => void;
  readonly now?: () => number;
  readonly form?: TrainForm;
}

/** One run of a start. */
interface OneRun {
  readonly job: Job;
  readonly model: ModelSummary;
  readonly pairs: readonly PreferencePair[];
  readonly startFrom: string | null;
  readonly reference: string | null;
  readonly place: number;
  readonly places: number;
  readonly signal: AbortSignal;
}

function phaseOf(event: Progress): Phase | null {
  switch (event.kind) {
    case 'loading':
      return { kind: 'preparing', detail: event.what, done: event.done, total: event.total };
    case 'encoding':
    case 'reference':
    case 'evaluating':
      return { kind: event.kind, detail: '', done: event.done, total: event.total };
    case 'compiling':
      return { kind: 'compiling', detail: event.what, done: 0, total: 0 };
    case 'step':
      return { kind: 'training', detail: '', done: event.metrics.step, total: event.totalSteps };
    case 'encoded':
    case 'checkpoint':
    case 'start':
    case 'token':
      return null;
  }
}

export function createTrainingStore(dependencies: TrainingDependencies): TrainingStore {
  const { engine, library, getModel, getPairs, claimEngine, markRunning, now = Date.now } = dependencies;
  let controller: AbortController | null = null;

  return createStore<TrainingState>()((set, get) => {
    async function namedAdapter(runId: string | null): Promise<NamedAdapter | null> {
      if (runId === null) return null;
      const files = await library.getState().adapterOf(runId);
      return { name: library.getState().runs.find(({ id }) => id === runId)?.name ?? runId, files };
    }

    /** Trains one run to its end, writing it as it goes; throws what the engine threw, after writing that too. */
    async function trainOne({ job, model, pairs, startFrom, reference, place, places, signal }: OneRun): Promise<Run> {
      const started = now();
      const metrics: StepMetrics[] = [];
      let run: Run = {
        id: crypto.randomUUID(),
        name: library.getState().nextName(job.method),
        method: job.method,
        status: 'running',
        modelName: model.name,
        modelFingerprint: model.fingerprint,
        startedAt: new Date(started).toISOString(),
        config: job.config,
        pairs: pairs.length,
        startedFrom: startFrom,
        ...(reference !== null && { reference }),
        steps: 0,
        totalSteps: countSteps(job.config, pairs.length),
        seconds: 0,
        finalLoss: null,
        finalMargin: null,
        adapterBytes: 0,
        warnings: [],
        error: null,
      };
      const soFar = (): Run => {
        const latest = metrics.at(-1);
        return {
          ...run,
          steps: latest?.step ?? 0,
          seconds: (now() - started) / 1000,
          finalLoss: latest?.loss ?? null,
          finalMargin: latest?.['rewards/margins'] ?? null,
        };
      };
      set({
        active: {
          id: run.id, name: run.name, method: run.method, config: run.config, lengths: null, place, places, metrics: [], totalSteps: run.totalSteps,
          secondsPerStep: 0, secondsLeft: null, stopping: false,
          phase: { kind: 'preparing', detail: '', done: 0, total: 0 },
        },
      });
      const update = (change: Partial<ActiveRun>) => {
        const { active } = get();
        if (active?.id === run.id) set({ active: { ...active, ...change } });
      };

      let waiting: Partial<ActiveRun> = {};
      let timer: ReturnType<typeof setTimeout> | null = null;
      const show = () => {
        if (timer !== null) clearTimeout(timer);
        timer = null;
        update({ ...waiting, metrics: [...metrics] });
        waiting = {};
      };
      // Writes follow one another: two at once could end in the wrong order.
      let writing: Promise<void> = Promise.resolve();
      let written = started;

      const onProgress = (event: Progress) => {
        const phase = phaseOf(event);
        if (phase !== null) waiting = { ...waiting, phase };
        if (event.kind === 'encoded') {
          const lengths = { chosen: event.chosenTokens, rejected: event.rejectedTokens };
          run = { ...run, lengths };
          waiting = { ...waiting, lengths };
        }
        if (event.kind === 'start') {
          const { loss, expectedLoss, rewards } = event;
          run = { ...run, start: { loss, expectedLoss, rewards } };
        }
        if (event.kind === 'step') {
          metrics.push(event.metrics);
          const { totalSteps, secondsPerStep, secondsLeft } = event;
          waiting = { ...waiting, totalSteps, secondsPerStep, secondsLeft };
          run = { ...run, totalSteps };
          if (now() - written >= writeEveryMs) {
            written = now();
            writing = writing.then(() => library.getState().save(soFar(), { metrics: [...metrics] }));
          }
        }
        timer ??= setTimeout(show, showEveryMs);
      };

      const release = markRunning(run.id);
      try {
        await library.getState().save(run);
        const [initAdapter, refAdapter] = [await namedAdapter(startFrom), await namedAdapter(reference)];
        const result = await engine.call('train', { config: job.config, pairs, initAdapter, refAdapter }, { signal, onProgress });
        show();
        update({ phase: { kind: 'saving', detail: '', done: 0, total: 0 }, secondsLeft: null });
        await writing;
        run = {
          ...soFar(),
          status: result.stopped ? 'stopped' : 'finished',
          steps: result.steps,
          totalSteps: result.totalSteps,
          seconds: result.seconds,
          adapterBytes: sumBytes(result.adapter),
          warnings: result.warnings,
        };
        await library.getState().save(run, { metrics, adapter: result.adapter });
        return run;
      } catch (error) {
        show();
        await writing;
        const failure = isAbort(error)
          ? { status: 'stopped' as const, error: null }
          : { status: 'failed' as const, error: describeFailure(error).sentence };
        await library.getState().save({ ...soFar(), ...failure }, { metrics });
        throw error;
      } finally {
        if (timer !== null) clearTimeout(timer);
        release();
      }
    }

    return {
      form: dependencies.form ?? initialForm,
      startFrom: null,
      reference: null,
      active: null,
      last: null,
      refusal: null,

      setForm: (change) => set({ form: { ...get().form, ...change }, refusal: null }),

      async checkSettings() {
        const { form } = get();
        // The layers are checked against the model when it is there; the losses need none.
        const { jobs } = readForm({ ...form, targets: 'all-linear' }, []);
        let refusal: string | null = null;
        try {
          for (const { config } of jobs) await engine.call('checkConfig', { config });
        } catch (error) {
          refusal = describeFailure(error).sentence;
        }
        if (get().form === form) set({ refusal });
      },
      setStartFrom: (startFrom) => set({ startFrom }),
      setReference: (reference) => set({ reference }),

      async importAdapter(name, chosen) {
        const model = getModel();
        if (model === null) return null;
        try {
          const { report, files } = await engine.call('checkAdapter', { files: chosen });
          const { lora_r, lora_alpha, target_modules, ancestors, knowsBase, method } = report;
          const taken = new Set(library.getState().runs.map((run) => run.name));
          let free = name;
          for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
          const run: Run = {
            id: crypto.randomUUID(),
            name: free,
            // PEFT does not say how an adapter was trained; what DPO starts from is one of SFT.
            method: method ?? 'sft',
            status: 'finished',
            modelName: model.name,
            modelFingerprint: model.fingerprint,
            startedAt: new Date(now()).toISOString(),
            config: { lora_r, lora_alpha, lora_target_modules: target_modules },
            pairs: 0,
            startedFrom: null,
            imported: { ancestors, knowsBase },
            steps: 0,
            totalSteps: 0,
            seconds: 0,
            finalLoss: null,
            finalMargin: null,
            adapterBytes: sumBytes(files),
            warnings: [],
            error: null,
          };
          await library.getState().save(run, { metrics: [], adapter: files });
          return null;
        } catch (error) {
          return describeFailure(error);
        }
      },

      async start(plan) {
        const model = getModel();
        // Pairs that change while a start is under way, say by an undo, are for the next one.
        const pairs = getPairs();
        if (get().active !== null || model === null) return;
        const jobs = plan ?? readForm(get().form, model.linears).jobs;
        if (jobs.length === 0 || pairs.length === 0) return;
        const isOne = plan === undefined && jobs.length === 1;
        const isUsable = (id: string | null) => library.getState().runs.some((run) => run.id === id && run.modelFingerprint === model.fingerprint && run.adapterBytes > 0);
        const startFrom = isOne && isUsable(get().startFrom) ? get().startFrom : null;
        const reference = isOne && jobs[0]?.method === 'dpo' && isUsable(get().reference) ? get().reference : null;
        claimEngine();
        controller = new AbortController();
        const { signal } = controller;
        const runIds: string[] = [];
        let failure: Failure | null = null;
        let stopped = false;
        set({ last: null });
        try {
          for (const [index, job] of jobs.entries()) {
            const run = await trainOne({ job, model, pairs, startFrom: job.continuesPrevious ? (runIds.at(-1) ?? null) : startFrom, reference, place: index + 1, places: jobs.length, signal });
            runIds.push(run.id);
            stopped = run.status === 'stopped';
            if (stopped || signal.aborted) break;
          }
        } catch (error) {
          if (isAbort(error)) stopped = true;
          else failure = describeFailure(error);
          const failed = get().active?.id;
          if (failed !== undefined) runIds.push(failed);
        } finally {
          controller = null;
          set({ active: null, last: { runIds, stopped, failure } });
        }
      },

      stop() {
        const { active } = get();
        if (active === null || active.stopping) return;
        set({ active: { ...active, stopping: true } });
        controller?.abort();
      },
    };
  });
}
