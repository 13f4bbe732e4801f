/**
 * @file Log-probabilities of every token of given answers under a policy and its reference, by the forward pass that
 * training scores completions with: what DPO's implicit reward is made of.
 */
import type { ScoredToken } from '../run/reports';
import { UserError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { encodePrompt } from '../text/encode-pair';
import { StreamDecoder } from '../text/stream-decoder';
import type { Tokenizer } from '../text/tokenizer';
import { RowRunner } from './row-runner';
import { computeLogps } from './trainer';

/** Finds what each token adds to the text, so that all of them together are the answer. */
function spellTokens(tokenizer: Tokenizer, ids: readonly number[]): Pick<ScoredToken, 'text' | 'isSpecial'>[] {
  const decoder = new StreamDecoder(tokenizer);
  let shown = '';
  return ids.map((id, at) => {
    if (tokenizer.isSpecial(id)) return { text: tokenizer.tokenText(id), isSpecial: true };
    const pushed = decoder.push(id);
    const whole = at === ids.length - 1 ? decoder.finish() : pushed;
    const text = whole.slice(shown.length);
    shown = whole;
    return { text, isSpecial: false };
  });
}

/** Answers to score, and by whom; null adapters are the base. */
export interface ScoringRequest {
  readonly prompt: string | readonly ChatMessage[];
  /** Token ids of each answer, its end-of-sequence token included where it wrote one. */
  readonly answers: readonly (readonly number[])[];
  readonly policy: DeviceAdapter | null;
  readonly reference: DeviceAdapter | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores answers to one prompt under a policy and its reference.
 * @returns for each answer one entry a token, in order
 * @throws UserError for a prompt without tokens, for answers beyond the model's context and for scores that are no
 * numbers
 */
export async function scoreTokens(
  opened: OpenedModel,
  { prompt, answers, policy, reference, signal }: ScoringRequest,
): Promise<ScoredToken[][]> {
  const { tokenizer, chatTemplate, model } = opened;
  const promptIds = encodePrompt(prompt, { tokenizer, chatTemplate });
  if (promptIds.length === 0) throw new UserError('promptEmptyForScores');
  const { contextLength } = model.shape.config;
  const longest = Math.max(0, ...answers.map((ids) => promptIds.length + ids.length));
  if (longest > contextLength) throw new UserError('answerTooLong', { tokens: longest, limit: contextLength });
  const items = answers.map((ids) => ({ promptIds, completions: [ids] }));
  const runner = new RowRunner(model);
  try {
    const policyLogps = await computeLogps(runner, items, policy, { signal });
    const referenceLogps = await computeLogps(runner, items, reference, { signal });
    for (const logp of [...policyLogps, ...referenceLogps].flatMap(({ chosen }) => [...chosen]))
      if (!Number.isFinite(logp)) throw new UserError('scoresNotNumbers', { value: String(logp) });
    return answers.map((ids, i) =>
      spellTokens(tokenizer, ids).map((token, t) => ({
        ...token,
        logp: policyLogps[i]?.chosen[t] ?? NaN,
        reference: referenceLogps[i]?.chosen[t] ?? NaN,
      })),
    );
  } finally {
    await runner.dispose();
  }
}
