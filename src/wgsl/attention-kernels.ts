/**
 * @file Attention, one operator of the graph, as kernels: one forward; backward the sums, dQ, and dK with dV. Where the
 * backward pass computes attention again, that kernel gives the sums as well.
 */
import type { AttentionForm } from '../graph/operator';
import type { Node, Value } from '../graph/value';
import type { AttentionCode, AttentionSize } from './attention';
import { attentionForward, attentionKeys, attentionQueries, attentionSums } from './attention';
import type { StageTerms } from './bindings';
import type { Kernel } from './kernel';
import type { StageGraph } from './stage-graph';

function sizeOfAttention({ inputs: [q, k], attributes }: Node, { lengths }: StageTerms): AttentionSize {
  const [T, H, D] = (q as Value).shape as [number, number, number];
  return { T, H, D, K: (k as Value).shape[1] as number, readsT: lengths.includes(T), ...(attributes as AttentionForm) };
}

function attentionKernel(
  label: string,
  size: AttentionSize,
  { code, grid }: AttentionCode,
  bound: Pick<Kernel, 'reads' | 'writes'>,
  products = 0,
): Kernel {
  const { T, H, D, readsT } = size;
  return {
    kind: 'attention',
    label: `${label} [${T},${H},${D}]`,
    code,
    grid,
    ...bound,
    lengths: readsT ? [T] : [],
    // A product with all keys takes 2 T T H D; half of them are not seen.
    flops: products * T * T * H * D,
  };
}

/** What dQ, dK and dV read of each query besides its rows: [T, H, 2]. */
const statsOf = ({ id, source }: Value, { T, H }: AttentionSize): Value => ({
  id: -1 - id,
  dtype: 'float32',
  shape: [T, H, 2],
  source,
});

/**
 * Finds the gradient that alone reads an Attention's log-sum-exp, and whose dO is there before attention is computed:
 * their sums are one kernel's.
 */
function findGradient(graph: StageGraph, { outputs }: Node): Node | null {
  const [o, lse] = outputs as [Value, Value];
  const [gradient, ...others] = graph.readersOf(lse);
  if (gradient?.op !== 'AttentionGrad' || others.length > 0 || graph.outputs.has(lse)) return null;
  const [dO, dLse] = gradient.inputs.slice(6) as [Value, Value?];
  return gradient.inputs[4] !== o || dLse || graph.reaches(o, dO) ? null : gradient;
}

/** Writes the kernels of all Attention and AttentionGrad nodes of a stage. */
export function attentionKernels(graph: StageGraph, nodes: readonly Node[], terms: StageTerms): Kernel[] {
  const wholes = (values: readonly Value[]): Value[] => values.map((value) => graph.wholeOf(value));
  const gradients = new Map(
    nodes.flatMap((node) => {
      const gradient = node.op === 'Attention' ? findGradient(graph, node) : null;
      return gradient ? [[node, gradient] as const] : [];
    }),
  );
  const summed = new Set(gradients.values());
  const stats = new Map(
    nodes.map((node) => [node, statsOf(node.outputs[0] as Value, sizeOfAttention(node, terms))] as const),
  );
  return nodes.flatMap((node): Kernel[] => {
    const size = sizeOfAttention(node, terms);
    const [q, k, v, row, o, lse, dO, dLse] = wholes(node.inputs) as [
      ...[Value, Value, Value, Value, Value, Value, Value],
      Value?,
    ];
    if (node.op === 'Attention') {
      const gradient = gradients.get(node);
      const code = attentionForward(size, gradient !== undefined);
      if (!gradient)
        return [attentionKernel('attention', size, code, { reads: [q, k, v, row], writes: node.outputs }, 2)];
      const slopes = wholes([gradient.inputs[6] as Value]);
      const writes = [node.outputs[0] as Value, stats.get(gradient) as Value];
      return [attentionKernel('attention and sums', size, code, { reads: [q, k, v, row, ...slopes], writes }, 2)];
    }
    const [dq, dk, dv] = node.outputs as [Value, Value, Value];
    const about = stats.get(node) as Value;
    const sums = attentionKernel('attention sums', size, attentionSums(size, dLse !== undefined), {
      reads: [o, dO, lse, ...(dLse ? [dLse] : [])],
      writes: [about],
    });
    const reads = [q, k, v, row, about, dO];
    return [
      ...(summed.has(node) ? [] : [sums]),
      attentionKernel('attention dq', size, attentionQueries(size), { reads, writes: [dq] }, 3),
      attentionKernel('attention dk dv', size, attentionKeys(size), { reads, writes: [dk, dv] }, 4),
    ];
  });
}
