/**
 * @file The answers of a column of the best of N that wait for a judge of another model: what it is still to be asked,
 * and what becomes of them when it has said all. Pure.
 */
import type { Answer, Answers, Asked } from './answers';
import { bestFirst, type BestAnswers, type RewardId } from './best-of';
import { comparisonOf, type DrawnPrompt } from './waiting-answers';

/** An answer whose best is still to be chosen. */
export type UnjudgedAnswer = Answer & {
  readonly best: BestAnswers & { readonly preferences: readonly (number | null)[] };
};

export const isUnjudged = (answer: Answer | undefined): answer is UnjudgedAnswer =>
  answer?.best?.preferences !== undefined;

export const drawnOf = ({ prompt }: Asked, { best }: UnjudgedAnswer): DrawnPrompt => ({
  prompt,
  answers: best.candidates.map(({ text }) => text),
});

/** The columns that wait for a judge, by its name as a reward. */
export function waitingColumns(answers: Answers): ReadonlyMap<RewardId, readonly string[]> {
  const waiting = new Map<RewardId, string[]>();
  for (const [id, answer] of Object.entries(answers))
    if (isUnjudged(answer)) waiting.set(answer.best.reward, [...(waiting.get(answer.best.reward) ?? []), id]);
  return waiting;
}

/** An answer as it stands while nobody judges it. */
export function atRest(answer: UnjudgedAnswer): UnjudgedAnswer {
  const { count, reward, candidates, preferences } = answer.best;
  return { ...answer, finish: 'stopped', best: { count, reward, candidates, preferences, secondsLeft: null } };
}

/** The column's answer with what the judge has said of its drawn ones, the best of them once that is all. */
export function withPreferences(asked: Asked, answer: UnjudgedAnswer, preferences: readonly (number | null)[]): Answer {
  const { pairs, rewardsBy } = comparisonOf(drawnOf(asked, answer));
  const { candidates } = answer.best;
  if (preferences.length < pairs.length) {
    const waiting = { answers: candidates.length, compared: preferences.length, comparisons: pairs.length };
    return { ...answer, best: { ...answer.best, waiting, preferences: [...preferences] } };
  }
  const rewards = rewardsBy(preferences);
  const judged = bestFirst(candidates.map((candidate, at) => ({ ...candidate, reward: rewards[at] ?? null })));
  const { count, reward } = answer.best;
  const [first] = judged;
  return {
    ...answer,
    ...(first && { text: first.text, tokens: first.tokens, ids: first.ids, finish: first.finish }),
    best: { count, reward, candidates: [...judged], secondsLeft: null },
  };
}
