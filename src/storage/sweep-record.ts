/**
 * @file A sweep of beta as it is kept: what its runs have in common, which of them have begun, and the answers by which
 * reward and divergence are measured. The runs themselves lie among all others.
 */
import { precisions } from '../core/dtype';
import { z } from '../core/zod';
import { rewardChoiceSchema } from '../run/reward-choice';
import { plannedRunSchema, promptSchema } from './records';
import { count, mapping, measured, type Kept, type Shape } from './versioned';

const answerSchema = mapping({
  text: z.string(),
  /** It ended at the token limit, not by itself. */
  isCut: z.boolean(),
  /** Null where it could not be scored. */
  reward: z.number().nullable(),
  /** log pi(y|x) - log pi_ref(y|x) over its tokens, in nats; 0 where the reference itself answered. */
  logRatio: measured,
});
export type SweepAnswer = Kept<typeof answerSchema>;

const sweepSchema = mapping({
  /** ISO 8601; tells this sweep from others. */
  at: z.string(),
  modelName: z.string(),
  fingerprint: z.string(),
  /** How the base's weights are held, in all runs alike. */
  precision: z.enum(precisions),
  /** The data set, and what it was called. */
  datasetId: z.string(),
  dataset: z.string().nullable(),
  /** What every run is trained with, but for its beta. */
  job: plannedRunSchema,
  betas: z.array(z.number().positive()).min(1),
  /** For each beta the run that was begun; null where none was. */
  runs: z.array(z.string().nullable()),
  /** The run whose adapter all begin from; null is the base. */
  startFrom: z.string().nullable(),
  /** As in a run's record; null is the start as it was. */
  reference: z.string().nullable(),
  reward: rewardChoiceSchema,
  prompts: z.array(promptSchema).min(1),
  /** For each prompt the right answer, where the data set has one. */
  rightAnswers: z.array(z.string().nullable()),
  sampling: mapping({ maxNewTokens: count, seed: z.int(), answers: count, referenceAnswers: count }),
  /**
   * Blocks of some prompts each, for each of them all answers of one policy: the reference's blocks, then those of each
   * beta. The first ones, as far as they are there.
   */
  answered: z.array(z.array(z.array(answerSchema))),
  /** A round has judgements; nobody judges here. */
  judgements: z.array(z.never()).default([]),
}).superRefine(({ betas, runs }, { addIssue }) => {
  if (runs.length !== betas.length) addIssue({ code: 'custom', params: { expected: 'runOfEachBeta' }, path: ['runs'] });
});
export type Sweep = Kept<typeof sweepSchema>;

export interface KeptSweep<Form> {
  /** What stands in the form. */
  readonly form: Form;
  readonly sweep: Sweep | null;
}

export const sweepShape = <Form>(form: z.ZodType<Form>): Shape<KeptSweep<Form>> => ({
  name: 'The frontier',
  version: 1,
  migrations: {},
  schema: mapping({ form, sweep: sweepSchema.nullable() }) as unknown as z.ZodType<KeptSweep<Form>>,
  fillsIn: true,
});
