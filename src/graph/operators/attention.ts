/**
 * @file Attention within a packed row as one operator, so that an executor may compute it tile by tile and never hold
 * the weights (Dao et al. 2022). q [T, H, D], k and v [T, K, D], row [T, 4] int32 with each token's pair, branch,
 * position and the place of its pair's first token. A token sees itself and what stands before it of its own pair, in
 * its own branch or in the prompt (branch 0), within the sliding window: as a row's attention biases say
 * (models/stages.ts).
 */
import { sameShape, showShape } from '../../core/shape';
import type { AttentionForm, CaseInput, Operator } from '../operator';
import type { Float64Tensor, Value } from '../value';

function checkHeads([q, k, v, row]: readonly Value[]): void {
  const [queries, keys, values, places] = [q, k, v, row].map((value) => (value as Value).shape);
  const [T, H, D] = queries as [number, number, number];
  const [S, K, width] = keys as [number, number, number];
  if (queries?.length !== 3 || keys?.length !== 3 || S !== T || width !== D || H % K !== 0)
    throw new Error(`queries ${showShape(queries ?? [])} and keys ${showShape(keys ?? [])} do not meet.`);
  if (!sameShape(keys, values ?? [])) throw new Error('keys and values must have one shape.');
  if ((row as Value).dtype !== 'int32' || !sameShape(places ?? [], [T, 4]))
    throw new Error(`the row is ${(row as Value).dtype}${showShape(places ?? [])}; it must be int32[${T}, 4].`);
}

/** A score after its bending, and the slope of the bending. */
function bend(score: number, softcap: number | null): { score: number; slope: number } {
  if (softcap === null) return { score, slope: 1 };
  const bent = Math.tanh(score / softcap);
  return { score: softcap * bent, slope: 1 - bent * bent };
}

/** What one query of one head sees: keys with their scores, and the slope of the bending of each. */
interface Seen {
  readonly lse: number;
  readonly keys: readonly { readonly u: number; readonly score: number; readonly slope: number }[];
}

/** Says, for every query and head, what it sees. */
function* lookBack(inputs: readonly Float64Tensor[], { scale, softcap, slidingWindow }: AttentionForm) {
  const [q, k, , row] = inputs as [Float64Tensor, Float64Tensor, Float64Tensor, Float64Tensor];
  const [T, H, D] = q.shape as [number, number, number];
  const K = k.shape[1] as number;
  const at = (t: number, column: number): number => row.data[4 * t + column] as number;
  const sees = (t: number, u: number): boolean =>
    at(t, 0) === at(u, 0) &&
    (at(u, 1) === 0 || at(t, 1) === at(u, 1)) &&
    at(t, 2) >= at(u, 2) &&
    (slidingWindow === null || at(t, 2) - slidingWindow < at(u, 2));
  for (let t = 0; t < T; t++) {
    for (let h = 0; h < H; h++) {
      const kv = Math.floor(h / (H / K));
      const scores: { u: number; score: number; slope: number }[] = [];
      for (let u = 0; u <= t; u++) {
        if (!sees(t, u)) continue;
        let dot = 0;
        for (let d = 0; d < D; d++)
          dot += (q.data[(t * H + h) * D + d] as number) * (k.data[(u * K + kv) * D + d] as number);
        scores.push({ u, ...bend(dot * scale, softcap) });
      }
      const top = Math.max(...scores.map(({ score }) => score));
      const lse = top + Math.log(scores.reduce((sum, { score }) => sum + Math.exp(score - top), 0));
      const seen: Seen = { lse, keys: scores };
      yield { query: t * H + h, keyOf: (u: number) => (u * K + kv) * D, D, seen };
    }
  }
}

const none = {
  none: 'the runtime has no attention with these masks; such a stage runs on kernels of our own',
} as const;

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });
/** A row whose places are drawn: pairs and branches of 0 and 1, so that some tokens see each other. */
const places = (T: number): CaseInput => ({ dtype: 'int32', shape: [T, 4], draw: { below: 1 } });
const plain: AttentionForm = { scale: 0.5, softcap: null, slidingWindow: null };

export const attentionOperators = {
  Attention: {
    infer: (inputs) => {
      checkHeads(inputs);
      const q = inputs[0] as Value;
      return [q, { dtype: 'float32', shape: q.shape.slice(0, 2) }];
    },
    vjp: (g, node, [dO, dLse]) => {
      const slopes = [dO ?? g.zeros((node.outputs[0] as Value).shape), ...(dLse ? [dLse] : [])];
      return [...g.emit('AttentionGrad', [...node.inputs, ...node.outputs, ...slopes], node.attributes), null];
    },
    evaluate: (inputs, form) => {
      const [q, , v] = inputs as [Float64Tensor, Float64Tensor, Float64Tensor];
      const o = new Float64Array(q.data.length);
      const lses = new Float64Array((q.shape[0] as number) * (q.shape[1] as number));
      for (const { query, keyOf, D, seen } of lookBack(inputs, form)) {
        lses[query] = seen.lse;
        for (const { u, score } of seen.keys) {
          const weight = Math.exp(score - seen.lse);
          for (let d = 0; d < D; d++)
            o[query * D + d] = (o[query * D + d] as number) + weight * (v.data[keyOf(u) + d] as number);
        }
      }
      return [o, lses];
    },
    onnx: () => none,
    cases: [
      {
        name: 'heads that share keys',
        inputs: [f32(5, 4, 3), f32(5, 2, 3), f32(5, 2, 3), places(5)],
        attributes: plain,
      },
      {
        name: 'soft cap',
        inputs: [f32(4, 2, 2), f32(4, 2, 2), f32(4, 2, 2), places(4)],
        attributes: { ...plain, softcap: 0.7 },
      },
    ],
  } satisfies Operator<'Attention'>,
  /** Takes the inputs of Attention, its outputs, dO and, where something depends on it, d lse; gives dq, dk and dv. */
  AttentionGrad: {
    infer: (inputs) => {
      checkHeads(inputs);
      const [q, k, v, , o, lse, dO] = inputs as [Value, Value, Value, Value, Value, Value, Value];
      if (!sameShape(o.shape, q.shape) || !sameShape(dO.shape, q.shape) || !sameShape(lse.shape, q.shape.slice(0, 2)))
        throw new Error(
          `${showShape(o.shape)}, ${showShape(lse.shape)}, ${showShape(dO.shape)} are not of the queries.`,
        );
      return [q, k, v];
    },
    vjp: { none: 'second derivatives are not needed' },
    evaluate: (inputs, form) => {
      const [q, k, v] = inputs as [Float64Tensor, Float64Tensor, Float64Tensor];
      const [o, lse, dO, dLse] = inputs.slice(4) as [Float64Tensor, Float64Tensor, Float64Tensor, Float64Tensor?];
      const [dq, dk, dv] = [q, k, v].map(({ data }) => new Float64Array(data.length)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const add = (to: Float64Array, at: number, value: number): void => void (to[at] = (to[at] as number) + value);
      for (const { query, keyOf, D, seen } of lookBack(inputs, form)) {
        const at = query * D;
        let mean = -(dLse?.data[query] ?? 0);
        for (let d = 0; d < D; d++) mean += (o.data[at + d] as number) * (dO.data[at + d] as number);
        for (const { u, score, slope } of seen.keys) {
          const weight = Math.exp(score - (lse.data[query] as number));
          const key = keyOf(u);
          let dWeight = 0;
          for (let d = 0; d < D; d++) dWeight += (dO.data[at + d] as number) * (v.data[key + d] as number);
          const dScore = weight * (dWeight - mean) * slope * form.scale;
          for (let d = 0; d < D; d++) {
            add(dq, at + d, dScore * (k.data[key + d] as number));
            add(dk, key + d, dScore * (q.data[at + d] as number));
            add(dv, key + d, weight * (dO.data[at + d] as number));
          }
        }
      }
      return [dq, dk, dv];
    },
    onnx: () => none,
    cases: [
      {
        name: 'heads that share keys',
        inputs: [f32(3, 2, 2), f32(3, 1, 2), f32(3, 1, 2), places(3), f32(3, 2, 2), f32(3, 2), f32(3, 2, 2)],
        attributes: plain,
      },
    ],
  } satisfies Operator<'AttentionGrad'>,
};
