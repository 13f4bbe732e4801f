/**
 * @file The rewards that are not the page's own: reward models that runs have trained, and judges that compare answers.
 * Which of them can judge what the open model answers, which of them has to be loaded for it, why another one cannot,
 * and how a run's settings name it. Pure.
 */
import { mostCompared, questionsAbout, tooManyCompared } from '../../../data/judge-question';
import { fewestJudgements } from '../../../evaluation/judge';
import { message, type Message } from '../../../messages/message';
import type { RewardChoice } from '../../../run/reward-choice';
import type { StoredModel } from '../../../storage/models/stored-model';
import type { RunRecord } from '../../../storage/records';
import type { ModelSummary } from '../../../worker/protocol';
import { answeringRuns } from '../runs/answering-runs';
import { isTaskId } from '../starter/manifest';
import { judgeIdOf, rewardRunOf, type RewardId } from './best-of';
import { standingOf, type KeptJudge } from './kept-judges';

/** A kept model, as far as it can be loaded to judge. */
export type LoadableModel = Pick<StoredModel, 'id' | 'name' | 'fingerprint' | 'sizeBytes'>;

export interface RewardSources {
  readonly runs: readonly RunRecord[];
  readonly judges: readonly KeptJudge[];
  readonly model: Pick<ModelSummary, 'name' | 'fingerprint'> | null;
  /** The kept models: a judge may be of each of them, and is loaded for it. */
  readonly stored: readonly LoadableModel[];
}

/** The runs whose reward models can score what the model with this fingerprint answers, newest first. */
export const scoringRuns = (runs: readonly RunRecord[], fingerprint: string | undefined): readonly RunRecord[] =>
  answeringRuns(runs, fingerprint, 'reward');

/** What a judge is called: its adapter's run, or the model. */
export const judgeName = ({ runName, modelName }: Pick<KeptJudge, 'runName' | 'modelName'>): string =>
  runName ?? modelName;

const percent = (share: number): number => Math.round(100 * share);

function runProblem(runId: string, { runs, model }: RewardSources): Message | null {
  if (scoringRuns(runs, model?.fingerprint).some(({ id }) => id === runId)) return null;
  const run = runs.find(({ id }) => id === runId);
  const isOther = run?.method === 'reward' && run.adapterBytes > 0 && run.modelFingerprint !== model?.fingerprint;
  return isOther
    ? message('rewardRunOther', { run: run.name, base: run.modelName, model: model?.name ?? '' })
    : message('rewardRunGone');
}

const isOfOpen = ({ fingerprint }: KeptJudge, model: RewardSources['model']): boolean =>
  fingerprint === model?.fingerprint;

/** The kept model that has to be loaded so that a judge can judge; null where its model is open, or is not kept. */
export const modelToLoad = (judge: KeptJudge, { model, stored }: RewardSources): LoadableModel | null =>
  isOfOpen(judge, model) ? null : (stored.find(({ fingerprint }) => fingerprint === judge.fingerprint) ?? null);

/** Whether a judge's model is open, or can be loaded. */
export const isAtHand = (judge: KeptJudge, sources: RewardSources): boolean =>
  isOfOpen(judge, sources.model) || modelToLoad(judge, sources) !== null;

/** The kept judge that a reward is; null where it is none, or the judge is gone. */
export const judgeOf = (id: RewardId, judges: readonly KeptJudge[]): KeptJudge | null =>
  judges.find((judge) => judge.id === judgeIdOf(id)) ?? null;

/** What has become of the judge itself. */
function judgeProblem(judge: KeptJudge | null, sources: RewardSources): Message | null {
  if (judge === null) return message('judgeRewardGone');
  const name = judgeName(judge);
  if (!isAtHand(judge, sources)) return message('judgeRewardNotKept', { judge: name, base: judge.modelName });
  if (judge.runId !== null && !answeringRuns(sources.runs, judge.fingerprint).some(({ id }) => id === judge.runId))
    return message('judgeRewardGone');
  const standing = standingOf(judge);
  if (standing === 'unknown')
    return message('judgeRewardUnknown', { judge: name, there: judge.items, wanted: fewestJudgements });
  return standing === 'accepted'
    ? null
    : message('judgeRewardRefused', {
        ...{ judge: name, share: percent(judge.agreed / judge.items), bound: percent(judge.bound) },
      });
}

/**
 * Why a reward cannot judge the open model's answers, in a sentence; null for one that can, and for those that the page
 * works out itself.
 * @param answers to each prompt
 */
export function rewardProblem(id: RewardId, sources: RewardSources, answers = 1): Message | null {
  const runId = rewardRunOf(id);
  if (runId !== null) return runProblem(runId, sources);
  if (judgeIdOf(id) === null) return null;
  return judgeProblem(judgeOf(id, sources.judges), sources) ?? tooManyCompared(answers);
}

/** How settings name a reward, whether it can judge or not; null for the rules, and for a judge that is gone. */
export function rewardChoiceOf(id: RewardId, judges: readonly KeptJudge[]): RewardChoice | null {
  if (isTaskId(id)) return { scorer: id };
  const model = rewardRunOf(id);
  if (model !== null) return { model };
  const judge = judgeOf(id, judges);
  if (judge === null) return null;
  const { fingerprint, asked, runId } = judge;
  return { judge: fingerprint, question: asked, ...(runId !== null && { adapter: runId }) };
}

/** What comparing every two of so many answers to each of some prompts takes. */
export function comparingOf(
  { secondsEach }: Pick<KeptJudge, 'secondsEach'>,
  prompts: number,
  answers: number,
): { readonly comparisons: number; readonly questions: number; readonly seconds: number | null } {
  const each = questionsAbout(Math.min(answers, mostCompared));
  const comparisons = prompts * each.comparisons;
  return {
    comparisons,
    questions: prompts * each.questions,
    seconds: secondsEach === null ? null : comparisons * secondsEach,
  };
}

/** As `rewardChoiceOf`; null too for one that cannot judge. */
export const usableChoiceOf = (id: RewardId, sources: RewardSources): RewardChoice | null =>
  rewardProblem(id, sources) === null ? rewardChoiceOf(id, sources.judges) : null;
