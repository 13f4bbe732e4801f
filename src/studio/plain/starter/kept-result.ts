/**
 * @file The starter's result as it is kept: what was answered, not how it was scored. The scores follow from the
 * answers, so that they are those of today's judges.
 */
import { z } from '../../../core/zod';
import { count, mapping, maybe, measured, type Kept } from '../../../storage/versioned';
import { taskIds, type StarterManifest } from './manifest';
import { columnKeys, scoredPrompt, type StarterResult } from './result';

export const keptResultSchema = mapping({
  task: z.enum(taskIds),
  seconds: measured,
  /** Ids of the runs whose adapters answered. */
  runs: maybe(mapping({ sft: z.string(), dpo: z.string() })),
  /** How far DPO went from the SFT model. */
  kl: mapping({ mean: measured, standardError: measured.nullable(), samples: count }).nullable(),
  prompts: z.array(
    mapping({ prompt: z.string(), answers: mapping({ base: z.string(), sft: z.string(), dpo: z.string() }) }),
  ),
});
export type KeptResult = Kept<typeof keptResultSchema>;

/** Null while answers are missing: what was stopped is not kept. */
export function keptResultOf({ task, runs, prompts, kl, seconds }: StarterResult): KeptResult | null {
  if (seconds === null) return null;
  return {
    task: task.id,
    seconds,
    ...(runs && { runs }),
    kl,
    prompts: prompts.map(({ prompt, answers: { base, sft, dpo } }) => ({
      prompt,
      answers: { base: base.text, sft: sft.text, dpo: dpo.text },
    })),
  };
}

/** Null where this build ships no such task. */
export function resultOfKept(kept: KeptResult, manifest: StarterManifest | null): StarterResult | null {
  const task = manifest?.tasks.find(({ id }) => id === kept.task);
  if (task === undefined) return null;
  const prompts = kept.prompts.map(({ prompt, answers }) =>
    scoredPrompt(
      task.id,
      prompt,
      columnKeys.map((column) => answers[column]),
    ),
  );
  return { task, ...(kept.runs && { runs: kept.runs }), prompts, kl: kept.kl, seconds: kept.seconds };
}
