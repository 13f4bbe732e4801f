/**
 * @file A reward by what the command line calls it: a judge of the starter's, a file of rules, or the directory of a
 * reward model or of a model that compares answers.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors';
import { refuseTooManyCompared, questionsAbout } from '../data/judge-question';
import { uploadAdapter } from '../engine/device-adapter';
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
import { openComparing, type CompareBy } from '../generation/comparing';
import { DecodeEngine } from '../generation/decode-engine';
import { judgeEach, judgeTogether, type Judging } from '../generation/drawn-answers';
import type { JudgeChoice, RewardChoice } from '../run/reward-choice';
import { scoringBy } from '../training/reward-scores';
import { readQuestion } from './judge-file';
import { openDirectory, readTextFile } from './node-files';
import { openAdapterDirectory, openModelDirectory } from './session';
import { endProgress, say, showProgress } from './terminal';

/** How the command line names a reward; what a judge is asked and its adapter are told beside it. */
export interface RewardOptions {
  readonly reward?: string;
  readonly judgePrompt?: string;
  readonly judgeAdapter?: string;
}

/** What a name alone means; a scorer's comes before a file's. */
function choiceOfName(name: string): RewardChoice {
  if (isScorerName(name)) return { scorer: name };
  if (!existsSync(name) || !statSync(name).isDirectory()) return { rules: name };
  const isModel = existsSync(join(name, 'config.json')) && !existsSync(join(name, 'adapter_config.json'));
  return isModel ? { judge: name, question: 'dialogue' } : { model: name };
}

/**
 * The reward that the options name; null where they name none.
 * @throws UserError for what is said of a judge where the reward is none
 */
export function rewardChoice({ reward, judgePrompt, judgeAdapter }: RewardOptions): RewardChoice | null {
  const said = [judgePrompt !== undefined && '`--judge-prompt`', judgeAdapter !== undefined && '`--judge-adapter`'];
  const options = said.filter((name) => name !== false).join(', ');
  if (reward === undefined) {
    if (options !== '') throw new UserError('judgeOptionsAlone', { options });
    return null;
  }
  const choice = choiceOfName(reward);
  if (!('judge' in choice)) {
    if (options !== '') throw new UserError('judgeOptionsUnread', { options, reward });
    return choice;
  }
  return {
    ...choice,
    ...(judgePrompt !== undefined && { question: judgePrompt }),
    ...(judgeAdapter !== undefined && { adapter: judgeAdapter }),
  };
}

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
 * @throws UserError for what is no model, for a model that says no letters, for an adapter that does not fit it or
 * scores answers, and for a question that is none
 */
async function openJudgeModel({ judge, question, adapter }: JudgeChoice): Promise<CompareBy> {
  if (!existsSync(judge)) throw new UserError('rewardNotRead', { name: judge, names: scorerNames.join(', ') });
  const asked = typeof question === 'string' ? readQuestion(question) : question;
  const lora = await openAdapterDirectory(adapter);
  const opened = await openModelDirectory(judge);
  const device = lora && uploadAdapter(opened.model, lora);
  return openComparing(opened, new DecodeEngine(opened.model), device, asked);
}

/**
 * What judges the answers of a run, whose model is opened later.
 * @throws UserError for a file or directory that holds no reward
 */
export async function openJudging(choice: RewardChoice): Promise<(opened: OpenedModel) => Judging> {
  if ('judge' in choice) {
    const compare = await openJudgeModel(choice);
    return () => judgeTogether(compare);
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
 * As `openJudging`, for so many answers to one prompt that are chosen among.
 * @throws UserError for what is none of them, and for more answers than a judge compares
 */
export async function openJudge(choice: RewardChoice, count: number): Promise<Judge> {
  if ('judge' in choice) refuseTooManyCompared(count);
  if ('judge' in choice) {
    const compare = await openJudgeModel(choice);
    const { comparisons, questions } = questionsAbout(count);
    say(`the judge compares every two of ${count} answers: ${comparisons} comparisons, ${questions} questions at most`);
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
