/**
 * @file Pieces that decoder architectures share: norms, activations, rotary turning, grouped-query attention, masks.
 */
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { AttentionOptions } from './architecture';

/** x / sqrt(mean(x^2) + eps) * weight over the last axis (Zhang and Sennrich 2019). x [.., C], weight [C]. */
export function rmsNorm(g: Builder, x: Value, weight: Value, eps: number): Value {
  const meanSquare = g.reduceMean(g.mul(x, x), [-1]); // (.., 1)
  return g.mul(g.div(x, g.sqrt(g.add(meanSquare, g.constant(eps)))), weight);
}

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias over the last axis (Ba et al. 2016). x [T, C], weight and bias [C].
 */
export function layerNorm(g: Builder, x: Value, weight: Value, bias: Value, eps: number): Value {
  const centred = g.sub(x, g.reduceMean(x, [-1]));
  return g.add(rmsNorm(g, centred, weight, eps), bias);
}

/** x * sigmoid(x) (Hendrycks and Gimpel 2016). */
function silu(g: Builder, x: Value): Value {
  return g.mul(x, g.sigmoid(x));
}

/** x * (1 + erf(x / sqrt(2))) / 2 (Hendrycks and Gimpel 2016). */
function gelu(g: Builder, x: Value): Value {
  return g.mul(g.mul(x, g.constant(0.5)), g.add(g.constant(1), g.erf(g.mul(x, g.constant(Math.SQRT1_2)))));
}

/**
 * GELU's tanh form, x * (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), written as x * sigmoid(2u).
 * x^2 is held at 1e4: beyond |x| = 100 the sigmoid is 0 or 1 anyway, and the gradient never sees infinity times 0.
 */
function geluTanh(g: Builder, x: Value): Value {
  const square = g.min(g.mul(x, x), g.constant(1e4));
  const slope = g.add(g.constant(1), g.mul(square, g.constant(0.044715)));
  return g.mul(x, g.sigmoid(g.mul(g.mul(x, g.constant(2 * Math.sqrt(2 / Math.PI))), slope)));
}

/** transformers' names of activations. */
export const activations = { silu, gelu, gelu_new: geluTanh, gelu_pytorch_tanh: geluTanh } as const;
export type Activation = keyof typeof activations;
export const activationNames = Object.keys(activations) as Activation[];

/** cap * tanh(x / cap): bends x into (-cap, cap); a cap of null leaves it (Gemma 2). */
export function softcap(g: Builder, x: Value, cap: number | null): Value {
  return cap === null ? x : g.mul(g.tanh(g.mul(x, g.constant(1 / cap))), g.constant(cap));
}

/**
 * Rotary position embedding in the rotate-half layout (Su et al. 2021); dimensions beyond those of the tables pass.
 * x [T, N, D], cos and sin [T, 1, D' / 2] with D' <= D
 */
export function rotate(g: Builder, x: Value, cos: Value, sin: Value): Value {
  const half = cos.shape[2] as number;
  const rest = (x.shape[2] as number) - 2 * half;
  const [a, b, ...passed] = g.split(x, rest > 0 ? [half, half, rest] : [half, half], 2) as [Value, Value, ...Value[]];
  return g.concat([g.sub(g.mul(a, cos), g.mul(b, sin)), g.add(g.mul(b, cos), g.mul(a, sin)), ...passed], 2);
}

/** What attention is computed of. */
export interface Heads {
  /** Queries [T, H, D]. */
  readonly q: Value;
  /** Keys [S, K, D]. */
  readonly k: Value;
  /** Values [S, K, D]. */
  readonly v: Value;
}

/**
 * Emits grouped-query attention (Ainslie et al. 2023): each key/value head serves H / K query heads, which are stacked
 * along the rows of one product, so keys and values are never repeated.
 *
 * @param bias [T, S], added to the scores: 0 where a query may look, very negative elsewhere (`maskBias`)
 * @returns [T, H * D]
 */
export function attention(g: Builder, { q, k, v }: Heads, bias: Value, options: AttentionOptions = {}): Value {
  const [T, H, D] = q.shape as [number, number, number];
  const [S, K] = k.shape as [number, number];
  const group = H / K;
  const scaled = g.mul(q, g.constant(options.scale ?? 1 / Math.sqrt(D)));
  const queries = g.reshape(g.transpose(g.reshape(scaled, [T, K, group, D]), [1, 2, 0, 3]), [K, group * T, D]);
  const keys = g.transpose(k, [1, 2, 0]); // (K, D, S)
  const scores = g.reshape(softcap(g, g.matmul(queries, keys), options.softcap ?? null), [K, group, T, S]);
  const weights = g.softmax(g.add(scores, bias), 3);
  const mixed = g.matmul(g.reshape(weights, [K, group * T, S]), g.transpose(v, [1, 0, 2])); // (K, group T, D)
  return g.reshape(g.transpose(g.reshape(mixed, [K, group, T, D]), [2, 0, 1, 3]), [T, H * D]);
}

/** Part of a row's attention: the queries from `from` to `to` meet the keys from `keys` to `to`. */
export interface AttentionPiece {
  readonly from: number;
  readonly to: number;
  readonly keys: number;
}

/**
 * Pieces of a row at most. More of them skip more of what the mask forbids, and each is 40 nodes of a block's forward
 * and backward pass: arithmetic where a node costs nothing else, a dispatch to be issued on a GPU.
 */
export const mostPieces = { wasm: 8, interpreter: 8, webgpu: 4 } as const;

/**
 * The pieces that `causalAttention` cuts a row of T queries into: of 128 queries or nearly so, unless they would be too
 * many.
 * @param firstKey the first key that the queries from a place on may see; rounded down to one of eight places in the
 * row, so that rows of many kinds share few graphs. By default they see all that is behind them.
 */
export function attentionPieces(
  T: number,
  most: number = mostPieces.wasm,
  firstKey: (from: number) => number = () => 0,
): readonly AttentionPiece[] {
  const count = Math.min(most, Math.ceil(T / 128));
  const step = Math.ceil(T / 8 / 16) * 16;
  const end = (i: number): number => (i === count ? T : Math.round((T * i) / count / 16) * 16);
  return Array.from({ length: count }, (_, i) => ({
    from: end(i),
    to: end(i + 1),
    keys: Math.floor(firstKey(end(i)) / step) * step,
  }));
}

/** Elements of the masks of a row in these pieces. */
export const maskSize = (pieces: readonly AttentionPiece[]): number =>
  pieces.reduce((sum, { from, to, keys }) => sum + (to - from) * (to - keys), 0);

/** Places `from` to `to` of x along an axis. */
export function span(g: Builder, x: Value, from: number, to: number, axis: number): Value {
  const sizes = [from, to - from, (x.shape[axis] as number) - to];
  const parts = g.split(
    x,
    sizes.filter((size) => size > 0),
    axis,
  );
  return parts[from > 0 ? 1 : 0] as Value;
}

/**
 * Emits attention within one row, piece by piece. Its queries look back only, and no further than their piece's keys,
 * so the products skip much of what the mask forbids (0.56 of a row of one pair remain with eight pieces).
 *
 * @param heads of the whole row, so S = T
 * @param biases one a piece, as `buildMaskStage` makes them
 * @returns [T, H * D]
 */
export function causalAttention(
  g: Builder,
  { q, k, v }: Heads,
  pieces: readonly AttentionPiece[],
  biases: readonly Value[],
  options: AttentionOptions = {},
): Value {
  const queries = g.split(
    q,
    pieces.map(({ from, to }) => to - from),
    0,
  );
  return g.concat(
    pieces.map(({ to, keys }, i) => {
      const seen = { q: queries[i] as Value, k: span(g, k, keys, to, 0), v: span(g, v, keys, to, 0) };
      return attention(g, seen, biases[i] as Value, options);
    }),
    0,
  );
}

/** What `attention` adds where a query may not look: exp of it is exactly 0 in float32 beside any real score. */
export const forbidden = -1e9;

/** Attention bias from a truth table [T, S]. */
export function maskBias(g: Builder, allowed: Value): Value {
  return g.where(allowed, g.constant(0), g.constant(forbidden));
}

/**
 * Which keys come not after each query and lie within its sliding window.
 * queryPositions [T], keyPositions [S], int32 -> bool [T, S]
 */
export function causalMask(
  g: Builder,
  queryPositions: Value,
  keyPositions: Value,
  slidingWindow: number | null,
): Value {
  const queries = g.reshape(queryPositions, [queryPositions.shape[0] as number, 1]);
  const keys = g.reshape(keyPositions, [1, keyPositions.shape[0] as number]);
  const causal = g.greaterOrEqual(queries, keys);
  if (slidingWindow === null) return causal;
  const behind = g.sub(queries, g.constant(slidingWindow, [], 'int32'));
  return g.and(causal, g.not(g.greaterOrEqual(behind, keys)));
}
