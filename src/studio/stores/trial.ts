/**
 * @file The prompt set of the compare screen: the same prompts answered by every column at several temperatures, and
 * the answers judged blind by the analyst or by the starter's scorer. The machinery of a round is in round.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { JudgedPrompt, Verdict } from '../../storage/judging-record';
import type { Trial, TrialAnswer, TrialColumn } from '../../storage/trial-record';
import type { ModelSummary } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { answererOf, strengthRange } from '../plain/compare/columns';
import { readSampling } from '../plain/compare/sampling';
import { countCells, placeOf, trialComparisons, type TrialComparison } from '../plain/compare/trial/trial';
import { initialTrialForm, planTrial, type TrialForm, type TrialPlan } from '../plain/compare/trial/trial-form';
import { heldPrompts } from '../plain/starter/held-prompts';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { describeFailure } from '../text/failure';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import { createRound, type Answering, type RoundOfStore, type RoundState } from './round';
import type { StarterStore } from './starter';

export interface TrialState extends RoundState<TrialForm, Trial, TrialComparison> {
  /** Begins a prompt set as the form says. */
  start(): Promise<void>;
  setJudge(judge: Trial['judge']): Promise<void>;
  judge(verdict: Verdict): Promise<void>;
}

export type TrialStore = StoreApi<TrialState>;

export interface TrialDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly starter: StarterStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readTrials' | 'writeTrials'>;
  readonly fetchStarterFile: FetchStarterFile;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  /** Milliseconds. */
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

/** Answers cell by cell: one prompt at one temperature, by all columns with one seed. */
async function prepareAnswering(
  trial: Trial,
  { engine, library }: TrialDependencies,
): Promise<Answering<readonly TrialAnswer[]>> {
  const variants = await Promise.all(
    trial.columns.map(async ({ runId, strength }, index) => ({
      label: String(index),
      adapter: runId === null ? null : await library.getState().adapterOf(runId),
      strength: strength / strengthRange.whole,
    })),
  );
  return {
    items: countCells(trial),
    answersEach: trial.columns.length,
    async answerItem(cell, signal, showDone) {
      showDone(0);
      const { prompt: at, temperature } = placeOf(cell, trial);
      const options = {
        ...trial.sampling,
        temperature: trial.temperatures[temperature] ?? 0,
        seed: trial.sampling.seed + at,
      };
      const prompt = trial.prompts[at] ?? '';
      const generations = await engine.call('generate', { prompt, variants, options }, { signal });
      // Half an answer would be judged unfairly.
      return signal.aborted ? null : generations.map(({ text, finish }) => ({ text, isCut: finish === 'length' }));
    },
  };
}

type TrialRound = RoundOfStore<TrialForm, Trial, TrialComparison>;

function createTrialRound(store: TrialStore, dependencies: TrialDependencies, now: () => number): TrialRound {
  const { storage } = dependencies;
  return createRound<TrialForm, Trial, TrialComparison>(store, {
    ...dependencies,
    workKind: 'promptSet',
    now,
    initialForm: initialTrialForm,
    read: async () => {
      const { value, stamp } = await storage.readTrials();
      return { value: value === null ? null : { form: value.form, round: value.trial }, stamp };
    },
    write: ({ form, round }, over) => storage.writeTrials({ form, trial: round }, over),
    isSame: (a, b) => a.at === b.at,
    comparisonsOf: trialComparisons,
    prepareAnswering: (trial) => prepareAnswering(trial, dependencies),
    words: () => currentText().promptSet,
  });
}

/** What the form asks for, over the columns and the data as they stand; null while something is in the way. */
function planOf(form: TrialForm, model: ModelSummary, dependencies: TrialDependencies): TrialPlan | null {
  const { dataset, compare, library, starter } = dependencies;
  const { rows, split } = dataset.getState();
  const columns = trialColumns(compare.getState(), library.getState(), model);
  const { options: sampling } = readSampling(compare.getState().sampling);
  const { manifest } = starter.getState();
  return planTrial(form, { model, columns, sampling, rows, split, manifest }).plan;
}

/** The first held-out prompts of a task of the starter. */
async function fetchPrompts(
  taskId: string | null,
  count: number,
  { starter, fetchStarterFile }: TrialDependencies,
): Promise<readonly JudgedPrompt[]> {
  const task = starter.getState().manifest?.tasks.find(({ id }) => id === taskId);
  const file = task === undefined ? null : await fetchStarterFile(task.eval);
  if (file === null) throw new UserError(currentText().faults.starterFileMissing(task?.eval ?? String(taskId)));
  return heldPrompts(await file.text(), count);
}

export function createTrialStore(dependencies: TrialDependencies): TrialStore {
  const { getModel, now = Date.now } = dependencies;
  return createStore<TrialState>()((set, get, store) => {
    const round = createTrialRound(store, dependencies, now);
    return {
      ...round.initial,

      async start() {
        const model = getModel();
        const plan = model === null ? null : planOf(get().form, model, dependencies);
        if (model === null || plan === null || get().answering !== null) return;
        set({ failure: null });
        try {
          const { prompts, count, ...rest } = plan;
          await round.setRound({
            ...rest,
            prompts: prompts ?? (await fetchPrompts(plan.task, count, dependencies)),
            at: new Date(now()).toISOString(),
            modelName: model.name,
            fingerprint: model.fingerprint,
            answered: [],
            orderSeed: now() >>> 0,
            judgements: [],
          });
        } catch (error) {
          return set({ failure: describeFailure(error) });
        }
        await get().answerRest();
      },

      async setJudge(judge) {
        const { round: trial } = get();
        if (trial !== null) await round.setRound({ ...trial, judge });
      },

      judge: (verdict) => round.addJudgement({ verdict, at: new Date(now()).toISOString() }),
    };
  });
}
