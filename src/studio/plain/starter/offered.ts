/** @file Which of the shipped tasks the starter offers: those whose recipe holds (run/starter-recipe.ts). */
import { starterDemonstrations } from '../../../run/starter-recipe';
import type { StarterManifest, StarterTask, TaskId } from './manifest';
import { starterModelName } from './recipe';

/** The languages that a task's model writes. */
const languages: Partial<Readonly<Record<StarterTask['id'], string>>> = { 'sentiment-ko': 'ko' };

/** The task that is chosen at first: one in the reader's own language, else the first. */
export function firstOffered(manifest: StarterManifest | null, language: string): StarterTask | undefined {
  const offered = offeredTasks(manifest);
  return offered.find(({ id }) => (languages[id] ?? 'en') === language) ?? offered[0];
}

export const offeredTasks = (manifest: StarterManifest | null): readonly StarterTask[] =>
  (manifest?.tasks ?? []).filter(({ id }) => starterDemonstrations.includes(id));

/** The tasks whose prompts a model was made for; none for a model that does not ship with Airlock. */
export const tasksOf = (manifest: StarterManifest | null, modelName: string): readonly TaskId[] =>
  (manifest?.tasks ?? []).filter((task) => starterModelName(task) === modelName).map(({ id }) => id);

/** The task as it was chosen, or the model's first where the choice is of another model. */
export function taskFor(chosen: TaskId, manifest: StarterManifest | null, modelName: string): TaskId {
  const own = tasksOf(manifest, modelName);
  return own.includes(chosen) ? chosen : (own[0] ?? chosen);
}
