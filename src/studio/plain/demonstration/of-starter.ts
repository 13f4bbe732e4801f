/** @file The starter's result as a demonstration: the first of its held-out prompts, with the answers that it kept. */
import { answerSeed, starterSampling, starterSeed } from '../../../run/starter-recipe';
import type { Demonstration } from '../../../storage/demonstration-record';
import type { Run } from '../runs/run';
import { starterModelName } from '../starter/recipe';
import { columnKeys, type StarterResult } from '../starter/result';

/** Prompts of a demonstration made of the starter: as many as an audience has patience for, the first in the file. */
export const starterScriptLength = 10;

const whole = 100;

/**
 * @param runs all runs that are kept; where those that answered are gone, the answers stay and nothing can be computed
 */
export function demonstrationOfStarter(
  { task, prompts, runs: ids }: StarterResult,
  runs: readonly Pick<Run, 'id' | 'name' | 'modelFingerprint'>[],
): Omit<Demonstration, 'at' | 'orderSeed'> {
  const shown = prompts.slice(0, starterScriptLength);
  const runOf = (role: 'sft' | 'dpo') => runs.find(({ id }) => id === ids?.[role]);
  return {
    modelName: starterModelName(task),
    fingerprint: runOf('dpo')?.modelFingerprint ?? null,
    columns: columnKeys.map((role) => {
      const run = role === 'base' ? undefined : runOf(role);
      return { role, runId: run?.id ?? null, name: run?.name ?? role, strength: whole };
    }),
    sampling: starterSampling,
    script: shown.map(({ prompt }, index) => ({ prompt, seed: answerSeed(starterSeed, index, false) })),
    answered: shown.map(({ answers }) =>
      columnKeys.map((role) => ({ text: answers[role].text, isCut: false, scored: null })),
    ),
    scoring: null,
    judgements: [],
  };
}
