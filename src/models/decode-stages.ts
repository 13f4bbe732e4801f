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
 * and the host writes new keys and values into the caches, [N, K, S, D] both, where a token's lie together. On a GPU
 * sizes are fixed, and attention gives the caches with the new keys and values in them; keys are [N, K, D, S] there,
 * because a transposition would be a dispatch more.
 */
import type { Shape } from '../core/shape';
import { Builder } from '../graph/builder';
import { pruneStage } from '../graph/stage';
import type { OpenSizes, Stage, Value } from '../graph/value';
import type { AttentionOptions, LayerKind, ModelConfig } from './architecture';
import { softcap } from './layers';
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

type GrowingInput = 'q' | 'k' | 'v' | 'keys' | 'values' | 'bias';
type GrowingOutput = 'attended' | 'newKeys' | 'newValues';

/**
 * As `buildRowsAttention`, but the new keys and values are still to be put into the caches.
 * `place` [N, 1, 1, 1], int32: the slot of the cache that each row's go to
 */
export function buildGrowingRowsAttention(size: CachedAttention): Stage<GrowingInput | 'place', GrowingOutput> {
  const { config, N, S } = size;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const g = new Builder();
  const q = g.input('q', 'float32', [N, K, H / K, D]);
  const [k, v] = ['k', 'v'].map((name) => g.input(name, 'float32', [N, K, D])) as [Value, Value];
  const keys = g.input('keys', 'float32', [N, K, D, S]);
  const values = g.input('values', 'float32', [N, K, S, D]);
  const bias = g.input('bias', 'float32', [N, 1, 1, S]);
  const place = g.input('place', 'int32', [N, 1, 1, 1]);
  const isNew = g.equal(slots(g, S, [1, 1, 1, S]), place); // (N, 1, 1, S)
  const newKeys = g.where(isNew, g.reshape(k, [N, K, D, 1]), keys);
  const newValues = g.where(g.reshape(isNew, [N, 1, S, 1]), g.reshape(v, [N, K, 1, D]), values);
  const mixed = meetCache(g, { q, keys: newKeys, values: newValues, bias }, size.softcap);
  return {
    name: 'attend',
    inputs: { q, k, v, keys, values, bias, place },
    outputs: { attended: g.reshape(mixed, [N, H * D]), newKeys, newValues },
  };
}

/**
 * As `buildChunkAttention`, but the new keys and values are still to be put into the cache.
 * `source` [S], int32: which of the chunk's tokens goes to each slot of the cache; N for those that keep what they hold
 */
export function buildGrowingChunkAttention(size: CachedAttention): Stage<GrowingInput | 'source', GrowingOutput> {
  const { config, N, S } = size;
  const { heads: H, kvHeads: K, headDim: D } = config;
  const g = new Builder();
  const q = g.input('q', 'float32', [N, K, H / K, D]);
  const [k, v] = ['k', 'v'].map((name) => g.input(name, 'float32', [N, K, D])) as [Value, Value];
  const keys = g.input('keys', 'float32', [K, 1, D, S]);
  const values = g.input('values', 'float32', [K, 1, S, D]);
  const bias = g.input('bias', 'float32', [1, 1, N, S]);
  const source = g.input('source', 'int32', [S]);
  const keeps = g.greaterOrEqual(source, g.constant(N, [], 'int32')); // (S)
  const token = g.min(source, g.constant(N - 1, [], 'int32'));
  const placed = (heads: Value, perm: readonly number[], shape: Shape): Value =>
    g.reshape(g.transpose(g.gather(heads, token), perm), shape);
  const newKeys = g.where(g.reshape(keeps, [1, 1, 1, S]), keys, placed(k, [1, 2, 0], [K, 1, D, S]));
  const newValues = g.where(g.reshape(keeps, [1, 1, S, 1]), values, placed(v, [1, 0, 2], [K, 1, S, D]));
  const met = { q: g.transpose(q, [1, 2, 0, 3]), keys: newKeys, values: newValues, bias };
  const mixed = meetCache(g, met, size.softcap); // (K, H / K, N, D)
  return {
    name: 'attend, chunk',
    inputs: { q, k, v, keys, values, bias, source },
    outputs: { attended: g.reshape(g.transpose(mixed, [2, 0, 1, 3]), [N, H * D]), newKeys, newValues },
  };
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
