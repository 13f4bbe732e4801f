/** @file A policy of the open model as judge of answers: on the device for as long as it compares. */
import { UserError } from '../core/errors';
import { isJudgePrompt, type JudgeQuestion } from '../data/judge-question';
import { compareAnswers } from '../evaluation/judge';
import { judgeTogether, type Judging } from '../generation/drawn-answers';
import { openLetters } from '../generation/letters';
import type { JudgeChoice } from '../run/reward-choice';
import type { SessionModel } from './engine-session';
import { withPolicy } from './policies';
import type { AdapterFiles, Comparing } from './protocol';

type Compared = Parameters<typeof compareAnswers>[2];
type CompareOptions = Parameters<typeof compareAnswers>[3];

/** Rewards answers by comparing every two to one prompt. @throws UserError, AbortError as `compareAnswers` */
export const compareBy = (
  opened: SessionModel,
  { policy, asked }: Comparing,
  answers: Compared,
  options: CompareOptions,
): Promise<readonly (number | null)[]> =>
  withPolicy(opened, policy, (adapter) =>
    compareAnswers(openLetters(opened, opened.decoding, adapter), asked, answers, options),
  );

/** @throws UserError for the path of a file, which no tab can open */
function questionOf(question: JudgeChoice['question']): JudgeQuestion {
  if (typeof question !== 'string' || isJudgePrompt(question)) return question;
  throw new UserError('rewardIsFile', { name: question });
}

/**
 * What judges a run's answers by comparing them.
 * @param files of the adapter that judges; null for the model itself
 * @throws UserError, at once, for a judge of another base, a question that is a file, and a model that says no letters
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
