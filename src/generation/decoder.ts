/**
 * @file Autoregressive decoding of one prompt or of many at once. A sequence's tokens follow from its prompt, adapter,
 * options and seed alone: the same, to the bit on WASM, whatever is decoded beside it.
 */
import { breathe } from '../core/breathe';
import { UserError, throwIfAborted } from '../core/errors';
import { Random } from '../core/random';
import type { DeviceAdapter } from '../engine/device-adapter';
import { sequencesAtOnce } from '../models/decode-caches';
import type { Prompt } from './batch';
import { Batch } from './batch';
import type { AdapterStack, DecodeEngine, NextLogits } from './decode-engine';
import type { SampledToken, SamplingOptions } from './sampling';
import { sampleToken } from './sampling';

export interface GenerateOptions extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly seed: number;
  /** Tokens that end the answer. */
  readonly stopIds: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface GeneratedToken extends SampledToken {
  /** True for the token that ended the answer (EOS), which is no part of the text. */
  readonly isStop: boolean;
}

/** A prompt to be continued. */
export interface DecodingRequest extends Omit<GenerateOptions, 'signal'> {
  readonly promptIds: readonly number[];
  /** Null is the base. */
  readonly adapter: DeviceAdapter | null;
}

export interface BatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sequences decoded at once; by default what pays and fits (`sequencesAtOnce`). */
  readonly atOnce?: number | undefined;
}

/** A token of one of many sequences. */
export interface BatchedToken extends GeneratedToken {
  /** The place of its request. */
  readonly request: number;
  /** Whether the sequence ends with it. */
  readonly isLast: boolean;
  /** Since its prompt was taken up. */
  readonly seconds: number;
}

/** A sequence under way. */
interface Decoding {
  readonly request: number;
  readonly options: DecodingRequest;
  readonly random: Random;
  readonly budget: number;
  /** Of `performance.now()`. */
  readonly started: number;
  count: number;
  last: number;
}

function beginDecoding(request: number, options: DecodingRequest, contextLength: number): Decoding {
  const { promptIds, maxNewTokens, seed } = options;
  if (promptIds.length === 0) throw new UserError('promptEmpty');
  if (promptIds.length >= contextLength) {
    throw new UserError('promptTooLong', { tokens: promptIds.length, limit: contextLength });
  }
  const budget = Math.min(maxNewTokens, contextLength - promptIds.length);
  return { request, options, random: new Random(seed), budget, started: performance.now(), count: 0, last: 0 };
}

function chooseToken(decoding: Decoding, { logits, norm }: NextLogits): BatchedToken {
  const { request, options, random, budget, started } = decoding;
  const token = sampleToken(logits, options, random, norm);
  decoding.count++;
  decoding.last = token.id;
  if (!Number.isFinite(token.logp)) throw new UserError('logitNotFinite', { number: decoding.count });
  const isStop = options.stopIds.includes(token.id);
  const isLast = isStop || decoding.count === budget;
  return { ...token, request, isStop, isLast, seconds: (performance.now() - started) / 1000 };
}

/** Requests under way on one engine. */
class Decoder {
  readonly #bySlot = new Map<number, Decoding>();
  #waiting = 0;
  /** Why some sequence ended before its time: none takes its place, and those under way go on to their ends. */
  failure: UserError | null = null;

  constructor(
    private readonly batch: Batch,
    private readonly stack: AdapterStack,
    private readonly requests: readonly DecodingRequest[],
    private readonly contextLength: number,
  ) {}

  get isIdle(): boolean {
    return this.#bySlot.size === 0;
  }

  get takesMore(): boolean {
    const { most } = this.batch;
    // Those that begin together all begin, whichever of them fails first.
    const last = this.failure ? Math.min(most, this.requests.length) : this.requests.length;
    return this.#waiting < last && this.#bySlot.size < most;
  }

  /** Takes the next requests up, as many as go through together. @returns their first tokens */
  async begin(adapterOf: (request: DecodingRequest) => number): Promise<readonly BatchedToken[]> {
    const begun: { readonly decoding: Decoding; readonly prompt: Prompt }[] = [];
    let tokens = 0;
    const free = this.batch.most - this.#bySlot.size;
    while (this.takesMore && begun.length < free) {
      const request = this.requests[this.#waiting] as DecodingRequest;
      const { promptIds } = request;
      if (begun.length > 0 && tokens + promptIds.length > this.batch.tokensTogether) break;
      const number = this.#waiting++;
      const adapter = adapterOf(request);
      const decoding = this.#orFail(() => {
        if (this.stack.unfit.has(adapter)) throw new UserError('logitNotFinite', { number: 1 });
        return beginDecoding(number, request, this.contextLength);
      });
      if (!decoding || decoding.budget === 0) continue;
      begun.push({ decoding, prompt: { promptIds, adapter } });
      tokens += promptIds.length;
    }
    if (begun.length === 0) return [];
    const entered = await this.batch.enter(begun.map(({ prompt }) => prompt));
    entered.forEach(({ slot }, i) => this.#bySlot.set(slot, (begun[i] as (typeof begun)[number]).decoding));
    return this.#chooseAll(new Map(entered.map(({ slot, next }) => [slot, next])));
  }

  /** Gives every sequence its next token. */
  async step(): Promise<readonly BatchedToken[]> {
    return this.#chooseAll(await this.batch.step(new Map([...this.#bySlot].map(([slot, { last }]) => [slot, last]))));
  }

  #chooseAll(logits: ReadonlyMap<number, NextLogits>): readonly BatchedToken[] {
    const tokens: BatchedToken[] = [];
    // From the last slot on, so that whoever moves into a place has been asked already.
    for (const [slot, next] of [...logits].sort(([a], [b]) => b - a)) {
      const token = this.#orFail(() => this.#choose(slot, this.#bySlot.get(slot) as Decoding, next));
      if (token) tokens.push(token);
    }
    return tokens.sort((a, b) => a.request - b.request);
  }

  #choose(slot: number, decoding: Decoding, next: NextLogits): BatchedToken {
    let isLast = true;
    try {
      const token = chooseToken(decoding, next);
      isLast = token.isLast;
      return token;
    } finally {
      if (isLast) this.#leave(slot);
    }
  }

  #leave(slot: number): void {
    const moved = this.batch.leave(slot);
    const mover = moved === null ? undefined : this.#bySlot.get(moved);
    this.#bySlot.delete(moved ?? slot);
    if (mover) this.#bySlot.set(slot, mover);
  }

  #orFail<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.failure ??= error;
      return null;
    }
  }
}

/**
 * Streams the tokens of many sequences. As many as fit are decoded at once, and one that has ended gives its place to
 * the next request.
 * @throws UserError for an empty prompt, one that fills the context, or logits that are no numbers, once those under
 * way have ended; AbortError when the signal says so
 */
export async function* generateBatch(
  engine: DecodeEngine,
  requests: readonly DecodingRequest[],
  { signal, atOnce }: BatchOptions = {},
): AsyncGenerator<BatchedToken, void> {
  if (requests.length === 0) return;
  const { config } = engine.model.shape;
  const longest = Math.max(
    ...requests.map(({ promptIds, maxNewTokens }) => Math.min(config.contextLength, promptIds.length + maxNewTokens)),
  );
  const adapters = [...new Set(requests.map(({ adapter }) => adapter))];
  const stack = await engine.stack(adapters);
  const most = Math.min(requests.length, atOnce ?? sequencesAtOnce(config, longest));
  const batch = new Batch(engine, stack, most, longest);
  const decoder = new Decoder(batch, stack, requests, config.contextLength);
  try {
    for (;;) {
      await breathe();
      throwIfAborted(signal);
      if (decoder.takesMore) {
        yield* await decoder.begin(({ adapter }) => adapters.indexOf(adapter));
      } else if (decoder.isIdle) break;
      else yield* await decoder.step();
    }
  } finally {
    batch.dispose();
    stack.dispose();
  }
  if (decoder.failure) throw decoder.failure;
}

/**
 * Streams the answer to a prompt token by token; it ends with the stop token, after `maxNewTokens`, or where the
 * context is full.
 * @throws UserError and AbortError as `generateBatch`
 */
export async function* generateTokens(
  engine: DecodeEngine,
  adapter: DeviceAdapter | null,
  promptIds: readonly number[],
  { signal, ...options }: GenerateOptions,
): AsyncGenerator<GeneratedToken, void> {
  for await (const { id, logp, isStop } of generateBatch(engine, [{ ...options, adapter, promptIds }], { signal }))
    yield { id, logp, isStop };
}
