/** @file The form that begins a prompt set, as typed; and what it asks for, or what is in the way. Pure. */
import { z } from '../../../../core/zod';
import type { Split } from '../../../../data/split';
import { defaultBound } from '../../../../evaluation/judge';
import type { DatasetRow, RunRecord } from '../../../../storage/records';
import { judgePrompts } from '../../../../data/judge-question';
import { judges, type PromptSet, type PromptSetColumn } from '../../../../storage/prompt-set-record';
import { count, mapping, type Kept } from '../../../../storage/versioned';
import type { ModelSummary, SamplingOptions } from '../../../../worker/protocol';
import { parseNumber, type NumberProblem } from '../../numbers';
import { taskIds, type StarterManifest } from '../../starter/manifest';
import { rewardIdSchema } from '../best-of';
import { choosePrompts, countRule, promptSources, type ChosenPrompts, type PromptObstacle } from '../choose-prompts';
import { isStarterModel } from '../../starter/recipe';
import type { KeptJudge } from '../kept-judges';
import { rewardProblem, type LoadableModel } from '../rewards';
import { samplingFields } from '../sampling';

export const maxTemperatures = 5;

export const promptSetFormSchema = mapping({
  source: z.enum(promptSources).default('typed'),
  /** Prompts as typed, one a line. */
  prompts: z.string().default(''),
  task: z.enum(taskIds).default('sentiment'),
  count: z.string().default('16'),
  /** Temperatures as typed, between commas or spaces. */
  temperatures: z.string().default('0, 0.7'),
  /** Index of the column that the others are compared with. */
  against: count.default(0),
  judge: z.enum(judges).default('analyst'),
  /** Which reward judges, where one does; none that compares. */
  judgeReward: rewardIdSchema.default('rules'),
  /** Which model is asked to judge: the id of a candidate (model-judge.ts). */
  judgeWho: z.string().default('open'),
  judgeQuestion: z.enum([...judgePrompts, 'rubric']).default('dialogue'),
  /** A question in one's own words. */
  judgeRubric: z.string().default(''),
  /** The least agreement with the analyst that is asked of it, in per cent, as typed. */
  judgeBound: z.string().default(String(100 * defaultBound)),
});
export type PromptSetForm = Kept<typeof promptSetFormSchema>;

export const initialPromptSetForm: PromptSetForm = promptSetFormSchema.parse({});

export type PromptSetObstacle =
  'numbers' | 'sampling' | PromptObstacle | 'oneColumn' | 'notOfATask' | 'noRules' | 'noJudge';

export interface PromptSetSources {
  readonly model: ModelSummary;
  /** The columns that can answer, in the order of the screen. */
  readonly columns: readonly PromptSetColumn[];
  readonly sampling: SamplingOptions | null;
  readonly rows: readonly DatasetRow[];
  readonly split: Split | null;
  readonly manifest: StarterManifest | null;
  readonly runs: readonly RunRecord[];
  readonly judges: readonly KeptJudge[];
  /** The kept models, one of which a judge may be of. */
  readonly stored: readonly LoadableModel[];
  /** Whether the rules of the data set are there and all right. */
  readonly hasRules: boolean;
}

export type PromptSetPlan = Pick<PromptSet, 'columns' | 'against' | 'temperatures' | 'sampling' | 'judge' | 'task'> &
  Pick<ChosenPrompts, 'prompts' | 'count'>;

export interface ReadPromptSetForm {
  /** The prompt set that the form asks for; null while something is in the way. */
  readonly plan: PromptSetPlan | null;
  readonly obstacle: PromptSetObstacle | null;
  readonly problems: { readonly count?: NumberProblem; readonly temperatures?: NumberProblem };
}

/** Reads the temperatures, each once, in the order in which they are typed. */
export function readTemperatures(text: string): {
  readonly values: readonly number[];
  readonly problem: NumberProblem | null;
} {
  const rule = samplingFields.temperature;
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  const read = words.map((word) => parseNumber(word, rule));
  const problem = read.find((number) => number.problem !== null)?.problem ?? null;
  const values = [...new Set(read.flatMap(({ value }) => (value === null ? [] : [value])))];
  if (problem !== null) return { values: [], problem };
  return values.length === 0 || values.length > maxTemperatures
    ? { values: [], problem: { rule, given: text, withPoint: null } }
    : { values, problem: null };
}

/** The form as far as it is offered: the starter's prompts and its scorer go with the starter's model only. */
export function offeredForm(form: PromptSetForm, model: Pick<ModelSummary, 'name'> | null): PromptSetForm {
  if (model !== null && isStarterModel(model.name)) return form;
  const judge = form.judge === 'scorer' ? 'analyst' : form.judge;
  return { ...form, source: form.source === 'starter' ? 'typed' : form.source, judge };
}

export function planPromptSet(
  typed: PromptSetForm,
  { model, columns, sampling, rows, split, manifest, runs, judges, stored, hasRules }: PromptSetSources,
): ReadPromptSetForm {
  const form = offeredForm(typed, model);
  const temperatures = readTemperatures(form.temperatures);
  const count = form.source === 'typed' ? { value: 0, problem: null } : parseNumber(form.count, countRule);
  const problems = {
    ...(temperatures.problem !== null && { temperatures: temperatures.problem }),
    ...(count.problem !== null && { count: count.problem }),
  };
  const stop = (obstacle: PromptSetObstacle): ReadPromptSetForm => ({ plan: null, obstacle, problems });
  if (temperatures.problem !== null || count.value === null) return stop('numbers');
  if (sampling === null) return stop('sampling');
  if (columns.length < 2) return stop('oneColumn');
  const chosenBy = columns.flatMap(({ best }) =>
    best === undefined ? [] : [{ reward: rewardIdSchema.parse(best.reward), count: best.count }],
  );
  if (chosenBy.some(({ reward }) => reward === 'rules') && !hasRules) return stop('noRules');
  if (chosenBy.some(({ reward, count }) => rewardProblem(reward, { runs, judges, model, stored }, count) !== null))
    return stop('noJudge');

  const chosen = choosePrompts(form, count.value, { model, seed: sampling.seed, rows, split, manifest });
  if (typeof chosen === 'string') return stop(chosen);
  const { prompts, task } = chosen;
  if (form.judge === 'scorer' && task === null) return stop('notOfATask');
  const { maxNewTokens, topK, topP, seed } = sampling;
  const plan: PromptSetPlan = {
    columns,
    against: form.against < columns.length ? form.against : 0,
    temperatures: temperatures.values,
    sampling: { maxNewTokens, topK, topP, seed },
    judge: form.judge,
    task,
    prompts,
    count: chosen.count,
  };
  return { plan, obstacle: null, problems };
}
