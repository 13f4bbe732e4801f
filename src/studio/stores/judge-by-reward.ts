/**
 * @file A reward judges the answers of a prompt set: rules, a reward model or a scorer of the starter gives each a
 * number, and the higher one wins. Its numbers are written cell by cell, so a stop or a reload loses none.
 */
import type { StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { rulesReward } from '../../evaluation/reward';
import type { PromptSet, PromptSetReward, PromptSetRewardJudge } from '../../storage/prompt-set-record';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { judgeIdOf, referencesOf, rewardIdSchema, rewardRunOf } from '../plain/compare/best-of';
import { cellsOf, type Cell, type PromptSetComparison } from '../plain/compare/prompt-set/prompt-set';
import type { PromptSetForm } from '../plain/compare/prompt-set/prompt-set-form';
import { askedText } from '../plain/data/prompt-text';
import { readRuleForms } from '../plain/data/rule-form';
import { describeFailure, isAbort } from '../text/failure';
import { currentText } from '../text/text';
import type { ChooseReward, ChosenReward } from './choose-reward';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { ModelJudging } from './judge-by-model';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import { progressFrom, type RoundState } from './round';
import type { RulesStore } from './rules';

export interface RewardJudging {
  /** Has the reward that the form names, or that has begun, score all answers that are there. */
  askReward(): Promise<void>;
  /** Puts the scores away, so that another reward can be asked; the notice that says so can bring them back. */
  dropReward(): Promise<void>;
}

type ScoredSetStore = StoreApi<RoundState<PromptSetForm, PromptSet, PromptSetComparison> & ModelJudging>;

export interface JudgeByRewardDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly rules: RulesStore;
  readonly chooseReward: ChooseReward;
  readonly notices: NoticeStore;
  /** Milliseconds. */
  readonly now: () => number;
  readonly changeRound: (next: (now: PromptSet) => PromptSet | null) => Promise<boolean>;
}

/** The answers of so many cells are scored at once. */
const cellsAtOnce = 16;

/** What a reward that is kept by its name is: the rules as they stood then, whatever became of them. */
export async function openKeptReward(
  { reward, rules }: PromptSetReward,
  answers: number,
  chooseReward: ChooseReward,
): Promise<ChosenReward> {
  if (rules !== undefined) return { reward: rulesReward('rules', rules), scoring: {} };
  return chooseReward(rewardIdSchema.parse(reward), answers);
}

type Scores = readonly (number | null)[];

/** Scores cells by what the page works out itself, or by the reward model, all answers of the cells in one call. */
function scorerOf(
  { reward, scoring }: ChosenReward,
  { engine, dataset }: Pick<JudgeByRewardDependencies, 'engine' | 'dataset'>,
  signal: EngineSignal,
): (cells: readonly Cell[]) => Promise<readonly Scores[]> {
  const referenceOf = referencesOf(dataset.getState().rows);
  const { scoredBy } = scoring;
  return async (cells) => {
    if (reward !== null)
      return cells.map(({ prompt, answers }) =>
        answers.map(({ text, isCut, tokens = null }) => {
          const answer = { text, tokens, reference: referenceOf(prompt), isEnded: !isCut };
          return reward.score(askedText(prompt), answer).reward;
        }),
      );
    if (scoredBy === undefined) throw new UserError('rewardRunGone');
    const asked = cells.flatMap(({ prompt, answers }) => answers.map(({ text }) => ({ prompt, text })));
    const scores = await engine.call('scoreAnswers', { answers: asked, rewardModel: scoredBy }, { signal });
    let first = 0;
    return cells.map(({ answers }) => scores.slice(first, (first += answers.length)));
  };
}

/**
 * Scores what has no scores yet, as far as answers are there.
 * @throws UserError where the reward cannot score, and AbortError when the signal says so
 */
export async function scoreRest(
  { getState: get, setState: set }: ScoredSetStore,
  dependencies: JudgeByRewardDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { chooseReward, changeRound, now } = dependencies;
  const begun = get().round?.rewardJudge ?? null;
  if (begun === null) return;
  const score = scorerOf(await openKeptReward(begun, 1, chooseReward), dependencies, signal);
  const countOf = ({ columns }: PromptSet, cells: number): number => cells * columns.length;
  let progress: ReturnType<typeof progressFrom> | null = null;
  for (;;) {
    const { round } = get();
    const first = round?.rewardJudge?.scores.length ?? 0;
    if (round?.rewardJudge?.reward !== begun.reward || first >= round.answered.length) return;
    progress ??= progressFrom(countOf(round, first), countOf(round, round.answered.length), now);
    set({ modelJudging: progress(countOf(round, first)) });
    const scores = await score(cellsOf(round).slice(first, first + cellsAtOnce));
    signal.throwIfAborted();
    await changeRound((then) => {
      const judge = then.at === round.at && then.rewardJudge?.reward === begun.reward ? then.rewardJudge : null;
      if (judge?.scores.length !== first) return null;
      return { ...then, rewardJudge: { ...judge, scores: [...judge.scores, ...scores.map((given) => [...given])] } };
    });
    // Another tab has got ahead, or the scores were put away.
    if ((get().round?.rewardJudge?.scores.length ?? 0) === first) return;
  }
}

/** The reward that the form names, as it begins to judge. */
function beginningOf(
  { judgeReward: reward }: PromptSetForm,
  { library, rules }: JudgeByRewardDependencies,
): PromptSetRewardJudge {
  const run = library.getState().runs.find(({ id }) => id === rewardRunOf(reward))?.name;
  const own = reward === 'rules' ? readRuleForms(rules.getState().rules).rules : null;
  return { reward, ...(run !== undefined && { run }), ...(own !== null && { rules: own }), scores: [] };
}

/**
 * Has the reward of a prompt set that is to be judged by one score its answers.
 * @throws as `scoreRest`
 */
export async function judgeByReward(
  store: ScoredSetStore,
  dependencies: JudgeByRewardDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { round, form } = store.getState();
  if (round?.judge !== 'reward' || judgeIdOf(form.judgeReward) !== null) return;
  if (round.rewardJudge == null) {
    await dependencies.chooseReward(form.judgeReward, 1);
    await dependencies.changeRound((then) => ({ ...then, rewardJudge: beginningOf(form, dependencies) }));
  }
  try {
    await scoreRest(store, dependencies, signal);
  } finally {
    store.setState({ modelJudging: null, modelStopping: false });
  }
}

export function judgingByReward(store: ScoredSetStore, dependencies: JudgeByRewardDependencies): RewardJudging {
  const { getState: get, setState: set } = store;
  const { engineTime, changeRound, notices } = dependencies;
  return {
    async askReward() {
      if (get().round === null || get().modelJudging !== null) return;
      await engineTime.run('modelJudging', async (signal) => {
        set({ modelJudging: { done: 0, total: 0, secondsLeft: null }, modelStopping: false, failure: null });
        try {
          await judgeByReward(store, dependencies, signal);
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          set({ modelJudging: null, modelStopping: false });
        }
      });
    },

    async dropReward() {
      const { round } = get();
      if (round?.rewardJudge == null) return;
      get().stopModel();
      const { rewardJudge } = round;
      await changeRound((then) => ({ ...then, rewardJudge: null }));
      notices.getState().tellDone(currentText().promptSet.byReward.dropped, () => {
        void changeRound((then) =>
          then.at === round.at && then.rewardJudge == null ? { ...then, rewardJudge } : null,
        );
      });
    },
  };
}
