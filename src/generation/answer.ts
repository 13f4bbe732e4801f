/**
 * @file Answers a prompt in words: encodes it as the prompt of a pair is encoded, decodes the stream, and says why it
 * ended. Cancelling keeps what was written.
 */
import { AbortError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { encodePrompt } from '../text/encode-pair';
import { StreamDecoder } from '../text/stream-decoder';
import type { DecodeEngine } from './decoder';
import { generateTokens } from './decoder';
import type { SamplingOptions } from './sampling';

export interface Answer {
  readonly promptIds: readonly number[];
  /** The new tokens, a final stop token included. */
  readonly ids: readonly number[];
  /** Log-probability of each new token, in nats. */
  readonly logps: readonly number[];
  /** The text of all tokens but a final stop token. */
  readonly text: string;
  readonly finish: 'eos' | 'length' | 'stopped';
  readonly seconds: number;
}

export interface AnswerOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each token with the whole text so far. */
  readonly onText?: (text: string, tokens: number) => void;
}

/**
 * Answers a prompt under the base (adapter null) or an adapter. When the signal says so it ends with what was written.
 * @throws UserError for a prompt that the template refuses, that is empty, or that fills the context
 */
export async function answerPrompt(
  opened: OpenedModel,
  engine: DecodeEngine,
  adapter: DeviceAdapter | null,
  prompt: string | readonly ChatMessage[],
  options: AnswerOptions,
): Promise<Answer> {
  const { tokenizer, chatTemplate, stopIds } = opened;
  const promptIds = encodePrompt(prompt, { tokenizer, chatTemplate });
  const decoder = new StreamDecoder(tokenizer);
  const ids: number[] = [];
  const logps: number[] = [];
  let text = '';
  let finish: Answer['finish'] = 'length';
  const started = performance.now();
  try {
    for await (const token of generateTokens(engine, adapter, promptIds, { ...options, stopIds })) {
      ids.push(token.id);
      logps.push(token.logp);
      if (token.isStop) finish = 'eos';
      else text = decoder.push(token.id);
      options.onText?.(text, ids.length);
    }
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
    finish = 'stopped';
  }
  // A last character whose bytes never came shows as U+FFFD instead of vanishing.
  if (ids.length > 0) text = decoder.finish();
  return { promptIds, ids, logps, text, finish, seconds: (performance.now() - started) / 1000 };
}
