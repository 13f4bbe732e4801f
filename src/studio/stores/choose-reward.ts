/**
 * @file What a reward is by its name, as the stores need it that have answers judged: the page works it out, or the
 * engine scores the answers by a reward model, or has a judge compare them.
 */
import { UserError } from '../../core/errors';
import type { Reward } from '../../evaluation/reward';
import type { ModelSummary, Variant } from '../../worker/protocol';
import { rewardOf, rewardRunOf, type RewardId } from '../plain/compare/best-of';
import { judgeOf, modelToLoad, rewardProblem } from '../plain/compare/rewards';
import { isTaskId } from '../plain/starter/manifest';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import type { ModelShelfStore } from './model-shelf';
import type { RulesStore } from './rules';

export interface ChosenReward {
  /** Null where the engine scores. */
  readonly reward: Reward | null;
  /** The reward model or the judge that it scores by, as a variant has it. */
  readonly scoring: Pick<Variant, 'scoredBy' | 'comparedBy'>;
  /** A judge of another model than the open one, which judges when all answers are drawn (ask-kept-judge.ts). */
  readonly isLater?: true;
}

/**
 * @param answers to each prompt
 * @throws UserError where there are no rules that can be used, or no reward model or judge that can judge
 */
export type ChooseReward = (id: RewardId, answers: number) => Promise<ChosenReward>;

export interface RewardStores {
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly rules: RulesStore;
  readonly judges: JudgesStore;
  readonly modelShelf: ModelShelfStore;
}

export function choosingReward({ library, getModel, rules, judges: kept, modelShelf }: RewardStores): ChooseReward {
  return async (id, answers) => {
    const { judges } = kept.getState();
    const { stored } = modelShelf.getState();
    const sources = { runs: library.getState().runs, judges, model: getModel(), stored };
    const problem = rewardProblem(id, sources, answers);
    if (problem !== null) throw new UserError(problem);
    const runId = rewardRunOf(id);
    const judge = judgeOf(id, judges);
    if (judge !== null && modelToLoad(judge, sources) !== null) return { reward: null, scoring: {}, isLater: true };
    if (judge !== null) {
      const adapter = judge.runId === null ? null : await library.getState().adapterOf(judge.runId);
      return { reward: null, scoring: { comparedBy: { policy: { adapter }, asked: judge.asked } } };
    }
    if (runId === null) {
      const reward = rewardOf(isTaskId(id) ? id : 'rules', rules.getState().rules);
      if (reward === null) throw new UserError('bestNeedsRules');
      return { reward, scoring: {} };
    }
    return { reward: null, scoring: { scoredBy: await library.getState().adapterOf(runId) } };
  };
}
