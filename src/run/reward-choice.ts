/**
 * @file What a run's answers are judged by, as the key `reward` of its configuration names it: a judge of the
 * starter's, a reward model, a model that compares answers, a file of rules, or the rules themselves, which later
 * changes of a file or a data set leave as they were.
 */
import { z } from '../core/zod';
import { rubricSchema } from '../data/judge-question';
import { rulesSchema } from '../data/rules';
import { starterTasks } from '../data/starter-task';
import type { KeyFacts } from './key';

export const rewardChoiceSchema = z.union([
  z.strictObject({ scorer: z.enum(starterTasks) }),
  /** The path of a file of rules. */
  z.strictObject({ rules: z.string().min(1) }),
  z.strictObject({ rules: rulesSchema }),
  /** A reward model on the run's own base: its adapter's directory, or in the studio the id of the run that made it. */
  z.strictObject({ model: z.string().min(1) }),
  /**
   * A model that says which of two answers is better, of whatever base: its directory, in the studio its fingerprint.
   * What it is asked: the name of a question (data/judge-question.ts), one's own, or on the command
   * line the path of a file with one's own. The adapter that makes it a judge: its directory, in the studio the id of
   * the run that made it; without one the model itself judges.
   */
  z.strictObject({
    judge: z.string().min(1),
    question: z.union([z.string().min(1), rubricSchema]).default('dialogue'),
    adapter: z.string().min(1).exactOptional(),
  }),
]);

export type RewardChoice = z.infer<typeof rewardChoiceSchema>;

/** A model that says which of two answers is better. */
export type JudgeChoice = Extract<RewardChoice, { judge: string }>;

export const rewardKey: KeyFacts<RewardChoice | null> = { default: null, schema: rewardChoiceSchema.nullable() };
