/**
 * @file What the starter ends with: held-out prompts answered by base, SFT and DPO, each answer scored; what that says
 * of them all, and which prompts show it best.
 */
import {
  meanInterval,
  pairedDifference,
  standingOf,
  type MeanInterval,
  type Standing,
} from '../../../evaluation/intervals';
import type { KlEstimate } from '../../../evaluation/kl';
import { isFluent, scoreStarterAnswer } from '../../../evaluation/starter-score';
import type { StarterTask, TaskId } from './manifest';

/** Who answers the held-out prompts. */
export type ColumnKey = 'base' | 'sft' | 'dpo';
export const columnKeys: readonly ColumnKey[] = ['base', 'sft', 'dpo'];

export interface ScoredAnswer {
  readonly text: string;
  /** 0 to 1. */
  readonly score: number;
  /** No broken word, no repetition, not empty. */
  readonly isFluent: boolean;
}

export interface ScoredPrompt {
  readonly prompt: string;
  readonly answers: Readonly<Record<ColumnKey, ScoredAnswer>>;
}

export interface StarterResult {
  readonly task: StarterTask;
  /** Ids of the runs whose adapters answered; absent from results of before they were kept. */
  readonly runs?: Readonly<Record<'sft' | 'dpo', string>>;
  /** The held-out prompts that are answered so far, in the order of the file. */
  readonly prompts: readonly ScoredPrompt[];
  /** How far DPO went from the SFT model, in nats an answer; null while it is not known. */
  readonly kl: KlEstimate | null;
  /** Seconds from the click to the last answer; null while answers are missing. */
  readonly seconds: number | null;
}

/** Scores an answer by the task's ground truth, from 0 to 1: higher is better. */
export type ScoreAnswer = (task: TaskId, prompt: string, answer: string) => number;

/** Scores the answers to one prompt, in the order of the columns. */
export function scoredPrompt(task: TaskId, prompt: string, texts: readonly string[]): ScoredPrompt {
  const answerOf = (text = ''): ScoredAnswer => {
    const scored = scoreStarterAnswer(task, prompt, text);
    return { text, score: scored.score, isFluent: isFluent(scored) };
  };
  const answers = columnKeys.map((column, at): [ColumnKey, ScoredAnswer] => [column, answerOf(texts[at])]);
  return { prompt, answers: Object.fromEntries(answers) as Record<ColumnKey, ScoredAnswer> };
}

export interface ColumnSummary {
  readonly score: MeanInterval;
  /** Share of the answers that are fluent. */
  readonly fluent: number;
}

export interface StarterSummary {
  readonly columns: Readonly<Record<ColumnKey, ColumnSummary>>;
  /** What DPO scores more than each of the others on the same prompts. */
  readonly above: Readonly<Record<'base' | 'sft', MeanInterval & { readonly standing: Standing }>>;
}

/** What the answers say together; null for fewer than two prompts, of which no interval can be told. */
export function summarize(prompts: readonly ScoredPrompt[]): StarterSummary | null {
  if (prompts.length < 2) return null;
  const scoresOf = (column: ColumnKey) => prompts.map(({ answers }) => answers[column].score);
  const summaryOf = (column: ColumnKey): ColumnSummary => ({
    score: meanInterval(scoresOf(column)),
    fluent: prompts.filter(({ answers }) => answers[column].isFluent).length / prompts.length,
  });
  const aboveOf = (column: 'base' | 'sft') => {
    const difference = pairedDifference(scoresOf('dpo'), scoresOf(column));
    return { ...difference, standing: standingOf(difference) };
  };
  return {
    columns: { base: summaryOf('base'), sft: summaryOf('sft'), dpo: summaryOf('dpo') },
    above: { base: aboveOf('base'), sft: aboveOf('sft') },
  };
}

/** The fewest prompts on which the page calls a difference clear. */
export const fewestForVerdict = 48;

/** What is said of DPO in a sentence: better than both, than neither, or not yet to be told. */
export type Verdict = 'clear' | 'open' | 'worse' | 'few';

export function verdictOf(prompts: number, { above }: StarterSummary): Verdict {
  if (prompts < fewestForVerdict) return 'few';
  const standings = [above.base.standing, above.sft.standing];
  if (standings.includes('below')) return 'worse';
  return standings.includes('open') ? 'open' : 'clear';
}

/** How far DPO moved, in plain words: below one nat an answer little, above ten far. */
export const distanceOf = ({ mean }: KlEstimate): 'near' | 'moderate' | 'far' =>
  mean < 1 ? 'near' : mean > 10 ? 'far' : 'moderate';

/** The prompts where DPO gains most over SFT, and those where it loses most; none twice, and none without a change. */
export function examplesOf(
  prompts: readonly ScoredPrompt[],
  count: number,
): { readonly best: readonly ScoredPrompt[]; readonly worst: readonly ScoredPrompt[] } {
  const gainOf = ({ answers }: ScoredPrompt) => answers.dpo.score - answers.sft.score;
  const sorted = prompts.toSorted((a, b) => gainOf(b) - gainOf(a));
  return {
    best: sorted.filter((prompt) => gainOf(prompt) > 0).slice(0, count),
    worst: sorted
      .filter((prompt) => gainOf(prompt) < 0)
      .slice(-count)
      .reverse(),
  };
}
