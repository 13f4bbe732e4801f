/**
 * @file Elementwise operators: arithmetic, comparisons, selection. Binary ones broadcast as NumPy does.
 */
import type { DType } from '../../core/dtype';
import type { Shape } from '../../core/shape';
import { broadcastShapes, showShape, sizeOf, stridesOf } from '../../core/shape';
import type { Builder } from '../builder';
import type { CaseInput, Operator, ValueType } from '../operator';
import { onnxDataTypes } from '../operator';
import type { Value, Float64Tensor } from '../value';

/** Sums a gradient over the axes that broadcasting added or stretched, back to `shape`. */
export function sumTo(g: Builder, gradient: Value, shape: Shape): Value {
  const extra = gradient.shape.length - shape.length;
  const axes: number[] = [];
  gradient.shape.forEach((dim, axis) => {
    if (axis < extra || (dim !== 1 && shape[axis - extra] === 1)) axes.push(axis);
  });
  return g.reshape(axes.length > 0 ? g.reduceSum(gradient, axes) : gradient, shape);
}

function broadcastType(inputs: readonly Value[], dtype: DType): ValueType {
  let shape: Shape = [];
  for (const input of inputs) {
    const next = broadcastShapes(shape, input.shape);
    if (!next) throw new Error(`shapes ${showShape(shape)} and ${showShape(input.shape)} do not broadcast.`);
    shape = next;
  }
  return { dtype, shape };
}

function expectSameDType(inputs: readonly Value[]): DType {
  const dtype = (inputs[0] as Value).dtype;
  for (const input of inputs)
    if (input.dtype !== dtype) throw new Error(`operands are ${dtype} and ${input.dtype}; they must agree.`);
  return dtype;
}

/** Applies `f` at every element of the broadcast shape. */
function broadcastApply(
  inputs: readonly Float64Tensor[],
  shape: Shape,
  f: (...operands: number[]) => number,
): Float64Array {
  const steps = inputs.map((input) => {
    const strides = stridesOf(input.shape);
    return shape.map((_, axis) => {
      const own = axis - (shape.length - input.shape.length);
      return own < 0 || input.shape[own] === 1 ? 0 : (strides[own] as number);
    });
  });
  const result = new Float64Array(sizeOf(shape));
  const outer = stridesOf(shape);
  const operands = new Array<number>(inputs.length);
  for (let flat = 0; flat < result.length; flat++) {
    for (let k = 0; k < inputs.length; k++) {
      let offset = 0;
      let rest = flat;
      for (let axis = 0; axis < shape.length; axis++) {
        const stride = outer[axis] as number;
        const index = Math.floor(rest / stride);
        rest -= index * stride;
        offset += index * ((steps[k] as number[])[axis] as number);
      }
      operands[k] = (inputs[k] as Float64Tensor).data[offset] as number;
    }
    result[flat] = f(...operands);
  }
  return result;
}

const f32 = (shape: Shape, draw?: CaseInput['draw']): CaseInput => ({
  dtype: 'float32',
  shape,
  ...(draw ? { draw } : {}),
});
const i32 = (shape: Shape, below: number): CaseInput => ({ dtype: 'int32', shape, draw: { below } });
const bool = (shape: Shape): CaseInput => ({ dtype: 'bool', shape, draw: { below: 2 } });

const binaryCases = (draw?: CaseInput['draw']) => [
  { name: 'same shape', inputs: [f32([2, 3], draw), f32([2, 3], draw)], attributes: {} },
  { name: 'scalar', inputs: [f32([2, 3], draw), f32([], draw)], attributes: {} },
  { name: 'stretched axes both ways', inputs: [f32([2, 1, 3], draw), f32([4, 1], draw)], attributes: {} },
];

type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min';

function arithmetic<K extends Arithmetic>(
  f: (a: number, b: number) => number,
  vjp: (
    g: Builder,
    values: { readonly a: Value; readonly b: Value; readonly y: Value },
    dy: Value,
    needs: readonly boolean[],
  ) => readonly [Value | null, Value | null],
  draw?: CaseInput['draw'],
): Operator<K> {
  return {
    infer: (inputs) => [broadcastType(inputs, expectSameDType(inputs))],
    vjp: (g, node, [dy], needs) => {
      const [a, b] = node.inputs as [Value, Value];
      const gradients = vjp(g, { a, b, y: node.outputs[0] as Value }, dy as Value, needs);
      return gradients.map((gradient, i) => (gradient ? sumTo(g, gradient, (node.inputs[i] as Value).shape) : null));
    },
    evaluate: (inputs, _, [type]) => [broadcastApply(inputs, (type as ValueType).shape, f)],
    onnx: () => ({}),
    cases: binaryCases(draw),
  };
}

type Unary = 'Neg' | 'Exp' | 'Sqrt' | 'Sigmoid' | 'Tanh' | 'Erf';

function unary<K extends Unary>(
  f: (x: number) => number,
  vjp: (g: Builder, dy: Value, y: Value, x: Value) => Value,
  draw?: CaseInput['draw'],
): Operator<K> {
  return {
    infer: ([x]) => [x as Value],
    vjp: (g, node, [dy]) => [vjp(g, dy as Value, node.outputs[0] as Value, node.inputs[0] as Value)],
    evaluate: ([x]) => [(x as Float64Tensor).data.map(f)],
    onnx: () => ({}),
    cases: [
      { name: 'vector', inputs: [f32([7], draw)], attributes: {} },
      { name: 'matrix', inputs: [f32([3, 2], draw)], attributes: {} },
    ],
  };
}

/**
 * The error function by Kummer's series, 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms have one
 * sign.
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

type Predicate = 'Equal' | 'GreaterOrEqual' | 'And' | 'Not';

function predicate<K extends Predicate>(
  f: (...operands: number[]) => boolean,
  cases: Operator<K>['cases'],
): Operator<K> {
  return {
    infer: (inputs) => {
      expectSameDType(inputs);
      return [broadcastType(inputs, 'bool')];
    },
    vjp: { none: 'its result is a truth value' },
    evaluate: (inputs, _, [type]) => [
      broadcastApply(inputs, (type as ValueType).shape, (...operands) => (f(...operands) ? 1 : 0)),
    ],
    onnx: () => ({}),
    cases,
  };
}

export const elementwise = {
  Add: arithmetic<'Add'>(
    (a, b) => a + b,
    (_g, _values, dy) => [dy, dy],
  ),
  Sub: arithmetic<'Sub'>(
    (a, b) => a - b,
    (g, _values, dy, needs) => [dy, needs[1] ? g.neg(dy) : null],
  ),
  Mul: arithmetic<'Mul'>(
    (a, b) => a * b,
    (g, { a, b }, dy, needs) => [needs[0] ? g.mul(dy, b) : null, needs[1] ? g.mul(dy, a) : null],
  ),
  Div: arithmetic<'Div'>(
    (a, b) => a / b,
    (g, { b, y }, dy, needs) => {
      const da = g.div(dy, b);
      return [da, needs[1] ? g.neg(g.mul(da, y)) : null];
    },
    'positive',
  ),
  Min: arithmetic<'Min'>(Math.min, (g, { a, b }, dy) => {
    // At a tie the whole gradient goes to b, as a subgradient may.
    const takesB = g.greaterOrEqual(a, b);
    const zero = g.constant(0);
    return [g.where(takesB, zero, dy), g.where(takesB, dy, zero)];
  }),
  Neg: unary<'Neg'>(
    (x) => -x,
    (g, dy) => g.neg(dy),
  ),
  Exp: unary<'Exp'>(Math.exp, (g, dy, y) => g.mul(dy, y)),
  Sqrt: unary<'Sqrt'>(Math.sqrt, (g, dy, y) => g.div(g.mul(dy, g.constant(0.5)), y), 'positive'),
  Sigmoid: unary<'Sigmoid'>(
    (x) => 1 / (1 + Math.exp(-x)),
    (g, dy, y) => g.mul(dy, g.mul(y, g.sub(g.constant(1), y))),
  ),
  // d tanh(x) / dx = 1 - tanh(x)^2
  Tanh: unary<'Tanh'>(Math.tanh, (g, dy, y) => g.mul(dy, g.sub(g.constant(1), g.mul(y, y)))),
  // d erf(x) / dx = 2 / sqrt(pi) exp(-x^2)
  Erf: unary<'Erf'>(erf, (g, dy, _y, x) =>
    g.mul(dy, g.mul(g.constant(2 / Math.sqrt(Math.PI)), g.exp(g.neg(g.mul(x, x))))),
  ),
  Cast: {
    infer: ([x], { to }) => [{ dtype: to, shape: (x as Value).shape }],
    vjp: (g, node, [dy]) => {
      const { dtype: from } = node.inputs[0] as Value;
      const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float16';
      if (!isFloat(from) || !isFloat(node.attributes.to))
        throw new Error(`Cast from ${from} to ${node.attributes.to} has no gradient (it is a step).`);
      return [g.cast(dy as Value, from)];
    },
    evaluate: ([x], { to }) => [
      (x as Float64Tensor).data.map((v) => (to === 'bool' ? (v === 0 ? 0 : 1) : to === 'int32' ? Math.trunc(v) : v)),
    ],
    onnx: ({ to }) => ({ attributes: { to: onnxDataTypes[to] } }),
    cases: [
      { name: 'int32 to float32', inputs: [i32([5], 9)], attributes: { to: 'float32' } },
      { name: 'bool to float32', inputs: [bool([5])], attributes: { to: 'float32' } },
      { name: 'float16 to float32', inputs: [{ dtype: 'float16', shape: [3, 5] }], attributes: { to: 'float32' } },
      { name: 'float32 to int32', inputs: [f32([5])], attributes: { to: 'int32' } },
    ],
  } satisfies Operator<'Cast'>,
  Equal: predicate<'Equal'>(
    (a, b) => a === b,
    [{ name: 'int32, stretched', inputs: [i32([3, 1], 3), i32([1, 4], 3)], attributes: {} }],
  ),
  GreaterOrEqual: predicate<'GreaterOrEqual'>(
    (a, b) => (a as number) >= (b as number),
    [
      { name: 'int32, stretched', inputs: [i32([3, 1], 4), i32([1, 4], 4)], attributes: {} },
      { name: 'float32', inputs: [f32([6]), f32([6])], attributes: {} },
    ],
  ),
  And: predicate<'And'>(
    (a, b) => a !== 0 && b !== 0,
    [{ name: 'stretched', inputs: [bool([3, 4]), bool([4])], attributes: {} }],
  ),
  Not: predicate<'Not'>((a) => a === 0, [{ name: 'matrix', inputs: [bool([3, 4])], attributes: {} }]),
  Where: {
    infer: (inputs) => {
      const [condition, a, b] = inputs as [Value, Value, Value];
      if (condition.dtype !== 'bool') throw new Error(`the condition is ${condition.dtype}; it must be bool.`);
      return [broadcastType(inputs, expectSameDType([a, b]))];
    },
    vjp: (g, node, [dy]) => {
      const [condition, a, b] = node.inputs as [Value, Value, Value];
      const zero = g.constant(0);
      return [
        null,
        sumTo(g, g.where(condition, dy as Value, zero), a.shape),
        sumTo(g, g.where(condition, zero, dy as Value), b.shape),
      ];
    },
    evaluate: (inputs, _, [type]) => [
      broadcastApply(inputs, (type as ValueType).shape, (condition, a, b) =>
        condition !== 0 ? (a as number) : (b as number),
      ),
    ],
    onnx: () => ({}),
    cases: [
      { name: 'same shape', inputs: [bool([2, 3]), f32([2, 3]), f32([2, 3])], attributes: {} },
      { name: 'scalars stretched', inputs: [bool([3, 3]), f32([]), f32([1, 3])], attributes: {} },
      { name: 'mask over heads', inputs: [bool([3, 3]), f32([2, 3, 3]), f32([])], attributes: {} },
    ],
  } satisfies Operator<'Where'>,
};
