/**
 * @file The prompt set: all columns of the comparison answer the same prompts at the same seeds, at one or several
 * temperatures, and the answers are judged blind by the analyst or by the starter's scorer. Written after every prompt
 * and every judgement, so a reload goes on where it stood.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { JudgedPrompt, Verdict } from '../../storage/judging-record';
import type { Trial, TrialAnswer, TrialColumn } from '../../storage/trial-record';
import type { StudioStorage } from '../../storage/studio-storage';
import type { ModelSummary } from '../../worker/protocol';
import { answererOf, strengthRange } from '../plain/compare/columns';
import { countCells, placeOf, trialComparisons, type TrialComparison } from '../plain/compare/trial/trial';
import {
  initialTrialForm,
  planTrial,
  reviveTrialForm,
  type ReadTrialForm,
  type TrialForm,
} from '../plain/compare/trial/trial-form';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { heldPrompts } from '../plain/starter/held-prompts';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { currentText } from '../text/text';
import { type CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { AnswerProgress } from './judge';
import type { LibraryStore } from './library';
import { mergeJudged } from './merge-judged';
import type { NoticeStore } from './notices';
import { shareValue, tellSharing } from './shared-value';
import type { StarterStore } from './starter';
import { readSampling } from '../plain/compare/sampling';

export interface TrialState {
  readonly form: TrialForm;
  readonly trial: Trial | null;
  /** Of the trial; the analyst's judgements are those of the first ones. */
  readonly comparisons: readonly TrialComparison[];
  readonly answering: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;

  restore(): Promise<void>;
  /** Takes over what another tab wrote. */
  refresh(): Promise<void>;
  setForm(change: Partial<TrialForm>): void;
  /** Writes form and trial; every change of the trial does so by itself. */
  keep(): Promise<void>;
  /** Begins as the form says. */
  start(): Promise<void>;
  /** Answers what has no answers yet. */
  goOn(): Promise<void>;
  /** Ends the answering; what is answered is kept. */
  stop(): void;
  setJudge(judge: Trial['judge']): Promise<void>;
  judge(verdict: Verdict): Promise<void>;
  undo(): Promise<void>;
  close(): Promise<void>;
}

/** Before a first prompt set. */
const nothing: Pick<TrialState, 'form' | 'trial'> = { form: initialTrialForm, trial: null };

export type TrialStore = StoreApi<TrialState>;

export interface TrialDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly starter: StarterStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<StudioStorage<unknown, unknown>, 'readTrials' | 'writeTrials'>;
  readonly fetchStarterFile: FetchStarterFile;
  readonly getModel: () => ModelSummary | null;
  readonly claimEngine: () => void;
  readonly onStored: () => void;
  readonly now?: () => number;
}

/** The columns of the comparison that somebody answers in, with the names that they have now. */
export function trialColumns(
  compare: Pick<ReturnType<CompareStore['getState']>, 'columns'>,
  library: Pick<ReturnType<LibraryStore['getState']>, 'runs'>,
  model: ModelSummary | null,
): readonly TrialColumn[] {
  return compare.columns.flatMap((column): TrialColumn[] => {
    const answerer = answererOf(column, library.runs, model?.fingerprint);
    if (answerer.kind === 'base') return [{ runId: null, name: 'base', strength: strengthRange.whole }];
    return answerer.kind === 'run'
      ? [{ runId: answerer.run.id, name: answerer.run.name, strength: column.strength }]
      : [];
  });
}

export function createTrialStore(dependencies: TrialDependencies): TrialStore {
  const {
    engine,
    library,
    dataset,
    compare,
    starter,
    notices,
    storage,
    fetchStarterFile,
    getModel,
    claimEngine,
    onStored,
    now = Date.now,
  } = dependencies;
  let controller: AbortController | null = null;

  return createStore<TrialState>()((set, get) => {
    const shared = shareValue<Pick<TrialState, 'form' | 'trial'>>({
      empty: nothing,
      read: async () => {
        const { value, stamp } = await storage.readTrials();
        return { value: value === null ? nothing : { form: reviveTrialForm(value.form), trial: value.trial }, stamp };
      },
      write: ({ form, trial }, over) => storage.writeTrials({ form: { ...form }, trial }, over),
      mine: () => ({ form: get().form, trial: get().trial }),
      show: ({ form, trial }) => set({ form, trial, comparisons: trial === null ? [] : trialComparisons(trial) }),
      merge: (base, mine, theirs) => ({
        form: mine.form === base.form ? theirs.form : mine.form,
        trial: mergeJudged(base.trial, mine.trial, theirs.trial, (a, b) => a.at === b.at),
      }),
      onWritten: onStored,
      ...tellSharing(notices, () => currentText().trial.notKept),
    });

    async function keepTrial(trial: Trial | null): Promise<void> {
      const isSame = trial !== null && trial.answered === get().trial?.answered;
      set({ trial, comparisons: trial === null ? [] : isSame ? get().comparisons : trialComparisons(trial) });
      await get().keep();
    }

    function read(): ReadTrialForm | null {
      const model = getModel();
      if (model === null) return null;
      const { rows, split } = dataset.getState();
      const columns = trialColumns(compare.getState(), library.getState(), model);
      const { options: sampling } = readSampling(compare.getState().sampling);
      return planTrial(get().form, { model, columns, sampling, rows, split, manifest: starter.getState().manifest });
    }

    async function fetchPrompts(taskId: string | null, count: number): Promise<readonly JudgedPrompt[]> {
      const task = starter.getState().manifest?.tasks.find(({ id }) => id === taskId);
      const file = task === undefined ? null : await fetchStarterFile(task.eval);
      if (file === null) throw new UserError(currentText().faults.starterFileMissing(task?.eval ?? String(taskId)));
      return heldPrompts(await file.text(), count);
    }

    async function answerCells(signal: AbortSignal): Promise<void> {
      const { trial } = get();
      if (trial === null) return;
      const policies = await Promise.all(
        trial.columns.map(async ({ runId, strength }, index) => ({
          label: String(index),
          adapter: runId === null ? null : await library.getState().adapterOf(runId),
          strength: strength / strengthRange.whole,
        })),
      );
      const [started, already, cells, each] = [now(), trial.answered.length, countCells(trial), trial.columns.length];
      for (let cell = already; cell < cells; cell++) {
        const secondsEach = cell === already ? null : (now() - started) / 1000 / (cell - already);
        set({
          answering: {
            done: cell * each,
            total: cells * each,
            secondsLeft: secondsEach === null ? null : (cells - cell) * secondsEach,
          },
        });
        const { prompt: at, temperature } = placeOf(cell, trial);
        const options = {
          ...trial.sampling,
          temperature: trial.temperatures[temperature] ?? 0,
          seed: trial.sampling.seed + at,
        };
        const generations = await engine.call(
          'generate',
          { prompt: trial.prompts[at] ?? '', variants: policies, options },
          { signal },
        );
        // Half an answer would be judged unfairly.
        if (signal.aborted) return;
        const answers = generations.map(({ text, finish }): TrialAnswer => ({ text, isCut: finish === 'length' }));
        // It may have been judged meanwhile.
        const current = get().trial;
        if (current === null || current.at !== trial.at) return;
        // Another tab may have answered it meanwhile.
        if (current.answered.length !== cell) continue;
        await keepTrial({ ...current, answered: [...current.answered, answers] });
      }
    }

    return {
      ...nothing,
      comparisons: [],
      answering: null,
      stopping: false,
      failure: null,

      restore: () => shared.refresh(),
      refresh: () => shared.refresh(),

      setForm: (change) => set({ form: { ...get().form, ...change } }),

      keep: () => shared.keep(),

      async start() {
        const model = getModel();
        const plan = read()?.plan ?? null;
        if (model === null || plan === null || get().answering !== null) return;
        set({ failure: null });
        try {
          const { prompts, count, ...rest } = plan;
          const asked = prompts ?? (await fetchPrompts(plan.task, count));
          await keepTrial({
            ...rest,
            prompts: asked,
            at: new Date(now()).toISOString(),
            modelName: model.name,
            fingerprint: model.fingerprint,
            answered: [],
            orderSeed: now() >>> 0,
            judgements: [],
          });
        } catch (error) {
          set({ failure: describeFailure(error) });
          return;
        }
        await get().goOn();
      },

      async goOn() {
        const { trial, answering } = get();
        if (trial === null || answering !== null || trial.fingerprint !== getModel()?.fingerprint) return;
        claimEngine();
        controller = new AbortController();
        set({ answering: { done: 0, total: 0, secondsLeft: null }, stopping: false, failure: null });
        try {
          await answerCells(controller.signal);
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          controller = null;
          set({ answering: null, stopping: false });
        }
      },

      stop() {
        if (controller === null) return;
        set({ stopping: true });
        controller.abort();
      },

      async setJudge(judge) {
        const { trial } = get();
        if (trial !== null) await keepTrial({ ...trial, judge });
      },

      async judge(verdict) {
        const { trial, comparisons } = get();
        if (trial === null || trial.judgements.length >= comparisons.length) return;
        await keepTrial({
          ...trial,
          judgements: [...trial.judgements, { verdict, at: new Date(now()).toISOString() }],
        });
      },

      async undo() {
        const { trial } = get();
        if (trial !== null && trial.judgements.length > 0)
          await keepTrial({ ...trial, judgements: trial.judgements.slice(0, -1) });
      },

      async close() {
        const { trial } = get();
        if (trial === null) return;
        get().stop();
        await keepTrial(null);
        set({ failure: null });
        notices.getState().tell(currentText().trial.closed, () => {
          if (get().trial === null) void keepTrial(trial);
        });
      },
    };
  });
}
