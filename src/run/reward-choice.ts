/**
 * @file What a run's answers are judged by, as the key `reward` of its configuration names it: a judge of the starter's
 * or a file of rules.
 */
import { z } from '../core/zod';
import { starterTasks } from '../data/starter-task';
import type { KeyFacts } from './key';

const schema = z.union([
  z.strictObject({ scorer: z.enum(starterTasks) }),
  /** The path of a file of rules, or in the studio the name of a set. */
  z.strictObject({ rules: z.string().min(1) }),
]);

export type RewardChoice = z.infer<typeof schema>;

export const rewardKey: KeyFacts<RewardChoice | null> = { default: null, schema: schema.nullable() };

/** What people call it. */
export const rewardName = (choice: RewardChoice): string => ('scorer' in choice ? choice.scorer : choice.rules);
