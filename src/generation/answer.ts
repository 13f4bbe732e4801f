/**
 * @file Answers prompts in words, one or many: encodes them as the prompts of pairs are encoded, decodes the streams,
 * and says why each ended. Cancelling keeps what was written.
 */
import { AbortError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { encodePrompt } from '../text/encode-pair';
import { StreamDecoder } from '../text/stream-decoder';
import type { DecodeEngine } from './decode-engine';
import type { BatchedToken } from './decoder';
import { generateBatch } from './decoder';
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
  /** From when its prompt was taken up to its last token. */
  readonly seconds: number;
}

export interface AnswerOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly seed: number;
}

/** A prompt to be answered under the base (adapter null) or an adapter. */
export interface AnswerRequest {
  readonly prompt: string | readonly ChatMessage[];
  readonly adapter: DeviceAdapter | null;
  readonly options: AnswerOptions;
}

export interface AnsweringOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each token with the place of its request and the whole text so far. */
  readonly onText?: (request: number, text: string, tokens: number) => void;
  /** Called with each answer as soon as it is there, those that were stopped not; the next tokens wait for it. */
  readonly onAnswer?: (request: number, answer: Answer) => void | Promise<void>;
}

/** One answer while it is being written. */
class Writing {
  readonly ids: number[] = [];
  readonly #logps: number[] = [];
  readonly #decoder: StreamDecoder;
  #seconds = 0;
  text = '';

  constructor(
    tokenizer: OpenedModel['tokenizer'],
    readonly promptIds: readonly number[],
  ) {
    this.#decoder = new StreamDecoder(tokenizer);
  }

  push({ id, logp, isStop, seconds }: BatchedToken): void {
    this.ids.push(id);
    this.#logps.push(logp);
    this.#seconds = seconds;
    if (!isStop) this.text = this.#decoder.push(id);
  }

  end(finish: Answer['finish']): Answer {
    const { ids, promptIds } = this;
    // A last character whose bytes never came shows as U+FFFD instead of vanishing.
    const text = ids.length > 0 ? this.#decoder.finish() : this.text;
    return { promptIds, ids, logps: this.#logps, text, finish, seconds: this.#seconds };
  }
}

/**
 * Answers prompts, as many at once as the device takes; each answer is what it would be alone. When the signal says so
 * it ends with what was written.
 * @returns one answer a request
 * @throws UserError for a prompt that the template refuses, that is empty, or that fills the context
 */
export async function answerPrompts(
  { tokenizer, chatTemplate, stopIds }: OpenedModel,
  engine: DecodeEngine,
  requests: readonly AnswerRequest[],
  { signal, onText, onAnswer }: AnsweringOptions = {},
): Promise<readonly Answer[]> {
  const writings = requests.map(
    ({ prompt }) => new Writing(tokenizer, encodePrompt(prompt, { tokenizer, chatTemplate })),
  );
  const answers: (Answer | undefined)[] = requests.map(() => undefined);
  const decoded = requests.map(({ adapter, options }, i) => {
    const { promptIds } = writings[i] as Writing;
    return { ...options, adapter, promptIds, stopIds };
  });
  try {
    for await (const token of generateBatch(engine, decoded, { signal })) {
      const writing = writings[token.request] as Writing;
      writing.push(token);
      onText?.(token.request, writing.text, writing.ids.length);
      if (!token.isLast) continue;
      const answer = writing.end(token.isStop ? 'eos' : 'length');
      answers[token.request] = answer;
      await onAnswer?.(token.request, answer);
    }
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
  }
  const finish = signal?.aborted ? 'stopped' : 'length';
  return answers.map((answer, i) => answer ?? (writings[i] as Writing).end(finish));
}

/** As `answerPrompts`, of one prompt. */
export async function answerPrompt(
  opened: OpenedModel,
  engine: DecodeEngine,
  request: AnswerRequest,
  options: AnsweringOptions = {},
): Promise<Answer> {
  const [answer] = await answerPrompts(opened, engine, [request], options);
  return answer as Answer;
}
