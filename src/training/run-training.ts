/**
 * @file A whole training run on an opened model: encode the pairs, train, and make the files of a PEFT adapter.
 * Shared by the worker and the command line.
 */
import { UserError } from '../core/errors';
import { message, type Message, type Sayable } from '../messages/message';
import { meanOf } from '../core/statistics';
import { isChatPair, type PreferencePair, type ScoredPair } from '../data/preference-pair';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import { writePeftAdapter } from '../formats/peft';
import type { ModelShape } from '../models/stages';
import { precisionOf } from '../models/stages';
import type { Executor } from '../runtime/executor';
import type { EncodedPair } from '../text/encode-pair';
import { chooseObjective } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import type { RowSize } from '../run/memory-plan';
import { isOnPolicyMethod } from '../run/objectives';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import { withShapeOf } from './continued-shape';
import { encodeDataset } from './encode-dataset';
import { encodePrompts } from './encode-prompts';
import type { Answering } from './rollouts';
import type { Evaluation } from './evaluation';
import type { EvaluationSettings } from '../run/evaluation';
import type { StepMetrics } from '../run/metrics';
import { writeModelCard, type DataFacts } from './model-card';
import type { TrainingEvent, TrainingOptions, TrainingResult } from './trainer';
import { ancestorsOf } from './starting-point';
import { shortRowCapacity } from './packing';
import { encodingOf, examplesOf, textsOf } from './examples';
import { paddingOf } from './scored-rows';
import { train } from './trainer';
import { writeValueHead } from './value-head';

export type RunEvent =
  | TrainingEvent
  | { readonly kind: 'encoding'; readonly done: number; readonly total: number }
  | { readonly kind: 'encoded'; readonly chosenTokens: number; readonly rejectedTokens: number }
  | { readonly kind: 'compiling'; readonly what: string };

export interface RunRequest {
  readonly config: RunConfig;
  readonly pairs: readonly ScoredPair[];
  /** Makes what an on-policy method draws its answers by, of its prompts; their answers are references. */
  readonly answering?: (prompts: readonly (ScoredPair & { readonly tokens: number })[]) => Answering;
  readonly initAdapter?: LoraAdapter | null;
  /** What people call the initial adapter, for the chain that the adapter states. */
  readonly initName?: string | undefined;
  /** What PPO's value head starts from (value-head.ts); without one, zeros. */
  readonly valueHead?: Float32Array | null;
  readonly refAdapter?: LoraAdapter | 'base' | null;
  readonly refName?: string | undefined;
  readonly evaluation?: {
    readonly settings: EvaluationSettings;
    readonly pairs: readonly ScoredPair[];
    readonly afterwards?: Evaluation['afterwards'];
  } | null;
  /** Where a run of the same pairs got to; its steps are not taken again. */
  readonly resume?: TrainingCheckpoint | null;
  readonly checkpoints?: TrainingOptions['checkpoints'];
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RunEvent) => void;
  readonly onDrawn?: TrainingOptions['onDrawn'];
  /** Called before anything is computed with the row of the longest pair, which no packing makes shorter. */
  readonly checkLongest?: (row: RowSize, config: RunConfig) => void | Promise<void>;
}

export interface RunResult {
  /**
   * The files adapter_config.json, adapter_model.safetensors and README.md, and chat_template.jinja where the template
   * is not the base model's own.
   */
  readonly files: Record<string, Uint8Array>;
  /** Of PPO the file of its value head, which is no part of the adapter. */
  readonly valueHead: Uint8Array | null;
  /** As it was trained: with the shape of the adapter that it went on from. */
  readonly config: RunConfig;
  readonly metrics: readonly StepMetrics[];
  readonly totalSteps: number;
  readonly stopped: boolean;
  readonly bestStep: number | null;
  readonly endedEarly: boolean;
  /** How many pairs were trained on. */
  readonly pairs: number;
  /** About pairs left out or cut, and settings without effect. */
  readonly warnings: readonly Message[];
  readonly seconds: number;
}

const messageOfPair = ({ index, problem }: { readonly index: number; readonly problem: Sayable }): Message =>
  message('pairHas', { number: index + 1, problem });

/** Shows the first few as "Pair 3: ...", and says how many more there are. */
function listSome(
  found: readonly { index: number; problem: Sayable }[],
  more: 'morePairsLeftOut' | 'morePairsWarned',
): Message[] {
  const shown = found.slice(0, 5).map(messageOfPair);
  return found.length > 5 ? [...shown, message(more, { count: found.length - 5 })] : shown;
}

/** Operations of the largest matrix product of a row: a tenth of a second on a GPU that multiplies at 100 GFLOPS. */
const dispatchFlops = 1e10;

/**
 * Chooses the tokens that a packed row may hold before the next pair starts a new one: 512 on WASM. On a GPU the rows
 * are as long as their largest product, one dispatch, may last.
 */
export function rowCapacity(device: Executor['device'], { architecture, config }: ModelShape): number {
  if (device !== 'webgpu') return shortRowCapacity;
  const largest = Math.max(...architecture.linears(config).map((linear) => linear.in * linear.out));
  return Math.max(256, Math.min(2048, Math.floor(dispatchFlops / (2 * largest))));
}

/** Encodes the evaluation's pairs as the training's; those that cannot be scored are left out with a warning. */
async function openEvaluation(
  opened: OpenedModel,
  { config, evaluation, signal }: RunRequest,
  warnings: Message[],
): Promise<Evaluation | null> {
  if (!evaluation) return null;
  const { pairs, reports } = await encodeDataset(opened, evaluation.pairs, config.max_length, {
    signal,
    ...encodingOf(config),
  });
  if (pairs.length === 0) throw new UserError('noneScorable', { count: evaluation.pairs.length });
  const left = reports.filter(({ problem }) => problem !== null).length;
  if (left > 0) warnings.push(message('someNotScored', { left, count: evaluation.pairs.length }));
  return { settings: evaluation.settings, pairs: examplesOf(config, pairs), afterwards: evaluation.afterwards };
}

/**
 * Encodes the run's pairs; those that cannot be trained on are left out with a sentence.
 * @throws UserError where no pair is left
 */
async function encodePairs(
  opened: OpenedModel,
  { config, pairs, signal, onEvent }: RunRequest,
  warnings: Message[],
): Promise<readonly EncodedPair[]> {
  const dataset = await encodeDataset(opened, pairs, config.max_length, {
    signal,
    ...encodingOf(config),
    onProgress: (done, total) => onEvent?.({ kind: 'encoding', done, total }),
  });
  const problems = dataset.reports.flatMap(({ index, problem }) => (problem === null ? [] : [{ index, problem }]));
  if (dataset.pairs.length === 0) {
    const first = problems[0];
    if (!first) throw new UserError('noPairs');
    throw new UserError('noneTrainable', { count: pairs.length, first: messageOfPair(first) });
  }
  const warned = dataset.reports.flatMap(({ index, problem, warnings: ofPair }) =>
    problem === null && ofPair.length > 0
      ? [{ index, problem: ofPair.reduce((first, second) => message('sentences', { first, second })) }]
      : [],
  );
  warnings.push(...listSome(problems, 'morePairsLeftOut'), ...listSome(warned, 'morePairsWarned'));
  const texts = pairs.filter((pair) => !isChatPair(pair)).length;
  if (texts > 0 && texts < pairs.length) warnings.push(message('formsMixed', { texts, count: pairs.length }));
  const { contextLength } = opened.model.shape.config;
  if (config.max_length > contextLength)
    warnings.push(message('maxLengthAboveContext', { length: config.max_length, limit: contextLength }));
  // An answer that a pair has not is none of no tokens.
  const meanTokens = (of: 'chosenIds' | 'rejectedIds'): number =>
    meanOf(dataset.pairs.map((pair) => pair[of].length).filter((tokens) => tokens > 0));
  onEvent?.({ kind: 'encoded', chosenTokens: meanTokens('chosenIds'), rejectedTokens: meanTokens('rejectedIds') });
  return examplesOf(config, dataset.pairs);
}

/** What a run's steps go over, and what it draws answers by where its method does. */
interface Examples {
  readonly pairs: readonly EncodedPair[];
  readonly answering: Answering | null;
}

/**
 * The prompts of an on-policy run; those that cannot be answered are left out with a sentence.
 * @throws UserError where none is left, and where nothing judges the answers
 */
function encodeForAnswers(
  opened: OpenedModel,
  { config, pairs, answering, evaluation, onEvent }: RunRequest,
  warnings: Message[],
): Examples {
  if (answering === undefined) throw new UserError('rewardAbsent', { method: config.method });
  if (evaluation) throw new UserError('evaluationOfAnswers', { method: config.method });
  const { prompts, sources, problems } = encodePrompts(opened, pairs, config.max_length);
  const [first] = problems;
  if (prompts.length === 0) {
    if (!first) throw new UserError('noPairs');
    throw new UserError('noneTrainable', { count: pairs.length, first: messageOfPair(first) });
  }
  onEvent?.({ kind: 'encoding', done: pairs.length, total: pairs.length });
  warnings.push(...listSome(problems, 'morePairsLeftOut'));
  return { pairs: prompts, answering: answering(sources) };
}

/** The template in words, as far as the pairs went through it: plain text is joined as it stands. */
function describeTemplate(described: string, pairs: readonly PreferencePair[]): string {
  const chats = pairs.filter(isChatPair).length;
  if (chats === 0) return 'not used: all pairs were plain text, joined as it stands. Ask in the same way.';
  return chats === pairs.length
    ? described
    : `${described}; ${pairs.length - chats} of the pairs were plain text, without it`;
}

/** The reference in words; null where it is the start as it was. */
function separateReferenceOf({ initAdapter, refAdapter, refName = 'another adapter' }: RunRequest): string | null {
  if (refAdapter === 'base') return initAdapter ? 'the base model' : null;
  return refAdapter ? `the adapter ${refName}` : null;
}

/**
 * Writes the files of a PEFT adapter: its weights and card, its origin, and a template that the base model does not
 * bring along.
 */
function writeAdapterFiles(
  { model, template }: OpenedModel,
  request: RunRequest,
  { result, data }: { readonly result: TrainingResult; readonly data: DataFacts },
): Record<string, Uint8Array> {
  const precision = precisionOf(model.shape);
  const ancestors = ancestorsOf(request.initAdapter ?? null, request.initName ?? 'an earlier adapter');
  const card = writeModelCard({
    baseModel: model.name,
    config: request.config,
    result,
    data,
    precision,
    chatTemplate: describeTemplate(template.described, request.pairs),
    ancestors,
    separateReference: separateReferenceOf(request),
  });
  const lineage = { base_fingerprint: model.fingerprint, ancestors, base_precision: precision };
  const { source, isOwn } = template;
  return {
    ...writePeftAdapter({ ...result.adapter, lineage }, card),
    ...(!isOwn &&
      source !== null &&
      request.pairs.some(isChatPair) && { 'chat_template.jinja': new TextEncoder().encode(source) }),
  };
}

/** The data in counts, for the card. */
function describeDataset(
  { config, pairs: given }: RunRequest,
  pairs: readonly EncodedPair[],
  evaluation: Evaluation | null,
): DataFacts {
  const { usesRejected, isOfSingles: areSingles = false, isOnPolicy = false } = chooseObjective(config).objective;
  const tokensOf = (side: 'chosenIds' | 'rejectedIds') =>
    pairs.map((pair) => pair[side].length).filter((tokens) => tokens > 0);
  return {
    areSingles,
    given: textsOf(config, given).length,
    pairs: pairs.length,
    promptTokens: pairs.map(({ promptIds }) => promptIds.length),
    chosenTokens: isOnPolicy ? null : tokensOf('chosenIds'),
    rejectedTokens: usesRejected && !isOnPolicy ? tokensOf('rejectedIds') : null,
    evaluationPairs: evaluation?.pairs.length ?? null,
  };
}

/** The row that the longest pair makes; `targets` are the tokens that the head scores. */
function longestRow(pairs: readonly EncodedPair[], config: RunConfig) {
  const { usesRejected, isOnPolicy = false } = chooseObjective(config).objective;
  const rows = pairs.map(({ promptIds, chosenIds, rejectedIds }) => {
    const drawn = Math.min(config.max_completion_length, config.max_length - promptIds.length);
    const targets = isOnPolicy
      ? drawn * (usesRejected ? 2 : 1)
      : chosenIds.length + (usesRejected ? rejectedIds.length : 0);
    return { tokens: promptIds.length + targets, targets, ...(isOnPolicy && { sequence: promptIds.length + drawn }) };
  });
  return rows.reduce((longest, row) => (row.tokens > longest.tokens ? row : longest));
}

/**
 * Encodes the pairs, trains on them and writes the adapter; a stopped run writes the adapter reached so far.
 * @throws UserError where no pair can be trained on, or no evaluation pair be scored
 */
export async function runTraining(opened: OpenedModel, given: RunRequest): Promise<RunResult> {
  const config = withShapeOf(given.config, opened.model, given.initAdapter ?? null);
  const request = { ...given, config };
  const { onEvent, signal } = request;
  const started = performance.now();
  const warnings: Message[] = [];
  const { pairs, answering } = isOnPolicyMethod(config.method)
    ? encodeForAnswers(opened, request, warnings)
    : { pairs: await encodePairs(opened, request, warnings), answering: null };
  await request.checkLongest?.(longestRow(pairs, config), config);
  const evaluation = await openEvaluation(opened, request, warnings);
  onEvent?.({ kind: 'compiling', what: 'the stages of the model' });
  const result = await train(opened.model, {
    config,
    pairs,
    answering,
    onDrawn: request.onDrawn,
    initAdapter: request.initAdapter ?? null,
    valueHead: request.valueHead ?? null,
    refAdapter: request.refAdapter ?? null,
    evaluation,
    resume: request.resume ?? null,
    checkpoints: request.checkpoints ?? null,
    signal,
    rowCapacity: rowCapacity(opened.model.executor.device, opened.model.shape),
    padding: paddingOf(opened.tokenizer),
    ...(onEvent && { onEvent }),
  });
  const { metrics, totalSteps, stopped, bestStep, endedEarly, valueHead } = result;
  return {
    files: writeAdapterFiles(opened, request, { result, data: describeDataset(request, pairs, evaluation) }),
    valueHead: valueHead && writeValueHead(valueHead),
    ...{ config, metrics, totalSteps, stopped, bestStep, endedEarly },
    pairs: pairs.length,
    warnings,
    seconds: (performance.now() - started) / 1000,
  };
}
