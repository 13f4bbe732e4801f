/** @file What the starter ends with: held-out prompts answered by base, SFT and DPO, each answer scored. */
import type { StarterTask, TaskId } from './manifest';

/** Who answers the held-out prompts. */
export type ColumnKey = 'base' | 'sft' | 'dpo';
export const columnKeys: readonly ColumnKey[] = ['base', 'sft', 'dpo'];

export interface ScoredAnswer {
  readonly text: string;
  readonly score: number;
}

export interface ScoredPrompt {
  readonly prompt: string;
  readonly answers: Readonly<Record<ColumnKey, ScoredAnswer>>;
}

export interface StarterResult {
  readonly task: StarterTask;
  /** The held-out prompts that are answered so far, in the order of the file. */
  readonly prompts: readonly ScoredPrompt[];
  /** Seconds from the click to the last answer; null while answers are missing. */
  readonly seconds: number | null;
}

/** Scores an answer by the task's ground truth: higher is better, about 0 to 1. */
export type ScoreAnswer = (task: TaskId, prompt: string, answer: string) => number;

export function meanScores(prompts: readonly ScoredPrompt[]): Readonly<Record<ColumnKey, number>> {
  const mean = (column: ColumnKey) =>
    prompts.reduce((sum, { answers }) => sum + answers[column].score, 0) / Math.max(1, prompts.length);
  return { base: mean('base'), sft: mean('sft'), dpo: mean('dpo') };
}
