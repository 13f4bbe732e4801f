/**
 * @file A round of judging as it is kept: the prompts, the answers so far and the judgements so far. What is shown in
 * which order and on which side is not kept but follows from `orderSeed`.
 */
import { z } from '../core/zod';
import { promptSchema } from './records';
import { count, mapping, maybe, type Kept, type Shape } from './versioned';

export type JudgedPrompt = Kept<typeof promptSchema>;

/** Who answers: the base (runId null) or an adapter; of an imported round only the name is known. */
const voiceSchema = mapping({ runId: z.string().nullable(), name: z.string() });
export type Voice = Kept<typeof voiceSchema>;

const answerSchema = mapping({
  /** Index into the round's voices. */
  voice: count,
  text: z.string(),
  /** It ended at the token limit, not by itself. */
  isCut: z.boolean(),
});
export type JudgedAnswer = Kept<typeof answerSchema>;

const answeredSchema = mapping({ prompt: promptSchema, answers: z.array(answerSchema) });
export type AnsweredPrompt = Kept<typeof answeredSchema>;

export const verdicts = ['a', 'b', 'tie', 'bad'] as const;
export type Verdict = (typeof verdicts)[number];

const judgementSchema = mapping({
  verdict: z.enum(verdicts),
  /** The better text that the annotator wrote in place of the answer of the verdict, a or b. */
  edited: z.string().nullable(),
  /** Nothing was decided; the verdict then stands as `tie`, and counts nowhere. */
  skipped: maybe(z.boolean()),
  /** What the annotator wrote beside it. */
  comment: maybe(z.string()),
  /** ISO 8601. */
  at: z.string(),
});
export type Judgement = Kept<typeof judgementSchema>;

const roundSchema = mapping({
  /** The "file" of its pairs in the data set, so that a judgement taken back takes its pair back. */
  name: z.string(),
  annotator: z.string(),
  modelName: z.string(),
  /** Of the model that answers; null for an imported round, which no model can continue. */
  fingerprint: z.string().nullable(),
  orderSeed: z.int(),
  voices: z.array(voiceSchema),
  answersEach: count,
  sampling: mapping({ temperature: z.number(), seed: z.int(), maxNewTokens: count }),
  /** All that are to be answered; the first `answered.length` of them are. */
  prompts: z.array(promptSchema),
  answered: z.array(answeredSchema),
  /** Of the first comparisons in their order. */
  judgements: z.array(judgementSchema),
}).superRefine(({ voices, answered }, { addIssue }) => {
  for (const [index, { answers }] of answered.entries())
    for (const [at, { voice }] of answers.entries())
      if (voice >= voices.length)
        addIssue({
          code: 'too_big',
          origin: 'int',
          maximum: voices.length,
          inclusive: false,
          path: ['answered', index, 'answers', at, 'voice'],
        });
});
export type JudgingRound = Kept<typeof roundSchema>;

export interface Judging<Form> {
  /** What stands in the form. */
  readonly form: Form;
  readonly round: JudgingRound | null;
}

export const judgingShape = <Form>(form: z.ZodType<Form>): Shape<Judging<Form>> => ({
  name: 'The round of judging',
  version: 1,
  migrations: {},
  schema: mapping({ form, round: roundSchema.nullable() }) as unknown as z.ZodType<Judging<Form>>,
  fillsIn: true,
});
