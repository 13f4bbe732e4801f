/** @file The starter's recipe (run/starter-recipe.ts) as the studio's jobs and calls. */
import type { StarterTaskId } from '../../../data/starter-task';
import { answerSeed, starterKlSampling, starterRuns, starterSampling, starterSeed } from '../../../run/starter-recipe';
import type { AskedPrompt } from '../../../worker/protocol';
import type { Job } from '../train/options';
import type { StarterTask } from './manifest';

/** The models that ship with Airlock: folder beside the manifest, and what the model is called in the studio. */
const models = [
  { folder: 'model', name: 'airlock-starter' },
  { folder: 'model-ko', name: 'airlock-starter-ko' },
] as const;

/** The name of a task's model; a folder that is not known gives the task's own name. */
export const starterModelName = ({ id, model = 'model' }: Pick<StarterTask, 'id' | 'model'>): string =>
  models.find(({ folder }) => folder === model)?.name ?? `airlock-starter-${id}`;

/** The folder of a shipped model; undefined for a model of another name. */
export const starterModelFolder = (name: string): string | undefined =>
  models.find((model) => model.name === name)?.folder;

export const isStarterModel = (name: string): boolean => starterModelFolder(name) !== undefined;

/** Number of pairs that are shown while the starter runs. */
export const shownPairs = 3;

/** Prompts as the starter asks them, each with a seed of its own. */
export const askedBy = (prompts: readonly AskedPrompt['prompt'][], forKl = false): readonly AskedPrompt[] =>
  prompts.map((prompt, i) => ({
    prompt,
    options: { ...(forKl ? starterKlSampling : starterSampling), seed: answerSeed(starterSeed, i, forKl) },
  }));

export function jobsOf(task: StarterTaskId): readonly Job[] {
  const { sft, dpo } = starterRuns(task);
  return [
    { method: 'sft', config: sft },
    { method: 'dpo', continuesPrevious: true, config: dpo },
  ];
}
