/** @file The judges of the starter's tasks as one number per answer, the one that its pairs were labelled by. */
import { judgeAnswer } from '../../../evaluation/dialogue';
import { scoreSentiment } from '../../../evaluation/sentiment';
import { judgeSummary } from '../../../evaluation/summary';
import type { TaskId } from './manifest';

/** The words that follow a post in its prompt and are no part of it. */
const summaryCue = /\s*TL;DR:\s*$/;

/**
 * Scores an answer; higher is better. Sentiment has 0 to 1, a summary at most 1 and at worst below 0, an answer in a
 * dialogue about 0 to 1.
 */
export function scoreAnswer(task: TaskId, prompt: string, answer: string): number {
  switch (task) {
    case 'sentiment':
      return scoreSentiment(prompt + answer);
    case 'summarization':
      return judgeSummary(prompt.replace(summaryCue, ''), answer).quality;
    case 'dialogue':
      return judgeAnswer(prompt, answer).score;
  }
}
