/**
 * @file A reward by what the command line calls it: a judge of the starter's, a file of rules, or the directory of a
 * reward model or of a model that compares answers.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors';
import type { OpenedModel } from '../engine/open-model';
import { compareAnswers, type LetterModel } from '../evaluation/judge';
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
import { DecodeEngine } from '../generation/decode-engine';
import { judgeEach, wordsOf, type Judging } from '../generation/drawn-answers';
import { openLetters } from '../generation/letters';
import type { RewardChoice } from '../run/reward-choice';
import { scoringBy } from '../training/reward-scores';
import { readQuestion } from './judge-file';
import { openDirectory, readTextFile } from './node-files';
import { openModelDirectory } from './session';
import { endProgress, showProgress } from './terminal';

/** What a name on the command line means; a scorer's comes before a file's. */
export function rewardChoice(name: string): RewardChoice {
  if (isScorerName(name)) return { scorer: name };
  if (!existsSync(name) || !statSync(name).isDirectory()) return { rules: name };
  const isModel = existsSync(join(name, 'config.json')) && !existsSync(join(name, 'adapter_config.json'));
  return isModel ? { judge: name, question: 'dialogue' } : { model: name };
}

type JudgeChoice = Extract<RewardChoice, { judge: string }>;

/** @throws UserError for a file that is not there, and for rules that are none */
function openReward(choice: Exclude<RewardChoice, { model: string } | JudgeChoice>): Reward {
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
 * A model that compares answers, beside the one that gives them.
 * @throws UserError for what is no model, for a model that says no letters, and for a question that is none
 */
async function openComparing({ judge, question }: JudgeChoice) {
  if (!existsSync(judge)) throw new UserError('rewardNotRead', { name: judge, names: scorerNames.join(', ') });
  const asked = readQuestion(question);
  const opened = await openModelDirectory(judge);
  const letters: LetterModel = openLetters(opened, new DecodeEngine(opened.model), null);
  return (answers: Parameters<typeof compareAnswers>[2], options?: Parameters<typeof compareAnswers>[3]) =>
    compareAnswers(letters, asked, answers, options);
}

/**
 * What judges the answers of a run, whose model is opened later.
 * @throws UserError for a file or directory that holds no reward
 */
export async function openJudging(choice: RewardChoice): Promise<(opened: OpenedModel) => Judging> {
  if ('judge' in choice) {
    const compare = await openComparing(choice);
    return () => (answers, signal) =>
      compare(
        answers.map(({ prompt, text, reference }) => ({ prompt: wordsOf(prompt), text, reference })),
        { signal },
      );
  }
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
  if ('judge' in choice) {
    const compare = await openComparing(choice);
    return async (_, prompt, answers) => {
      const given = answers.map(({ text }) => ({ prompt, text, reference: null }));
      const rewards = await compare(given, { onCompared: (done, all) => showProgress(`compared ${done} of ${all}`) });
      endProgress();
      return rewards.map((reward) => ({ reward }));
    };
  }
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
