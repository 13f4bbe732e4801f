/**
 * @file Reading and adding at int32 indices. Indices are never differentiated. ScatterElements adds (reduction 'add'),
 * so that it is the transpose of both gathers; on WebGPU the order of additions to one element is not fixed, so Airlock
 * scatters only where indices differ or the surplus updates are zero.
 */
import type { Shape } from '../../core/shape';
import { normalizeAxis, sameShape, showShape, sizeOf, stridesOf } from '../../core/shape';
import type { CaseInput, Operator } from '../operator';
import type { Value, Float64Tensor } from '../value';

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });
const indices = (shape: Shape, below: number): CaseInput => ({ dtype: 'int32', shape, draw: { below } });

function expectIndices(value: Value): void {
  if (value.dtype !== 'int32') throw new Error(`indices are ${value.dtype}; they must be int32.`);
}

/**
 * Finds the element of `shape` that position `flat` of the index tensor names, its coordinate on the axis replaced by
 * `chosen`.
 */
function elementAt(indexShape: Shape, shape: Shape, axis: number, flat: number, chosen: number): number {
  const inner = stridesOf(indexShape);
  const outer = stridesOf(shape);
  let offset = 0;
  indexShape.forEach((dim, place) => {
    const coordinate = place === axis ? chosen : Math.floor(flat / (inner[place] as number)) % dim;
    offset += coordinate * (outer[place] as number);
  });
  return offset;
}

function checkElements(x: Value, index: Value, axis: number): number {
  expectIndices(index);
  const along = normalizeAxis(axis, x.shape.length);
  const fits =
    index.shape.length === x.shape.length &&
    index.shape.every((dim, i) => i === along || dim <= (x.shape[i] as number));
  if (!fits) throw new Error(`indices ${showShape(index.shape)} do not fit ${showShape(x.shape)}.`);
  return along;
}

export const indexing = {
  Gather: {
    infer: ([x, index]) => {
      const table = x as Value;
      expectIndices(index as Value);
      if (table.shape.length === 0) throw new Error('a scalar has no rows.');
      return [{ dtype: table.dtype, shape: [...(index as Value).shape, ...table.shape.slice(1)] }];
    },
    vjp: (g, node, [dy]) => {
      const [table, index] = node.inputs as [Value, Value];
      const count = sizeOf(index.shape);
      const updates = g.reshape(dy as Value, [count, ...table.shape.slice(1)]);
      const rows = g.reshape(
        index,
        table.shape.map((_, axis) => (axis === 0 ? count : 1)),
      );
      return [g.scatterAdd(g.zeros(table.shape), g.expand(rows, updates.shape), updates, 0), null];
    },
    evaluate: ([x, index]) => {
      const table = x as Float64Tensor;
      const rowSize = sizeOf(table.shape.slice(1));
      const rows = (index as Float64Tensor).data;
      const result = new Float64Array(rows.length * rowSize);
      rows.forEach((row, i) => result.set(table.data.subarray(row * rowSize, (row + 1) * rowSize), i * rowSize));
      return [result];
    },
    onnx: () => ({ attributes: { axis: 0 } }),
    cases: [
      { name: 'rows, some twice', inputs: [f32(4, 3), indices([6], 4)], attributes: {} },
      { name: 'matrix of indices', inputs: [f32(5, 2), indices([2, 3], 5)], attributes: {} },
    ],
  } satisfies Operator<'Gather'>,
  GatherElements: {
    infer: ([x, index], { axis }) => {
      checkElements(x as Value, index as Value, axis);
      return [{ dtype: (x as Value).dtype, shape: (index as Value).shape }];
    },
    vjp: (g, node, [dy]) => {
      const [x, index] = node.inputs as [Value, Value];
      return [g.scatterAdd(g.zeros(x.shape), index, dy as Value, node.attributes.axis), null];
    },
    evaluate: ([x, index], { axis }) => {
      const table = x as Float64Tensor;
      const { shape, data } = index as Float64Tensor;
      const along = normalizeAxis(axis, shape.length);
      return [data.map((chosen, flat) => table.data[elementAt(shape, table.shape, along, flat, chosen)] as number)];
    },
    onnx: ({ axis }) => ({ attributes: { axis } }),
    cases: [
      { name: 'one a row', inputs: [f32(3, 5), indices([3, 1], 5)], attributes: { axis: 1 } },
      { name: 'several a row', inputs: [f32(3, 4), indices([3, 2], 4)], attributes: { axis: -1 } },
    ],
  } satisfies Operator<'GatherElements'>,
  ScatterElements: {
    infer: ([x, index, updates], { axis }) => {
      checkElements(x as Value, index as Value, axis);
      if (!sameShape((index as Value).shape, (updates as Value).shape))
        throw new Error('indices and updates must have one shape.');
      return [x as Value];
    },
    vjp: (g, node, [dy]) => [
      dy as Value,
      null,
      g.gatherElements(dy as Value, node.inputs[1] as Value, node.attributes.axis),
    ],
    evaluate: ([x, index, updates], { axis }) => {
      const table = x as Float64Tensor;
      const { shape, data } = index as Float64Tensor;
      const along = normalizeAxis(axis, shape.length);
      const result = table.data.slice();
      data.forEach((chosen, flat) => {
        const place = elementAt(shape, table.shape, along, flat, chosen);
        result[place] = (result[place] as number) + ((updates as Float64Tensor).data[flat] as number);
      });
      return [result];
    },
    onnx: ({ axis }) => ({ attributes: { axis, reduction: 'add' } }),
    cases: [{ name: 'one a row', inputs: [f32(3, 5), indices([3, 1], 5), f32(3, 1)], attributes: { axis: 1 } }],
  } satisfies Operator<'ScatterElements'>,
};
