/** @file The starter's recipe (run/starter-recipe.ts) as the studio's jobs and calls. */
import type { StarterTaskId } from '../../../data/starter-task';
import { answerSeed, starterKlSampling, starterRuns, starterSampling, starterSeed } from '../../../run/starter-recipe';
import type { AskedPrompt } from '../../../worker/protocol';
import type { Job } from '../train/options';

export const starterModelName = 'airlock-starter';

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
