/**
 * @file Starting, stopping and going on. One start may be several runs (SFT, then DPO), each from a fresh adapter
 * unless its job says otherwise. Each run's record knows those before it and what is to follow, so that a start that
 * was paused, or cut off by a closed page, is carried out to its end when it goes on.
 */
import { UserError } from '../../core/errors';
import type { EvaluationSettings } from '../../run/evaluation';
import type { RunPairs } from '../../storage/records';
import type { ModelSummary } from '../../worker/protocol';
import type { EngineSignal } from '../browser/engine-client';
import { goingOn, jobsLeft } from '../plain/runs/going-on';
import { precisionOfRun, type Run } from '../plain/runs/run';
import { forkRun, type ForkedRun } from '../plain/train/fork';
import { readForm, withMethod, type Job, type TrainForm } from '../plain/train/options';
import { planRuns } from '../plain/train/plan';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { trainRun } from './train-run';
import { chosenRuns, isAtWork, jobsOfForm, requireParts, type ChosenRuns } from './training-jobs';
import type { TrainingParts, TrainingState, TrainingStore } from './training-state';

/** Trains the runs of one start; `runIds` is filled as they end. @returns whether it was stopped before the last */
type TrainRuns = (signal: EngineSignal, runIds: string[]) => Promise<boolean>;

/** Trains as the engine's foreground work, and says afterwards what came of it. */
async function runStart(store: TrainingStore, parts: TrainingParts, trainRuns: TrainRuns): Promise<void> {
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

/** Runs of one start that are to be trained after each other. */
interface Queue {
  readonly jobs: readonly Job[];
  readonly model: ModelSummary;
  readonly pairsOf: (job: Job) => RunPairs;
  readonly chosen: ChosenRuns;
  readonly dataset: string | null;
  /** Whether the runs are laid side by side as they end. */
  readonly areCompared: boolean;
  /** The starter's task, where the runs are its. */
  readonly starter?: string | undefined;
}

/** Trains the jobs after the runs that have ended, to which it adds its own. @returns whether it was stopped */
async function trainQueue(
  { jobs, model, pairsOf, chosen, dataset, areCompared, starter }: Queue,
  store: TrainingStore,
  parts: TrainingParts,
  [signal, runIds]: Parameters<TrainRuns>,
): Promise<boolean> {
  for (const [index, job] of jobs.entries()) {
    const run = await trainRun(
      {
        job,
        model,
        pairs: pairsOf(job),
        dataset,
        startFrom: job.continuesPrevious ? (runIds.at(-1) ?? null) : chosen.startFrom,
        reference: chosen.reference,
        plan: { before: [...runIds], after: jobs.slice(index + 1), ...(starter !== undefined && { starter }) },
      },
      signal,
      store,
      parts,
    );
    runIds.push(run.id);
    if (areCompared && runIds.length > 1) parts.library.getState().setCompared(runIds);
    if (run.status !== 'finished' || signal.aborted) return true;
  }
  return false;
}

type Starting = Pick<TrainingState, 'start' | 'trainOver' | 'stop' | 'pause'>;

export function starting(store: TrainingStore, parts: TrainingParts): Starting {
  const { engineTime, getModel, getPairs, getSplit, getReports } = parts;

  function stop(pausing: boolean): void {
    const { active } = store.getState();
    if (active === null || active.stopping) return;
    store.setState({ active: { ...active, stopping: true, pausing } });
    engineTime.stop('training');
  }

  return {
    async start(plan, starter) {
      const model = getModel();
      // Pairs that change while a start is under way, say by an undo, are for the next one.
      const pairs = getPairs();
      if (model === null || pairs.length === 0) return;
      if (plan === undefined) await store.getState().lookAtStart();
      const split = plan === undefined ? getSplit() : null;
      const asked = plan && planRuns(plan, pairs, getReports(), null).map(({ job }) => job);
      const jobs = asked ?? jobsOfForm(store.getState(), model, parts);
      if (jobs.length === 0) return;
      const chosen = chosenRuns(store.getState(), plan === undefined ? jobs : [], model, parts);
      const pairsOf = (job: Job) => requireParts(pairs, job, split);
      const dataset = parts.getDataName?.() ?? null;
      const queue = { jobs, model, pairsOf, chosen, dataset, areCompared: plan === undefined, starter };
      await runStart(store, parts, (...given) => trainQueue(queue, store, parts, given));
    },

    async trainOver(given) {
      const model = getModel();
      if (model === null) return;
      await runStart(store, parts, async (signal, runIds) => {
        const run = await trainRun({ ...given, model, plan: { before: [], after: [] } }, signal, store, parts);
        runIds.push(run.id);
        return run.status !== 'finished';
      });
    },

    stop: () => stop(false),
    pause: () => stop(store.getState().active?.canPause === true),
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

type Going = Pick<TrainingParts, 'library' | 'getModel'>;

const findRun = (id: string, { library }: Going): Run | undefined =>
  library.getState().runs.find((run) => run.id === id);

/** The open model, where it is the run's and held as it was then. */
function modelOf(run: Run, { getModel }: Going): ModelSummary | null {
  const model = getModel();
  const isSame = model?.fingerprint === run.modelFingerprint && model.precision === precisionOfRun(run);
  return isSame ? model : null;
}

/** The checkpoint of a run that another one, or itself, goes on from. */
interface Origin {
  readonly parent: Run;
  /** `newest`: the newest that is whole. */
  readonly step: number | 'newest';
  readonly model: ModelSummary;
}

/** Where a run stood after a step, and what it trains on; at step 0 it is still to begin. */
async function originOf(run: Run, step: Origin['step'], { library }: Pick<TrainingParts, 'library'>) {
  const { newestCheckpointOf, checkpointOf, pairsOf } = library.getState();
  if (step === 'newest') return newestCheckpointOf(run.id);
  if (step > 0) return checkpointOf(run.id, step);
  const pairs = await pairsOf(run.id);
  if (pairs === null) throw new UserError('noCheckpoint', { run: run.name, step });
  return { checkpoint: null, pairs };
}

/** Trains a run from a checkpoint to its end. */
async function trainFrom(
  { parent, step: wanted, model }: Origin,
  begin: () => ForkedRun,
  signal: EngineSignal,
  store: TrainingStore,
  parts: TrainingParts,
): Promise<Run> {
  const { library } = parts;
  const { checkpoint, pairs } = await originOf(parent, wanted, parts);
  const step = checkpoint?.step ?? 0;
  await library.getState().loadMetrics(parent.id);
  const upToStep = <T extends { readonly step: number }>(all: readonly T[] = []) =>
    all.filter((each) => each.step <= step);
  const { run, config, settings } = begin();
  const from = {
    // Damaged ones after it are not named any more.
    run: { ...run, ...(run.checkpoints && { checkpoints: run.checkpoints.filter((each) => each <= step) }) },
    checkpoint: checkpoint && (settings ? checkpoint : { ...checkpoint, best: null }),
    metrics: upToStep(library.getState().metrics[parent.id]),
    samples: upToStep(library.getState().samples[parent.id]),
  };
  const job = jobFrom(run.method, config, settings, Number(store.getState().form.save_steps) || 0);
  const { startedFrom: startFrom, reference = null, dataset = null, plan = { before: [], after: [] } } = run;
  return trainRun({ job, model, pairs, dataset, from, startFrom, reference, plan }, signal, store, parts);
}

export function resuming(store: TrainingStore, parts: TrainingParts): Pick<TrainingState, 'resume'> {
  const { library } = parts;

  /** Trains what was to follow a run that has ended, over its pairs. */
  async function trainRest(run: Run, jobs: readonly Job[], model: ModelSummary, given: Parameters<TrainRuns>) {
    if (jobs.length === 0) return false;
    const pairs = await library.getState().pairsOf(run.id);
    if (pairs === null) throw new UserError('noCheckpoint', { run: run.name, step: run.steps });
    const chosen = { startFrom: null, reference: null };
    const { dataset = null, plan } = run;
    const starter = plan?.starter;
    const areCompared = starter === undefined;
    const queue = { jobs, model, pairsOf: () => pairs, chosen, dataset, areCompared, starter };
    return trainQueue(queue, store, parts, given);
  }

  return {
    async resume(runId) {
      const run = findRun(runId, parts);
      const model = run === undefined ? null : modelOf(run, parts);
      const way = run === undefined ? null : goingOn(run, library.getState().runs);
      if (run === undefined || model === null || way === null) return;
      const jobs = jobsLeft(run, library.getState().runs);
      const { config, evaluation } = run;
      const asItWas = () => ({ run, config, settings: evaluation?.settings ?? null });
      await runStart(store, parts, async (signal, runIds) => {
        runIds.push(...(run.plan?.before ?? []).filter((id) => findRun(id, parts) !== undefined));
        const ended =
          way.step === null
            ? run
            : await trainFrom(
                { parent: run, step: way.step === 0 ? 0 : 'newest', model },
                asItWas,
                signal,
                store,
                parts,
              );
        runIds.push(ended.id);
        if (runIds.length > 1) library.getState().setCompared(runIds);
        if (ended.status !== 'finished' || signal.aborted) return true;
        return trainRest(ended, jobs, model, [signal, runIds]);
      });
    },
  };
}

/** What the form asks of a fork, whose reward is its parent's. */
function jobOfFork(form: TrainForm, { method, config }: Run, { linears, layers }: ModelSummary): Job | undefined {
  const asked: TrainForm = { ...form, ...withMethod(form, method), reward: 'sentiment' };
  return readForm(asked, linears, layers, null, () => config.reward ?? null).jobs[0];
}

export function forking(store: TrainingStore, parts: TrainingParts): Pick<TrainingState, 'fork'> {
  const { library, clock } = parts;
  return {
    async fork(runId, step) {
      const parent = findRun(runId, parts);
      const model = parent === undefined ? null : modelOf(parent, parts);
      if (parent === undefined || model === null) return;
      const job = jobOfFork(store.getState().form, parent, model);
      if (job === undefined) return;
      const begin = () =>
        forkRun(parent, step, job, {
          id: crypto.randomUUID(),
          name: library.getState().nextName(parent.method),
          startedAt: new Date(clock.now()).toISOString(),
        });
      await runStart(store, parts, async (signal, runIds) => {
        const ended = await trainFrom({ parent, step, model }, begin, signal, store, parts);
        runIds.push(ended.id);
        return ended.status !== 'finished';
      });
    },
  };
}
