/**
 * @file The stages of decoding, where one step takes a token of each of many sequences, or a chunk of one prompt. A
 * block is cut in two at its attention, so that the parts with weights see nothing but rows:
 *
 *   enter            x [N, C] -> q [N, K, H / K, D] (scaled), k and v [N, K, D]
 *   attend           q of N sequences, each with a cache of S keys and values -> [N, H * D]
 *   attend, chunk    q of N tokens of one sequence with one such cache -> the same
 *   leave            x and what attention gave -> y [N, C]
 *   logits           x [N, C], rows [M] -> logits [M, V] and their log-sum-exp [M, 1]
 *
 * Where tensors lie on the host, N and S are left open (`Stage.open`): a step has as many rows as there are sequences,
 * and the host writes new keys and values into the caches. On a GPU sizes are fixed, and attention gives the caches
 * with the new keys and values in them. Both are [N, K, S, D], where a token's lie together.
 */
import type { Shape } from '../core/shape';
import { Builder } from '../graph/builder';
import { pruneStage } from '../graph/stage';
import type { OpenSizes, Stage, Value } from '../graph/value';
import type { AttentionOptions, LayerKind, ModelConfig } from './architecture';
import { takesHeads } from '../graph/operators/fused';
import { causalMask, maskBias, softcap } from './layers';
import type { LoraLayout } from './lora';
import type { ModelShape } from './stages';
import { blockInputs, declareTable, finalNorm, inputsOf } from './stages';
import { allLogits } from './vocabulary';

/** Primes that no model has as a dimension: what a stage is built with where a size is left open. */
export const anyRows = 104_729;
export const anyCapacity = 104_723;
export const anyTargets = 104_717;
export const openSizes: OpenSizes = { [anyRows]: 'rows', [anyCapacity]: 'capacity', [anyTargets]: 'targets' };

/** One block's part in a step: what it is of, and for how many rows. */
export interface DecodedBlock {
  readonly shape: ModelShape;
  readonly kind: LayerKind;
  /** The matrices of all adapters in use (`stackLora`); null for the base alone. */
  readonly lora: LoraLayout | null;
  /** Rows, or `anyRows`. */
  readonly N: number;
}

/** A block's two parts with weights, and how its attention bends its scores. */
export interface DecodedBlockStages {
  readonly enter: Stage<'x', 'q' | 'k' | 'v'>;
  readonly leave: Stage<'x' | 'attended', 'y'>;
  readonly softcap: number | null;
}

/**
 * Builds the parts of a block before and after its attention. With adapters they take `lora` and `mask` [N, R], one
 * whose kind has rotary positions `cos` and `sin`.
 */
export function buildDecodedBlock({ shape, kind, lora, N }: DecodedBlock): DecodedBlockStages {
  const g = new Builder();
  const { architecture, config } = shape;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const { inputs, weights, x, rotate } = blockInputs(g, { model: shape, kind, lora, T: N, isStack: true });
  const attended = g.input('attended', 'float32', [N, H * D]);
  const met: { q: Value; k: Value; v: Value; options: AttentionOptions }[] = [];
  const y = architecture.buildBlock(g, config, x, weights, {
    rotate,
    attend: (q, k, v, options = {}) => {
      met.push({ q, k, v, options });
      return attended;
    },
  });
  const [heads, more] = met;
  if (!heads || more) throw new Error(`A block of '${config.modelType}' does not attend once.`);
  const { k, v, options } = heads;
  const scaled = g.mul(heads.q, g.constant(options.scale ?? 1 / Math.sqrt(D)));
  const q = g.reshape(scaled, [N, K, H / K, D]);
  return {
    enter: pruneStage({ name: 'decode, enter', inputs, outputs: { q, k, v }, open: openSizes }),
    leave: pruneStage({
      name: 'decode, leave',
      inputs: { ...inputs, attended },
      outputs: { y },
      open: openSizes,
    }),
    softcap: options.softcap ?? null,
  };
}

/** How a layer of this kind bends the scores of its attention; null for not at all. */
export const softcapOf = (shape: ModelShape, kind: LayerKind): number | null =>
  buildDecodedBlock({ shape, kind, lora: null, N: 2 }).softcap;

/** Whether the runtime's operator takes the attention of the model's rows; it holds no scores (1.30). */
export function groupsRow(shape: ModelShape): boolean {
  const { headDim, layerKinds } = shape.config;
  return takesHeads(headDim, softcapOf(shape, layerKinds[0] as LayerKind));
}

/** Size of an attention: heads of the model, rows, capacity of the cache, cap of the scores. */
export interface CachedAttention {
  readonly config: Pick<ModelConfig, 'heads' | 'kvHeads' | 'headDim'>;
  readonly softcap: number | null;
  /** Rows, or `anyRows`. */
  readonly N: number;
  /** Capacity of a cache, or `anyCapacity`. */
  readonly S: number;
}

/** Emits softmax(q keys + bias) values over the last two axes; the axes before are those of one product each. */
function meetCache(
  g: Builder,
  { q, keys, values, bias }: { q: Value; keys: Value; values: Value; bias: Value },
  cap: number | null,
): Value {
  const scores = softcap(g, g.matmul(q, keys), cap);
  return g.matmul(g.softmax(g.add(scores, bias), 3), values);
}

/** Attention of one token each of N sequences; their caches hold the new keys and values already. */
export function buildRowsAttention(size: CachedAttention): Stage<'q' | 'keys' | 'values' | 'bias', 'attended'> {
  const { config, N, S } = size;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const g = new Builder();
  const q = g.input('q', 'float32', [N, K, H / K, D]);
  const [keys, values] = ['keys', 'values'].map((name) => g.input(name, 'float32', [N, K, S, D])) as [Value, Value];
  const bias = g.input('bias', 'float32', [N, 1, 1, S]);
  const met = { q, keys: g.transpose(keys, [0, 1, 3, 2]), values, bias };
  const attended = g.reshape(meetCache(g, met, size.softcap), [N, H * D]);
  return { name: 'attend', inputs: { q, keys, values, bias }, outputs: { attended }, open: openSizes };
}

/** Attention of a chunk of N tokens of one sequence, whose cache holds their keys and values already. */
export function buildChunkAttention(size: CachedAttention): Stage<'q' | 'keys' | 'values' | 'bias', 'attended'> {
  const { config, N, S } = size;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const g = new Builder();
  const q = g.input('q', 'float32', [N, K, H / K, D]);
  const [keys, values] = ['keys', 'values'].map((name) => g.input(name, 'float32', [K, 1, S, D])) as [Value, Value];
  const bias = g.input('bias', 'float32', [1, 1, N, S]);
  const met = { q: g.transpose(q, [1, 2, 0, 3]), keys: g.transpose(keys, [0, 1, 3, 2]), values, bias };
  const mixed = meetCache(g, met, size.softcap); // (K, H / K, N, D)
  const attended = g.reshape(g.transpose(mixed, [2, 0, 1, 3]), [N, H * D]);
  return { name: 'attend, chunk', inputs: { q, keys, values, bias }, outputs: { attended }, open: openSizes };
}

/** As `CachedAttention`, of B sequences with T new tokens each, where B or T is 1. */
export interface GrowingAttention extends Omit<CachedAttention, 'N'> {
  readonly B: number;
  readonly T: number;
  /** In tokens; null for none. */
  readonly slidingWindow: number | null;
  /** Whether the device has an operator for it. */
  readonly isGrouped: boolean;
}

/**
 * Attention of new tokens whose keys and values are still to be put into the caches; it gives the caches with them in.
 * `last` [B], int32: the slot of each sequence's last new token. What lies behind it in the caches is not defined.
 */
export function buildGrowingAttention(
  size: GrowingAttention,
): Stage<'q' | 'k' | 'v' | 'keys' | 'values' | 'last', 'attended' | 'newKeys' | 'newValues'> {
  const { config, B, T, S, slidingWindow } = size;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const g = new Builder();
  const q = g.input('q', 'float32', [B * T, K, H / K, D]);
  const [k, v] = ['k', 'v'].map((name) => g.input(name, 'float32', [B * T, K, D])) as [Value, Value];
  const [keys, values] = ['keys', 'values'].map((name) => g.input(name, 'float32', [B, K, S, D])) as [Value, Value];
  const last = g.input('last', 'int32', [B]);
  const inputs = { q, k, v, keys, values, last };
  const name = T === 1 ? 'attend' : 'attend, chunk';
  if (!size.isGrouped || !takesHeads(D, size.softcap)) {
    const outputs = T === 1 ? attendRows(g, inputs, size) : attendChunk(g, inputs, size);
    return { name, inputs, outputs };
  }
  const [queries, fresh, freshValues] = [q, k, v].map((x, i) => g.reshape(x, [B, T, (i === 0 ? H : K) * D]));
  const [attended, newKeys, newValues] = g.emit(
    'GroupQueryAttention',
    [queries as Value, fresh as Value, freshValues as Value, keys, values, last],
    { heads: H, kvHeads: K, scale: 1, slidingWindow },
  ) as [Value, Value, Value];
  return { name, inputs, outputs: { attended: g.reshape(attended, [B * T, H * D]), newKeys, newValues } };
}

type GrowingInputs = Readonly<Record<'q' | 'k' | 'v' | 'keys' | 'values' | 'last', Value>>;
type GrowingOutputs = Record<'attended' | 'newKeys' | 'newValues', Value>;

/** One new token each of B sequences, in the operators that every device has. */
function attendRows(
  g: Builder,
  { q, k, v, keys, values, last }: GrowingInputs,
  { config, softcap: cap, B, S, slidingWindow }: GrowingAttention,
): GrowingOutputs {
  const { heads: H, kvHeads: K, headDim: D } = config;
  const isNew = g.reshape(g.equal(slots(g, S, [1, S]), g.reshape(last, [B, 1])), [B, 1, S, 1]);
  const newKeys = g.where(isNew, g.reshape(k, [B, K, 1, D]), keys);
  const newValues = g.where(isNew, g.reshape(v, [B, K, 1, D]), values);
  const bias = g.reshape(maskBias(g, causalMask(g, last, slots(g, S, [S]), slidingWindow)), [B, 1, 1, S]);
  const mixed = meetCache(g, { q, keys: g.transpose(newKeys, [0, 1, 3, 2]), values: newValues, bias }, cap);
  return { attended: g.reshape(mixed, [B, H * D]), newKeys, newValues };
}

/** T new tokens of one sequence, in the operators that every device has. */
function attendChunk(
  g: Builder,
  { q, k, v, keys, values, last }: GrowingInputs,
  { config, softcap: cap, T, S, slidingWindow }: GrowingAttention,
): GrowingOutputs {
  const { heads: H, kvHeads: K, headDim: D } = config;
  const int32 = (value: number): Value => g.constant(value, [], 'int32');
  const first = g.sub(last, int32(T - 1)); // (1)
  const source = g.sub(slots(g, S, [S]), first); // which of the chunk's tokens goes to each slot
  const isNew = g.and(g.greaterOrEqual(source, int32(0)), g.greaterOrEqual(int32(T - 1), source));
  const token = g.where(isNew, source, int32(0));
  const placed = (heads: Value, cache: Value): Value =>
    g.where(
      g.reshape(isNew, [1, 1, S, 1]),
      g.reshape(g.transpose(g.gather(heads, token), [1, 0, 2]), [1, K, S, D]),
      cache,
    );
  const [newKeys, newValues] = [placed(k, keys), placed(v, values)];
  const positions = g.add(slots(g, T, [T]), first);
  const bias = g.reshape(maskBias(g, causalMask(g, positions, slots(g, S, [S]), slidingWindow)), [1, 1, T, S]);
  const met = {
    q: g.transpose(q, [1, 2, 0, 3]),
    keys: g.reshape(g.transpose(newKeys, [0, 1, 3, 2]), [K, 1, D, S]),
    values: g.reshape(newValues, [K, 1, S, D]),
    bias,
  };
  const mixed = meetCache(g, met, cap); // (K, H / K, T, D)
  return { attended: g.reshape(g.transpose(mixed, [2, 0, 1, 3]), [T, H * D]), newKeys, newValues };
}

const slots = (g: Builder, S: number, shape: Shape): Value =>
  g.constant(
    Array.from({ length: S }, (_, slot) => slot),
    shape,
    'int32',
  );

/**
 * Builds the logits [M, V] of M rows of x [N, C], what the next tokens are chosen from, and their log-sum-exp [M, 1],
 * which on the host would take longer than the product.
 */
export function buildLogitsStage(shape: ModelShape, N: number, M: number): Stage<'x' | 'rows', 'logits' | 'norm'> {
  const g = new Builder();
  const x = g.input('x', 'float32', [N, shape.config.hiddenSize]);
  const rows = g.input('rows', 'int32', [M]);
  const last = finalNorm(g, shape);
  const tables = declareTable(g, shape, 'weight');
  const logits = allLogits(g, tables, last.normOf(g.gather(x, rows)), shape.config.logitSoftcap);
  return {
    name: 'logits',
    inputs: { ...last.inputs, ...inputsOf(tables), x, rows },
    outputs: { logits, norm: g.reduceLogSumExp(logits, [1]) },
    open: openSizes,
  };
}
