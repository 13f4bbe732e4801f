/** @file The judges of the starter's tasks as one number per answer, the one that its pairs were labelled by. */
import { judgeAnswer } from '../../../evaluation/dialogue';
import { scoreSentiment } from '../../../evaluation/sentiment';
import { judgeSummary } from '../../../evaluation/summary';
import type { TaskId } from './manifest';

/** What follows a post in the prompt, and is no part of it. */
const summaryCue = /\s*TL;DR:\s*$/;

/**
 * Higher is better: 0 to 1 for sentiment; 1 at most, and below 0 at worst, for a summary; about 0 to 1 for an answer.
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
