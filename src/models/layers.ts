/**
 * @file Pieces that decoder architectures share: RMSNorm, rotary embeddings, grouped-query attention.
 */
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** x / sqrt(mean(x^2) + eps) * weight over the last axis (Zhang and Sennrich 2019). x [T, C], weight [C]. */
export function rmsNorm(g: Builder, x: Value, weight: Value, eps: number): Value {
  const meanSquare = g.reduceMean(g.mul(x, x), [-1]); // (T, 1)
  return g.mul(g.div(x, g.sqrt(g.add(meanSquare, g.constant(eps)))), weight);
}

/** x * sigmoid(x) (Hendrycks and Gimpel 2016). */
export function silu(g: Builder, x: Value): Value {
  return g.mul(x, g.sigmoid(x));
}

/** Rotary position embedding in the rotate-half layout (Su et al. 2021). x [T, N, D], cos and sin [T, 1, D/2]. */
export function rotate(g: Builder, x: Value, cos: Value, sin: Value): Value {
  const half = (x.shape[2] as number) / 2;
  const [a, b] = g.split(x, [half, half], 2) as [Value, Value];
  return g.concat([g.sub(g.mul(a, cos), g.mul(b, sin)), g.add(g.mul(b, cos), g.mul(a, sin))], 2);
}

/**
 * Grouped-query attention (Ainslie et al. 2023): each key/value head serves H / K query heads, stacked along the
 * rows of one product, so keys and values are never repeated.
 * q [T, H, D], k and v [S, K, D], bias [T, S] (0 where a query may look, very negative elsewhere) -> [T, H * D]
 */
export function attention(g: Builder, q: Value, k: Value, v: Value, bias: Value): Value {
  const [T, H, D] = q.shape as [number, number, number];
  const [S, K] = k.shape as [number, number];
  const group = H / K;
  const scaled = g.mul(q, g.constant(1 / Math.sqrt(D)));
  const queries = g.reshape(g.transpose(g.reshape(scaled, [T, K, group, D]), [1, 2, 0, 3]), [K, group * T, D]);
  const keys = g.transpose(k, [1, 2, 0]); // (K, D, S)
  const scores = g.reshape(g.matmul(queries, keys), [K, group, T, S]);
  const weights = g.softmax(g.add(scores, bias), 3);
  const mixed = g.matmul(g.reshape(weights, [K, group * T, S]), g.transpose(v, [1, 0, 2])); // (K, group T, D)
  return g.reshape(g.transpose(g.reshape(mixed, [K, group, T, D]), [2, 0, 1, 3]), [T, H * D]);
}

/** What `attention` adds where a query may not look: exp of it is exactly 0 in float32 beside any real score. */
const forbidden = -1e9;

/** Attention bias from a truth table [T, S]. */
export function maskBias(g: Builder, allowed: Value): Value {
  return g.where(allowed, g.constant(0), g.constant(forbidden));
}

/**
 * Which keys come not after each query and lie within its sliding window.
 * queryPositions [T], keyPositions [S], int32 -> bool [T, S]
 */
export function causalMask(g: Builder, queryPositions: Value, keyPositions: Value, slidingWindow: number | null): Value {
  const queries = g.reshape(queryPositions, [queryPositions.shape[0] as number, 1]);
  const keys = g.reshape(keyPositions, [1, keyPositions.shape[0] as number]);
  const causal = g.greaterOrEqual(queries, keys);
  if (slidingWindow === null) return causal;
  const behind = g.sub(queries, g.constant(slidingWindow, [], 'int32'));
  return g.and(causal, g.not(g.greaterOrEqual(behind, keys)));
}

/**
 * Rotary tables on the host: GPUs' sine is too coarse for large angles. Frequencies are theta^(-2i/D), held in
 * float32 as transformers holds them.
 * @returns cos and sin, each [positions, 1, D/2]
 */
export function rotaryTables(positions: ArrayLike<number>, headDim: number, theta: number): { cos: Float32Array; sin: Float32Array } {
  const half = headDim / 2;
  const frequencies = Float64Array.from({ length: half }, (_, i) => Math.fround(1 / theta ** ((2 * i) / headDim)));
  const cos = new Float32Array(positions.length * half);
  const sin = new Float32Array(positions.length * half);
  for (let t = 0; t < positions.length; t++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround((positions[t] as number) * (frequencies[i] as number));
      cos[t * half + i] = Math.cos(angle);
      sin[t * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
