/** @file The form that begins a round of judging, as typed; and the round that it asks for, or what is in the way. */
import { Random } from '../../../core/random';
import { z } from '../../../core/zod';
import type { JudgedPrompt, JudgingRound, Voice } from '../../../storage/judging-record';
import type { DatasetRow } from '../../../storage/records';
import { mapping, type Kept } from '../../../storage/versioned';
import type { ModelSummary } from '../../../worker/protocol';
import { answeringRuns } from '../runs/answering-runs';
import type { Run } from '../runs/run';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';

export type JudgeNumberKey = 'count' | 'answersEach' | 'temperature' | 'maxNewTokens' | 'seed';

export const baseVoice = 'base';

export const judgeNumbers: Readonly<Record<JudgeNumberKey, NumberRule & { readonly initial: string }>> = {
  count: { initial: '20', min: 1, max: 100_000, integer: true },
  answersEach: { initial: '2', min: 1, max: 6, integer: true },
  temperature: { initial: '0.8', min: 0, max: 10 },
  maxNewTokens: { initial: '128', min: 1, max: 100_000, integer: true },
  seed: { initial: '0', min: 0, max: 4_294_967_295, integer: true },
};

const numberKeys = Object.keys(judgeNumbers) as JudgeNumberKey[];

export const judgeFormSchema = mapping({
  ...(Object.fromEntries(numberKeys.map((key) => [key, z.string().default(judgeNumbers[key].initial)])) as Record<
    JudgeNumberKey,
    z.ZodDefault<z.ZodString>
  >),
  source: z.enum(['typed', 'dataset']).default('typed'),
  /** Prompts as typed, one a line. */
  prompts: z.string().default(''),
  /** Who answers: `base`, ids of runs, or both. */
  voices: z.array(z.string()).default([baseVoice]),
  annotator: z.string().default(''),
  /** What makes an answer good, as whoever judges is reminded of it. */
  guideline: z.string().default(''),
});
export type JudgeForm = Kept<typeof judgeFormSchema>;

export const initialJudgeForm: JudgeForm = judgeFormSchema.parse({});

/** Most answers a prompt may have: each is compared with each, and 6 answers are 15 comparisons already. */
export const maxAnswers = 6;

/** What keeps the form from asking for a round. */
export type JudgeObstacle =
  'numbers' | 'noPrompts' | 'noDatasetPrompts' | 'noVoice' | 'oneAnswer' | 'tooManyAnswers' | 'sameAnswers';

export type RoundPlan = Pick<JudgingRound, 'voices' | 'answersEach' | 'sampling' | 'prompts'>;

export interface PlanSources {
  readonly model: ModelSummary;
  readonly runs: readonly Run[];
  readonly rows: readonly DatasetRow[];
}

export function typedPrompts(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/**
 * The different prompts of the pairs that a model can answer; without a chat template it cannot answer chat messages.
 */
export function datasetPrompts(rows: readonly DatasetRow[], hasChatTemplate: boolean): readonly JudgedPrompt[] {
  const prompts = new Map<string, JudgedPrompt>();
  for (const {
    pair: { prompt },
  } of rows) {
    if (typeof prompt === 'string' || hasChatTemplate) prompts.set(JSON.stringify(prompt), prompt);
  }
  return [...prompts.values()];
}

export interface ReadJudgeForm {
  /** The round that the form asks for; null while something is in the way. */
  readonly plan: RoundPlan | null;
  readonly obstacle: JudgeObstacle | null;
  readonly problems: Readonly<Partial<Record<JudgeNumberKey, NumberProblem>>>;
}

function readNumbers(form: JudgeForm): {
  readonly numbers: Record<JudgeNumberKey, number>;
  readonly problems: Partial<Record<JudgeNumberKey, NumberProblem>>;
} {
  const numbers: Record<JudgeNumberKey, number> = {
    count: 0,
    answersEach: 0,
    temperature: 0,
    maxNewTokens: 0,
    seed: 0,
  };
  const problems: Partial<Record<JudgeNumberKey, NumberProblem>> = {};
  for (const key of numberKeys) {
    if (key === 'count' && form.source !== 'dataset') continue;
    const { value, problem } = parseNumber(form[key], judgeNumbers[key]);
    if (problem !== null) problems[key] = problem;
    else numbers[key] = value;
  }
  return { numbers, problems };
}

/** Reads the form as a round to begin. Prompts of the data set are drawn by the seed. */
export function planRound(form: JudgeForm, { model, runs, rows }: PlanSources): ReadJudgeForm {
  const { numbers, problems } = readNumbers(form);
  const { count, answersEach, temperature, maxNewTokens, seed } = numbers;
  const stop = (obstacle: JudgeObstacle): ReadJudgeForm => ({ plan: null, obstacle, problems });
  if (Object.keys(problems).length > 0) return stop('numbers');

  const voices: Voice[] = [
    ...(form.voices.includes(baseVoice) ? [{ runId: null, name: baseVoice }] : []),
    ...answeringRuns(runs, model.fingerprint)
      .filter(({ id }) => form.voices.includes(id))
      .map(({ id, name }) => ({ runId: id, name })),
  ];
  if (voices.length === 0) return stop('noVoice');
  if (voices.length * answersEach < 2) return stop('oneAnswer');
  if (voices.length * answersEach > maxAnswers) return stop('tooManyAnswers');
  if (temperature === 0 && answersEach > 1) return stop('sameAnswers');

  let prompts: readonly JudgedPrompt[];
  if (form.source === 'dataset') {
    prompts = new Random(seed).shuffled(datasetPrompts(rows, model.hasChatTemplate)).slice(0, count);
    if (prompts.length === 0) return stop('noDatasetPrompts');
  } else {
    prompts = typedPrompts(form.prompts).map((line) =>
      model.hasChatTemplate ? [{ role: 'user', content: line }] : line,
    );
    if (prompts.length === 0) return stop('noPrompts');
  }
  return {
    plan: { voices, answersEach, sampling: { temperature, seed, maxNewTokens }, prompts },
    obstacle: null,
    problems,
  };
}
