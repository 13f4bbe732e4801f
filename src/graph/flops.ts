/**
 * @file Counts the arithmetic of a stage's matrix products, which is nearly all of a model's.
 */
import { sizeOf } from '../core/shape';
import { planStage } from './stage';
import type { Stage, Value } from './value';

/** Floating-point operations of the given kinds of product (a multiplication and an addition count two). */
export function countFlops(stage: Stage, ops: readonly string[] = ['Gemm', 'MatMul', 'MatMulNBits']): number {
  return planStage(stage).nodes.reduce((total, { op, inputs, attributes, outputs }) => {
    if (!ops.includes(op)) return total;
    const { shape } = inputs[0] as Value;
    const inner = op === 'Gemm' && (attributes as { transA: boolean }).transA ? shape[0] : shape.at(-1);
    return total + 2 * sizeOf((outputs[0] as Value).shape) * (inner as number);
  }, 0);
}
