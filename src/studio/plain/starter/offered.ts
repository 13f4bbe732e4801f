/** @file Which of the shipped tasks the starter offers: those whose recipe holds (run/starter-recipe.ts). */
import { starterDemonstrations } from '../../../run/starter-recipe';
import type { StarterManifest, StarterTask } from './manifest';

export const offeredTasks = (manifest: StarterManifest | null): readonly StarterTask[] =>
  (manifest?.tasks ?? []).filter(({ id }) => starterDemonstrations.includes(id));
