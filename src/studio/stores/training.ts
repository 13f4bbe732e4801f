/**
 * @file Training: the form, the run under way with its progress, and what came of the last start.
 * One start may be two runs (SFT, then DPO), each from a fresh adapter unless its job says otherwise. Metrics arrive
 * faster than the page can draw, so they are collected and shown a few times a second, and written to storage every few
 * seconds.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { Split } from '../../data/split';
import type { RunPairs, SampleRound } from '../../storage/records';
import type {
  TrainingCheckpoint,
  EvaluationSettings,
  ModelFile,
  ModelSummary,
  NamedAdapter,
  PairReport,
  PreferencePair,
  ProbeReport,
  Progress,
  StepMetrics,
} from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import type { Sayable } from '../../messages/message';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { AnswerLengths } from '../plain/train/doctor';
import { currentText } from '../text/text';
import { withDefaults } from '../../run/config';
import { countSteps } from '../../run/steps';
import { initialForm, readForm, type Job, type TrainForm } from '../plain/train/options';
import { partsOf, planRuns, samplePrompts } from '../plain/train/plan';
import type { EngineTime } from './engine-time';
import { type LibraryStore } from './library';
import { precisionOfRun, type Run, sumBytes } from '../plain/runs/run';

const showEveryMs = 100;
const writeEveryMs = 5000;

/** Checkpoints kept of a run, the latest ones. */
const keptCheckpoints = 3;

/** What a fork does not take over from its parent. */
const notInherited: readonly string[] = ['bestStep', 'evaluation'];

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
  /** Its fixed prompts, and their answers at each evaluation. */
  readonly prompts: readonly PreferencePair['prompt'][];
  readonly samples: readonly SampleRound[];
  readonly totalSteps: number;
  readonly secondsPerStep: number;
  readonly secondsLeft: number | null;
  readonly stopping: boolean;
  /** It can be paused: its checkpoint will be kept. */
  readonly canPause: boolean;
}

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
  /** The last probe of the form as it stands; null after any change. */
  readonly probe: Probe | null;
  /** Why the engine would refuse the form as it stands, its sentence. */
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
  /** A new run from a checkpoint of another, with the form's settings but its pairs, adapter shape and start. */
  fork(runId: string, step: number): Promise<void>;
}

export type TrainingStore = StoreApi<TrainingState>;

/** Marks a run as going, for other tabs, until the returned function is called; null where another tab trains it. */
export type MarkRunning = (runId: string) => (() => void) | null | Promise<(() => void) | null>;

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
  readonly now?: () => number;
  readonly form?: TrainForm;
  readonly startFrom?: string | null;
  readonly reference?: string | null;
}

/** One run of a start. */
interface OneRun {
  readonly job: Job;
  readonly model: ModelSummary;
  readonly pairs: RunPairs;
  /** Where to go on from; the run is then the one that goes on, or a new one made of it. */
  readonly from?: {
    readonly run: Run;
    readonly checkpoint: TrainingCheckpoint;
    readonly metrics: readonly StepMetrics[];
    readonly samples: readonly SampleRound[];
  };
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
    case 'samples':
    case 'token':
      return null;
  }
}

export function createTrainingStore(dependencies: TrainingDependencies): TrainingStore {
  const {
    engine,
    library,
    getModel,
    getPairs,
    getSplit,
    getReports,
    engineTime,
    markRunning,
    now = Date.now,
  } = dependencies;
  let isPausing = false;

  return createStore<TrainingState>()((set, get) => {
    async function namedAdapter(runId: string | null): Promise<NamedAdapter | null> {
      if (runId === null) return null;
      const files = await library.getState().adapterOf(runId);
      return { name: library.getState().runs.find(({ id }) => id === runId)?.name ?? runId, files };
    }

    /** The run, if the open model can take its adapter; null otherwise. */
    function usableOne(id: string | null, { fingerprint }: ModelSummary): string | null {
      return library
        .getState()
        .runs.some((run) => run.id === id && run.modelFingerprint === fingerprint && run.adapterBytes > 0)
        ? id
        : null;
    }

    /** Trains one run to its end, writing it as it goes; throws what the engine threw, after writing that too. */
    async function trainOne({
      job,
      model,
      pairs,
      from,
      startFrom,
      reference,
      place,
      places,
      signal,
    }: OneRun): Promise<Run> {
      const started = now() - (from?.run.seconds ?? 0) * 1000;
      const metrics: StepMetrics[] = [...(from?.metrics ?? [])];
      let samples: readonly SampleRound[] = from?.samples ?? [];
      const { settings = null } = job.evaluation ?? {};
      const asked =
        job.samples && settings
          ? { prompts: samplePrompts(job.samples.prompts, pairs), maxNewTokens: job.samples.maxNewTokens }
          : undefined;
      const totalSteps = countSteps(withDefaults(job.config), pairs.train.length);
      let run: Run = from
        ? { ...from.run, status: 'running', totalSteps, error: null }
        : {
            id: crypto.randomUUID(),
            name: library.getState().nextName(job.method),
            method: job.method,
            status: 'running',
            modelName: model.name,
            modelFingerprint: model.fingerprint,
            precision: model.precision,
            startedAt: new Date(started).toISOString(),
            config: job.config,
            pairs: pairs.train.length,
            startedFrom: startFrom,
            ...(reference !== null && { reference }),
            ...(asked && { samples: asked }),
            ...(settings && { evaluation: { pairs: pairs.evaluation.length, settings } }),
            steps: 0,
            totalSteps,
            seconds: 0,
            finalLoss: null,
            finalMargin: null,
            adapterBytes: 0,
            warnings: [],
            error: null,
          };
      const release = await markRunning(run.id);
      if (release === null) throw new UserError(currentText().faults.trainedElsewhere(run.name));
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
          id: run.id,
          name: run.name,
          method: run.method,
          config: run.config,
          lengths: run.lengths ?? null,
          place,
          places,
          metrics: [...metrics],
          totalSteps,
          prompts: run.samples?.prompts ?? [],
          samples,
          secondsPerStep: 0,
          secondsLeft: null,
          stopping: false,
          canPause: job.save_steps !== undefined,
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
        if (event.kind === 'checkpoint') {
          const { checkpoint } = event;
          run = {
            ...run,
            checkpoints: [...(run.checkpoints ?? []).filter((step) => step !== checkpoint.step), checkpoint.step].slice(
              -keptCheckpoints,
            ),
          };
          const [record, steps, answers] = [soFar(), [...metrics], samples];
          writing = writing.then(() => library.getState().saveCheckpoint(record, steps, checkpoint, pairs, answers));
        }
        if (event.kind === 'samples') {
          samples = [...samples, { step: event.step, answers: event.answers }];
          waiting = { ...waiting, samples };
        }
        if (event.kind === 'start') {
          const { loss, expectedLoss, rewards } = event;
          run = { ...run, start: { loss, expectedLoss, rewards } };
        }
        if (event.kind === 'step') {
          const { totalSteps, secondsPerStep, secondsLeft, tokensPerSecond } = event;
          metrics.push(
            tokensPerSecond === undefined ? event.metrics : { ...event.metrics, tokens_per_second: tokensPerSecond },
          );
          waiting = { ...waiting, totalSteps, secondsPerStep, secondsLeft };
          run = { ...run, totalSteps };
          if (now() - written >= writeEveryMs) {
            written = now();
            writing = writing.then(() => library.getState().save(soFar(), { metrics: [...metrics], samples }));
          }
        }
        timer ??= setTimeout(show, showEveryMs);
      };

      try {
        await library.getState().save(run);
        const [initAdapter, refAdapter] = [await namedAdapter(startFrom), await namedAdapter(reference)];
        const result = await engine.call(
          'train',
          {
            config: job.config,
            pairs: pairs.train,
            initAdapter,
            refAdapter,
            resume: from?.checkpoint ?? null,
            evaluation: settings && { settings, pairs: pairs.evaluation },
            samples: (settings && run.samples) ?? null,
            // 0 keeps the last one alone: no run has as many steps.
            save_steps: job.save_steps === 0 ? Number.MAX_SAFE_INTEGER : (job.save_steps ?? null),
          },
          { signal, onProgress },
        );
        show();
        update({ phase: { kind: 'saving', detail: '', done: 0, total: 0 }, secondsLeft: null });
        await writing;
        run = {
          ...soFar(),
          status: !result.stopped ? 'finished' : isPausing ? 'paused' : 'stopped',
          steps: result.steps,
          totalSteps: result.totalSteps,
          seconds: (from?.run.seconds ?? 0) + result.seconds,
          ...(result.bestStep !== null && { bestStep: result.bestStep }),
          adapterBytes: sumBytes(result.adapter),
          warnings: result.warnings,
        };
        await library.getState().save(run, { metrics, samples, adapter: result.adapter });
        return run;
      } catch (error) {
        show();
        await writing;
        const failure = isAbort(error)
          ? { status: 'stopped' as const, error: null }
          : { status: 'failed' as const, error: describeFailure(error).sentence };
        await library.getState().save({ ...soFar(), ...failure }, { metrics, samples });
        throw error;
      } finally {
        if (timer !== null) clearTimeout(timer);
        release();
      }
    }

    /** What is trained on and what is held out, neither of them empty where it is needed. */
    function requireParts(pairs: readonly PreferencePair[], job: Job, own: Split | null): RunPairs {
      const parts = partsOf(pairs, job, own);
      if (parts.train.length === 0 || (job.evaluation && parts.evaluation.length === 0))
        throw new UserError(currentText().faults.nothingHeldOut);
      return parts;
    }

    const isAtWork = () => engineTime.isRunning('training') || engineTime.isRunning('probing');

    /** Takes the engine for a start, and says afterwards what came of it; `work` tells whether it was stopped. */
    async function hold(work: (signal: AbortSignal, runIds: string[]) => Promise<boolean>): Promise<void> {
      if (isAtWork()) return;
      await engineTime.run('training', async (signal) => {
        isPausing = false;
        const runIds: string[] = [];
        let failure: Failure | null = null;
        let stopped = false;
        set({ last: null });
        try {
          stopped = await work(signal, runIds);
        } catch (error) {
          if (isAbort(error)) stopped = true;
          else failure = describeFailure(error);
          const failed = get().active?.id;
          if (failed !== undefined) runIds.push(failed);
        } finally {
          set({ active: null, last: { runIds, stopped, failure } });
        }
      });
    }

    /** Trains from a checkpoint of `parent` on, as the run and settings that `choose` gives. */
    async function goOn(
      parent: Run,
      step: number,
      choose: () => { readonly run: Run; readonly config: Job['config']; readonly settings: EvaluationSettings | null },
    ): Promise<void> {
      const model = getModel();
      if (model === null || model.fingerprint !== parent.modelFingerprint || model.precision !== precisionOfRun(parent))
        return;
      await hold(async (signal, runIds) => {
        const { checkpoint, pairs } = await library.getState().checkpointOf(parent.id, step);
        await library.getState().loadMetrics(parent.id);
        const metrics = (library.getState().metrics[parent.id] ?? []).filter((each) => each.step <= step);
        const samples = (library.getState().samples[parent.id] ?? []).filter((each) => each.step <= step);
        const { run, config, settings } = choose();
        const job: Job = {
          method: run.method,
          config,
          save_steps: Number(get().form.save_steps) || 0,
          ...(settings && { evaluation: { settings, share: 0 } }),
        };
        const from = { run, checkpoint: settings ? checkpoint : { ...checkpoint, best: null }, metrics, samples };
        const ended = await trainOne({
          job,
          model,
          pairs,
          from,
          startFrom: run.startedFrom,
          reference: run.reference ?? null,
          place: 1,
          places: 1,
          signal,
        });
        runIds.push(ended.id);
        return ended.status !== 'finished';
      });
    }

    return {
      form: dependencies.form ?? initialForm,
      startFrom: dependencies.startFrom ?? null,
      reference: dependencies.reference ?? null,
      active: null,
      last: null,
      probe: null,
      refusal: null,

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

      async importAdapter(name, chosen) {
        const model = getModel();
        if (model === null) return null;
        try {
          const { report, files } = await engine.call('checkAdapter', { files: chosen });
          const { lora_r, lora_alpha, target_modules, ancestors, knowsBase, basePrecision, method } = report;
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
            ...(basePrecision !== null && { precision: basePrecision }),
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

      async startProbe() {
        const model = getModel();
        const pairs = getPairs();
        if (model === null || pairs.length === 0 || isAtWork()) return;
        const split = getSplit();
        const jobs = planRuns(readForm(get().form, model.linears).jobs, pairs, getReports(), split).map(
          ({ job }) => job,
        );
        await engineTime.run('probing', async (signal) => {
          let probe: Probe = { isRunning: true, reports: [], failure: null };
          const show = (change: Partial<Probe>) => {
            probe = { ...probe, ...change };
            set({ probe });
          };
          show({});
          try {
            for (const job of jobs) {
              const parts = requireParts(pairs, job, split);
              const initAdapter = jobs.length === 1 ? await namedAdapter(usableOne(get().startFrom, model)) : null;
              const refAdapter =
                jobs.length === 1 && job.method === 'dpo'
                  ? await namedAdapter(usableOne(get().reference, model))
                  : null;
              const evaluation = job.evaluation ? { settings: job.evaluation.settings, pairs: parts.evaluation } : null;
              const report = await engine.call(
                'probe',
                { config: job.config, pairs: parts.train, initAdapter, refAdapter, evaluation },
                { signal },
              );
              show({ reports: [...probe.reports, { method: job.method, report }] });
            }
          } catch (error) {
            if (isAbort(error)) probe = { ...probe, reports: [] };
            else show({ failure: describeFailure(error) });
          } finally {
            show({ isRunning: false });
          }
        });
      },

      stopProbe() {
        engineTime.stop('probing');
      },

      async start(plan) {
        const model = getModel();
        // Pairs that change while a start is under way, say by an undo, are for the next one.
        const pairs = getPairs();
        const asked = plan ?? (model === null ? [] : readForm(get().form, model.linears).jobs);
        if (model === null || asked.length === 0 || pairs.length === 0) return;
        const split = plan === undefined ? getSplit() : null;
        const jobs = planRuns(asked, pairs, getReports(), split).map(({ job }) => job);
        const isOne = plan === undefined && jobs.length === 1;
        const startFrom = isOne ? usableOne(get().startFrom, model) : null;
        const reference = isOne && jobs[0]?.method === 'dpo' ? usableOne(get().reference, model) : null;
        await hold(async (signal, runIds) => {
          for (const [index, job] of jobs.entries()) {
            const parts = requireParts(pairs, job, split);
            const run = await trainOne({
              job,
              model,
              pairs: parts,
              startFrom: job.continuesPrevious ? (runIds.at(-1) ?? null) : startFrom,
              reference,
              place: index + 1,
              places: jobs.length,
              signal,
            });
            runIds.push(run.id);
            if (plan === undefined && runIds.length > 1) library.getState().setCompared(runIds);
            if (run.status !== 'finished' || signal.aborted) return true;
          }
          return false;
        });
      },

      async resume(runId) {
        const run = library.getState().runs.find(({ id }) => id === runId);
        const step = run?.checkpoints?.at(-1);
        if (run === undefined || step === undefined) return;
        await goOn(run, step, () => ({ run, config: run.config, settings: run.evaluation?.settings ?? null }));
      },

      async fork(runId, step) {
        const parent = library.getState().runs.find(({ id }) => id === runId);
        const model = getModel();
        if (parent === undefined || model === null) return;
        const job = readForm({ ...get().form, method: parent.method }, model.linears).jobs[0];
        if (job === undefined) return;
        await goOn(parent, step, () => {
          const { lora_r, lora_alpha, lora_target_modules } = parent.config;
          const config = {
            ...job.config,
            ...(Object.fromEntries(
              Object.entries({ lora_r, lora_alpha, lora_target_modules }).filter(([, value]) => value !== undefined),
            ) as Job['config']),
          };
          const { evaluation } = parent;
          const rest = Object.fromEntries(
            Object.entries(parent).filter(([key]) => !notInherited.includes(key)),
          ) as unknown as Run;
          const settings = job.evaluation && evaluation ? job.evaluation.settings : null;
          const run: Run = {
            ...rest,
            id: crypto.randomUUID(),
            name: library.getState().nextName(parent.method),
            startedAt: new Date(now()).toISOString(),
            config,
            forkedFrom: { runId: parent.id, step },
            checkpoints: [],
            adapterBytes: 0,
            warnings: [],
            seconds: 0,
            ...(settings && evaluation && { evaluation: { pairs: evaluation.pairs, settings } }),
          };
          return { run, config, settings };
        });
      },

      stop() {
        const { active } = get();
        if (active === null || active.stopping) return;
        set({ active: { ...active, stopping: true } });
        engineTime.stop('training');
      },

      pause() {
        isPausing = get().active?.canPause === true;
        get().stop();
      },
    };
  });
}
