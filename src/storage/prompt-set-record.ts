/**
 * @file A prompt set as it is kept: the prompts, who answers them at which temperatures, the answers so far and the
 * judgements so far. What is shown in which order and on which side is not kept but follows from `orderSeed`.
 */
import { z } from '../core/zod';
import { judgePrompts } from '../data/judge-question';
import { rulesSchema } from '../data/rules';
import { verdicts } from './judging-record';
import { promptSchema } from './records';
import { count, mapping, maybe, type Kept, type Shape } from './versioned';

/** What gives answers numbers. */
const rewardSchema = mapping({
  /** The rules, a task of the starter, a run's reward model or a judge, by its name (best-of.ts). */
  reward: z.string(),
  /** What that run or judge was called. */
  run: maybe(z.string()),
  /** The rules as they stood at the beginning. */
  rules: maybe(rulesSchema),
});
export type PromptSetReward = Kept<typeof rewardSchema>;

/** The base (runId null) or an adapter at a strength. */
const columnSchema = mapping({
  runId: z.string().nullable(),
  name: z.string(),
  /** Per cent. */
  strength: z.number(),
  /** What answers; null where nobody told it, as in older records. */
  role: z.enum(['base', 'sft', 'dpo']).nullable().default(null),
  /** Of how many answers the best is kept, and by what; absent where the answer is taken as it comes. */
  best: maybe(mapping({ count, ...rewardSchema.shape })),
});
export type PromptSetColumn = Kept<typeof columnSchema>;

const answerSchema = mapping({
  text: z.string(),
  /** It ended at the token limit, not by itself. */
  isCut: z.boolean(),
  /** How many tokens it has; absent in older records. */
  tokens: maybe(count),
  /** What chose it among several gave it; null where it could give none, absent where nothing chose. */
  reward: maybe(z.number().nullable()),
});
export type PromptSetAnswer = Kept<typeof answerSchema>;

/** What a column has given to choose from, until all columns of its prompt have chosen. */
const drawnSchema = mapping({
  /** In the order asked; one where there is nothing to choose, or it is chosen. */
  answers: z.array(answerSchema),
  /** What a judge has said so far: for every two answers, how probably the first is the better one; absent without. */
  preferences: maybe(z.array(z.number().nullable())),
});
export type PromptSetDrawn = Kept<typeof drawnSchema>;

const judgementSchema = mapping({
  verdict: z.enum(verdicts),
  /** ISO 8601. */
  at: z.string(),
});
export type PromptSetJudgement = Kept<typeof judgementSchema>;

export const judges = ['analyst', 'scorer', 'reward', 'model'] as const;

/** What a model as judge said of one comparison: which column's answer is better, and its habits on the way. */
const modelVerdictSchema = mapping({
  choice: z.enum(['a', 'b', 'tie']),
  preference: z.number(),
  ordersAgree: z.boolean(),
  first: z.number(),
  letterMass: z.number(),
  cut: count,
});

/** Which model judges, what it is asked, and what is asked of it. */
export const judgeFields = {
  modelName: z.string(),
  fingerprint: z.string(),
  /** The run whose adapter judges; null for the base. */
  runId: z.string().nullable(),
  /** What the run was called. */
  runName: z.string().nullable(),
  /** One of the paper's questions, or a question in one's own words. */
  asked: z.union([z.enum(judgePrompts), mapping({ rubric: z.string() })]),
  /** The least share of agreement with the analyst that is asked of it. */
  bound: z.number(),
};

/** A model that judges the comparisons beside the analyst, and its verdicts on the first ones in their order. */
const modelJudgeSchema = mapping({
  /** When it was first asked, in ISO 8601. */
  at: z.string(),
  ...judgeFields,
  /** Seconds that a comparison took, both orders; absent where it was not measured. */
  secondsEach: maybe(z.number()),
  /** Null where two answers were too long for it. */
  verdicts: z.array(modelVerdictSchema.nullable()),
});
export type PromptSetModelJudge = Kept<typeof modelJudgeSchema>;

/** A reward that judges the answers, and what it gave those of the first cells, column by column. */
const rewardJudgeSchema = mapping({
  ...rewardSchema.shape,
  /** Null where it could give none. */
  scores: z.array(z.array(z.number().nullable())),
});
export type PromptSetRewardJudge = Kept<typeof rewardJudgeSchema>;

const promptSetSchema = mapping({
  /** ISO 8601. */
  at: z.string(),
  modelName: z.string(),
  fingerprint: z.string(),
  /** The starter's task that the prompts are of; null where they are of none. */
  task: z.string().nullable(),
  columns: z.array(columnSchema),
  /** The column that win rates are against. */
  against: count,
  temperatures: z.array(z.number()),
  sampling: mapping({ maxNewTokens: count, topK: count, topP: z.number(), seed: z.int() }),
  prompts: z.array(promptSchema),
  /**
   * For each prompt and, within it, each temperature: an answer of each column. The first ones, as far as they are
   * there.
   */
  answered: z.array(z.array(answerSchema)),
  /**
   * Answers that wait for judges, which choose when all are drawn: those to the cell `from`, counted like `answered`,
   * and to the cells that follow it, a list of each column. Null or absent where none wait.
   */
  drawn: maybe(mapping({ from: count, cells: z.array(z.array(drawnSchema)) }).nullable()),
  orderSeed: z.int(),
  judge: z.enum(judges),
  /** The analyst's, of the first comparisons in their order. */
  judgements: z.array(judgementSchema),
  /** Null where none was asked, as in older records. */
  modelJudge: modelJudgeSchema.nullable().default(null),
  /** Null or absent where none was asked. */
  rewardJudge: maybe(rewardJudgeSchema.nullable()),
}).superRefine(({ columns, against, answered }, { addIssue }) => {
  if (against >= columns.length)
    addIssue({ code: 'too_big', origin: 'int', maximum: columns.length, inclusive: false, path: ['against'] });
  for (const [index, { length }] of answered.entries())
    if (length !== columns.length)
      addIssue({ code: 'custom', params: { expected: 'answerOfEachColumn' }, path: ['answered', index] });
});
export type PromptSet = Kept<typeof promptSetSchema>;

export interface KeptPromptSet<Form> {
  /** What stands in the form. */
  readonly form: Form;
  /** Its name of the first version, which users' browsers hold. */
  readonly trial: PromptSet | null;
}

export const promptSetShape = <Form>(form: z.ZodType<Form>): Shape<KeptPromptSet<Form>> => ({
  name: 'The prompt set',
  version: 1,
  migrations: {},
  schema: mapping({ form, trial: promptSetSchema.nullable() }) as unknown as z.ZodType<KeptPromptSet<Form>>,
  fillsIn: true,
});
