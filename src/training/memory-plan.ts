/**
 * @file What a run on a model will need, in bytes by kind, before a weight is loaded; whether this device grants it;
 * and settings that fit where it does not. The figures come from the very stages that training would compile.
 */
import type {
  PlanSettings,
  MemoryEstimate,
  Grants,
  RowSize,
  Shortage,
  PrecisionOption,
  MemoryPlan,
} from '../run/memory-plan';
import type { Stage } from '../graph/value';
import type { Precision } from '../core/dtype';
import { precisions } from '../core/dtype';
import { checkPrecision } from '../engine/loaded-model';
import { countWeightBytes, residentHeapBytes } from '../engine/weight-list';
import { distinctKinds } from '../models/architecture';
import { sumOf } from '../core/statistics';
import { fuseStage } from '../graph/fuse';
import { groupsRow } from '../models/decode-stages';
import { answersAtOnce } from '../models/decode-caches';
import { attentionPieces, maskSize, mostPieces } from '../models/layers';
import type { LoraLayout } from '../models/lora';
import { layoutKey, layoutLora, resolveTargets } from '../models/lora';
import { wholePiece } from '../models/row-attention';
import type { ModelShape, RowBlock } from '../models/stages';
import { sliceVocabulary } from '../models/vocabulary';
import {
  buildBlockStage,
  buildEmbedStage,
  buildHeadSlice,
  buildHeadSliceWithJacobian,
  buildHeadStages,
  buildMaskStage,
  planTrainedBlockStages,
  precisionOf,
  slicesOf,
} from '../models/stages';
import { tableBytes } from '../runtime/executor';
import { estimateHeapBytes, largestValueBytes, peakValueBytes } from '../runtime/workspace';
import { buildUpdateStage } from './adamw';
import { parseRunConfig, withDefaults } from '../run/config';
import { isOnPolicyMethod } from '../run/objectives';
import { answersAStep, batchesCountAnswers } from '../run/steps';
import { answersBehind, bucketLength, coarseBucketLength } from './packing';
import type { CountedRun, PoolCount } from './pool-count';
import { countPool } from './pool-count';
import { headChunkRows, savePolicyOf } from './row-runner';
import { rowCapacity } from './run-training';

/**
 * Sizes the row of a run whose completions are as long as the prompt, half of max_length each. A pair may pack up to a
 * third more.
 */
export function typicalRow(shape: ModelShape, device: 'wasm' | 'webgpu', settings: PlanSettings): RowSize {
  const { method, max_length, per_device_train_batch_size } = settings;
  const half = Math.ceil(max_length / 2);
  const completion = isOnPolicyMethod(method) ? Math.min(half, drawingOf(settings).max_completion_length) : half;
  const { num_generations } = drawingOf(settings);
  const completions = method === 'rloo' ? answersBehind(half, completion, num_generations) : completionsAPair(method);
  const pair = half + completions * completion;
  const capacity = rowCapacity(device, shape);
  // Drawn answers are many, and their prompts often short: rows are full.
  if (isOnPolicyMethod(method)) {
    const tokens = Math.max(
      pair,
      Math.min(capacity, Math.ceil(per_device_train_batch_size / (method === 'rloo' ? completions : 1)) * pair),
    );
    return { tokens, targets: Math.ceil((tokens * completions * completion) / pair) };
  }
  const pairs = Math.max(1, Math.min(per_device_train_batch_size, Math.floor(capacity / pair)));
  return { tokens: pairs * pair, targets: pairs * completions * half };
}

const layoutOf = ({ architecture, config }: ModelShape, { lora_r, lora_target_modules }: PlanSettings): LoraLayout =>
  layoutLora(architecture, config, {
    r: lora_r,
    lora_alpha: lora_r,
    target_modules: resolveTargets(architecture, config, lora_target_modules),
  });

/** The stages that score rows on a GPU, where the runtime does. */
function scoringStages(shape: ModelShape, T: number, M: number): Stage[] {
  const isGrouped = groupsRow(shape);
  const pieces = isGrouped ? wholePiece(T) : attentionPieces(T, mostPieces.webgpu);
  const attention = isGrouped ? 'grouped' : 'pieces';
  return [
    buildMaskStage(null, T, pieces),
    ...distinctKinds(shape.config).map((kind) =>
      buildBlockStage({ shape, kind, lora: null, T, pieces, attention } as RowBlock),
    ),
    buildHeadSlice(shape, M, Math.max(...slicesOf(shape))),
  ].map((stage) => fuseStage(stage as Stage));
}

/** How many completions share a prompt in a row. */
const completionsAPair = (method: PlanSettings['method']): 1 | 2 =>
  method === 'sft' || batchesCountAnswers(method) ? 1 : 2;

/** The settings of a method that draws answers, with the defaults of what is absent. */
const drawingOf = (settings: PlanSettings) => ({ ...withDefaults({ method: settings.method }), ...settings });

/** What the answers of a step hold while they are drawn. */
function drawnAnswers(shape: ModelShape, device: 'wasm' | 'webgpu', settings: PlanSettings, { sequence }: RowSize) {
  if (!isOnPolicyMethod(settings.method)) return { sequences: 0, bytes: 0, largest: 0 };
  const { max_length, max_completion_length } = drawingOf(settings);
  const half = Math.ceil(max_length / 2);
  const tokens = sequence ?? half + Math.min(half, max_completion_length);
  return answersAtOnce(shape.config, device, answersAStep(drawingOf(settings)), tokens);
}

/** Activations and answers together: on WASM the ones are gone when the others come, on WebGPU buffers are kept. */
const atOnce = (device: 'wasm' | 'webgpu', activations: number, answers: number): number =>
  device === 'wasm' ? Math.max(activations, answers) : activations + answers;

/** Numbers of the vector that a method trains beside LoRA: a reward model's scores, PPO's value head. */
const headNumbers = (method: PlanSettings['method'], { hiddenSize }: ModelShape['config']): number =>
  method === 'reward' ? hiddenSize : method === 'ppo' ? hiddenSize + 1 : 0;

/**
 * Adds up, in bytes, what a run with these settings needs, from the stages that it would compile. On WebGPU all but the
 * weights and the largest tensor is less than what the pools there come to, which `predictMemory` counts.
 */
export function estimateMemory(
  shape: ModelShape,
  device: 'wasm' | 'webgpu',
  settings: PlanSettings,
  row = typicalRow(shape, device, settings),
): MemoryEstimate {
  const { config } = shape;
  const { method, max_length, per_device_train_batch_size, lora_r } = settings;
  // On WebGPU kernels of our own compute the gradient: longer rows of fewer lengths, and no attention weights.
  const isGpu = device === 'webgpu';
  const T = (isGpu ? coarseBucketLength : bucketLength)(row.tokens);
  const attention = isGpu ? 'operator' : 'pieces';
  const pieces = attentionPieces(T, mostPieces[device]);
  const M = headChunkRows(row.targets, shape);
  const lora = layoutOf(shape, settings);
  const blocks = new Map(
    distinctKinds(config).map((kind) => [
      kind,
      planTrainedBlockStages({ shape, kind, lora, T, pieces, attention }, savePolicyOf(settings)),
    ]),
  );
  const saved = config.layerKinds.reduce((sum, kind) => sum + (blocks.get(kind)?.savedBytes ?? 0), 0);
  const adapter = 4 * (lora.size * config.layers + headNumbers(method, config));
  const hidden = 4 * T * config.hiddenSize;
  const stages: Stage[] = [
    buildEmbedStage(device === 'wasm' ? { ...shape, slices: [T] } : shape, T),
    ...[...blocks.values()].flatMap(({ forward, backward }) => [forward, backward]),
    ...Object.values(buildHeadStages(shape, T, M)),
    buildHeadSliceWithJacobian(shape, M, Math.max(...slicesOf(shape))),
    buildUpdateStage(lora.size, parseRunConfig({})),
  ];

  const weights = countWeightBytes(shape);
  const windows = new Set(config.layerKinds.map(({ slidingWindow }) => slidingWindow)).size;
  const mask = 4 * windows * maskSize(pieces);
  // Block inputs, masks and rotary tables, the head's Jacobian, the gradient that is passed down, and on the host, in
  // float64, the states that PPO's value head reads.
  const jacobian = 4 * row.targets * config.hiddenSize;
  const states = method === 'ppo' ? 2 * jacobian : 0;
  const activations = (config.layers + 3) * hidden + saved + mask + 4 * T * config.headDim + jacobian + states;
  // The old parameters, gradients and moments and the new ones: only after the activations are gone.
  const adapter_and_optimizer = Math.max(4 * adapter, 7 * adapter - activations);
  const residentHeap = device === 'wasm' ? residentHeapBytes(shape) : null;
  const answers = drawnAnswers(shape, device, settings, row);
  // What answers stays in the heap while the next step is trained.
  const resident = answers.sequences > 0 && residentHeap !== null ? residentHeap - estimateHeapBytes([]) : 0;
  const workspace =
    device === 'wasm'
      ? estimateHeapBytes(stages) + resident
      : Math.max(...stages.map((stage) => peakValueBytes(stage)));
  const { judge_bytes = 0, judge_heap_bytes: judge_heap = 0 } = settings;
  const judge = judge_bytes + judge_heap;
  return {
    device,
    precision: precisionOf(shape),
    max_length,
    per_device_train_batch_size,
    lora_r,
    row_tokens: T,
    gradient_checkpointing: saved === 0,
    weights,
    adapter_and_optimizer,
    activations,
    answers: answers.bytes,
    answers_at_once: answers.sequences,
    ...{ judge, judge_heap },
    workspace,
    generation_heap: residentHeap ?? 0,
    answering: residentHeap === null ? 0 : weights + residentHeap,
    total: weights + adapter_and_optimizer + atOnce(device, activations, answers.bytes) + judge + workspace,
    largest_tensor: Math.max(answers.largest, ...stages.map(largestValueBytes)),
  };
}

/** What was counted already, by all that it depends on; each count compiles the stages of a row. */
const counted = new Map<string, Promise<PoolCount>>();
const mostCounted = 32;

function countOnce(run: CountedRun): Promise<PoolCount> {
  const { shape, lora, policy, row, savesByRuntime } = run;
  const key = JSON.stringify([shape.config, slicesOf(shape), layoutKey(lora), policy, row, savesByRuntime]);
  const known = counted.get(key) ?? countPool(run);
  counted.delete(key);
  counted.set(key, known);
  const [oldest] = counted.keys();
  if (counted.size > mostCounted && oldest !== undefined) counted.delete(oldest);
  return known;
}

/** As `estimateMemory`, and on WebGPU with what kernels of our own really allocate. */
export async function predictMemory(
  shape: ModelShape,
  { device, savesByRuntime = false }: Pick<Grants, 'device' | 'savesByRuntime'>,
  settings: PlanSettings,
  row = typicalRow(shape, device, settings),
): Promise<MemoryEstimate> {
  const estimate = estimateMemory(shape, device, settings, row);
  if (device === 'wasm') return estimate;
  const policy = savePolicyOf({ gradient_checkpointing: estimate.gradient_checkpointing });
  const pool = await countOnce({ shape, lora: layoutOf(shape, settings), policy, row, savesByRuntime });
  const stages = scoringStages(shape, bucketLength(row.tokens), headChunkRows(row.targets, shape));
  const { adapter_and_optimizer, activations, scratch, runtime } = pool;
  // The runtime scores before and between steps, and saves within one.
  const workspace = scratch + Math.max(runtime, ...stages.map((stage) => peakValueBytes(stage)));
  const parts = { adapter_and_optimizer, activations, workspace };
  const { weights, answers, judge } = estimate;
  return { ...estimate, ...parts, total: sumOf([weights, answers, judge, ...Object.values(parts)]) };
}

/** Bytes that 32-bit addresses reach. */
export const wasmHeapLimit = 4 * 2 ** 30;

/** Share of the PC's memory that one page can count on. */
const usableShare = 0.8;

/**
 * Lists what the device does not grant. On WebGPU the tensors lie in graphics memory, of which the browser says
 * nothing, so only bindings are checked.
 */
export function findShortages(estimate: MemoryEstimate, { device, memoryBytes, bindingBytes }: Grants): Shortage[] {
  const shortages: Shortage[] = [];
  const check = (kind: Shortage['kind'], neededBytes: number, grantedBytes: number | null): void => {
    if (grantedBytes !== null && neededBytes > grantedBytes) shortages.push({ kind, neededBytes, grantedBytes });
  };
  if (device === 'wasm') {
    check('heap', Math.max(estimate.workspace, estimate.generation_heap) + estimate.judge_heap, wasmHeapLimit);
    check(
      'memory',
      Math.max(estimate.total, estimate.answering),
      memoryBytes === null ? null : usableShare * memoryBytes,
    );
  } else check('binding', estimate.largest_tensor, bindingBytes);
  return shortages;
}

const shortestLength = 64;

/** Whether a step has whole groups of answers, which a run of such a method must have. */
function hasWholeGroups(settings: PlanSettings): boolean {
  const { method } = settings;
  if (!batchesCountAnswers(method)) return true;
  const { num_generations, num_mini_batches, ...batch } = drawingOf(settings);
  const groups = method === 'ppo' ? num_mini_batches : num_generations;
  return (batch.per_device_train_batch_size * batch.gradient_accumulation_steps) % groups === 0;
}

/**
 * Lists milder settings: first fewer pairs a row, which costs time and loses nothing of the data, then shorter ones.
 */
function* milderSettings(settings: PlanSettings): Generator<PlanSettings> {
  for (let { max_length } = settings; max_length >= shortestLength; max_length = Math.floor(max_length / 2)) {
    for (let pairs = settings.per_device_train_batch_size; pairs >= 1; pairs = Math.floor(pairs / 2)) {
      const milder = { ...settings, max_length, per_device_train_batch_size: pairs };
      if (hasWholeGroups(milder)) yield milder;
    }
  }
}

/**
 * Estimates each of the milder settings, the most exact precision first. Each is tried as it is and then with gradient
 * checkpointing, which costs time and changes no number.
 */
function* milderEstimates(
  settings: PlanSettings,
  taken: readonly Precision[],
  estimateAt: (precision: Precision, milder: PlanSettings) => MemoryEstimate,
): Generator<MemoryEstimate> {
  for (const milder of milderSettings(settings)) {
    for (const precision of taken) {
      const estimate = estimateAt(precision, milder);
      yield estimate;
      if (!estimate.gradient_checkpointing) yield estimateAt(precision, { ...milder, gradient_checkpointing: true });
    }
  }
}

function findFirst<T>(values: Iterable<T>, holds: (value: T) => boolean): T | null {
  for (const value of values) if (holds(value)) return value;
  return null;
}

/**
 * Says what a run needs, what the device lacks for it, and the nearest settings that fit.
 * @throws UserError where the precision asked for is one that the device has not
 */
export async function planMemory(whole: ModelShape, settings: PlanSettings, grants: Grants): Promise<MemoryPlan> {
  // Embedding and head are cut as the device wants them when the model is loaded.
  const shape = { ...whole, slices: sliceVocabulary(whole.config, tableBytes(grants.device, grants.bindingBytes)) };
  const within = { ...settings, max_length: Math.min(settings.max_length, shape.config.contextLength) };
  const wanted = settings.precision ?? 'auto';
  if (wanted !== 'auto') checkPrecision(grants, wanted);
  const taken = precisions.filter((precision) => precision !== 'float16' || grants.takesFloat16);
  const estimateAt = (precision: Precision, milder: PlanSettings): MemoryEstimate =>
    estimateMemory({ ...shape, precision }, grants.device, milder);
  const fits = (estimate: MemoryEstimate): boolean => findShortages(estimate, grants).length === 0;
  const checkpointed = { ...within, gradient_checkpointing: true };
  const options = taken.map((precision): PrecisionOption => {
    const estimate = estimateAt(precision, within);
    const shortages = findShortages(estimate, grants);
    return { estimate, shortages, fitsCheckpointed: shortages.length > 0 && fits(estimateAt(precision, checkpointed)) };
  });
  const allowed = options.filter(({ estimate }) => wanted === 'auto' || estimate.precision === wanted);
  const chosen = (allowed.find(({ shortages }) => shortages.length === 0) ?? allowed.at(-1)) as PrecisionOption;
  const { estimate, shortages } = chosen;
  const noMoreExact = wanted === 'auto' ? taken : taken.slice(taken.indexOf(wanted));
  const proposal = shortages.length === 0 ? null : findFirst(milderEstimates(within, noMoreExact, estimateAt), fits);
  const predict = (rough: MemoryEstimate): Promise<MemoryEstimate> => {
    const { precision, max_length, per_device_train_batch_size, gradient_checkpointing } = rough;
    const settled = { ...within, max_length, per_device_train_batch_size, gradient_checkpointing };
    return predictMemory({ ...shape, precision }, grants, settled);
  };
  return {
    estimate: await predict(estimate),
    ...{ shortages, grants },
    options: await Promise.all(
      options.map(async (option) => ({ ...option, estimate: await predict(option.estimate) })),
    ),
    proposal: proposal && (await predict(proposal)),
  };
}
