/**
 * @file What a run's answers are judged by, as the key `reward` of its configuration names it: a judge of the
 * starter's, a file of rules, or a reward model.
 */
import { z } from '../core/zod';
import { starterTasks } from '../data/starter-task';
import type { KeyFacts } from './key';

const schema = z.union([
  z.strictObject({ scorer: z.enum(starterTasks) }),
  /** The path of a file of rules, or in the studio the name of a set. */
  z.strictObject({ rules: z.string().min(1) }),
  /** The directory of a reward model's adapter on the run's own base. */
  z.strictObject({ model: z.string().min(1) }),
]);

export type RewardChoice = z.infer<typeof schema>;

export const rewardKey: KeyFacts<RewardChoice | null> = { default: null, schema: schema.nullable() };
