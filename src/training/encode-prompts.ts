/** @file The prompts of an on-policy run: each different one once, encoded, with the pair that it is of. */
import { UserError } from '../core/errors';
import type { ScoredPair } from '../data/preference-pair';
import type { OpenedModel } from '../engine/open-model';
import { message, type Sayable } from '../messages/message';
import type { EncodedPair } from '../text/encode-pair';
import { encodePrompt } from '../text/encode-pair';

export interface EncodedPrompts {
  /** The prompts as pairs without answers. */
  readonly prompts: readonly EncodedPair[];
  /** The first pair of each, with the tokens of its prompt. */
  readonly sources: readonly (ScoredPair & { readonly tokens: number })[];
  readonly problems: readonly { readonly index: number; readonly problem: Sayable }[];
}

function problemOf(ids: readonly number[], most: number, vocabularySize: number): Sayable | null {
  if (ids.length === 0) return message('promptEmptyInPair');
  if (ids.length >= most) return message('promptFillsLength', { tokens: ids.length, limit: most });
  const unknown = ids.find((id) => id >= vocabularySize);
  return unknown === undefined ? null : message('tokenUnknown', { token: unknown, count: vocabularySize });
}

/**
 * Encodes prompts as generation does. One that leaves no room for an answer, or that the template refuses, is left out
 * with its reason.
 * @param maxLength tokens of prompt and answer; the model's context bounds it too
 */
export function encodePrompts(
  { tokenizer, chatTemplate, model }: OpenedModel,
  list: readonly ScoredPair[],
  maxLength: number,
): EncodedPrompts {
  const { vocabularySize, contextLength } = model.shape.config;
  const most = Math.min(maxLength, contextLength);
  const found = { prompts: [] as EncodedPair[], sources: [] as (ScoredPair & { tokens: number })[] };
  const problems: { index: number; problem: Sayable }[] = [];
  const seen = new Set<string>();
  list.forEach((pair, index) => {
    const key = JSON.stringify(pair.prompt);
    if (seen.has(key)) return;
    seen.add(key);
    try {
      const promptIds = encodePrompt(pair.prompt, { tokenizer, chatTemplate });
      const problem = problemOf(promptIds, most, vocabularySize);
      if (problem !== null) {
        problems.push({ index, problem });
        return;
      }
      found.prompts.push({ promptIds, chosenIds: [], rejectedIds: [], warnings: [], faults: [] });
      found.sources.push({ ...pair, tokens: promptIds.length });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ index, problem: error.said });
    }
  });
  return { ...found, problems };
}
