/** @file Which of the shipped tasks the starter offers: those whose recipe holds (run/starter-recipe.ts). */
import { starterDemonstrations } from '../../../run/starter-recipe';
import type { StarterManifest, StarterTask } from './manifest';

/** The languages that a task's model writes. */
const languages: Partial<Readonly<Record<StarterTask['id'], string>>> = { 'sentiment-ko': 'ko' };

/** The task that is chosen at first: one in the reader's own language, else the first. */
export function firstOffered(manifest: StarterManifest | null, language: string): StarterTask | undefined {
  const offered = offeredTasks(manifest);
  return offered.find(({ id }) => (languages[id] ?? 'en') === language) ?? offered[0];
}

export const offeredTasks = (manifest: StarterManifest | null): readonly StarterTask[] =>
  (manifest?.tasks ?? []).filter(({ id }) => starterDemonstrations.includes(id));
