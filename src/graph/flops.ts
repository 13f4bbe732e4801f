/**
 * @file Counts the arithmetic of a stage's matrix products, which is nearly all of a model's.
 */
import { sizeOf } from '../core/shape';
import { planStage } from './stage';
import type { Node, Stage, Value } from './value';

const products = ['Gemm', 'FusedGemm', 'MatMul', 'MatMulNBits'];

/**
 * Counts the floating-point operations of a node that is a matrix product (a multiplication and an addition are two);
 * any other node has 0.
 */
export function productFlops({ op, inputs, attributes, outputs }: Node): number {
  if (!products.includes(op)) return 0;
  const { shape } = inputs[0] as Value;
  const inner = op.endsWith('Gemm') && (attributes as { transA: boolean }).transA ? shape[0] : shape.at(-1);
  return 2 * sizeOf((outputs[0] as Value).shape) * (inner as number);
}

/** Counts the floating-point operations of a stage's products of the given kinds; by default of all. */
export function countFlops(stage: Stage, ops: readonly string[] = products): number {
  return planStage(stage).nodes.reduce(
    (total, node) => (ops.includes(node.op) ? total + productFlops(node) : total),
    0,
  );
}
