/**
 * @file Answers that are drawn from a policy to be learned from, and judged.
 */
import { throwIfAborted } from '../core/errors';
import { meanOf, varianceOf } from '../core/statistics';
import { hasAnswer, wordsOf, type PreferencePair, type ScoredPair } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { answerPrompts } from './answer';
import type { DecodeEngine } from './decode-engine';

/** How answers are drawn, by the keys of a run's settings. */
export interface Drawing {
  readonly max_completion_length: number;
  /** Tokens of prompt and answer together. */
  readonly max_length: number;
  readonly temperature: number;
  readonly top_p: number;
  readonly top_k: number;
}

/** An answer as `score` of evaluation/reward.ts takes it. */
export interface AnswerFacts {
  readonly text: string;
  readonly tokens: number;
  readonly reference: string | null;
  readonly isEnded: boolean;
}

/**
 * Gives the answers of a step their rewards, in their order; null for one that could not be judged.
 * @throws AbortError when the signal says so
 */
export type Judging = (
  answers: readonly (AnswerFacts & { readonly prompt: PreferencePair['prompt'] })[],
  signal?: AbortSignal,
) => Promise<readonly (number | null)[]>;

/**
 * The same rewards on another scale: with mean 0 and standard deviation 1 on answers whose rewards are known.
 *
 * @param rewards of some answers, null where one could not be judged; unequal rewards of two are needed
 */
export function normalised(judging: Judging, rewards: readonly (number | null)[]): Judging {
  const known = rewards.flatMap((reward) => reward ?? []);
  const [mean, deviation] = [meanOf(known), Math.sqrt(varianceOf(known))];
  if (!(deviation > 0)) throw new RangeError(`${known.length} rewards have no standard deviation`);
  return async (answers, signal) =>
    (await judging(answers, signal)).map((reward) => (reward === null ? null : (reward - mean) / deviation));
}

/** Judges all answers together, by the words of their prompts and their own, as `compareAnswers` takes them. */
export const judgeTogether =
  (
    compare: (
      answers: readonly { readonly prompt: string; readonly text: string; readonly reference: string | null }[],
      options: { readonly signal: AbortSignal | undefined },
    ) => ReturnType<Judging>,
  ): Judging =>
  (answers, signal) =>
    compare(
      answers.map(({ prompt, text, reference }) => ({ prompt: wordsOf(prompt), text, reference })),
      { signal },
    );

/** Judges each answer by the words of its prompt and its own. */
export const judgeEach =
  (score: (prompt: string, answer: AnswerFacts) => { readonly reward: number | null }): Judging =>
  (answers) =>
    Promise.resolve(answers.map(({ prompt, ...answer }) => score(wordsOf(prompt), answer).reward));

/** A prompt whose answers are drawn, and an answer that it came with, which rules may compare with. */
export interface DrawnPrompt {
  readonly prompt: PreferencePair['prompt'];
  readonly reference: string | null;
}

/**
 * What draws and judges a run's answers.
 * @param prompts of the run, to whose places it is asked
 * @returns a function of prompts, seeds and the policy to answers, each as if it were drawn alone
 */
export function drawAnswers(
  opened: OpenedModel,
  engine: DecodeEngine,
  prompts: readonly (DrawnPrompt & { readonly tokens: number })[],
  { max_completion_length, max_length, temperature, top_p: topP, top_k: topK }: Drawing,
  judge: Judging,
) {
  return async (
    asked: readonly { readonly prompt: number; readonly seed: number }[],
    adapter: DeviceAdapter,
    signal?: AbortSignal,
  ) => {
    const requests = asked.map(({ prompt, seed }) => {
      const { prompt: words, tokens } = prompts[prompt] as (typeof prompts)[number];
      const maxNewTokens = Math.min(max_completion_length, max_length - tokens);
      return { prompt: words, adapter, options: { temperature, topK, topP, seed, maxNewTokens } };
    });
    const answers = await answerPrompts(opened, engine, requests, { signal });
    throwIfAborted(signal);
    const drawn = answers.map(({ ids, text, finish }, i) => {
      const { prompt, reference } = prompts[asked[i]?.prompt ?? -1] as (typeof prompts)[number];
      return { ids, text, prompt, reference, isEnded: finish === 'eos' };
    });
    const rewards = await judge(
      drawn.map(({ ids, ...answer }) => ({ ...answer, tokens: ids.length })),
      signal,
    );
    return drawn.map(({ ids, text, isEnded }, i) => ({ ids, text, isEnded, reward: rewards[i] ?? null }));
  };
}

/**
 * What draws and judges the answers of a run of these settings, as training asks for it: of pairs, whose chosen answers
 * are the references.
 */
export function answersOfPairs(opened: OpenedModel, engine: DecodeEngine, settings: Drawing, judge: Judging) {
  const max_length = Math.min(settings.max_length, opened.model.shape.config.contextLength);
  return (pairs: readonly (ScoredPair & { readonly tokens: number })[]) => {
    const prompts = pairs.map((pair) => ({
      ...pair,
      reference: hasAnswer(pair, 'chosen') ? wordsOf(pair.chosen) : null,
    }));
    return drawAnswers(opened, engine, prompts, { ...settings, max_length }, judge);
  };
}
