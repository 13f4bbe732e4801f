/**
 * @file Answers that wait for a judge, which compares them prompt by prompt when all are there: what it is to be asked,
 * and what its preferences come to. Pure.
 */
import { wordsOf } from '../../../data/preference-pair';
import { planComparison, type PairToJudge, type PlannedComparison } from '../../../evaluation/judge';
import type { MadeAnswers } from '../../../storage/made-answers-record';
import type { JudgedPrompt } from '../../../storage/judging-record';
import type { Candidate } from './best-of';

/** An answer with its score; null where it could not be scored. */
export type ScoredAnswer = Pick<Candidate, 'text' | 'reward'>;

/** A prompt with its answers, the best first. */
export interface AnsweredPrompt {
  readonly prompt: JudgedPrompt;
  readonly candidates: readonly ScoredAnswer[];
}

/** A prompt with its answers, in the order asked, before they are judged. */
export interface DrawnPrompt {
  readonly prompt: JudgedPrompt;
  readonly answers: readonly string[];
}

/** As it is kept: the judge's id, the prompts, and the preferences in the first of them so far. */
export type WaitingAnswers = Omit<NonNullable<MadeAnswers['waiting']>, 'drawn' | 'preferences'> & {
  readonly drawn: readonly DrawnPrompt[];
  /** Null where two answers were too long for the judge. */
  readonly preferences: readonly (number | null)[];
};

/** Prompts that are judged, and those that wait; null where none does. */
export interface JudgedSoFar {
  readonly answered: readonly AnsweredPrompt[];
  readonly waiting: WaitingAnswers | null;
}

/** Adds a prompt whose answers wait for a judge. */
export const withDrawn = (waiting: WaitingAnswers | null, judge: string, drawn: DrawnPrompt): WaitingAnswers =>
  waiting === null ? { judge, drawn: [drawn], preferences: [] } : { ...waiting, drawn: [...waiting.drawn, drawn] };

/** What a judge is to be asked of the answers, and the rewards that follow from what it says. */
export const comparisonOf = ({ prompt, answers }: DrawnPrompt): PlannedComparison =>
  planComparison(answers.map((text) => ({ prompt: wordsOf(prompt), text, reference: null })));

function judged(drawn: DrawnPrompt, rewards: readonly (number | null)[]): AnsweredPrompt {
  const candidates = drawn.answers.map((text, at) => ({ text, reward: rewards[at] ?? null }));
  // The sort is stable: of equals the one that was asked first stays first.
  const sorted = candidates.sort((a, b) => (b.reward ?? -Infinity) - (a.reward ?? -Infinity));
  return { prompt: drawn.prompt, candidates: sorted };
}

/** Moves the prompts on which nothing has to be asked any more to those that are judged. */
export function settle({ answered, waiting }: JudgedSoFar): JudgedSoFar {
  if (waiting === null) return { answered, waiting };
  const done: AnsweredPrompt[] = [];
  let { preferences } = waiting;
  for (const each of waiting.drawn) {
    const { pairs, rewardsBy } = comparisonOf(each);
    if (preferences.length < pairs.length) break;
    done.push(judged(each, rewardsBy(preferences)));
    preferences = [];
  }
  const drawn = waiting.drawn.slice(done.length);
  return {
    answered: done.length === 0 ? answered : [...answered, ...done],
    waiting: drawn.length === 0 ? null : { ...waiting, drawn, preferences },
  };
}

/** How many comparisons the prompts take, those that are made included. */
export const comparisonsOf = ({ drawn }: Pick<WaitingAnswers, 'drawn'>): number =>
  drawn.reduce((sum, each) => sum + comparisonOf(each).pairs.length, 0);

/** What is asked in one call: so many comparisons, and those of the last prompt. */
const askedAtOnce = 256;

/**
 * What is still to be asked, in portions of whole prompts: all of it at once would fill the page's memory.
 * @param waiting the answers to each prompt, with how many of its comparisons are made
 */
export function* portionsToAsk(
  waiting: Iterable<DrawnPrompt & { readonly made: number }>,
): Generator<readonly PairToJudge[]> {
  let portion: PairToJudge[] = [];
  for (const { made, ...each } of waiting) {
    portion.push(...comparisonOf(each).pairs.slice(made));
    if (portion.length < askedAtOnce) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** As `portionsToAsk`. */
export const pairsToAsk = ({ drawn, preferences }: WaitingAnswers): Generator<readonly PairToJudge[]> =>
  portionsToAsk(drawn.map((each, at) => ({ ...each, made: at === 0 ? preferences.length : 0 })));
