/**
 * @file The families of operators as the compiler sees them, and elementwise operators as WGSL.
 */
import { normalizeAxis } from '../core/shape';
import { sumOf } from '../core/statistics';
import type { OperatorName } from '../graph/operator';
import type { Node, Value } from '../graph/value';
import { expressionType } from './bindings';

const setOf = (...names: OperatorName[]): ReadonlySet<OperatorName> => new Set(names);

/** Their results are read at another index of their inputs. */
export const layouts = setOf('Reshape', 'Transpose', 'Expand', 'Split', 'Concat');
export const reductions = setOf('ReduceSum', 'ReduceMean', 'ReduceSumSquare', 'ReduceLogSumExp', 'Softmax');
export const products = setOf('Gemm', 'MatMul', 'MatMulNBits');
export const attentions = setOf('Attention' as OperatorName, 'AttentionGrad' as OperatorName);

type Form = (operands: readonly string[], value: Value) => string;

/**
 * The error function, right within 2e-7: its series below 1/2, Chebyshev's fit of the complement above (Press et al.,
 * Numerical Recipes, 6.2).
 */
export const erfSource = `fn erf(x: f32) -> f32 {
  let a = abs(x);
  if (a < 0.5f) {
    let s = x * x;
    return x * 1.1283791671f * (1.0f - s * (0.33333333333f - s * (0.1f - s * (0.0238095238f - s * (0.00462962963f
      - s * 0.000757575758f)))));
  }
  let t = 1.0f / (1.0f + 0.5f * a);
  let p = -1.26551223f + t * (1.00002368f + t * (0.37409196f + t * (0.09678418f + t * (-0.18628806f + t * (0.27886807f
    + t * (-1.13520398f + t * (1.48851587f + t * (-0.82215223f + t * 0.17087277f))))))));
  return sign(x) * (1.0f - t * exp(-a * a + p));
}`;

/** Of one shape or broadcast; an expression an operand. exp and tanh are held where float32 has an answer. */
export const elementwise: Readonly<Partial<Record<OperatorName, Form>>> = {
  Add: ([a, b]) => `${a} + ${b}`,
  Sub: ([a, b]) => `${a} - ${b}`,
  Mul: ([a, b]) => `${a} * ${b}`,
  Div: ([a, b]) => `${a} / ${b}`,
  Min: ([a, b]) => `min(${a}, ${b})`,
  Neg: ([a]) => `-(${a})`,
  Exp: ([a]) => `exp(${a})`,
  Sqrt: ([a]) => `sqrt(${a})`,
  Sigmoid: ([a]) => `1.0f / (1.0f + exp(min(-(${a}), 88.0f)))`,
  Tanh: ([a]) => `tanh(clamp(${a}, -15.0f, 15.0f))`,
  Erf: ([a]) => `erf(${a})`,
  Cast: ([a], { dtype }) => `${expressionType(dtype)}(${a})`,
  Equal: ([a, b]) => `${a} == ${b}`,
  GreaterOrEqual: ([a, b]) => `${a} >= ${b}`,
  And: ([a, b]) => `${a} && ${b}`,
  Not: ([a]) => `!(${a})`,
  Where: ([condition, a, b]) => `select(${b}, ${a}, ${condition})`,
};

export const nodeOf = ({ source }: Value): Node | null => (source.kind === 'node' ? source.node : null);

/** Attributes of a node under the names that several operators share. */
export interface SharedAttributes {
  readonly axis: number;
  readonly axes: readonly number[];
  readonly perm: readonly number[];
  readonly sizes: readonly number[];
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly bits: 4 | 8;
  readonly blockSize: number;
}

export const attributesOf = (node: Node): SharedAttributes => node.attributes as unknown as SharedAttributes;

export const outputOf = (node: Node): Value => node.outputs[0] as Value;

/** The axes that a reduction folds, counted from the start. */
export function reducedAxes(node: Node): number[] {
  const { axes, axis } = attributesOf(node);
  const rank = (node.inputs[0] as Value).shape.length;
  return (node.op === 'Softmax' ? [axis] : axes).map((one) => normalizeAxis(one, rank));
}

/** Along which axis a Split cuts, and where on it one of its results begins. */
export function splitPlace(node: Node, value: Value): { readonly along: number; readonly start: number } {
  const { axis, sizes } = attributesOf(node);
  const before = sizes.slice(0, node.outputs.indexOf(value));
  return { along: normalizeAxis(axis, value.shape.length), start: sumOf(before) };
}
