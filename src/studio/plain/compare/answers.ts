/** @file Answers of columns to one prompt, and the first ones, which are kept so that they are written once. */
import { z } from '../../../core/zod';
import { methods } from '../../../run/config';
import { promptSchema } from '../../../storage/records';
import { count, mapping, maybe, type Kept } from '../../../storage/versioned';
import { bestAnswersSchema } from './best-of';

const answerSchema = mapping({
  /** The run whose adapter answered; null is the base. */
  run: mapping({ id: z.string(), name: z.string(), method: z.enum(methods) }).nullable(),
  /** How strongly the adapter was applied, in per cent. */
  strength: z.number(),
  text: z.string(),
  tokens: count,
  /** Ids of the answer's tokens; none while it is being written. */
  ids: z.array(z.int()),
  /** Null while the answer is being written. */
  finish: z.enum(['eos', 'length', 'stopped']).nullable(),
  secondsPerToken: z.number().nullable(),
  /** The answers that this one is the best of; absent where there is one alone. */
  best: maybe(bestAnswersSchema),
});
export type Answer = Kept<typeof answerSchema>;

/** Each column's answer, by the column's id. */
const answersSchema = z.record(z.string(), answerSchema) as unknown as z.ZodType<Readonly<Record<string, Answer>>>;
export type Answers = Readonly<Record<string, Answer>>;

/** Where answers are written down, by the columns' ids: each one changed is told, with all that is known of it. */
export interface AnswerSheet {
  read(id: string): Answer | undefined;
  write(id: string, answer: Answer): void;
}

const askedSchema = mapping({
  prompt: promptSchema,
  options: mapping({ maxNewTokens: count, temperature: z.number(), topK: count, topP: z.number(), seed: z.int() }),
});
/** What was asked: the same of every column. */
export type Asked = Kept<typeof askedSchema>;

const exampleSchema = mapping({ asked: askedSchema, answers: answersSchema });
/** A prompt of the data with the columns' answers. */
export type Example = Kept<typeof exampleSchema>;

export const firstAnswersSchema = mapping({
  /** Id of the newest run when they were written; they are written once for it. */
  run: z.string(),
  /** Whether their prompts are kept out of training. */
  isHeldOut: z.boolean(),
  /** Those that are written. */
  examples: z.array(exampleSchema),
  /** Whether all are written, or a person has stopped them. */
  isEnded: z.boolean(),
});
export type FirstAnswers = Kept<typeof firstAnswersSchema>;
