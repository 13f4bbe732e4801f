/** @file The form that begins a prompt set, as typed; and what it asks for, or what is in the way. Pure. */
import { Random } from '../../../../core/random';
import { splitPairs, type Split } from '../../../../data/split';
import type { JudgedPrompt } from '../../../../storage/judging-record';
import type { DatasetRow } from '../../../../storage/records';
import type { Trial, TrialColumn } from '../../../../storage/trial-record';
import type { ModelSummary, SamplingOptions } from '../../../../worker/protocol';
import { datasetPrompts, typedPrompts } from '../../judge/judge-form';
import { isTaskId, taskIds, type StarterManifest, type TaskId } from '../../starter/manifest';
import { samplingFields } from '../sampling';
import { parseNumber, type NumberProblem, type NumberRule } from '../../numbers';

export interface TrialForm {
  readonly source: 'typed' | 'dataset' | 'starter';
  /** One a line. */
  readonly prompts: string;
  readonly task: TaskId;
  readonly count: string;
  /** Numbers between commas or spaces. */
  readonly temperatures: string;
  /** Index of the column that win rates are against. */
  readonly against: number;
  readonly judge: Trial['judge'];
}

export const countRule: NumberRule = { min: 1, max: 10_000, integer: true };

export const maxTemperatures = 5;

export const initialTrialForm: TrialForm = {
  source: 'typed',
  prompts: '',
  task: 'sentiment',
  count: '16',
  temperatures: '0, 0.7',
  against: 0,
  judge: 'analyst',
};

export function reviveTrialForm(stored: Readonly<Record<string, unknown>>): TrialForm {
  const { source, task, judge, against } = stored;
  const texts = (['prompts', 'count', 'temperatures'] as const).flatMap((key) =>
    typeof stored[key] === 'string' ? [[key, stored[key]]] : [],
  );
  return {
    ...initialTrialForm,
    ...(Object.fromEntries(texts) as Partial<TrialForm>),
    ...(source === 'typed' || source === 'dataset' || source === 'starter' ? { source } : {}),
    ...(isTaskId(task) ? { task } : {}),
    ...(judge === 'analyst' || judge === 'scorer' ? { judge } : {}),
    ...(Number.isInteger(against) ? { against: against as number } : {}),
  };
}

export type TrialObstacle =
  'numbers' | 'sampling' | 'noPrompts' | 'noDatasetPrompts' | 'noStarter' | 'oneColumn' | 'notOfATask';

export interface TrialSources {
  readonly model: ModelSummary;
  /** Those that can answer, in the order of the screen. */
  readonly columns: readonly TrialColumn[];
  readonly sampling: SamplingOptions | null;
  readonly rows: readonly DatasetRow[];
  readonly split: Split | null;
  readonly manifest: StarterManifest | null;
}

export type TrialPlan = Pick<Trial, 'columns' | 'against' | 'temperatures' | 'sampling' | 'judge' | 'task'> & {
  /** Null where they are still to be fetched: the first `count` held-out prompts of the task. */
  readonly prompts: readonly JudgedPrompt[] | null;
  readonly count: number;
};

export interface ReadTrialForm {
  /** Null while something is in the way. */
  readonly plan: TrialPlan | null;
  readonly obstacle: TrialObstacle | null;
  readonly problems: { readonly count?: NumberProblem; readonly temperatures?: NumberProblem };
}

/** Each once, in the order typed. */
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

/** The rows that were not trained on, where the data set is split; else all. */
export function trialRows(rows: readonly DatasetRow[], split: Split | null): readonly DatasetRow[] {
  return split === null ? rows : splitPairs(rows, split).evaluation;
}

/** The starter's task that all rows came from, by the file that the starter loads. */
export function taskOfRows(rows: readonly DatasetRow[]): TaskId | null {
  return taskIds.find((task) => rows.length > 0 && rows.every(({ file }) => file === `starter-${task}.jsonl`)) ?? null;
}

export function planTrial(
  form: TrialForm,
  { model, columns, sampling, rows, split, manifest }: TrialSources,
): ReadTrialForm {
  const temperatures = readTemperatures(form.temperatures);
  const count = form.source === 'typed' ? { value: 0, problem: null } : parseNumber(form.count, countRule);
  const problems = {
    ...(temperatures.problem !== null && { temperatures: temperatures.problem }),
    ...(count.problem !== null && { count: count.problem }),
  };
  const stop = (obstacle: TrialObstacle): ReadTrialForm => ({ plan: null, obstacle, problems });
  if (temperatures.problem !== null || count.value === null) return stop('numbers');
  if (sampling === null) return stop('sampling');
  if (columns.length < 2) return stop('oneColumn');

  let task: TaskId | null = null;
  let prompts: readonly JudgedPrompt[] | null = null;
  if (form.source === 'typed') {
    prompts = typedPrompts(form.prompts).map((line) =>
      model.hasChatTemplate ? [{ role: 'user', content: line }] : line,
    );
    if (prompts.length === 0) return stop('noPrompts');
  } else if (form.source === 'dataset') {
    const usable = trialRows(rows, split);
    prompts = new Random(sampling.seed).shuffled(datasetPrompts(usable, model.hasChatTemplate)).slice(0, count.value);
    if (prompts.length === 0) return stop('noDatasetPrompts');
    task = taskOfRows(usable);
  } else {
    if (manifest?.tasks.every(({ id }) => id !== form.task) ?? true) return stop('noStarter');
    task = form.task;
  }
  if (form.judge === 'scorer' && task === null) return stop('notOfATask');
  const { maxNewTokens, topK, topP, seed } = sampling;
  const plan: TrialPlan = {
    columns,
    against: form.against < columns.length ? form.against : 0,
    temperatures: temperatures.values,
    sampling: { maxNewTokens, topK, topP, seed },
    judge: form.judge,
    task,
    prompts,
    count: prompts?.length ?? count.value,
  };
  return { plan, obstacle: null, problems };
}
