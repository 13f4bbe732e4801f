/**
 * @file The form that begins a sweep of beta, as typed; and the sweep that it asks for, or what is in the way. All that
 * it does not say itself it takes from the form of the Train screen. Pure.
 */
import { Random } from '../../../core/random';
import { z } from '../../../core/zod';
import { hasAnswer } from '../../../data/preference-pair';
import type { Rules } from '../../../data/rules';
import { splitPairs, type Split } from '../../../data/split';
import type { PairReport } from '../../../run/reports';
import type { RewardChoice } from '../../../run/reward-choice';
import type { DatasetRow, RunPairs } from '../../../storage/records';
import type { Sweep } from '../../../storage/sweep-record';
import { mapping, type Kept } from '../../../storage/versioned';
import type { ModelSummary } from '../../../worker/protocol';
import { bestCounts, judgeIdOf, referencesOf, rewardIdSchema } from '../compare/best-of';
import { usableChoiceOf } from '../compare/rewards';
import { taskOfRows } from '../compare/choose-prompts';
import { datasetPrompts } from '../judge/judge-form';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';
import type { Run } from '../runs/run';
import { isStarterModel } from '../starter/recipe';
import { numberFields, readForm, type Job, type TrainForm } from '../train/options';
import { planRuns } from '../train/plan';

/** Runs of a sweep: fewer are no curve, more take the day. */
export const sweepRuns = { least: 3, most: 5 } as const;

/** Prompts that have to be held out: an interval over fewer is none. */
const fewestPrompts = 6;

export const labelKinds = ['hard', 'soft'] as const;

export type SweepNumberKey = 'prompts' | 'answers' | 'maxNewTokens';

export const sweepNumbers: Readonly<Record<SweepNumberKey, NumberRule & { readonly initial: string }>> = {
  prompts: { initial: '48', min: fewestPrompts, max: 1000, integer: true },
  answers: { initial: '2', min: 1, max: 16, integer: true },
  maxNewTokens: { initial: '64', min: 1, max: 2048, integer: true },
};

export const sweepFormSchema = mapping({
  /** Betas as typed, between commas or spaces. */
  betas: z.string().default('0.05, 0.1, 0.3, 1'),
  labels: z.enum(labelKinds).default('hard'),
  prompts: z.string().default(sweepNumbers.prompts.initial),
  /** Of each run to each prompt. */
  answers: z.string().default(sweepNumbers.answers.initial),
  /** Of the reference to each prompt, from which the curves are. */
  referenceAnswers: z.literal(bestCounts).default(16),
  maxNewTokens: z.string().default(sweepNumbers.maxNewTokens.initial),
  reward: rewardIdSchema.default('rules'),
});
export type SweepForm = Kept<typeof sweepFormSchema>;

export const initialSweepForm: SweepForm = sweepFormSchema.parse({});

export interface SweepSources {
  readonly model: ModelSummary;
  readonly trainForm: TrainForm;
  readonly rows: readonly DatasetRow[];
  /** The data set's own split; without one a share of the prompts is held out for the sweep. */
  readonly split: Split | null;
  readonly reports: readonly PairReport[] | null;
  /** Null where the data set has none that can be used. */
  readonly rules: Rules | null;
  /** The runs, of which some are reward models. */
  readonly runs: readonly Run[];
}

export type SweepObstacle =
  | 'numbers'
  | 'trainForm'
  | 'noPairs'
  | 'lackAnswers'
  | 'noScores'
  | 'noHeldOut'
  | 'noRules'
  | 'noJudge'
  | 'compares'
  | 'betas';

export type SweepPlan = Pick<Sweep, 'job' | 'betas' | 'reward' | 'prompts' | 'rightAnswers' | 'sampling'> & {
  readonly pairs: RunPairs;
  /** Steps of each run. */
  readonly steps: number;
};

export interface ReadSweepForm {
  readonly plan: SweepPlan | null;
  readonly obstacle: SweepObstacle | null;
  readonly problems: Readonly<Partial<Record<SweepNumberKey | 'betas', NumberProblem>>>;
  /** How many different prompts are held out. */
  readonly heldOut: number;
}

/** The form as it is offered: pairs of the starter without rules of one's own are scored by its judge. */
export function offeredSweepForm(
  form: SweepForm,
  { model, rows, rules }: Pick<SweepSources, 'model' | 'rows' | 'rules'>,
): SweepForm {
  const task = form.reward === 'rules' && rules === null && isStarterModel(model.name) ? taskOfRows(rows) : null;
  return task === null ? form : { ...form, reward: task };
}

/** Reads the betas, each once, from the smallest. */
export function readBetas(text: string): {
  readonly values: readonly number[];
  readonly problem: NumberProblem | null;
} {
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  const parsed = words.map((word) => parseNumber(word, { ...numberFields.beta, above: true }));
  const problem = parsed.find((one) => one.problem !== null)?.problem ?? null;
  const values = new Set(parsed.flatMap(({ value }) => (value === null ? [] : [value])));
  return { values: [...values].sort((a, b) => a - b), problem };
}

/** What a run's record says of a reward, or why it cannot be had. */
function choiceOf({ reward }: SweepForm, { rules, runs, model }: SweepSources): RewardChoice | SweepObstacle {
  if (reward === 'rules') return rules === null ? 'noRules' : { rules };
  // A policy's answers that are compared with each other are worth 1/2 on average, whatever the policy is.
  if (judgeIdOf(reward) !== null) return 'compares';
  return usableChoiceOf(reward, { runs, judges: [], stored: [], model }) ?? 'noJudge';
}

/** The split of the data set, or the one that a run of the Train screen would be held out by. */
export function splitOfSweep({ trainForm, split }: Pick<SweepSources, 'trainForm' | 'split'>): Split {
  const numberOf = (key: 'eval_share' | 'seed'): number =>
    parseNumber(trainForm[key], numberFields[key]).value ?? Number(numberFields[key].initial);
  return split ?? { evaluationShare: numberOf('eval_share'), seed: numberOf('seed') };
}

/**
 * A run of the sweep: the Train screen's, but by DPO's own loss, to its last step and without sample answers, so that
 * runs differ by their beta alone.
 */
function jobOfForm(form: SweepForm, { trainForm, model, rules }: SweepSources): Job | undefined {
  const asked: TrainForm = {
    ...trainForm,
    ...{ method: 'dpo', loss_type: 'sigmoid', soft_labels: form.labels === 'soft', sample: false },
    ...{ load_best_model_at_end: false, early_stopping_patience: '0' },
    beta: numberFields.beta.initial,
  };
  const [job] = readForm(asked, model.linears, model.layers, rules).jobs;
  // Which pairs are held out is settled once for all runs.
  return job?.evaluation ? { ...job, evaluation: { settings: job.evaluation.settings, share: 0 } } : job;
}

const isScored = ({ scores }: DatasetRow): boolean => scores !== undefined && scores.chosen !== scores.rejected;

/** What every row must have that is trained on. */
function lackOf({ labels }: SweepForm, train: readonly DatasetRow[]): SweepObstacle | null {
  const lacks = ({ pair }: DatasetRow) => !hasAnswer(pair, 'chosen') || !hasAnswer(pair, 'rejected');
  if (train.length === 0) return 'noPairs';
  if (train.every(lacks)) return 'lackAnswers';
  return labels === 'soft' && !train.every(isScored) ? 'noScores' : null;
}

const pairsOf = (rows: readonly DatasetRow[]): RunPairs['train'] =>
  rows.map(({ pair, scores }) => (scores ? { ...pair, scores } : pair));

function readNumbers(form: SweepForm) {
  const problems: Partial<Record<SweepNumberKey | 'betas', NumberProblem>> = {};
  const valueOf = (key: SweepNumberKey): number => {
    const { value, problem } = parseNumber(form[key], sweepNumbers[key]);
    if (problem !== null) problems[key] = problem;
    return value ?? 0;
  };
  const numbers = { prompts: valueOf('prompts'), answers: valueOf('answers'), maxNewTokens: valueOf('maxNewTokens') };
  const { values: betas, problem } = readBetas(form.betas);
  if (problem !== null) problems.betas = problem;
  return { numbers, betas, problems };
}

/** What the form asks for, or what is in the way. */
export function readSweepForm(typed: SweepForm, sources: SweepSources): ReadSweepForm {
  const form = offeredSweepForm(typed, sources);
  const { model, rows, reports } = sources;
  const { numbers, betas, problems } = readNumbers(form);
  const split = splitOfSweep(sources);
  const { train, evaluation } = splitPairs(rows, split);
  const held = datasetPrompts(evaluation, model.hasChatTemplate);
  const stop = (obstacle: SweepObstacle): ReadSweepForm => ({ plan: null, obstacle, problems, heldOut: held.length });
  if (Object.keys(problems).length > 0) return stop('numbers');
  if (betas.length < sweepRuns.least || betas.length > sweepRuns.most) return stop('betas');
  const job = jobOfForm(form, sources);
  if (job === undefined) return stop('trainForm');
  const lack = lackOf(form, train);
  if (lack !== null) return stop(lack);
  if (held.length < fewestPrompts) return stop('noHeldOut');
  const reward = choiceOf(form, sources);
  if (typeof reward === 'string') return stop(reward);
  const prompts = new Random(0).shuffled(held).slice(0, numbers.prompts);
  const { answers, maxNewTokens } = numbers;
  const rightAnswerOf = referencesOf(rows);
  const [run] = planRuns([job], pairsOf(rows), reports, split);
  return {
    plan: {
      ...{ job, betas, reward, prompts, steps: run?.steps ?? 0 },
      rightAnswers: prompts.map(rightAnswerOf),
      sampling: { maxNewTokens, seed: 0, answers, referenceAnswers: form.referenceAnswers },
      pairs: { train: pairsOf(train), evaluation: pairsOf(evaluation) },
    },
    obstacle: null,
    problems,
    heldOut: held.length,
  };
}
