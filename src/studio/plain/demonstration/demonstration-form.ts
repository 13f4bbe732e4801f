/** @file The form that begins a demonstration, as typed; and what it asks for, or what is in the way. Pure. */
import { z } from '../../../core/zod';
import type { Split } from '../../../data/split';
import { columnsShown, type DemonstrationColumn, type ScriptedPrompt } from '../../../storage/demonstration-record';
import type { JudgedPrompt } from '../../../storage/judging-record';
import type { PromptSet, PromptSetColumn } from '../../../storage/prompt-set-record';
import type { DatasetRow } from '../../../storage/records';
import { mapping, type Kept } from '../../../storage/versioned';
import type { ModelSummary, SamplingOptions } from '../../../worker/protocol';
import {
  choosePrompts,
  countRule,
  promptSources,
  type ChosenPrompts,
  type PromptObstacle,
} from '../compare/choose-prompts';
import { parseNumber, type NumberProblem } from '../numbers';
import { taskIds, type StarterManifest } from '../starter/manifest';

export const demonstrationFormSchema = mapping({
  source: z.enum([...promptSources, 'promptSet']).default('dataset'),
  /** Prompts as typed, one a line. */
  prompts: z.string().default(''),
  task: z.enum(taskIds).default('sentiment'),
  count: z.string().default('8'),
});
export type DemonstrationForm = Kept<typeof demonstrationFormSchema>;

export const initialDemonstrationForm: DemonstrationForm = demonstrationFormSchema.parse({});

export type DemonstrationObstacle =
  PromptObstacle | 'number' | 'sampling' | 'oneColumn' | 'manyColumns' | 'noPromptSet' | 'chatPromptSet';

export interface DemonstrationSources {
  readonly model: Pick<ModelSummary, 'hasChatTemplate' | 'name'>;
  /** The columns that can answer, in the order of the screen; those of the best of N are no part of it. */
  readonly columns: readonly (DemonstrationColumn & Pick<PromptSetColumn, 'best'>)[];
  readonly sampling: SamplingOptions | null;
  readonly rows: readonly DatasetRow[];
  readonly split: Split | null;
  readonly manifest: StarterManifest | null;
  readonly promptSet: Pick<PromptSet, 'prompts'> | null;
}

export interface DemonstrationPlan extends ChosenPrompts {
  readonly columns: readonly DemonstrationColumn[];
  readonly sampling: SamplingOptions;
}

export interface ReadDemonstrationForm {
  /** Null while something is in the way. */
  readonly plan: DemonstrationPlan | null;
  readonly obstacle: DemonstrationObstacle | null;
  readonly countProblem: NumberProblem | undefined;
}

function ofPromptSet({ promptSet, model }: DemonstrationSources): ChosenPrompts | DemonstrationObstacle {
  if (promptSet === null) return 'noPromptSet';
  const { prompts } = promptSet;
  if (!model.hasChatTemplate && prompts.some((prompt) => typeof prompt !== 'string')) return 'chatPromptSet';
  return { prompts, count: prompts.length, task: null };
}

export function planDemonstration(form: DemonstrationForm, sources: DemonstrationSources): ReadDemonstrationForm {
  const { sampling } = sources;
  const columns = sources.columns.filter(({ best }) => best === undefined);
  const isCounted = form.source === 'dataset' || form.source === 'starter';
  const count = isCounted ? parseNumber(form.count, countRule) : { value: 0, problem: null };
  const countProblem = count.problem ?? undefined;
  const stop = (obstacle: DemonstrationObstacle): ReadDemonstrationForm => ({ plan: null, obstacle, countProblem });
  if (count.value === null) return stop('number');
  if (sampling === null) return stop('sampling');
  if (columns.length < columnsShown.min) return stop('oneColumn');
  if (columns.length > columnsShown.max) return stop('manyColumns');
  const chosen =
    form.source === 'promptSet'
      ? ofPromptSet(sources)
      : choosePrompts({ ...form, source: form.source }, count.value, { ...sources, seed: sampling.seed });
  if (typeof chosen === 'string') return stop(chosen);
  return { plan: { ...chosen, columns, sampling }, obstacle: null, countProblem };
}

/** A seed for each prompt: the same for all columns, or chance would tell them apart. */
export function scriptOf(prompts: readonly JudgedPrompt[], firstSeed: number): readonly ScriptedPrompt[] {
  return prompts.map((prompt, index) => ({ prompt, seed: firstSeed + index }));
}
