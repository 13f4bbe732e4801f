/** @file Attention, one operator of the graph, as kernels: one forward; backward the sums, dQ, and dK with dV. */
import type { AttentionForm } from '../graph/operator';
import type { Node, Value } from '../graph/value';
import type { AttentionCode, AttentionSize } from './attention';
import { attentionForward, attentionKeys, attentionQueries, attentionSums } from './attention';
import type { StageTerms } from './bindings';
import type { Kernel } from './kernel';

function sizeOfAttention({ inputs: [q, k], attributes }: Node, { lengths }: StageTerms): AttentionSize {
  const [T, H, D] = (q as Value).shape as [number, number, number];
  return { T, H, D, K: (k as Value).shape[1] as number, readsT: lengths.includes(T), ...(attributes as AttentionForm) };
}

/**
 * Writes the kernels of an Attention or AttentionGrad node.
 * @param wholeOf finds the tensor in which a reshaped value lies
 */
export function attentionKernels(node: Node, terms: StageTerms, wholeOf: (value: Value) => Value): Kernel[] {
  const size = sizeOfAttention(node, terms);
  const { T, H, D } = size;
  const kernel = (
    label: string,
    { code, grid }: AttentionCode,
    bound: Pick<Kernel, 'reads' | 'writes'>,
    products = 0,
  ): Kernel => ({
    kind: 'attention',
    label: `${label} [${T},${H},${D}]`,
    code,
    grid,
    ...bound,
    lengths: size.readsT ? [T] : [],
    // A product with all keys takes 2 T T H D; half of them are not seen.
    flops: products * T * T * H * D,
  });
  const [q, k, v, row, o, lse, dO, dLse] = node.inputs.map(wholeOf) as [
    Value,
    Value,
    Value,
    Value,
    Value,
    Value,
    Value,
    Value?,
  ];
  if (node.op === 'Attention')
    return [kernel('attention', attentionForward(size), { reads: [q, k, v, row], writes: node.outputs }, 2)];
  const [dq, dk, dv] = node.outputs as [Value, Value, Value];
  const stats: Value = { id: -1 - dq.id, dtype: 'float32', shape: [T, H, 2], source: dq.source };
  const reads = [q, k, v, row, stats, dO];
  return [
    kernel('attention sums', attentionSums(size, dLse !== undefined), {
      reads: [o, dO, lse, ...(dLse ? [dLse] : [])],
      writes: [stats],
    }),
    kernel('attention dq', attentionQueries(size), { reads, writes: [dq] }, 3),
    kernel('attention dk dv', attentionKeys(size), { reads, writes: [dk, dv] }, 4),
  ];
}
