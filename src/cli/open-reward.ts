/** @file A reward by what the command line calls it: a judge of the starter's, or a file of rules. */
import { existsSync } from 'node:fs';
import { UserError } from '../core/errors';
import { isScorerName, rulesReward, scorerNames, starterReward, type Reward } from '../evaluation/reward';
import { readRules } from '../evaluation/rules';
import type { RewardChoice } from '../run/reward-choice';
import { readTextFile } from './node-files';

/** What a name on the command line means; a scorer's comes before a file's. */
export const rewardChoice = (name: string): RewardChoice => (isScorerName(name) ? { scorer: name } : { rules: name });

/** @throws UserError for a file that is not there or holds no rules */
export function openReward(choice: RewardChoice): Reward {
  if ('scorer' in choice) return starterReward(choice.scorer);
  const { rules } = choice;
  if (!existsSync(rules)) throw new UserError('rewardNotRead', { name: rules, names: scorerNames.join(', ') });
  return rulesReward(rules, readRules(readTextFile(rules), rules));
}
