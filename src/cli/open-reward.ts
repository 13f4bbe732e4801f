/**
 * @file A reward by what the command line calls it: a judge of the starter's, a file of rules, or, where answers to one
 * prompt are chosen among, the directory of a reward model.
 */
import { existsSync, statSync } from 'node:fs';
import { UserError } from '../core/errors';
import { uploadRewardModel } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import {
  isScorerName,
  rulesReward,
  scorerNames,
  starterReward,
  type Reward,
  type Rewarded,
} from '../evaluation/reward';
import { readRules } from '../evaluation/rules';
import { readPeftAdapter } from '../formats/peft';
import type { Answer } from '../generation/answer';
import type { RewardChoice } from '../run/reward-choice';
import { scoreAnswers } from '../training/reward-scores';
import { openDirectory, readTextFile } from './node-files';

/** What a name on the command line means; a scorer's comes before a file's. */
export const rewardChoice = (name: string): RewardChoice => (isScorerName(name) ? { scorer: name } : { rules: name });

/** @throws UserError for a file that is not there or holds no rules */
export function openReward(choice: RewardChoice): Reward {
  if ('scorer' in choice) return starterReward(choice.scorer);
  const { rules } = choice;
  if (!existsSync(rules)) throw new UserError('rewardNotRead', { name: rules, names: scorerNames.join(', ') });
  return rulesReward(rules, readRules(readTextFile(rules), rules));
}

/** Gives answers to one prompt their numbers. */
export type Judge = (opened: OpenedModel, prompt: string, answers: readonly Answer[]) => Promise<readonly Rewarded[]>;

/**
 * As `openReward`, by a name; a directory is a reward model on the model that answers.
 * @throws UserError for what is none of them
 */
export async function openJudge(name: string): Promise<Judge> {
  if (!isScorerName(name) && existsSync(name) && statSync(name).isDirectory()) {
    const adapter = await readPeftAdapter(openDirectory(name).directory);
    return async (opened, prompt, answers) => {
      const texts = answers.map(({ text }) => text);
      const rewards = await scoreAnswers(opened, prompt, texts, uploadRewardModel(opened.model, adapter));
      return rewards.map((reward) => ({ reward }));
    };
  }
  const reward = openReward(rewardChoice(name));
  return (_, prompt, answers) =>
    Promise.resolve(
      answers.map(({ text, ids, finish }) =>
        reward.score(prompt, { text, tokens: ids.length, reference: null, isEnded: finish === 'eos' }),
      ),
    );
}
