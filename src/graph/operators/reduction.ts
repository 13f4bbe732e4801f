/**
 * @file Reductions, which always keep the reduced axes as 1, and the softmax over one axis.
 */
import type { Shape } from '../../core/shape';
import { normalizeAxis, sizeOf, stridesOf } from '../../core/shape';
import type { Builder } from '../builder';
import type { CaseInput, Operator } from '../operator';
import type { Value, Float64Tensor } from '../value';

type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceSumSquare' | 'ReduceLogSumExp';

const f32 = (shape: Shape): CaseInput => ({ dtype: 'float32', shape });

const normalizeAxes = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => normalizeAxis(axis, rank));

/** Lists for every output element the input elements that reduce into it. */
function groups(shape: Shape, axes: readonly number[]): { kept: Shape; members: number[][] } {
  const reduced = new Set(normalizeAxes(axes, shape.length));
  const kept = shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim));
  const strides = stridesOf(shape);
  const outer = stridesOf(kept);
  const members = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    let target = 0;
    shape.forEach((dim, axis) => {
      if (!reduced.has(axis)) target += (Math.floor(flat / (strides[axis] as number)) % dim) * (outer[axis] as number);
    });
    (members[target] as number[]).push(flat);
  }
  return { kept, members };
}

function reduction<K extends Reduction>(
  reduce: (values: readonly number[]) => number,
  vjp: (g: Builder, x: Value, dy: Value, y: Value, axes: readonly number[]) => Value,
): Operator<K> {
  return {
    infer: ([x], { axes }) => {
      const { shape, dtype } = x as Value;
      const reduced = new Set(normalizeAxes(axes, shape.length));
      return [{ dtype, shape: shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim)) }];
    },
    vjp: (g, node, [dy]) => [
      vjp(g, node.inputs[0] as Value, dy as Value, node.outputs[0] as Value, node.attributes.axes),
    ],
    evaluate: ([x], { axes }) => {
      const { shape, data } = x as Float64Tensor;
      return [
        Float64Array.from(groups(shape, axes).members, (flats) => reduce(flats.map((flat) => data[flat] as number))),
      ];
    },
    onnx: ({ axes }) => ({ attributes: { keepdims: 1 }, extraInputs: [axes] }),
    cases: [
      { name: 'last axis', inputs: [f32([3, 4])], attributes: { axes: [-1] } },
      { name: 'first axis', inputs: [f32([3, 4])], attributes: { axes: [0] } },
      { name: 'two axes', inputs: [f32([2, 3, 4])], attributes: { axes: [0, 2] } },
    ],
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function logSumExp(values: readonly number[]): number {
  const top = Math.max(...values);
  return top + Math.log(sum(values.map((value) => Math.exp(value - top))));
}

export const reductions = {
  ReduceSum: reduction<'ReduceSum'>(sum, (g, x, dy) => g.expand(dy, x.shape)),
  ReduceMean: reduction<'ReduceMean'>(
    (values) => sum(values) / values.length,
    (g, x, dy) => g.expand(g.mul(dy, g.constant(sizeOf(dy.shape) / sizeOf(x.shape))), x.shape),
  ),
  ReduceSumSquare: reduction<'ReduceSumSquare'>(
    (values) => sum(values.map((value) => value * value)),
    (g, x, dy) => g.mul(x, g.mul(dy, g.constant(2))),
  ),
  // d logsumexp(x) / dx = exp(x - logsumexp(x)): over one axis, the softmax.
  ReduceLogSumExp: reduction<'ReduceLogSumExp'>(logSumExp, (g, x, dy, y, axes) =>
    g.mul(dy, axes.length === 1 ? g.softmax(x, axes[0]) : g.exp(g.sub(x, y))),
  ),
  Softmax: {
    infer: ([x], { axis }) => {
      normalizeAxis(axis, (x as Value).shape.length);
      return [x as Value];
    },
    vjp: (g, node, [dy]) => {
      const y = node.outputs[0] as Value;
      const weighted = g.mul(dy as Value, y);
      return [g.sub(weighted, g.mul(y, g.reduceSum(weighted, [node.attributes.axis])))];
    },
    evaluate: ([x], { axis }) => {
      const { shape, data } = x as Float64Tensor;
      const result = new Float64Array(data.length);
      for (const flats of groups(shape, [axis]).members) {
        const norm = logSumExp(flats.map((flat) => data[flat] as number));
        for (const flat of flats) result[flat] = Math.exp((data[flat] as number) - norm);
      }
      return [result];
    },
    onnx: ({ axis }) => ({ attributes: { axis } }),
    cases: [
      { name: 'rows', inputs: [f32([3, 5])], attributes: { axis: -1 } },
      { name: 'attention', inputs: [f32([2, 3, 3])], attributes: { axis: 2 } },
    ],
  } satisfies Operator<'Softmax'>,
};
