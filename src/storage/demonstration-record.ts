/**
 * @file A demonstration as it is kept: the script of prompts, who answers them, the answers prepared so far, and what
 * the audience did so far. In which order the answers stand is not kept but follows from `orderSeed`.
 */
import { z } from '../core/zod';
import { promptSchema } from './records';
import { count, mapping, type Kept, type Shape } from './versioned';

/** What a column is to the audience once it has its name; each has a colour of its own. */
export const demonstrationRoles = ['base', 'sft', 'dpo'] as const;
export type DemonstrationRole = (typeof demonstrationRoles)[number];

/** Fewest and most answers that stand side by side. */
export const columnsShown = { min: 2, max: 3 } as const;

/** The base (runId null) or an adapter at a strength. */
const columnSchema = mapping({
  runId: z.string().nullable(),
  name: z.string(),
  /** Null for an adapter from elsewhere that does not tell how it was trained. */
  role: z.enum(demonstrationRoles).nullable(),
  /** Per cent. */
  strength: z.number(),
});
export type DemonstrationColumn = Kept<typeof columnSchema>;

const scoredTokenSchema = mapping({
  text: z.string(),
  isSpecial: z.boolean(),
  /** Log-probabilities in nats. */
  logp: z.number(),
  reference: z.number(),
});

const answerSchema = mapping({
  text: z.string(),
  /** It ended at the token limit, not by itself. */
  isCut: z.boolean(),
  /** Its tokens under policy and reference of `scoring`; null where nobody scored them. */
  scored: z.array(scoredTokenSchema).nullable(),
});
export type DemonstrationAnswer = Kept<typeof answerSchema>;

const scriptedSchema = mapping({
  prompt: promptSchema,
  /** Of all answers to this prompt. */
  seed: z.int(),
});
export type ScriptedPrompt = Kept<typeof scriptedSchema>;

/** Under whose adapter the tokens of all answers are scored, and what their log-ratios mean. */
const scoringSchema = mapping({
  /** Index of the column whose adapter is the policy. */
  column: count,
  /** Name of the run whose adapter is the reference; null is the base. */
  reference: z.string().nullable(),
  /** The run was trained against an adapter that is gone, and the base stands in for it. */
  isStandIn: z.boolean(),
  /** The beta that makes rewards of log-ratios; null where they are none. */
  beta: z.number().nullable(),
  isLossKnown: z.boolean(),
});
export type DemonstrationScoring = Kept<typeof scoringSchema>;

/** One thing that the audience did. */
const eventSchema = mapping({
  /** Index into the script. */
  prompt: count,
  /** The column that got a vote; null: the names were revealed. */
  column: count.nullable(),
  /** ISO 8601. */
  at: z.string(),
});
export type DemonstrationEvent = Kept<typeof eventSchema>;

const demonstrationSchema = mapping({
  /** ISO 8601; tells this demonstration from others. */
  at: z.string(),
  modelName: z.string(),
  /** Of the model that answers; null where nobody knows which it was. */
  fingerprint: z.string().nullable(),
  columns: z.array(columnSchema).min(columnsShown.min).max(columnsShown.max),
  sampling: mapping({ temperature: z.number(), maxNewTokens: count, topK: count, topP: z.number() }),
  script: z.array(scriptedSchema),
  /** For each prompt an answer of each column. The first ones, as far as they are prepared. */
  answered: z.array(z.array(answerSchema)),
  scoring: scoringSchema.nullable(),
  orderSeed: z.int(),
  /** What the audience did, in its order. */
  judgements: z.array(eventSchema),
}).superRefine(({ columns, answered, scoring }, { addIssue }) => {
  for (const [index, { length }] of answered.entries())
    if (length !== columns.length)
      addIssue({ code: 'custom', params: { expected: 'answerOfEachColumn' }, path: ['answered', index] });
  if (scoring !== null && scoring.column >= columns.length)
    addIssue({
      code: 'too_big',
      origin: 'int',
      maximum: columns.length,
      inclusive: false,
      path: ['scoring', 'column'],
    });
});
export type Demonstration = Kept<typeof demonstrationSchema>;

export interface KeptDemonstration<Form> {
  /** What stands in the form. */
  readonly form: Form;
  readonly round: Demonstration | null;
}

export const demonstrationShape = <Form>(form: z.ZodType<Form>): Shape<KeptDemonstration<Form>> => ({
  name: 'The demonstration',
  version: 1,
  migrations: {},
  schema: mapping({ form, round: demonstrationSchema.nullable() }) as unknown as z.ZodType<KeptDemonstration<Form>>,
  fillsIn: true,
});
