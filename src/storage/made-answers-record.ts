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

const madeAnswersSchema = mapping({ kind: z.enum(pairings), answered: quickList(answeredSchema) });
export type MadeAnswers = Kept<typeof madeAnswersSchema>;

export const madeAnswersShape: Shape<MadeAnswers> = {
  name: 'The answers for pairs',
  version: 1,
  migrations: {},
  schema: madeAnswersSchema,
};
