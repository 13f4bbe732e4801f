/**
 * @file Operators that move elements without changing them: reshape, transpose, expand, concat, split.
 */
import type { Shape } from '../../core/shape';
import { broadcastShapes, normalizeAxis, sameShape, showShape, sizeOf, stridesOf } from '../../core/shape';
import type { CaseInput, Operator, ValueType } from '../operator';
import type { Value, Float64Tensor } from '../value';
import { sumTo } from './elementwise';

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });

/** Makes a new array over `shape` whose element at an index is `read(index)`. */
function build(shape: Shape, read: (index: readonly number[]) => number): Float64Array {
  const strides = stridesOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  return Float64Array.from({ length: sizeOf(shape) }, (_, flat) => {
    shape.forEach((dim, axis) => {
      index[axis] = Math.floor(flat / (strides[axis] as number)) % dim;
    });
    return read(index);
  });
}

function at(tensor: Float64Tensor, index: readonly number[]): number {
  let flat = 0;
  stridesOf(tensor.shape).forEach((stride, axis) => {
    flat += stride * (index[axis] as number);
  });
  return tensor.data[flat] as number;
}

const replaceAt = (index: readonly number[], axis: number, value: number): number[] =>
  index.map((old, i) => (i === axis ? value : old));

export const layout = {
  Reshape: {
    infer: ([x], { shape }) => {
      if (sizeOf((x as Value).shape) !== sizeOf(shape))
        throw new Error(`${sizeOf((x as Value).shape)} elements do not fit ${showShape(shape)}.`);
      return [{ dtype: (x as Value).dtype, shape }];
    },
    vjp: (g, node, [dy]) => [g.reshape(dy as Value, (node.inputs[0] as Value).shape)],
    evaluate: ([x]) => [(x as Float64Tensor).data.slice()],
    onnx: ({ shape }) => ({ extraInputs: [shape] }),
    cases: [{ name: 'split heads', inputs: [f32(3, 8)], attributes: { shape: [3, 2, 4] } }],
  } satisfies Operator<'Reshape'>,
  Transpose: {
    infer: ([x], { perm }) => {
      const { shape, dtype } = x as Value;
      if (
        !sameShape(
          [...perm].sort((a, b) => a - b),
          shape.map((_, axis) => axis),
        )
      ) {
        throw new Error(`perm ${showShape(perm)} is no permutation of the ${shape.length} axes.`);
      }
      return [{ dtype, shape: perm.map((axis) => shape[axis] as number) }];
    },
    vjp: (g, node, [dy]) => {
      const inverse = new Array<number>(node.attributes.perm.length);
      node.attributes.perm.forEach((from, to) => {
        inverse[from] = to;
      });
      return [g.transpose(dy as Value, inverse)];
    },
    evaluate: ([x], { perm }, [type]) => {
      const source = new Array<number>(perm.length);
      return [
        build((type as ValueType).shape, (index) => {
          perm.forEach((from, to) => {
            source[from] = index[to] as number;
          });
          return at(x as Float64Tensor, source);
        }),
      ];
    },
    onnx: ({ perm }) => ({ attributes: { perm } }),
    cases: [
      { name: 'matrix', inputs: [f32(2, 3)], attributes: { perm: [1, 0] } },
      { name: 'cycle of three axes', inputs: [f32(2, 3, 4)], attributes: { perm: [1, 2, 0] } },
      { name: 'heads', inputs: [f32(2, 3, 2, 2)], attributes: { perm: [1, 2, 0, 3] } },
    ],
  } satisfies Operator<'Transpose'>,
  Expand: {
    infer: ([x], { shape }) => {
      const result = broadcastShapes((x as Value).shape, shape);
      if (!result || !sameShape(result, shape))
        throw new Error(`${showShape((x as Value).shape)} does not expand to ${showShape(shape)}.`);
      return [{ dtype: (x as Value).dtype, shape }];
    },
    vjp: (g, node, [dy]) => [sumTo(g, dy as Value, (node.inputs[0] as Value).shape)],
    evaluate: ([x], { shape }) => {
      const tensor = x as Float64Tensor;
      const extra = shape.length - tensor.shape.length;
      return [
        build(shape, (index) =>
          at(
            tensor,
            tensor.shape.map((dim, axis) => (dim === 1 ? 0 : (index[axis + extra] as number))),
          ),
        ),
      ];
    },
    onnx: ({ shape }) => ({ extraInputs: [shape] }),
    cases: [
      { name: 'scalar', inputs: [f32()], attributes: { shape: [2, 3] } },
      { name: 'column', inputs: [f32(2, 1)], attributes: { shape: [4, 2, 3] } },
    ],
  } satisfies Operator<'Expand'>,
  Concat: {
    infer: (inputs, { axis }) => {
      const first = inputs[0] as Value;
      const along = normalizeAxis(axis, first.shape.length);
      let total = 0;
      for (const { shape, dtype } of inputs) {
        if (dtype !== first.dtype || !sameShape(replaceAt(shape, along, 0), replaceAt(first.shape, along, 0))) {
          throw new Error(`parts must agree but on axis ${along}: ${showShape(first.shape)} and ${showShape(shape)}.`);
        }
        total += shape[along] as number;
      }
      return [{ dtype: first.dtype, shape: replaceAt(first.shape, along, total) }];
    },
    vjp: (g, node, [dy]) => {
      const axis = normalizeAxis(node.attributes.axis, (dy as Value).shape.length);
      return g.split(
        dy as Value,
        node.inputs.map((input) => input.shape[axis] as number),
        axis,
      );
    },
    evaluate: (inputs, { axis }, [type]) => {
      const { shape } = type as ValueType;
      const along = normalizeAxis(axis, shape.length);
      return [
        build(shape, (index) => {
          let place = index[along] as number;
          let part = 0;
          while (place >= ((inputs[part] as Float64Tensor).shape[along] as number)) {
            place -= (inputs[part] as Float64Tensor).shape[along] as number;
            part++;
          }
          return at(inputs[part] as Float64Tensor, replaceAt(index, along, place));
        }),
      ];
    },
    onnx: ({ axis }) => ({ attributes: { axis } }),
    cases: [
      { name: 'rows', inputs: [f32(1, 3), f32(2, 3)], attributes: { axis: 0 } },
      { name: 'last axis, three parts', inputs: [f32(2, 1), f32(2, 2), f32(2, 3)], attributes: { axis: -1 } },
      { name: 'vectors', inputs: [f32(3), f32(4)], attributes: { axis: 0 } },
    ],
  } satisfies Operator<'Concat'>,
  Split: {
    infer: ([x], { axis, sizes }) => {
      const { shape, dtype } = x as Value;
      const along = normalizeAxis(axis, shape.length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      if (total !== shape[along]) throw new Error(`sizes ${showShape(sizes)} do not add up to ${shape[along]}.`);
      return sizes.map((size) => ({ dtype, shape: replaceAt(shape, along, size) }));
    },
    vjp: (g, node, gradients) => [
      g.concat(
        gradients.map((gradient, part) => gradient ?? g.zeros((node.outputs[part] as Value).shape)),
        node.attributes.axis,
      ),
    ],
    evaluate: ([x], { axis, sizes }, types) => {
      const tensor = x as Float64Tensor;
      const along = normalizeAxis(axis, tensor.shape.length);
      let start = 0;
      return types.map(({ shape }, part) => {
        const from = start;
        start += sizes[part] as number;
        return build(shape, (index) => at(tensor, replaceAt(index, along, (index[along] as number) + from)));
      });
    },
    onnx: ({ axis, sizes }) => ({ attributes: { axis }, extraInputs: [sizes] }),
    cases: [
      { name: 'halves of the last axis', inputs: [f32(3, 4)], attributes: { axis: -1, sizes: [2, 2] } },
      { name: 'uneven vector', inputs: [f32(6)], attributes: { axis: 0, sizes: [1, 3, 2] } },
    ],
  } satisfies Operator<'Split'>,
};
