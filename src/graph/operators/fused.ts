/**
 * @file Operators that stand for several of the others, because the runtime has one kernel for them: what a stage is
 * rewritten to before it is written for a GPU or for decoding on WASM (fuse.ts), once its gradient is derived. Names
 * and attributes are ONNX's and, of domain com.microsoft, onnxruntime's (docs/ContribOperators.md there).
 */
import { sameShape, showShape } from '../../core/shape';
import type { CaseInput, GroupedAttentionForm, Operator } from '../operator';
import type { Float64Tensor, Value } from '../value';
import { erf } from './elementwise';
import { products } from './product';

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });
const float = (value: number): { readonly float: number } => ({ float: value });
const noGradient = { none: 'the gradient is derived from what it stands for' } as const;

/** Checks that scale, and bias where there is one, are vectors as long as the last axis. */
function checkVectors([x, ...vectors]: readonly Value[]): void {
  const width = (x as Value).shape.at(-1) as number;
  for (const { shape } of vectors)
    if (!sameShape(shape, [width])) throw new Error(`${showShape(shape)} is not a vector of ${width}.`);
}

/** Applies `row` to each row along the last axis. */
function eachRow({ shape, data }: Float64Tensor, row: (x: Float64Array) => Float64Array): Float64Array {
  const width = shape.at(-1) as number;
  const result = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += width) result.set(row(data.subarray(at, at + width)), at);
  return result;
}

const meanOf = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;

function normalize(x: Float64Array, scale: Float64Array, epsilon: number): Float64Array {
  const deviation = Math.sqrt(meanOf(x.map((value) => value * value)) + epsilon);
  return x.map((value, i) => (value / deviation) * (scale[i] as number));
}

/** An activation of one input, by its formula. */
function activation<K extends 'QuickGelu' | 'Gelu' | 'FastGelu'>(
  attributes: Readonly<Record<string, { readonly float: number }>>,
  compute: (x: number) => number,
): Operator<K> {
  return {
    infer: ([x]) => [x as Value],
    vjp: noGradient,
    evaluate: ([x]) => [(x as Float64Tensor).data.map(compute)],
    onnx: () => ({ domain: 'com.microsoft', attributes }),
    cases: [{ name: 'a matrix', inputs: [f32(3, 5)], attributes: {} as never }],
  };
}

/** Turns one head's dimensions: pairs (i, i + half), of which the tables hold `half`; those beyond pass. */
function turn(head: Float64Array, cos: Float64Array, sin: Float64Array): Float64Array {
  const half = cos.length;
  return head.map((value, i) => {
    if (i >= 2 * half) return value;
    const j = i % half;
    const [a, b] = [head[j] as number, head[j + half] as number];
    return i < half ? a * (cos[j] as number) - b * (sin[j] as number) : b * (cos[j] as number) + a * (sin[j] as number);
  });
}

/**
 * Whether the runtime's attention takes such heads: of whole blocks of 8 dimensions, and without a soft cap, which its
 * plain kernels on the GPU leave out (1.30).
 */
export const takesHeads = (headDim: number, softcap: number | null): boolean => headDim % 8 === 0 && softcap === null;

/** Sizes of an attention: sequences, their tokens, slots of the caches, width of a head. */
function sizesOf([q, , , keys]: readonly { readonly shape: readonly number[] }[], { heads }: GroupedAttentionForm) {
  const [B, T, width] = q?.shape as [number, number, number];
  return { B, T, S: keys?.shape.length === 4 ? (keys.shape[2] as number) : T, D: width / heads };
}

/** Puts new keys or values [B, T, K D] behind those of the past, [B, K, S, D]; without a past they are all there is. */
function extend(
  fresh: Float64Tensor,
  past: Float64Tensor | null,
  { B, T, S, D, K }: { B: number; T: number; S: number; D: number; K: number },
  last: (b: number) => number,
): Float64Array {
  const whole = past ? Float64Array.from(past.data) : new Float64Array(B * K * S * D);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let k = 0; k < K; k++) {
        const from = ((b * T + t) * K + k) * D;
        whole.set(fresh.data.subarray(from, from + D), ((b * K + k) * S + last(b) - T + 1 + t) * D);
      }
    }
  }
  return whole;
}

export const fused = {
  /** alpha op(A) op(B) + beta C, with C [M, N] or [N] or absent. */
  FusedGemm: {
    infer: ([a, b, c], attributes) => {
      const [type] = products.Gemm.infer([a, b] as Value[], attributes);
      const shape = type?.shape ?? [];
      if (c && !sameShape(c.shape, shape) && !sameShape(c.shape, shape.slice(1)))
        throw new Error(`${showShape(c.shape)} cannot be added to ${showShape(shape)}.`);
      return [{ dtype: (a as Value).dtype, shape }];
    },
    vjp: noGradient,
    evaluate: ([a, b, c], attributes, types) => {
      const [product] = products.Gemm.evaluate([a, b] as Float64Tensor[], attributes, types);
      const { alpha, beta } = attributes;
      return [
        (product as Float64Array).map(
          (value, i) => alpha * value + (c ? beta * (c.data[i % c.data.length] as number) : 0),
        ),
      ];
    },
    onnx: ({ transA, transB, alpha, beta }) => ({
      type: 'Gemm',
      attributes: { transA: Number(transA), transB: Number(transB), alpha: float(alpha), beta: float(beta) },
    }),
    cases: [
      {
        name: 'A B^T, scaled',
        inputs: [f32(3, 4), f32(2, 4)],
        attributes: { transA: false, transB: true, alpha: 0.5, beta: 1 },
      },
      {
        name: 'A B^T + a vector',
        inputs: [f32(3, 4), f32(2, 4), f32(2)],
        attributes: { transA: false, transB: true, alpha: 1, beta: 1 },
      },
      {
        name: 'A B + a matrix, scaled',
        inputs: [f32(9, 4), f32(4, 10), f32(9, 10)],
        attributes: { transA: false, transB: false, alpha: 0.25, beta: 0.5 },
      },
    ],
  } satisfies Operator<'FusedGemm'>,
  /** x / sqrt(mean(x^2) + epsilon) scale, over the last axis. */
  SimplifiedLayerNormalization: {
    infer: (inputs) => {
      checkVectors(inputs);
      return [inputs[0] as Value];
    },
    vjp: noGradient,
    evaluate: ([x, scale], { epsilon }) => [
      eachRow(x as Float64Tensor, (row) => normalize(row, (scale as Float64Tensor).data, epsilon)),
    ],
    onnx: ({ epsilon }) => ({ attributes: { axis: -1, epsilon: float(epsilon), stash_type: 1 } }),
    cases: [
      { name: 'rows', inputs: [f32(5, 12), f32(12)], attributes: { epsilon: 1e-5 } },
      { name: 'heads', inputs: [f32(3, 2, 6), f32(6)], attributes: { epsilon: 1e-6 } },
    ],
  } satisfies Operator<'SimplifiedLayerNormalization'>,
  /** (x - mean) / sqrt(variance + epsilon) scale + bias, over the last axis. */
  LayerNormalization: {
    infer: (inputs) => {
      checkVectors(inputs);
      return [inputs[0] as Value];
    },
    vjp: noGradient,
    evaluate: ([x, scale, bias], { epsilon }) => [
      eachRow(x as Float64Tensor, (row) => {
        const mean = meanOf(row);
        const normal = normalize(
          row.map((value) => value - mean),
          (scale as Float64Tensor).data,
          epsilon,
        );
        return normal.map((value, i) => value + ((bias as Float64Tensor).data[i] as number));
      }),
    ],
    onnx: ({ epsilon }) => ({ attributes: { axis: -1, epsilon: float(epsilon), stash_type: 1 } }),
    cases: [{ name: 'rows', inputs: [f32(5, 12), f32(12), f32(12)], attributes: { epsilon: 1e-5 } }],
  } satisfies Operator<'LayerNormalization'>,
  /** x sigmoid(x): ONNX's alpha is 1. */
  QuickGelu: activation<'QuickGelu'>({ alpha: float(1) }, (x) => x / (1 + Math.exp(-x))),
  Gelu: activation<'Gelu'>({}, (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2))),
  FastGelu: activation<'FastGelu'>(
    {},
    (x) => x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
  ),
  /** Rotary turning in the rotate-half layout of x [1, T, heads D] by cos and sin [T, D' / 2], D' <= D. */
  RotaryEmbedding: {
    infer: ([x, cos, sin], { heads }) => {
      const [one, T, width] = (x as Value).shape as [number, number, number];
      const [places, half] = (cos as Value).shape as [number, number];
      if (one !== 1 || places !== T || 2 * half * heads > width || width % heads !== 0)
        throw new Error(
          `${showShape((cos as Value).shape)} does not turn ${heads} heads of ${showShape((x as Value).shape)}.`,
        );
      if (!sameShape((sin as Value).shape, [T, half])) throw new Error('cosines and sines must have one shape.');
      return [x as Value];
    },
    vjp: noGradient,
    evaluate: ([x, cos, sin], { heads }) => {
      const { shape, data } = x as Float64Tensor;
      const D = (shape[2] as number) / heads;
      const half = (cos as Float64Tensor).shape[1] as number;
      const result = new Float64Array(data.length);
      for (let at = 0; at < data.length; at += D) {
        const row = Math.floor(at / (heads * D)) * half;
        const [c, s] = [cos, sin].map((table) => (table as Float64Tensor).data.subarray(row, row + half));
        result.set(turn(data.subarray(at, at + D), c as Float64Array, s as Float64Array), at);
      }
      return [result];
    },
    onnx: ({ heads }, _outputs, [x, cos]) => {
      const D = ((x as Value).shape[2] as number) / heads;
      const width = 2 * ((cos as Value).shape[1] as number);
      // Row t of the tables belongs to token t: they begin at position 0.
      return {
        domain: 'com.microsoft',
        attributes: { num_heads: heads, rotary_embedding_dim: width === D ? 0 : width },
        inputs: [0, { dtype: 'int64', data: [0] }, 1, 2],
      };
    },
    cases: [
      { name: 'whole heads', inputs: [f32(1, 3, 8), f32(3, 2), f32(3, 2)], attributes: { heads: 2 } },
      { name: 'a part of each head', inputs: [f32(1, 3, 16), f32(3, 2), f32(3, 2)], attributes: { heads: 2 } },
    ],
  } satisfies Operator<'RotaryEmbedding'>,
  /**
   * Causal attention of B sequences, T new tokens each: q [B, T, H D], k and v [B, T, K D]. Either with caches, keys
   * and values [B, K, S, D] and last [B] int32, the slot of each sequence's last new token; it gives the caches with
   * the new ones in them, of which what lies behind `last` is not defined. Or, with T = S and a bias [1, 1, T, T],
   * within a row.
   */
  GroupQueryAttention: {
    infer: (inputs, form) => {
      const [q, k, v, keys, values, last] = inputs as [Value, Value, Value, Value, Value?, Value?];
      const { B, T, S, D } = sizesOf(inputs, form);
      const { heads, kvHeads } = form;
      const expected: readonly (readonly [Value, readonly number[]])[] = [
        [q, [B, T, heads * D]],
        [k, [B, T, kvHeads * D]],
        [v, [B, T, kvHeads * D]],
        ...(values && last
          ? ([
              [keys, [B, kvHeads, S, D]],
              [values, [B, kvHeads, S, D]],
              [last, [B]],
            ] as const)
          : ([[keys, [1, 1, T, T]]] as const)),
      ];
      for (const [{ shape }, wanted] of expected)
        if (!sameShape(shape, wanted)) throw new Error(`${showShape(shape)} must be ${showShape(wanted)}.`);
      if (!takesHeads(D, null)) throw new Error(`heads of ${D} dimensions are not whole blocks of 8.`);
      if (!values && form.slidingWindow !== null) throw new Error('a window goes into the bias.');
      return values ? [q, keys, values] : [q];
    },
    vjp: noGradient,
    evaluate: (inputs, form) => {
      const [q, k, v, keys, values, last] = inputs as [
        Float64Tensor,
        Float64Tensor,
        Float64Tensor,
        Float64Tensor,
        Float64Tensor?,
        Float64Tensor?,
      ];
      const { heads: H, kvHeads: K, scale, slidingWindow } = form;
      const { B, T, S, D } = sizesOf(inputs, form);
      const lastOf = (b: number): number => (last ? (last.data[b] as number) : T - 1);
      const sizes = { B, T, S, D, K };
      const allKeys = extend(k, values ? keys : null, sizes, lastOf);
      const allValues = extend(v, values ?? null, sizes, lastOf);
      const result = new Float64Array(q.data.length);
      for (let row = 0; row < B * T * H; row++) {
        const [b, t, h] = [Math.floor(row / (T * H)), Math.floor(row / H) % T, row % H];
        const at = lastOf(b) - T + 1 + t;
        const first = slidingWindow === null ? 0 : Math.max(0, at - slidingWindow + 1);
        const cached = (b * K + Math.floor(h / (H / K))) * S;
        const scores = Array.from({ length: at - first + 1 }, (_, i) => {
          let dot = 0;
          for (let d = 0; d < D; d++)
            dot += (q.data[row * D + d] as number) * (allKeys[(cached + first + i) * D + d] as number);
          return dot * scale + (values ? 0 : (keys.data[t * T + first + i] as number));
        });
        const top = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - top));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        for (let d = 0; d < D; d++)
          result[row * D + d] = weights.reduce(
            (total, weight, i) => total + (weight / sum) * (allValues[(cached + first + i) * D + d] as number),
            0,
          );
      }
      return values ? [result, allKeys, allValues] : [result];
    },
    onnx: (form, _outputs, inputs) => {
      const { heads, kvHeads, scale, slidingWindow } = form;
      const { B, S } = sizesOf(inputs, form);
      const int32 = (data: readonly number[]) => ({ dtype: 'int32', data }) as const;
      const hasCache = inputs.length > 4;
      return {
        domain: 'com.microsoft',
        attributes: {
          num_heads: heads,
          kv_num_heads: kvHeads,
          scale: float(scale),
          ...(slidingWindow !== null && { local_window_size: slidingWindow }),
        },
        inputs: hasCache
          ? [0, 1, 2, 3, 4, 5, int32([S])]
          : [0, 1, 2, null, null, int32(new Array<number>(B).fill(S - 1)), int32([S]), null, null, null, 3],
      };
    },
    cases: [
      {
        name: 'a row',
        inputs: [f32(1, 9, 32), f32(1, 9, 16), f32(1, 9, 16), f32(1, 1, 9, 9)],
        attributes: { heads: 4, kvHeads: 2, scale: 0.3, slidingWindow: null },
      },
      ...[
        { name: 'a token each of three sequences', T: 1, B: 3, slidingWindow: null },
        { name: 'a chunk of one sequence', T: 4, B: 1, slidingWindow: null },
        { name: 'a window, a token', T: 1, B: 2, slidingWindow: 3 },
        { name: 'a window, a chunk', T: 4, B: 1, slidingWindow: 3 },
      ].map(({ name, B, T, slidingWindow }) => ({
        name,
        inputs: [
          f32(B, T, 32),
          f32(B, T, 16),
          f32(B, T, 16),
          f32(B, 2, 10, 8),
          f32(B, 2, 10, 8),
          { dtype: 'int32', shape: [B], draw: { all: 9 } } as const,
        ],
        attributes: { heads: 4, kvHeads: 2, scale: 0.3, slidingWindow },
      })),
    ],
  } satisfies Operator<'GroupQueryAttention'>,
};

/** Operators that only the runtime computes. */
export const runtimeOperators: ReadonlySet<string> = new Set(Object.keys(fused));
