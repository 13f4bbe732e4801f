/**
 * @file What a model that compares two answers is asked, and how often: facts that settings, records and forms share.
 * How the questions are worded is in evaluation/judge.ts.
 */
import { UserError } from '../core/errors';
import { z } from '../core/zod';
import { message, type Message } from '../messages/message';

/** The comparisons of the DPO paper: its two of summaries, simple (S) and concise (C), and single-turn dialogue. */
export const judgePrompts = ['summarization', 'summarization-concise', 'dialogue'] as const;
export type JudgePrompt = (typeof judgePrompts)[number];

export const isJudgePrompt = (name: string): name is JudgePrompt => judgePrompts.some((each) => each === name);

/** A question in one's own words. */
export const rubricSchema = z.strictObject({ rubric: z.string().min(1) });

/** One of the paper's, or a rubric: a question in one's own words. */
export type JudgeQuestion = JudgePrompt | z.infer<typeof rubricSchema>;

/** How often a judge is asked where every two of so many answers are compared: n (n - 1) / 2 times, in both orders. */
export function questionsAbout(answers: number): { readonly comparisons: number; readonly questions: number } {
  const comparisons = (answers * (answers - 1)) / 2;
  return { comparisons, questions: 2 * comparisons };
}

/** At most so many answers to one prompt are compared with each other: 496 comparisons, 992 questions. */
export const mostCompared = 32;

/** Why so many answers to one prompt are not compared with each other; null where they are. */
export function tooManyCompared(answers: number): Message<'judgeTooMany'> | null {
  if (answers <= mostCompared) return null;
  const most = { mostAnswers: mostCompared, mostQuestions: questionsAbout(mostCompared).questions };
  return message('judgeTooMany', { answers, ...questionsAbout(answers), ...most });
}

/** @throws UserError for more answers to one prompt than are compared with each other */
export function refuseTooManyCompared(answers: number): void {
  const problem = tooManyCompared(answers);
  if (problem !== null) throw new UserError(problem);
}
