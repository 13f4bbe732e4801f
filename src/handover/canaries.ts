/**
 * @file Canaries: sequences of token ids with what base and adapter give them, by which a server can be held against
 * the studio (check_server.py asks it). By default they are the model's own answers to neutral prompts, so that no text
 * of a training pair leaves with them; pairs only where they are given. docs/canaries.md describes the file.
 */
import { UserError, throwIfAborted } from '../core/errors';
import { meanOf, sumOf } from '../core/statistics';
import type { PreferencePair } from '../data/preference-pair';
import { uploadAdapter, type DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import type { DecodeEngine } from '../generation/decode-engine';
import { generateBatch } from '../generation/decoder';
import { message, type Message } from '../messages/message';
import { scaleLora } from '../models/lora';
import { precisionOf } from '../models/stages';
import type { CanaryReport } from '../run/hand-over';
import { encodePrompt } from '../text/encode-pair';
import { encodeDataset } from '../training/encode-dataset';
import { RowRunner, type LentWeights } from '../training/row-runner';
import { computeLogps } from '../training/trainer';
import { neutralPrompts, tokenizerProbes } from './neutral-prompts';

export const canariesName = 'canaries.json';
/** The script beside it, which asks a server. */
export const checkServerName = 'check_server.py';
/** As many as are made where nobody asks for another number, and the most. */
export const defaultCanaries = 8;
export const mostCanaries = 64;

/** Tokens of a completion, and of a pair's prompt. */
const limits = { completion: 24, prompt: 512, pairs: 64 } as const;

/** Below this log-probability a token's own rounding on a server is as large as what is looked for. */
const leastLogp = -12;

/** The mean distance in nats from which base and adapter are told apart: twice what bfloat16 may cost a token. */
const tellingDifference = 0.1;

export interface CanaryRequest {
  readonly adapter: LoraAdapter;
  readonly count: number;
  /** Pairs to take sequences of; null: the model's own answers to neutral prompts. */
  readonly pairs: readonly PreferencePair[] | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

interface Sequence {
  readonly promptIds: readonly number[];
  readonly ids: readonly number[];
}

interface ScoredSequence extends Sequence {
  readonly base: Float64Array;
  readonly adapter: Float64Array;
}

/** Counts the pieces of the work as they are done. */
class Steps {
  #done = 0;
  constructor(
    private readonly total: number,
    private readonly request: CanaryRequest,
  ) {}
  add(count: number): void {
    this.request.onProgress?.(Math.min(this.total, (this.#done += count)), this.total);
  }
  /** Of the candidates, which are counted at most, some were the same. */
  end(): void {
    this.request.onProgress?.(this.total, this.total);
  }
}

/** A neutral prompt through the model's template, or as it stands where there is none or it refuses. */
function encodeNeutral(opened: OpenedModel, prompt: string): number[] {
  if (opened.chatTemplate !== null) {
    try {
      return encodePrompt([{ role: 'user', content: prompt }], opened);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return encodePrompt(prompt, opened);
}

/** Greedy continuations of prompts, a final stop token included. */
async function continueGreedily(
  { opened, decoding }: Engines,
  prompts: readonly (readonly number[])[],
  adapter: DeviceAdapter | null,
  { signal }: CanaryRequest,
  steps: Steps,
): Promise<number[][]> {
  const written: number[][] = prompts.map(() => []);
  const requests = prompts.map((promptIds) => ({
    ...{ promptIds, adapter, stopIds: opened.stopIds, maxNewTokens: limits.completion },
    ...{ temperature: 0, topK: 0, topP: 1, seed: 0 },
  }));
  for await (const { request, id, isLast } of generateBatch(decoding, requests, { signal })) {
    written[request]?.push(id);
    if (isLast) steps.add(1);
  }
  throwIfAborted(signal);
  return written;
}

interface Engines {
  readonly opened: OpenedModel;
  readonly decoding: DecodeEngine;
}

const fits = ({ opened }: Engines, ids: readonly number[]): boolean => {
  const { contextLength, vocabularySize } = opened.model.shape.config;
  return ids.length > 0 && ids.length + limits.completion <= contextLength && ids.every((id) => id < vocabularySize);
};

/** What base and adapter answer to neutral prompts, each answer a candidate. */
async function answerCandidates(
  engines: Engines,
  prompts: readonly (readonly number[])[],
  adapter: DeviceAdapter,
  request: CanaryRequest,
  steps: Steps,
): Promise<Sequence[]> {
  const byBase = await continueGreedily(engines, prompts, null, request, steps);
  const byAdapter = await continueGreedily(engines, prompts, adapter, request, steps);
  return prompts.flatMap((promptIds, i) => {
    const answers = [byAdapter[i] ?? [], byBase[i] ?? []];
    const same = answers[0]?.join() === answers[1]?.join();
    return (same ? answers.slice(0, 1) : answers).map((ids) => ({ promptIds, ids }));
  });
}

/** Beginnings of the answers of pairs that lie evenly over the list. */
async function pairCandidates(engines: Engines, pairs: readonly PreferencePair[], signal?: AbortSignal) {
  const step = Math.max(1, pairs.length / limits.pairs);
  const some = Array.from(
    { length: Math.min(pairs.length, limits.pairs) },
    (_, i) => pairs[Math.floor(i * step)] as PreferencePair,
  );
  const { pairs: encoded } = await encodeDataset(engines.opened, some, limits.prompt + limits.completion, {
    signal,
    mayLackRejected: true,
  });
  return encoded.flatMap(({ promptIds, chosenIds, rejectedIds }) =>
    [chosenIds, rejectedIds].map((ids) => ({ promptIds, ids: ids.slice(0, limits.completion) })),
  );
}

/** How clearly the adapter changes the sequence: that grows with the tokens, a server's rounding as their root. */
const clarity = ({ base, adapter }: ScoredSequence): number =>
  sumOf(base.map((logp, i) => Math.abs((adapter[i] as number) - logp))) / Math.sqrt(base.length);

const isLikely = ({ base, adapter }: ScoredSequence): boolean =>
  [...base, ...adapter].every((logp) => logp >= leastLogp);

/** Those that the adapter changes most clearly; those with a token that either deems all but impossible come last. */
function chooseMostChanged(scored: readonly ScoredSequence[], count: number): ScoredSequence[] {
  const order = (one: ScoredSequence, other: ScoredSequence): number =>
    Number(isLikely(other)) - Number(isLikely(one)) || clarity(other) - clarity(one);
  return scored.toSorted(order).slice(0, count);
}

/** Other scales at which a server may apply the adapter: too often, without alpha or r; and some to lie between. */
function otherStrengths({ r, lora_alpha }: LoraAdapter): number[] {
  const scale = lora_alpha / r;
  const strengths = [0.25, 0.5, 2, 4, 1 / scale, scale, r, 1 / r, Math.sqrt(r), 1 / Math.sqrt(r)];
  const known: number[] = [0, 1];
  for (const strength of strengths)
    if (Number.isFinite(strength) && strength > 0 && known.every((one) => Math.abs(strength - one) > 0.05 * one))
      known.push(strength);
  return known.slice(2).sort((a, b) => a - b);
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
const scores = (logps: Float64Array) => ({ sum: rounded(sumOf(logps)), logprobs: Array.from(logps, rounded) });

/** What tells another tokenizer or template: texts and messages that belong to nobody, with their token ids. */
function probesOf(opened: OpenedModel) {
  const { tokenizer, chatTemplate } = opened;
  const messages = [{ role: 'user', content: 'Is it raining?' }];
  let template = null;
  // A template that prints the date gives other ids tomorrow.
  if (chatTemplate !== null && !/strftime_now/.test(chatTemplate)) {
    try {
      template = { messages, ids: encodePrompt(messages, opened) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  const texts = tokenizerProbes.map((text) => ({ text, ids: tokenizer.encode(text, { addSpecialTokens: true }) }));
  return { texts, template };
}

export interface Canaries {
  /** canaries.json. */
  readonly text: string;
  readonly report: CanaryReport;
}

/** What the chosen sequences get beside base and adapter. */
interface Beside {
  readonly scaled: readonly (readonly [number, readonly Float64Array[]])[];
  /** By the base, by the adapter. */
  readonly greedy: readonly (readonly (readonly number[])[])[];
}

function reportOn({ opened }: Engines, { pairs }: CanaryRequest, chosen: readonly ScoredSequence[]): CanaryReport {
  const differences = chosen.flatMap(({ base, adapter }) =>
    Array.from(base, (logp, t) => Math.abs((adapter[t] as number) - logp)),
  );
  const meanDifference = meanOf(differences);
  return {
    count: chosen.length,
    source: pairs === null ? 'answers' : 'pairs',
    meanDifference,
    largestDifference: Math.max(0, ...differences),
    tellsApart: meanDifference >= tellingDifference,
    precision: precisionOf(opened.model.shape),
  };
}

/** canaries.json (docs/canaries.md). */
function canariesFile(
  { opened }: Engines,
  { r, lora_alpha }: LoraAdapter,
  { source, precision, meanDifference, largestDifference }: CanaryReport,
  chosen: readonly ScoredSequence[],
  { scaled, greedy }: Beside,
) {
  const { name, fingerprint, shape } = opened.model;
  return {
    ...{ format: 'airlock-canaries', version: 1, source },
    base: { name, fingerprint, precision, vocabulary_size: shape.config.vocabularySize },
    adapter: { r, lora_alpha },
    difference: { mean: rounded(meanDifference), largest: rounded(largestDifference) },
    probes: probesOf(opened),
    canaries: chosen.map(({ promptIds, ids, base, adapter }, i) => ({
      ids: [...promptIds, ...ids],
      first: promptIds.length,
      ...{ base: scores(base), adapter: scores(adapter) },
      scaled: scaled.map(([strength, logps]) => ({
        strength: rounded(strength),
        logprobs: Array.from(logps[i] ?? [], rounded),
      })),
      greedy: { base: greedy[0]?.[i] ?? [], adapter: greedy[1]?.[i] ?? [] },
    })),
  };
}

/** Scores sequences on one model, and counts them as they are done. */
class Scorer {
  readonly #runner: RowRunner;

  constructor(
    { opened }: Engines,
    private readonly steps: Steps,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#runner = new RowRunner(opened.model);
  }

  /** @returns each sequence's log-probabilities, one a token of its completion */
  async score(sequences: readonly Sequence[], under: DeviceAdapter | null): Promise<Float64Array[]> {
    const items = sequences.map(({ promptIds, ids }) => ({ promptIds, completions: [ids] }));
    const logps = (await computeLogps(this.#runner, items, under, { signal: this.signal })).map(({ chosen }) => chosen);
    const bad = logps.flatMap((row) => [...row]).find((logp) => !Number.isFinite(logp));
    if (bad !== undefined) throw new UserError('scoresNotNumbers', { value: String(bad) });
    this.steps.add(sequences.length);
    return logps;
  }

  dispose(): Promise<void> {
    return this.#runner.dispose();
  }
}

/** What the sequences get where a server applies the adapter at another scale. */
async function scoreScaled(
  { opened }: Engines,
  { adapter }: CanaryRequest,
  chosen: readonly Sequence[],
  scorer: Scorer,
): Promise<[number, Float64Array[]][]> {
  const scaled: [number, Float64Array[]][] = [];
  for (const strength of otherStrengths(adapter)) {
    const other = uploadAdapter(opened.model, scaleLora(adapter, strength));
    try {
      scaled.push([strength, await scorer.score(chosen, other)]);
    } finally {
      other.dispose();
    }
  }
  return scaled;
}

/** How many candidates there will be at most. */
const candidatesOf = ({ pairs }: CanaryRequest, prompts: readonly unknown[]): number =>
  2 * (pairs === null ? prompts.length : Math.min(pairs.length, limits.pairs));

/**
 * Makes canaries: candidates are scored under base and adapter, and those that differ most are kept.
 * @throws UserError where the adapter is of another base, or no sequence can be had; AbortError when the signal says so
 */
export async function makeCanaries(engines: Engines, request: CanaryRequest): Promise<Canaries> {
  const { opened } = engines;
  const { signal, pairs } = request;
  const count = Math.min(request.count, mostCanaries);
  const prompts = neutralPrompts
    .slice(0, Math.max(12, count))
    .map((prompt) => encodeNeutral(opened, prompt))
    .filter((ids) => fits(engines, ids));
  const total = (pairs === null ? 3 : 2) * candidatesOf(request, prompts);
  const steps = new Steps(total + (otherStrengths(request.adapter).length + 2) * count, request);
  const scorer = new Scorer(engines, steps, signal);
  const adapter = uploadAdapter(opened.model, request.adapter);
  try {
    const found =
      pairs === null
        ? await answerCandidates(engines, prompts, adapter, request, steps)
        : await pairCandidates(engines, pairs, signal);
    const sequences = found.filter(({ promptIds, ids }) => promptIds.length > 0 && ids.length > 0);
    if (sequences.length === 0) throw new UserError('noCanaries');
    const [byBase, byAdapter] = [await scorer.score(sequences, null), await scorer.score(sequences, adapter)];
    const scored = sequences.map((sequence, i) => ({
      ...sequence,
      base: byBase[i] as Float64Array,
      adapter: byAdapter[i] as Float64Array,
    }));
    const chosen = chooseMostChanged(scored, count);
    const scaled = await scoreScaled(engines, request, chosen, scorer);
    const asked = chosen.map(({ promptIds }) => promptIds);
    const greedy = [
      await continueGreedily(engines, asked, null, request, steps),
      await continueGreedily(engines, asked, adapter, request, steps),
    ];
    steps.end();
    const report = reportOn(engines, request, chosen);
    const file = canariesFile(engines, request.adapter, report, chosen, { scaled, greedy });
    return { text: `${JSON.stringify(file)}\n`, report };
  } finally {
    adapter.dispose();
    await scorer.dispose();
  }
}

/** Mean and largest distance of a token's log-probability, in nats. */
export interface CanaryDistance {
  readonly mean: number;
  readonly largest: number;
  readonly tokens: number;
}

/**
 * Holds another checkpoint against what the canaries say of the adapter: the base with the adapter merged in.
 * @param text canaries.json
 * @param options `lend` brings the other checkpoint's weights where `opened` is the base itself
 */
export async function scoreCanaries(
  opened: Pick<OpenedModel, 'model'>,
  text: string,
  options: {
    readonly lend?: LentWeights;
    readonly signal?: AbortSignal | undefined;
    readonly rowCapacity?: number;
  } = {},
): Promise<CanaryDistance> {
  const { canaries } = JSON.parse(text) as ReturnType<typeof canariesFile>;
  const { lend = null, ...scoring } = options;
  const runner = new RowRunner(opened.model, 'auto', lend);
  try {
    const items = canaries.map(({ ids, first }) => ({
      promptIds: ids.slice(0, first),
      completions: [ids.slice(first)],
    }));
    const rows = await computeLogps(runner, items, null, scoring);
    const gaps = canaries.flatMap(({ adapter }, i) =>
      adapter.logprobs.map((logp, t) => Math.abs(logp - (rows[i]?.chosen[t] ?? NaN))),
    );
    return { mean: meanOf(gaps), largest: Math.max(...gaps), tokens: gaps.length };
  } finally {
    await runner.dispose();
  }
}

/** What is said of such a distance. */
export const sayMoved = ({ mean, largest, tokens }: CanaryDistance): Message =>
  message('mergeMoved', { mean: mean.toFixed(4), largest: largest.toFixed(4), tokens });
