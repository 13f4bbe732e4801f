/**
 * @file The rewards that are not the page's own: reward models that runs have trained, and judges that compare answers.
 * Which of them can judge what the open model answers, why another one cannot, and how a run's settings name it. Pure.
 */
import { mostCompared, questionsAbout, tooManyCompared } from '../../../data/judge-question';
import { fewestJudgements } from '../../../evaluation/judge';
import { message, type Message } from '../../../messages/message';
import type { RewardChoice } from '../../../run/reward-choice';
import type { RunRecord } from '../../../storage/records';
import type { ModelSummary } from '../../../worker/protocol';
import { answeringRuns } from '../runs/answering-runs';
import { isTaskId } from '../starter/manifest';
import { judgeIdOf, rewardRunOf, type RewardId } from './best-of';
import { standingOf, type KeptJudge } from './kept-judges';

export interface RewardSources {
  readonly runs: readonly RunRecord[];
  readonly judges: readonly KeptJudge[];
  readonly model: Pick<ModelSummary, 'name' | 'fingerprint'> | null;
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

/** What has become of the judge itself. */
function judgeProblem(judge: KeptJudge | undefined, { runs, model }: RewardSources): Message | null {
  if (judge === undefined) return message('judgeRewardGone');
  const name = judgeName(judge);
  if (judge.fingerprint !== model?.fingerprint)
    return message('judgeRewardOther', { judge: name, base: judge.modelName, model: model?.name ?? '' });
  if (judge.runId !== null && !answeringRuns(runs, model.fingerprint).some(({ id }) => id === judge.runId))
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
  const judgeId = judgeIdOf(id);
  if (judgeId === null) return null;
  const judge = sources.judges.find((each) => each.id === judgeId);
  return judgeProblem(judge, sources) ?? tooManyCompared(answers);
}

/** How settings name a reward, whether it can judge or not; null for the rules, and for a judge that is gone. */
export function rewardChoiceOf(id: RewardId, judges: readonly KeptJudge[]): RewardChoice | null {
  if (isTaskId(id)) return { scorer: id };
  const model = rewardRunOf(id);
  if (model !== null) return { model };
  const judge = judges.find((each) => each.id === judgeIdOf(id));
  if (judge === undefined) return null;
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
