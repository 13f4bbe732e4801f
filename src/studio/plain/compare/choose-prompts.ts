/** @file Where the prompts of a set or of a demonstration come from: typed, the pairs, or the starter. Pure. */
import { Random } from '../../../core/random';
import { splitPairs, type Split } from '../../../data/split';
import type { JudgedPrompt } from '../../../storage/judging-record';
import type { DatasetRow } from '../../../storage/records';
import type { ModelSummary } from '../../../worker/protocol';
import { datasetPrompts, typedPrompts } from '../judge/judge-form';
import type { NumberRule } from '../numbers';
import { taskIds, type StarterManifest, type TaskId } from '../starter/manifest';
import { taskFor } from '../starter/offered';

export const countRule: NumberRule = { min: 1, max: 10_000, integer: true };

export const promptSources = ['typed', 'dataset', 'starter'] as const;
export type PromptSource = (typeof promptSources)[number];

export interface PromptChoice {
  readonly source: PromptSource;
  /** Prompts as typed, one a line. */
  readonly prompts: string;
  readonly task: TaskId;
}

export interface PromptSources {
  readonly model: Pick<ModelSummary, 'hasChatTemplate' | 'name'>;
  /** By which prompts of the data set are drawn. */
  readonly seed: number;
  readonly rows: readonly DatasetRow[];
  readonly split: Split | null;
  readonly manifest: StarterManifest | null;
}

export interface ChosenPrompts {
  /**
   * The prompts; null for those of the starter, which are still to be fetched: the first `count` held-out ones of the
   * task.
   */
  readonly prompts: readonly JudgedPrompt[] | null;
  readonly count: number;
  /** The starter's task that they are of; null where they are of none. */
  readonly task: TaskId | null;
}

export type PromptObstacle = 'noPrompts' | 'noDatasetPrompts' | 'noStarter';

/** The rows that prompts are taken from: those that are not trained on where the data set is split, else all. */
export function promptSetRows(rows: readonly DatasetRow[], split: Split | null): readonly DatasetRow[] {
  return split === null ? rows : splitPairs(rows, split).evaluation;
}

/** The starter's task that all rows are of, told by the file that they came from; null where they are of none. */
export function taskOfRows(rows: readonly DatasetRow[]): TaskId | null {
  return taskIds.find((task) => rows.length > 0 && rows.every(({ file }) => file === `starter-${task}.jsonl`)) ?? null;
}

/** A typed line as the model is asked it: a user's message where it has a chat template. */
const asMessage = (line: string, { hasChatTemplate }: Pick<ModelSummary, 'hasChatTemplate'>): JudgedPrompt =>
  hasChatTemplate ? [{ role: 'user', content: line }] : line;

/** The prompts that are asked for, or what is in the way. @param count how many, where they are not typed */
export function choosePrompts(
  { source, prompts: typed, task }: PromptChoice,
  count: number,
  { model, seed, rows, split, manifest }: PromptSources,
): ChosenPrompts | PromptObstacle {
  if (source === 'typed') {
    const prompts = typedPrompts(typed).map((line) => asMessage(line, model));
    return prompts.length === 0 ? 'noPrompts' : { prompts, count: prompts.length, task: null };
  }
  if (source === 'dataset') {
    const usable = promptSetRows(rows, split);
    const prompts = new Random(seed).shuffled(datasetPrompts(usable, model.hasChatTemplate)).slice(0, count);
    return prompts.length === 0 ? 'noDatasetPrompts' : { prompts, count: prompts.length, task: taskOfRows(usable) };
  }
  const own = taskFor(task, manifest, model.name);
  if (manifest?.tasks.every(({ id }) => id !== own) ?? true) return 'noStarter';
  return { prompts: null, count, task: own };
}
