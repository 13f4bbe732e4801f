/**
 * @file What a reward model makes of answers: one number each, under a head on the hidden state of the last token, from
 * the very rows that it is trained on.
 */
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { PreferencePair } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import type { PairValues } from '../objectives/objective';
import { encodeDataset } from './encode-dataset';
import { RowRunner } from './row-runner';
import { packScores, paddingOf, scoredCompletions } from './scored-rows';
import { computeLogps } from './trainer';

/** The scores of a pair's answers, and how many tokens were read for each: of prompt and answer together. */
export interface PairRewards {
  readonly tokens: PairValues;
  readonly rewards: PairValues;
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
  options: { signal?: AbortSignal | undefined; onProgress?: (done: number, total: number) => void } = {},
): Promise<PairRewards[]> {
  const { signal } = options;
  const dataset = await encodeDataset(opened, pairs, maxLength, { signal, isScored: true });
  const refused = dataset.reports.find(({ problem }) => problem !== null);
  if (refused?.problem) throw new UserError('pairNotScored', { number: refused.index + 1, problem: refused.problem });
  const runner = new RowRunner(opened.model);
  try {
    const padding = paddingOf(opened.tokenizer);
    const items = dataset.pairs.map((pair) => scoredCompletions(pair, padding));
    const onProgress = (done: number): void => options.onProgress?.(done, items.length);
    const scores = await computeLogps(runner, items, rewardModel, { signal, onProgress, pack: packScores });
    return dataset.pairs.map(({ promptIds, chosenIds, rejectedIds }, i) => {
      const [chosen = NaN, rejected = NaN] = [scores[i]?.chosen[0], scores[i]?.rejected[0]];
      const bad = [chosen, rejected].find((score) => !Number.isFinite(score));
      if (bad !== undefined)
        throw new UserError('pairNotScored', {
          number: i + 1,
          problem: message('scoresNotNumbers', { value: String(bad) }),
        });
      return {
        tokens: { chosen: promptIds.length + chosenIds.length, rejected: promptIds.length + rejectedIds.length },
        rewards: { chosen, rejected },
      };
    });
  } finally {
    await runner.dispose();
  }
}

/**
 * Scores answers to one prompt by a reward model; an answer ends with the end-of-sequence token, as in training.
 * @returns a number for each answer, null for one without text
 */
export async function scoreAnswers(
  opened: OpenedModel,
  prompt: string,
  answers: readonly string[],
  rewardModel: DeviceAdapter,
): Promise<(number | null)[]> {
  const texts = answers.filter((text) => text !== '');
  const { contextLength } = opened.model.shape.config;
  const pairs = texts.map((text) => ({ prompt, chosen: text, rejected: text }));
  const scored = await scorePairs(opened, pairs, rewardModel, contextLength);
  const byText = new Map(texts.map((text, i) => [text, scored[i]?.rewards.chosen ?? null]));
  return answers.map((text) => byText.get(text) ?? null);
}
