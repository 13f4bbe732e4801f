/**
 * @file "My frontier": a sweep of beta over the open data set. Its runs are runs like all others; each is trained, then
 * answers held-out prompts, which tells its reward and its divergence. It is written after every block of answers and
 * whenever a run begins, so a reload goes on where it stood. The machinery of answering is in round.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { RunPairs } from '../../storage/records';
import type { Sweep } from '../../storage/sweep-record';
import type { ModelSummary } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { runsLike, trainsAlike } from '../plain/frontier/like-run';
import { blockAt, blocksAtHand, countBlocks, isMeasurable, jobOf, referenceRun } from '../plain/frontier/sweep';
import {
  initialSweepForm,
  readSweepForm,
  type SweepForm,
  type SweepPlan,
  type SweepSources,
} from '../plain/frontier/sweep-form';
import type { SweepPace } from '../plain/frontier/sweep-time';
import type { Storage } from '../plain/records';
import { goingOn } from '../plain/runs/going-on';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import { measureBlock, openReward, prepareMeasuring, type BlockSeconds } from './measure-sweep';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import { createRound, type RoundOfStore, type RoundState } from './round';
import { namedAdapter, referenceAdapter, type MarkRunning } from './train-run';
import type { ChosenRuns } from './training-jobs';
import type { TrainingStore } from './training-state';
import { variantOf } from './variants';
import { oneAtATime } from './one-at-a-time';

/** How long parts of a sweep take, as far as they were measured. */
export type KnownPace = { readonly [K in keyof SweepPace]: number | null };

export interface TimeTrial {
  readonly isRunning: boolean;
  /** Tells what the time was measured of. */
  readonly of: string;
  readonly pace: SweepPace | null;
  readonly failure: Failure | null;
}

export interface SweepState extends RoundState<SweepForm, Sweep, never> {
  /** Whether it trains or answers. */
  readonly isWorking: boolean;
  readonly pace: KnownPace;
  /** What measuring the time found; null before it was asked for. */
  readonly trial: TimeTrial | null;

  /** Begins a sweep as the form says. */
  start(): Promise<void>;
  /** Trains and answers what is left. */
  goOn(): Promise<void>;
  /** Takes three steps and answers a few prompts, keeping nothing but what they took. */
  measureTime(): Promise<void>;
}

export type SweepStore = StoreApi<SweepState>;

export interface SweepDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly training: TrainingStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readSweep' | 'writeSweep'>;
  readonly pending: PendingWrites;
  readonly getModel: () => ModelSummary | null;
  /** Marks a sweep as being carried out, for other tabs, as a run is marked. */
  readonly markRunning: MarkRunning;
  /** What the form is read against, but for the model. */
  readonly getSources: () => Omit<SweepSources, 'model'>;
  readonly getDataName: () => string | null;
  /** The runs that the Train screen begins from and is held against. */
  readonly getStart: (model: ModelSummary) => ChosenRuns;
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

type SweepRound = RoundOfStore<SweepForm, Sweep, never>;

const noPace: KnownPace = { run: null, answer: null, scoring: null };

/** What decides how long a planned sweep takes, beside how many runs and answers it has. */
export const trialKey = (
  { job, sampling, steps }: Pick<SweepPlan, 'job' | 'sampling' | 'steps'>,
  { fingerprint, precision }: ModelSummary,
): string => JSON.stringify([job, sampling.maxNewTokens, steps, fingerprint, precision]);

/** Whether the open model is the sweep's, held as it was then. */
export const fitsModel = ({ fingerprint, precision }: Sweep, model: ModelSummary | null): boolean =>
  model !== null && model.fingerprint === fingerprint && model.precision === precision;

function createSweepRound(store: SweepStore, dependencies: SweepDependencies, now: () => number): SweepRound {
  const { storage, engine, library } = dependencies;
  const onBlock = ({ answers, answering, scoring }: BlockSeconds) => {
    if (answers === 0) return;
    const { pace } = store.getState();
    const each = scoring === null ? pace.scoring : scoring / answers;
    store.setState({ pace: { ...pace, answer: answering / answers, scoring: each } });
  };
  return createRound<SweepForm, Sweep, never>(store, {
    ...dependencies,
    workKind: 'sweep',
    now,
    initialForm: initialSweepForm,
    read: async () => {
      const { value, stamp } = await storage.readSweep();
      return { value: value === null ? null : { form: value.form, round: value.sweep }, stamp };
    },
    write: ({ form, round }, over) => storage.writeSweep({ form, sweep: round }, over),
    isSame: (a, b) => a.at === b.at,
    comparisonsOf: () => [],
    prepareAnswering: (sweep) => prepareMeasuring(sweep, { engine, library, now, onBlock }),
    words: () => currentText().frontier,
  });
}

/** What the runs of a sweep train on: what one of them keeps, what was planned here, or the open data set again. */
async function pairsFor(
  sweep: Sweep,
  planned: RunPairs | null,
  { library, dataset }: Pick<SweepDependencies, 'library' | 'dataset'>,
): Promise<RunPairs> {
  for (const id of sweep.runs) {
    const kept = id === null ? null : await library.getState().pairsOf(id);
    if (kept !== null) return kept;
  }
  if (planned !== null) return planned;
  const { openId, rows } = dataset.getState();
  if (openId !== sweep.datasetId) throw new UserError('sweepLacksPairs', { dataset: sweep.dataset ?? sweep.datasetId });
  const held = new Set(sweep.prompts.map((prompt) => JSON.stringify(prompt)));
  const pairs = rows.map(({ pair, scores }) => (scores ? { ...pair, scores } : pair));
  const isHeld = ({ prompt }: (typeof pairs)[number]) => held.has(JSON.stringify(prompt));
  return { train: pairs.filter((pair) => !isHeld(pair)), evaluation: pairs.filter(isHeld) };
}

/** For each beta a run that is there already and would come out the same; null where there is none. */
async function runsAtHand(
  asked: Parameters<typeof runsLike>[0],
  pairs: RunPairs,
  library: LibraryStore,
): Promise<readonly (string | null)[]> {
  const { runs, pairsOf } = library.getState();
  const found: (string | null)[] = [];
  for (const at of asked.betas.keys()) {
    let id: string | null = null;
    for (const run of runsLike(asked, at, runs)) if (trainsAlike(await pairsOf(run.id), pairs)) id ??= run.id;
    found.push(id);
  }
  return found;
}

interface BetaToTrain {
  readonly sweep: Sweep;
  readonly at: number;
  readonly planned: RunPairs | null;
  readonly signal: EngineSignal;
  /** Writes which run it is. */
  readonly noteRun: (id: string) => Promise<unknown>;
}

/** Trains one run of a sweep, or goes on with it. @returns whether it has ended as it should */
async function trainBeta(
  { sweep, at, planned, signal, noteRun }: BetaToTrain,
  dependencies: SweepDependencies,
): Promise<boolean> {
  const { training, library } = dependencies;
  const { runs } = library.getState();
  const run = runs.find(({ id }) => id === sweep.runs[at]);
  if (run?.status === 'running') throw new UserError('trainedElsewhere', { run: run.name });
  const pairs = await pairsFor(sweep, planned, dependencies);
  if (signal.aborted) return false;
  let noted: Promise<unknown> = Promise.resolve();
  const unfollow = training.subscribe(({ active }, before) => {
    if (active === null || active.id === before.active?.id) return;
    noted = noteRun(active.id);
    if (signal.aborted) training.getState().pause();
  });
  try {
    const { dataset, startFrom, reference } = sweep;
    if (run !== undefined && goingOn(run, runs) !== null) await training.getState().resume(run.id);
    else await training.getState().trainOver({ job: jobOf(sweep, at), pairs, dataset, startFrom, reference });
  } finally {
    unfollow();
    await noted;
  }
  const { last } = training.getState();
  if (last?.failure) throw new UserError('asSaid', { sentence: last.failure.sentence });
  return last?.stopped === false;
}

/** What is left of a sweep, carried out: answers as far as there are runs, then the next run, and so on. */
function working(
  { getState: get, setState: set }: SweepStore,
  round: SweepRound,
  dependencies: SweepDependencies,
  plannedFor: (sweep: Sweep) => RunPairs | null,
): Pick<SweepState, 'goOn' | 'stop'> {
  const { engineTime, library, training, getModel, markRunning } = dependencies;

  /** @returns whether there may be more to do */
  async function workOn(signal: EngineSignal): Promise<boolean> {
    const { runs } = library.getState();
    const sweep = get().round;
    if (sweep === null) return false;
    if (sweep.answered.length < blocksAtHand(sweep, runs)) {
      await get().answerRest();
      const isMore = (get().round?.answered.length ?? 0) > sweep.answered.length;
      return isMore && get().failure === null && !signal.aborted;
    }
    const at = sweep.runs.findIndex((id) => !isMeasurable(runs.find((run) => run.id === id)));
    if (at < 0 || sweep.answered.length === countBlocks(sweep)) return false;
    const noteRun = (id: string) =>
      round.changeRound((now) => (now.at === sweep.at ? { ...now, runs: now.runs.with(at, id) } : null));
    const asked = { sweep, at, planned: plannedFor(sweep), signal, noteRun };
    return (await trainBeta(asked, dependencies)) && !signal.aborted;
  }

  /** Carries the sweep out, unless another tab does: that one would train the same betas. */
  async function workAlone({ at }: Sweep, signal: EngineSignal): Promise<void> {
    const release = await markRunning(`frontier-${at}`);
    if (release === null) throw new UserError('sweepElsewhere');
    try {
      // What another tab has trained meanwhile is not trained again.
      await get().refresh();
      while (get().round?.at === at && (await workOn(signal)));
    } finally {
      release();
    }
  }

  return {
    async goOn() {
      const sweep = get().round;
      if (sweep === null || get().isWorking || !fitsModel(sweep, getModel())) return;
      await engineTime.run('sweep', async (signal) => {
        set({ isWorking: true, stopping: false, failure: null });
        try {
          await workAlone(sweep, signal);
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          set({ isWorking: false, stopping: false });
        }
      });
    },

    stop() {
      const { isWorking, trial } = get();
      if (!isWorking && trial?.isRunning !== true) return;
      set({ stopping: true });
      engineTime.stop('sweep');
      if (isWorking) training.getState().pause();
    },
  };
}

/** Three steps of a run, and the answers of one block with their log-ratios, by which the whole is told. */
async function tryTime(
  plan: SweepPlan,
  model: ModelSummary,
  signal: EngineSignal,
  { engine, library, getStart, now = Date.now }: SweepDependencies,
): Promise<SweepPace | null> {
  const { startFrom, reference } = getStart(model);
  const { job, pairs } = plan;
  const report = await engine.call(
    'probe',
    {
      config: job.config,
      pairs: pairs.train,
      initAdapter: await namedAdapter(startFrom, library),
      refAdapter: await referenceAdapter(reference, library),
      evaluation: job.evaluation ? { settings: job.evaluation.settings, pairs: pairs.evaluation } : null,
    },
    { signal },
  );
  const chosen = await openReward(plan.reward, library);
  const policy = await variantOf({ runId: referenceRun({ startFrom, reference }) }, '0', library);
  // The reference stands in for a run, which does not exist yet; a block of a run is scored too.
  const block = { ...blockAt(0, plan), policy: 1 };
  let pace: SweepPace | null = null;
  const onBlock = ({ answers, answering, scoring }: BlockSeconds) => {
    if (answers === 0) return;
    pace = { run: report.seconds, answer: answering / answers, scoring: (scoring ?? 0) / answers };
  };
  const measured = { sweep: plan, block, chosen, policy, reference: policy };
  await measureBlock(measured, { engine, now, onBlock }, signal, () => {});
  return pace;
}

function timing(
  { getState: get, setState: set }: SweepStore,
  dependencies: SweepDependencies,
  planOf: (model: ModelSummary) => SweepPlan | null,
): Pick<SweepState, 'measureTime'> {
  const { engineTime, getModel } = dependencies;
  return {
    async measureTime() {
      const model = getModel();
      const plan = model && planOf(model);
      if (model === null || plan === null || get().isWorking || get().trial?.isRunning === true) return;
      const of = trialKey(plan, model);
      await engineTime.run('sweep', async (signal) => {
        set({ trial: { isRunning: true, of, pace: null, failure: null }, stopping: false });
        try {
          const pace = await tryTime(plan, model, signal, dependencies);
          set({ trial: pace && { isRunning: false, of, pace, failure: null } });
        } catch (error) {
          const failure = isAbort(error) ? null : describeFailure(error);
          set({ trial: failure && { isRunning: false, of, pace: null, failure } });
        } finally {
          set({ stopping: false });
        }
      });
    },
  };
}

export function createSweepStore(dependencies: SweepDependencies): SweepStore {
  const { getModel, getSources, getStart, getDataName, dataset, library, now = Date.now } = dependencies;
  /** The pairs of the sweep that was begun in this visit, until one of its runs keeps them. */
  let planned: { readonly at: string; readonly pairs: RunPairs } | null = null;
  return createStore<SweepState>()((set, get, store) => {
    const round = createSweepRound(store, dependencies, now);
    const planOf = (model: ModelSummary) => readSweepForm(get().form, { ...getSources(), model }).plan;
    return {
      ...round.initial,
      isWorking: false,
      pace: noPace,
      trial: null,
      ...working(store, round, dependencies, ({ at }) => (planned?.at === at ? planned.pairs : null)),
      ...timing(store, dependencies, planOf),

      start: oneAtATime(async () => {
        const model = getModel();
        const plan = model && planOf(model);
        if (model === null || plan === null || get().isWorking) return;
        const { pairs, job, betas, reward, prompts, rightAnswers, sampling } = plan;
        const asked = { job, betas, reward, prompts, rightAnswers, sampling };
        const at = new Date(now()).toISOString();
        const { trial } = get();
        set({ failure: null, pace: (trial?.of === trialKey(plan, model) ? trial.pace : null) ?? noPace });
        planned = { at, pairs };
        const { fingerprint, precision, name: modelName } = model;
        const start = { ...asked, ...getStart(model), fingerprint, precision };
        const runs = await runsAtHand(start, pairs, library);
        const { openId: datasetId } = dataset.getState();
        const made = { at, modelName, datasetId, dataset: getDataName(), runs, answered: [], judgements: [] };
        await round.setRound({ ...start, ...made });
        await get().goOn();
      }),
    };
  });
}
