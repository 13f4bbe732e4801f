/** @file A policy of the open model as judge of answers: on the device for as long as it compares. */
import { UserError } from '../core/errors';
import { isJudgePrompt, type JudgeQuestion } from '../data/judge-question';
import { openComparing, type CompareBy } from '../generation/comparing';
import { judgeTogether, type Judging } from '../generation/drawn-answers';
import type { JudgeChoice } from '../run/reward-choice';
import type { SessionModel } from './engine-session';
import { withPolicy } from './policies';
import type { AdapterFiles, Comparing } from './protocol';

/** Rewards answers by comparing every two to one prompt. @throws UserError, AbortError as `compareAnswers` */
export const compareBy = (
  opened: SessionModel,
  { policy, asked }: Comparing,
  ...given: Parameters<CompareBy>
): ReturnType<CompareBy> =>
  withPolicy(opened, policy, (adapter) => openComparing(opened, opened.decoding, adapter, asked)(...given));

/** @throws UserError for the path of a file, which no tab can open */
export function questionOf(question: JudgeChoice['question']): JudgeQuestion {
  if (typeof question !== 'string' || isJudgePrompt(question)) return question;
  throw new UserError('rewardIsFile', { name: question });
}

/**
 * What judges a run's answers by comparing them.
 * @param files of the adapter that judges; null for the model itself
 * @throws UserError, at once, for a judge that is another model, a question that is a file, and a model that says no
 *   letters
 */
export async function comparing(
  opened: SessionModel,
  { judge, question, adapter }: JudgeChoice,
  files: AdapterFiles | null,
): Promise<Judging> {
  if (judge !== opened.model.fingerprint || (adapter !== undefined) !== (files !== null))
    throw new UserError('rewardIsFile', { name: adapter ?? judge });
  const by: Comparing = { policy: { adapter: files }, asked: questionOf(question) };
  await compareBy(opened, by, [], {});
  return judgeTogether((answers, options) => compareBy(opened, by, answers, options));
}
