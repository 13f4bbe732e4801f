/**
 * @file What is asked of the columns of a prompt set: one answer of each, and of a column that shows the best of N as
 * many; and which of them is kept. Pure.
 */
import type { Reward } from '../../../../evaluation/reward';
import type { PromptSet, PromptSetAnswer, PromptSetColumn } from '../../../../storage/prompt-set-record';
import type { Generation } from '../../../../worker/protocol';
import { bestFirst, judgeAnswer, keptAnswer } from '../best-of';
import { countCells, placeOf } from './prompt-set';

type Drawn = Pick<PromptSet, 'columns' | 'temperatures' | 'prompts' | 'sampling'>;

/** How many answers of a column there are to choose from; at temperature 0 all are the same. */
export const drawsOf = ({ best }: PromptSetColumn, temperature: number): number =>
  temperature === 0 ? 1 : (best?.count ?? 1);

const temperatureOf = (cell: number, promptSet: Drawn): number =>
  promptSet.temperatures[placeOf(cell, promptSet).temperature] ?? 0;

/** Answers that the first cells need in all. */
export function answersIn(cells: number, promptSet: Drawn): number {
  const each = Array.from({ length: cells }, (_, cell) =>
    promptSet.columns.reduce((sum, column) => sum + drawsOf(column, temperatureOf(cell, promptSet)), 0),
  );
  return each.reduce((sum, answers) => sum + answers, 0);
}

/** What is asked at once: a prompt with one seed, of the columns that still have an answer to give to it. */
export interface Draw {
  readonly cell: number;
  readonly prompt: PromptSet['prompts'][number];
  readonly temperature: number;
  readonly seed: number;
  readonly of: readonly number[];
}

/** The draws from a cell on. The first of each has the seed that a single answer has; no two of a prompt share one. */
export function drawsFrom(first: number, promptSet: Drawn): readonly Draw[] {
  const { columns, prompts, sampling } = promptSet;
  return Array.from({ length: countCells(promptSet) - first }, (_, index) => first + index).flatMap((cell) => {
    const temperature = temperatureOf(cell, promptSet);
    const at = placeOf(cell, promptSet).prompt;
    const draws = columns.map((column) => drawsOf(column, temperature));
    return Array.from({ length: Math.max(...draws) }, (_, n): Draw => ({
      ...{ cell, temperature, prompt: prompts[at] ?? '', seed: sampling.seed + at + n * prompts.length },
      of: draws.flatMap((count, column) => (count > n ? [column] : [])),
    }));
  });
}

/** An answer as a prompt set keeps it. */
export const setAnswer = (generation: Pick<Generation, 'text' | 'finish' | 'tokens'>): PromptSetAnswer => ({
  ...keptAnswer(generation),
  tokens: generation.tokens,
});

/**
 * The answer that a column keeps of those that it gave to a prompt.
 * @param reward null where the engine has scored them
 */
export function keptOf(
  generations: readonly Generation[],
  { best }: PromptSetColumn,
  reward: Reward | null,
  { prompt, reference }: { readonly prompt: PromptSet['prompts'][number]; readonly reference: string | null },
): PromptSetAnswer {
  const [single] = generations;
  if (single === undefined) throw new Error('No answer was given.');
  if (best === undefined) return setAnswer(single);
  const judged = generations.map((each, index) => judgeAnswer(reward, prompt, reference, each, index));
  const [first = judged[0]] = bestFirst(judged);
  return { ...setAnswer(first ?? single), reward: first?.reward ?? null };
}
