/** @file The starter's score of an answer as one number. */
import { scoreStarterAnswer } from '../../../evaluation/starter-score';
import type { TaskId } from './manifest';

/** Scores an answer from 0 to 1; higher is better. */
export const scoreAnswer = (task: TaskId, prompt: string, answer: string): number =>
  scoreStarterAnswer(task, prompt, answer).score;
