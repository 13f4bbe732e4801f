/**
 * @file The prompt set of the compare screen: the same prompts answered by every column at several temperatures, and
 * the answers judged blind by the analyst or by the starter's scorer. The machinery of a round is in round.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { JudgedPrompt, Verdict } from '../../storage/judging-record';
import type { PromptSet, PromptSetAnswer, PromptSetColumn } from '../../storage/prompt-set-record';
import type { ModelSummary } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { roleOfRun } from '../plain/runs/run';
import { answererOf, strengthRange } from '../plain/compare/columns';
import { readSampling } from '../plain/compare/sampling';
import {
  countCells,
  placeOf,
  promptSetComparisons,
  type PromptSetComparison,
} from '../plain/compare/prompt-set/prompt-set';
import { initialPromptSetForm, planPromptSet, type PromptSetForm } from '../plain/compare/prompt-set/prompt-set-form';
import { heldPrompts } from '../plain/starter/held-prompts';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { describeFailure } from '../text/failure';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import { createRound, type Answering, type RoundOfStore, type RoundState } from './round';
import type { StarterStore } from './starter';
import { keptAnswer, variantsOf } from './variants';

export interface PromptSetState extends RoundState<PromptSetForm, PromptSet, PromptSetComparison> {
  /** Begins a prompt set as the form says. */
  start(): Promise<void>;
  setJudge(judge: PromptSet['judge']): Promise<void>;
  judge(verdict: Verdict): Promise<void>;
}

export type PromptSetStore = StoreApi<PromptSetState>;

export interface PromptSetDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly starter: StarterStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readPromptSet' | 'writePromptSet'>;
  readonly fetchStarterFile: FetchStarterFile;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/**
 * The columns of the comparison that somebody answers in once, with the names that they have now. Those of the best of
 * N are no part of a prompt set.
 */
export function promptSetColumns(
  compare: Pick<ReturnType<CompareStore['getState']>, 'columns'>,
  library: Pick<ReturnType<LibraryStore['getState']>, 'runs'>,
  model: ModelSummary | null,
): readonly PromptSetColumn[] {
  return compare.columns.flatMap((column): PromptSetColumn[] => {
    if (column.best !== undefined) return [];
    const answerer = answererOf(column, library.runs, model?.fingerprint);
    if (answerer.kind === 'base') return [{ runId: null, name: 'base', strength: strengthRange.whole, role: 'base' }];
    return answerer.kind === 'run'
      ? [
          {
            runId: answerer.run.id,
            name: answerer.run.name,
            strength: column.strength,
            role: roleOfRun(answerer.run),
          },
        ]
      : [];
  });
}

/** Answers cells: one prompt at one temperature, by all columns with one seed. */
async function prepareAnswering(
  promptSet: PromptSet,
  { engine, library }: PromptSetDependencies,
): Promise<Answering<readonly PromptSetAnswer[]>> {
  const variants = await variantsOf(promptSet.columns, library);
  const asked = Array.from({ length: countCells(promptSet) }, (_, cell) => {
    const { prompt: at, temperature } = placeOf(cell, promptSet);
    const { sampling, temperatures, prompts } = promptSet;
    const options = { ...sampling, temperature: temperatures[temperature] ?? 0, seed: sampling.seed + at };
    return { prompt: prompts[at] ?? '', options };
  });
  return {
    items: asked.length,
    answersEach: promptSet.columns.length,
    answerFrom: (first, signal, { showDone, keep }) =>
      answerAll(
        engine,
        { asked: asked.slice(first), variants },
        {
          signal,
          showDone: (cells) => showDone(cells * promptSet.columns.length),
          onAnswers: (cell, generations) => keep(first + cell, generations.map(keptAnswer)),
        },
      ),
  };
}

type PromptSetRound = RoundOfStore<PromptSetForm, PromptSet, PromptSetComparison>;

function createPromptSetRound(
  store: PromptSetStore,
  dependencies: PromptSetDependencies,
  now: () => number,
): PromptSetRound {
  const { storage } = dependencies;
  return createRound<PromptSetForm, PromptSet, PromptSetComparison>(store, {
    ...dependencies,
    workKind: 'promptSet',
    now,
    initialForm: initialPromptSetForm,
    read: async () => {
      const { value, stamp } = await storage.readPromptSet();
      return { value: value === null ? null : { form: value.form, round: value.trial }, stamp };
    },
    write: ({ form, round }, over) => storage.writePromptSet({ form, trial: round }, over),
    isSame: (a, b) => a.at === b.at,
    comparisonsOf: promptSetComparisons,
    prepareAnswering: (promptSet) => prepareAnswering(promptSet, dependencies),
    words: () => currentText().promptSet,
  });
}

/** The columns, the sampling and the data as they stand, which a form is read against. */
export function sourcesOf(
  model: ModelSummary,
  { dataset, compare, library, starter }: Pick<PromptSetDependencies, 'dataset' | 'compare' | 'library' | 'starter'>,
) {
  const { rows, split } = dataset.getState();
  const columns = promptSetColumns(compare.getState(), library.getState(), model);
  const { options: sampling } = readSampling(compare.getState().sampling);
  return { model, columns, sampling, rows, split, manifest: starter.getState().manifest };
}

/** The first held-out prompts of a task of the starter. */
export async function fetchPrompts(
  taskId: string | null,
  count: number,
  { starter, fetchStarterFile }: Pick<PromptSetDependencies, 'starter' | 'fetchStarterFile'>,
): Promise<readonly JudgedPrompt[]> {
  const task = starter.getState().manifest?.tasks.find(({ id }) => id === taskId);
  const file = task === undefined ? null : await fetchStarterFile(task.eval);
  if (file === null) throw new UserError('starterFileMissing', { path: task?.eval ?? String(taskId) });
  return heldPrompts(await file.text(), count);
}

export function createPromptSetStore(dependencies: PromptSetDependencies): PromptSetStore {
  const { getModel, now = Date.now } = dependencies;
  return createStore<PromptSetState>()((set, get, store) => {
    const round = createPromptSetRound(store, dependencies, now);
    return {
      ...round.initial,

      async start() {
        const model = getModel();
        const plan = model === null ? null : planPromptSet(get().form, sourcesOf(model, dependencies)).plan;
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
        await round.changeRound((promptSet) => ({ ...promptSet, judge }));
      },

      judge: (verdict) => round.addJudgement({ verdict, at: new Date(now()).toISOString() }),
    };
  });
}
