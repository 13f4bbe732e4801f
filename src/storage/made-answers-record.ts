/** @file The answers of which pairs are to be made, as they are kept until a data set is made or they are put away. */
import { z } from '../core/zod';
import { quickList } from './quick-list';
import { promptSchema } from './records';
import { mapping, maybe, type Kept, type Shape } from './versioned';

/** The best against the worst, or each answer against each with another score. */
export const pairings = ['extremes', 'all'] as const;

const answeredSchema = mapping({
  prompt: promptSchema,
  /** The best first. Without a reward where it could not be scored. */
  answers: z.array(mapping({ text: z.string(), reward: maybe(z.number()) })),
});

/** Answers that a judge is to compare when all are there. */
const waitingSchema = mapping({
  /** The id of the kept judge. */
  judge: z.string(),
  /** The prompts whose answers wait, in the order asked; each has its answers in theirs. */
  drawn: quickList(mapping({ prompt: promptSchema, answers: z.array(z.string()) })),
  /** What the judge has said of the first of them: for every two answers, how probably the first is the better one. */
  preferences: z.array(z.number().nullable()),
});

const madeAnswersSchema = mapping({
  kind: z.enum(pairings),
  answered: quickList(answeredSchema),
  waiting: maybe(waitingSchema),
});
export type MadeAnswers = Kept<typeof madeAnswersSchema>;

export const madeAnswersShape: Shape<MadeAnswers> = {
  name: 'The answers for pairs',
  version: 1,
  migrations: {},
  schema: madeAnswersSchema,
};
