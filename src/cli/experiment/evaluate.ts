/**
 * @file Evaluates one policy on held-out prompts: mean reward and sequence-level KL to the reference from samples at
 * temperature 1, or win rates by sampling temperature.
 */
import { Random } from '../../core/random';
import { meanOf, sumOf, varianceOf } from '../../core/statistics';
import type { ChatMessage } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import { compareAnswers } from '../../evaluation/dialogue';
import type { MovedAnswer } from '../../evaluation/frontier';
import type { KlEstimate } from '../../evaluation/kl';
import { estimateSequenceKl } from '../../evaluation/kl';
import { starterReward, type Reward } from '../../evaluation/reward';
import { scoreSentiment } from '../../evaluation/sentiment';
import { compareSummaries } from '../../evaluation/summary';
import type { Judge, WinRate } from '../../evaluation/win-rate';
import { judgeContests, winRateOf } from '../../evaluation/win-rate';
import type { Answer } from '../../generation/answer';
import { answerPrompts } from '../../generation/answer';
import type { DecodeEngine } from '../../generation/decode-engine';
import type { RowRunner } from '../../training/row-runner';
import { computeLogps } from '../../training/trainer';

export type Task = 'sentiment' | 'summarization' | 'dialogue';

export const judges: Readonly<Record<Exclude<Task, 'sentiment'>, Judge>> = {
  summarization: compareSummaries,
  dialogue: compareAnswers,
};

export type Prompt = string | readonly ChatMessage[];

/** A prompt or a completion as its judges read it: of a chat, the last message. */
export const lastText = (part: Prompt): string => (typeof part === 'string' ? part : (part.at(-1)?.content ?? ''));

export interface Bench {
  readonly opened: OpenedModel;
  readonly decoding: DecodeEngine;
  readonly runner: RowRunner;
  readonly prompts: readonly Prompt[];
  readonly maxNewTokens: number;
}

/** One answer a prompt; prompt i draws with seed + i. */
export async function sampleAnswers(
  bench: Bench,
  adapter: DeviceAdapter | null,
  temperature: number,
  seed: number,
): Promise<readonly Answer[]> {
  const { opened, decoding, prompts, maxNewTokens } = bench;
  const requests = prompts.map((prompt, i) => ({
    prompt,
    adapter,
    options: { temperature, topK: 0, topP: 1, maxNewTokens, seed: seed + i },
  }));
  return answerPrompts(opened, decoding, requests);
}

const sentimentOf = (prompt: string, text: string): number => scoreSentiment(`${prompt}${text}`);

/**
 * What the answers of a task are worth, where they are learned from and where they are measured: of sentiment, as in
 * the paper, how positive prompt and answer are together, in [0, 1], whatever else is wrong with them.
 */
export const rewardOf = (task: Task): Reward =>
  task === 'sentiment'
    ? { name: 'sentiment', score: (prompt, { text }) => ({ reward: sentimentOf(prompt, text) }) }
    : starterReward(task);

export interface RewardPoint {
  readonly reward: number;
  readonly rewardError: number;
  readonly kl: KlEstimate;
  /** Of each answer, which tells how much of the divergence bought reward. */
  readonly answers?: readonly MovedAnswer[];
}

/** Mean sentiment of prompt and answer with its standard error, and KL to the reference on the same samples. */
export async function measureReward(
  bench: Bench,
  policy: DeviceAdapter | null,
  reference: DeviceAdapter | null,
  seed: number,
): Promise<RewardPoint> {
  const answers = await sampleAnswers(bench, policy, 1, seed);
  const rewards = answers.map(({ text }, i) => sentimentOf(lastText(bench.prompts[i] as Prompt), text));
  const items = answers.map(({ promptIds, ids }) => ({ promptIds, completions: [ids] }));
  const referenceLogps = (await computeLogps(bench.runner, items, reference)).map(({ chosen }) => sumOf(chosen));
  const policyLogps = answers.map(({ logps }) => sumOf(logps));
  return {
    reward: meanOf(rewards),
    rewardError: Math.sqrt(varianceOf(rewards) / rewards.length),
    kl: estimateSequenceKl(policyLogps, referenceLogps),
    answers: rewards.map((reward, i) => ({
      reward,
      logRatio: (policyLogps[i] as number) - (referenceLogps[i] as number),
    })),
  };
}

export interface WinPoint {
  readonly temperature: number;
  readonly againstReference: WinRate;
  /** Null where the held-out prompts came without chosen answers. */
  readonly againstChosen: WinRate | null;
}

/** One comparison of a policy with its opponents, at one sampling temperature. */
export interface WinMeasurement {
  readonly judge: Judge;
  /** The reference's answers and the data's chosen ones, one of each a prompt; of prompts drawn anew none is chosen. */
  readonly opponents: { readonly reference: readonly Answer[]; readonly chosen: readonly string[] };
  readonly temperature: number;
  readonly seed: number;
}

/** Samples the policy's answers and has them judged against its opponents'. */
export async function measureWins(
  bench: Bench,
  policy: DeviceAdapter | null,
  { judge, opponents, temperature, seed }: WinMeasurement,
): Promise<WinPoint> {
  const answers = await sampleAnswers(bench, policy, temperature, seed);
  const against = (theirs: readonly string[]): WinRate => {
    const contests = answers.map(({ text }, i) => ({
      prompt: lastText(bench.prompts[i] as Prompt),
      ours: text,
      theirs: theirs[i] as string,
    }));
    return winRateOf(judgeContests(contests, judge, new Random(seed)));
  };
  return {
    temperature,
    againstReference: against(opponents.reference.map(({ text }) => text)),
    againstChosen: opponents.chosen.length > 0 ? against(opponents.chosen) : null,
  };
}
