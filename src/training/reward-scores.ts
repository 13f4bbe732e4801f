/**
 * @file What a reward model makes of answers: one number each, under a head on the hidden state of the last token, from
 * the very rows that it is trained on.
 */
import { UserError } from '../core/errors';
import { message, type Sayable } from '../messages/message';
import type { PreferencePair } from '../data/preference-pair';
import { uploadRewardModel, type DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import type { PairValues } from '../objectives/objective';
import type { EncodedPair } from '../text/encode-pair';
import { encodeDataset } from './encode-dataset';
import { RowRunner } from './row-runner';
import { packScores, paddingOf, scoredCompletions } from './scored-rows';
import { computeLogps } from './trainer';

/** The scores of a pair's answers, and how many tokens were read for each: of prompt and answer together. */
export interface PairRewards {
  readonly tokens: PairValues;
  readonly rewards: PairValues;
}

interface ScoringOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Scores the first completions of encoded pairs, the chosen answer's first.
 * @param count of each pair: 1 or 2
 * @throws UserError for a score that is no number, which names the pair
 */
async function scoreEncoded(
  opened: OpenedModel,
  pairs: readonly EncodedPair[],
  rewardModel: DeviceAdapter,
  count: 1 | 2,
  { signal, onProgress }: ScoringOptions,
): Promise<readonly (readonly number[])[]> {
  const runner = new RowRunner(opened.model);
  try {
    const padding = paddingOf(opened.tokenizer);
    const items = pairs.map((pair) => {
      const { promptIds, completions } = scoredCompletions(pair, padding);
      return { promptIds, completions: completions.slice(0, count) };
    });
    const found = await computeLogps(runner, items, rewardModel, {
      ...{ signal, pack: packScores },
      onProgress: (done) => onProgress?.(done, items.length),
    });
    return found.map(({ chosen, rejected }, i) => {
      const scores = [chosen[0] ?? NaN, rejected[0] ?? NaN].slice(0, count);
      const bad = scores.find((score) => !Number.isFinite(score));
      if (bad === undefined) return scores;
      const problem = message('scoresNotNumbers', { value: String(bad) });
      throw new UserError('pairNotScored', { number: i + 1, problem });
    });
  } finally {
    await runner.dispose();
  }
}

/**
 * Scores the answers of pairs by a reward model.
 * @returns one entry for each pair, in order
 * @throws UserError for a pair that cannot be encoded or scored, which it names
 */
export async function scorePairs(
  opened: OpenedModel,
  pairs: readonly PreferencePair[],
  rewardModel: DeviceAdapter,
  maxLength: number,
  options: ScoringOptions = {},
): Promise<PairRewards[]> {
  const { signal } = options;
  const dataset = await encodeDataset(opened, pairs, maxLength, { signal, isScored: true });
  const refused = dataset.reports.find(({ problem }) => problem !== null);
  if (refused?.problem) throw new UserError('pairNotScored', { number: refused.index + 1, problem: refused.problem });
  const scores = await scoreEncoded(opened, dataset.pairs, rewardModel, 2, options);
  return dataset.pairs.map(({ promptIds, chosenIds, rejectedIds }, i) => {
    const [chosen, rejected] = scores[i] as readonly [number, number];
    return {
      tokens: { chosen: promptIds.length + chosenIds.length, rejected: promptIds.length + rejectedIds.length },
      rewards: { chosen, rejected },
    };
  });
}

/**
 * Scores the answers of those pairs that can be encoded whole, as training has them; the others are left out.
 * @throws AbortError when the signal says so
 */
export async function scoreFitting(
  opened: OpenedModel,
  pairs: readonly PreferencePair[],
  rewardModel: DeviceAdapter,
  maxLength: number,
  options: ScoringOptions = {},
): Promise<PairValues[]> {
  const dataset = await encodeDataset(opened, pairs, maxLength, { signal: options.signal, isScored: true });
  const scores = await scoreEncoded(opened, dataset.pairs, rewardModel, 2, options);
  return scores.map((pair) => {
    const [chosen, rejected] = pair as readonly [number, number];
    return { chosen, rejected };
  });
}

/** A prompt and what was answered to it. */
export interface GivenAnswer {
  readonly prompt: PreferencePair['prompt'];
  readonly text: string;
}

/** The answer as a pair, whose one side is scored; the other one says the same. */
function asPair({ prompt, text }: GivenAnswer): PreferencePair {
  if (typeof prompt === 'string') return { prompt, chosen: text, rejected: text };
  const turns = [{ role: 'assistant', content: text }];
  return { prompt, chosen: turns, rejected: turns };
}

/**
 * Scores answers by a reward model, all in one go; each ends with the end-of-sequence token, as in training.
 * @returns a number for each answer; null for one without text, and for one that is too long to be scored. Where none
 * could be, and one has text, `problem` says why it is so of the first
 * @throws UserError for a score that is no number, and AbortError when the signal says so
 */
export async function scoreThose(
  opened: OpenedModel,
  answers: readonly GivenAnswer[],
  rewardModel: DeviceAdapter,
  signal?: AbortSignal,
): Promise<{ readonly scores: (number | null)[]; readonly problem: Sayable | null }> {
  const told = answers.flatMap(({ text }, place) => (text === '' ? [] : [place]));
  const list = told.map((place) => asPair(answers[place] as GivenAnswer));
  const { contextLength } = opened.model.shape.config;
  const { pairs, indices, reports } = await encodeDataset(opened, list, contextLength, { signal, isScored: true });
  const scores: (number | null)[] = answers.map(() => null);
  const found = await scoreEncoded(opened, pairs, rewardModel, 1, { signal });
  found.forEach(([score], i) => (scores[told[indices[i] ?? -1] ?? -1] = score as number));
  return { scores, problem: pairs.length === 0 ? (reports[0]?.problem ?? null) : null };
}

/**
 * As `scoreThose`.
 * @throws UserError where none can be scored, too
 */
export async function scoreAnswers(...given: Parameters<typeof scoreThose>): Promise<(number | null)[]> {
  const { scores, problem } = await scoreThose(...given);
  if (problem !== null) throw new UserError('pairNotScored', { number: 1, problem });
  return scores;
}

/**
 * What scores answers by a reward model's adapter, which is on the device for no longer than that takes.
 * @throws UserError, at once, for an adapter of another base or of other shapes, and for one without a score head
 */
export function scoringBy(opened: OpenedModel, adapter: LoraAdapter) {
  uploadRewardModel(opened.model, adapter).dispose();
  return async (answers: readonly GivenAnswer[], signal?: AbortSignal): Promise<(number | null)[]> => {
    const rewardModel = uploadRewardModel(opened.model, adapter);
    try {
      return await scoreAnswers(opened, answers, rewardModel, signal);
    } finally {
      rewardModel.dispose();
    }
  };
}
