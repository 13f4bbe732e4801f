/**
 * @file The prompt set of the compare screen: the same prompts answered by every column at several temperatures, and
 * the answers judged blind by the analyst, by a scorer, a reward or a model. The machinery of a round is in round.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { JudgedPrompt, Verdict } from '../../storage/judging-record';
import type { PromptSet, PromptSetColumn } from '../../storage/prompt-set-record';
import type { ModelSummary } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import type { Rules } from '../../data/rules';
import { judgeIdOf, rewardRunOf, type Best } from '../plain/compare/best-of';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { judgeName } from '../plain/compare/rewards';
import { readRuleForms } from '../plain/data/rule-form';
import { roleOfRun, type Run } from '../plain/runs/run';
import { answererOf, strengthRange } from '../plain/compare/columns';
import { readSampling } from '../plain/compare/sampling';
import { promptSetComparisons, type PromptSetComparison } from '../plain/compare/prompt-set/prompt-set';
import { initialPromptSetForm, planPromptSet, type PromptSetForm } from '../plain/compare/prompt-set/prompt-set-form';
import { heldPrompts } from '../plain/starter/held-prompts';
import type { FetchStarterFile } from '../plain/starter/manifest';
import { describeFailure } from '../text/failure';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import { preparePromptSet } from './answer-prompt-set';
import { chooseInSet } from './choose-in-set';
import type { ChooseReward } from './choose-reward';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import { judgingByModel, type JudgeByModelDependencies, type ModelJudging } from './judge-by-model';
import { judgeByReward, judgingByReward, type RewardJudging } from './judge-by-reward';
import type { RulesStore } from './rules';
import { createRound, type RoundOfStore, type RoundState } from './round';
import type { StarterStore } from './starter';
import { oneAtATime } from './one-at-a-time';

export interface PromptSetState
  extends RoundState<PromptSetForm, PromptSet, PromptSetComparison>, ModelJudging, RewardJudging {
  /** Judges of other models choose among drawn answers; `answering` counts their comparisons then. */
  readonly isChoosing: boolean;

  /** Begins a prompt set as the form says. */
  start(): Promise<void>;
  setJudge(judge: PromptSet['judge']): Promise<void>;
  judge(verdict: Verdict): Promise<void>;
}

export type PromptSetStore = StoreApi<PromptSetState>;

export interface PromptSetDependencies extends Pick<JudgeByModelDependencies, 'model' | 'modelShelf'> {
  readonly rules: RulesStore;
  readonly chooseReward: ChooseReward;
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly starter: StarterStore;
  readonly judges: JudgesStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readPromptSet' | 'writePromptSet'>;
  readonly fetchStarterFile: FetchStarterFile;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** What chooses the best in a column, with the name of its run. */
function keptBest(
  { count, reward }: Best,
  runs: readonly Run[],
  judges: readonly KeptJudge[],
): NonNullable<PromptSetColumn['best']> {
  const judge = judges.find(({ id }) => id === judgeIdOf(reward));
  const run = judge ? judgeName(judge) : runs.find(({ id }) => id === rewardRunOf(reward))?.name;
  return { count, reward, ...(run !== undefined && { run }) };
}

/** The columns of the comparison that somebody answers in, with the names that they have now. */
export function promptSetColumns(
  compare: Pick<ReturnType<CompareStore['getState']>, 'columns'>,
  library: Pick<ReturnType<LibraryStore['getState']>, 'runs'>,
  model: ModelSummary | null,
  judges: readonly KeptJudge[] = [],
): readonly PromptSetColumn[] {
  return compare.columns.flatMap((column): PromptSetColumn[] => {
    const answerer = answererOf(column, library.runs, model?.fingerprint);
    const best = column.best && { best: keptBest(column.best, library.runs, judges) };
    if (answerer.kind === 'base')
      return [{ runId: null, name: 'base', strength: strengthRange.whole, role: 'base', ...best }];
    return answerer.kind === 'run'
      ? [
          {
            runId: answerer.run.id,
            name: answerer.run.name,
            strength: column.strength,
            role: roleOfRun(answerer.run),
            ...best,
          },
        ]
      : [];
  });
}

type PromptSetRound = RoundOfStore<PromptSetForm, PromptSet, PromptSetComparison>;

function createPromptSetRound(
  store: PromptSetStore,
  dependencies: PromptSetDependencies,
  now: () => number,
): PromptSetRound {
  const { storage } = dependencies;
  const round: PromptSetRound = createRound<PromptSetForm, PromptSet, PromptSetComparison>(store, {
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
    prepareAnswering: (promptSet) => preparePromptSet(promptSet, dependencies),
    async afterAnswering(signal) {
      const parts = { ...dependencies, now, changeRound: round.changeRound };
      await chooseInSet(store, parts, signal);
      await judgeByReward(store, parts, signal);
    },
    words: () => currentText().promptSet,
  });
  return round;
}

type SourceStores = Pick<
  PromptSetDependencies,
  'dataset' | 'compare' | 'library' | 'starter' | 'rules' | 'judges' | 'modelShelf'
>;

/** The columns, the sampling and the data as they stand, which a form is read against. */
export function sourcesOf(
  model: ModelSummary,
  { dataset, compare, library, starter, rules, judges: kept, modelShelf }: SourceStores,
) {
  const { rows, split } = dataset.getState();
  const { judges } = kept.getState();
  const columns = promptSetColumns(compare.getState(), library.getState(), model, judges);
  const { options: sampling } = readSampling(compare.getState().sampling);
  const { runs } = library.getState();
  const hasRules = readRuleForms(rules.getState().rules).rules !== null;
  const { stored } = modelShelf.getState();
  return {
    model,
    columns,
    sampling,
    rows,
    split,
    manifest: starter.getState().manifest,
    runs,
    judges,
    stored,
    hasRules,
  };
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

/** The columns with the rules that choose in them, which later changes leave as they are. */
const withRules = (columns: readonly PromptSetColumn[], rules: Rules | null): readonly PromptSetColumn[] =>
  columns.map((column) =>
    column.best?.reward === 'rules' && rules !== null ? { ...column, best: { ...column.best, rules } } : column,
  );

export function createPromptSetStore(dependencies: PromptSetDependencies): PromptSetStore {
  const { getModel, now = Date.now } = dependencies;
  return createStore<PromptSetState>()((set, get, store) => {
    const round = createPromptSetRound(store, dependencies, now);
    return {
      ...round.initial,
      isChoosing: false,
      ...judgingByModel(store, { ...dependencies, now, changeRound: round.changeRound }),
      ...judgingByReward(store, { ...dependencies, now, changeRound: round.changeRound }),

      start: oneAtATime(async () => {
        const model = getModel();
        const plan = model === null ? null : planPromptSet(get().form, sourcesOf(model, dependencies)).plan;
        if (model === null || plan === null || get().answering !== null) return;
        set({ failure: null });
        try {
          const { prompts, count, ...rest } = plan;
          await round.setRound({
            ...rest,
            columns: withRules(plan.columns, readRuleForms(dependencies.rules.getState().rules).rules),
            prompts: prompts ?? (await fetchPrompts(plan.task, count, dependencies)),
            at: new Date(now()).toISOString(),
            modelName: model.name,
            fingerprint: model.fingerprint,
            answered: [],
            orderSeed: now() >>> 0,
            judgements: [],
            modelJudge: null,
          });
        } catch (error) {
          return set({ failure: describeFailure(error) });
        }
        await get().answerRest();
      }),

      async setJudge(judge) {
        await round.changeRound((promptSet) => ({ ...promptSet, judge }));
      },

      judge: (verdict) => round.addJudgement({ verdict, at: new Date(now()).toISOString() }),
    };
  });
}
