/**
 * @file What a reward is by its name, as the stores need it that have answers judged: the page works it out, or the
 * engine scores the answers by a reward model.
 */
import { UserError } from '../../core/errors';
import type { Reward } from '../../evaluation/reward';
import type { AdapterFiles, ModelSummary } from '../../worker/protocol';
import { rewardOf, rewardRunOf, rewardRunProblem, type RewardId } from '../plain/compare/best-of';
import type { RuleForm } from '../plain/data/rule-form';
import { isTaskId } from '../plain/starter/manifest';
import type { LibraryStore } from './library';

export interface ChosenReward {
  /** Null where the engine scores. */
  readonly reward: Reward | null;
  /** The reward model that it scores by, as a variant has it. */
  readonly scoring: { readonly scoredBy?: AdapterFiles };
}

/** @throws UserError where there are no rules that can be used, or no such reward model for the open model */
export type ChooseReward = (id: RewardId) => Promise<ChosenReward>;

export interface RewardSources {
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly getRules: () => readonly RuleForm[];
}

export function choosingReward({ library, getModel, getRules }: RewardSources): ChooseReward {
  return async (id) => {
    const runId = rewardRunOf(id);
    if (runId === null) {
      const reward = rewardOf(isTaskId(id) ? id : 'rules', getRules());
      if (reward === null) throw new UserError('bestNeedsRules');
      return { reward, scoring: {} };
    }
    const model = getModel();
    const problem = rewardRunProblem(id, library.getState().runs, model?.fingerprint);
    if (problem?.kind === 'gone') throw new UserError('rewardRunGone');
    if (problem !== null) {
      const { name, modelName } = problem.run;
      throw new UserError('rewardRunOther', { run: name, base: modelName, model: model?.name ?? '' });
    }
    return { reward: null, scoring: { scoredBy: await library.getState().adapterOf(runId) } };
  };
}
