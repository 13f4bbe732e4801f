/**
 * @file A reward by what the command line calls it: a judge of the starter's, a file of rules, or the directory of a
 * reward model.
 */
import { existsSync, statSync } from 'node:fs';
import { UserError } from '../core/errors';
import type { OpenedModel } from '../engine/open-model';
import {
  isScorerName,
  rulesReward,
  scorerNames,
  starterReward,
  type Reward,
  type Rewarded,
} from '../evaluation/reward';
import { checkRules, readRules } from '../evaluation/rules';
import { readPeftAdapter } from '../formats/peft';
import type { LoraAdapter } from '../formats/peft';
import type { Answer } from '../generation/answer';
import { judgeEach, type Judging } from '../generation/drawn-answers';
import type { RewardChoice } from '../run/reward-choice';
import { scoringBy } from '../training/reward-scores';
import { openDirectory, readTextFile } from './node-files';

/** What a name on the command line means; a scorer's comes before a file's. */
export function rewardChoice(name: string): RewardChoice {
  if (isScorerName(name)) return { scorer: name };
  return existsSync(name) && statSync(name).isDirectory() ? { model: name } : { rules: name };
}

/** @throws UserError for a file that is not there, and for rules that are none */
function openReward(choice: Exclude<RewardChoice, { model: string }>): Reward {
  if ('scorer' in choice) return starterReward(choice.scorer);
  const { rules } = choice;
  if (typeof rules !== 'string') return rulesReward('rules', checkRules(rules));
  if (!existsSync(rules)) throw new UserError('rewardNotRead', { name: rules, names: scorerNames.join(', ') });
  return rulesReward(rules, readRules(readTextFile(rules), rules));
}

/** @throws UserError for what is no reward model */
async function readRewardModel(directory: string): Promise<LoraAdapter> {
  if (!existsSync(directory)) throw new UserError('rewardNotRead', { name: directory, names: scorerNames.join(', ') });
  const adapter = await readPeftAdapter(openDirectory(directory).directory);
  if (!adapter.score) throw new UserError('adapterScoresNot');
  return adapter;
}

/**
 * What judges the answers of a run, whose model is opened later.
 * @throws UserError for a file or directory that holds no reward
 */
export async function openJudging(choice: RewardChoice): Promise<(opened: OpenedModel) => Judging> {
  if (!('model' in choice)) {
    const { score } = openReward(choice);
    return () => judgeEach(score);
  }
  const adapter = await readRewardModel(choice.model);
  return (opened) => scoringBy(opened, adapter);
}

/** Gives answers to one prompt their numbers. */
export type Judge = (opened: OpenedModel, prompt: string, answers: readonly Answer[]) => Promise<readonly Rewarded[]>;

/**
 * As `openJudging`, by a name, for answers that are chosen among.
 * @throws UserError for what is none of them
 */
export async function openJudge(name: string): Promise<Judge> {
  const choice = rewardChoice(name);
  if ('model' in choice) {
    const adapter = await readRewardModel(choice.model);
    return async (opened, prompt, answers) => {
      const given = answers.map(({ text }) => ({ prompt, text }));
      return (await scoringBy(opened, adapter)(given)).map((reward) => ({ reward }));
    };
  }
  const reward = openReward(choice);
  return (_, prompt, answers) =>
    Promise.resolve(
      answers.map(({ text, ids, finish }) =>
        reward.score(prompt, { text, tokens: ids.length, reference: null, isEnded: finish === 'eos' }),
      ),
    );
}
