/**
 * @file Matrix products: Gemm for two matrices (either transposed in place), MatMul for stacks of them.
 */
import type { Shape } from '../../core/shape';
import { broadcastShapes, showShape, sizeOf, stridesOf } from '../../core/shape';
import type { CaseInput, Operator, ValueType } from '../operator';
import type { Value, Float64Tensor } from '../value';
import type { Builder } from '../builder';
import { sumTo } from './elementwise';

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });

/** Returns the rows and columns of a matrix once it is transposed or not. */
function dims(shape: Shape, transposed: boolean): [number, number] {
  if (shape.length !== 2) throw new Error(`${showShape(shape)} is not a matrix.`);
  const [rows, columns] = shape as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

function swapLastTwo(g: Builder, x: Value): Value {
  const perm = x.shape.map((_, axis) => axis);
  const rank = perm.length;
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  return g.transpose(x, perm);
}

function batchOffset(flat: number, batch: Shape, own: Shape, matrixSize: number): number {
  const outer = stridesOf(batch);
  const inner = stridesOf(own);
  let offset = 0;
  own.forEach((dim, axis) => {
    const place = axis + batch.length - own.length;
    const index = Math.floor(flat / (outer[place] as number)) % (batch[place] as number);
    if (dim !== 1) offset += index * (inner[axis] as number);
  });
  return offset * matrixSize;
}

export const products = {
  Gemm: {
    infer: ([a, b], { transA, transB }) => {
      const [m, inner] = dims((a as Value).shape, transA);
      const [inner2, n] = dims((b as Value).shape, transB);
      if (inner !== inner2) throw new Error(`inner dimensions ${inner} and ${inner2} differ.`);
      return [{ dtype: (a as Value).dtype, shape: [m, n] }];
    },
    vjp: (g, node, [dyOrNull], needs) => {
      const [a, b] = node.inputs as [Value, Value];
      const { transA, transB } = node.attributes;
      const dy = dyOrNull as Value;
      // Y = op(A) op(B): d op(A) = dY op(B)^T, d op(B) = op(A)^T dY, transposed back where op transposes.
      const da = () => (transA ? g.gemm(b, dy, { transA: transB, transB: true }) : g.gemm(dy, b, { transB: !transB }));
      const db = () => (transB ? g.gemm(dy, a, { transA: true, transB: transA }) : g.gemm(a, dy, { transA: !transA }));
      return [needs[0] ? da() : null, needs[1] ? db() : null];
    },
    evaluate: ([a, b], { transA, transB }, [type]) => {
      const [m, n] = (type as ValueType).shape as [number, number];
      const left = a as Float64Tensor;
      const right = b as Float64Tensor;
      const [, inner] = dims(left.shape, transA);
      const [leftRow, leftInner] = transA ? [1, m] : [inner, 1];
      const [rightInner, rightColumn] = transB ? [1, inner] : [n, 1];
      const result = new Float64Array(m * n);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let k = 0; k < inner; k++) {
            total +=
              (left.data[i * leftRow + k * leftInner] as number) *
              (right.data[k * rightInner + j * rightColumn] as number);
          }
          result[i * n + j] = total;
        }
      }
      return [result];
    },
    onnx: ({ transA, transB }) => ({ attributes: { transA: Number(transA), transB: Number(transB) } }),
    cases: [
      { name: 'A B', inputs: [f32(3, 4), f32(4, 2)], attributes: { transA: false, transB: false } },
      { name: 'A B^T', inputs: [f32(3, 4), f32(2, 4)], attributes: { transA: false, transB: true } },
      { name: 'A^T B', inputs: [f32(4, 3), f32(4, 2)], attributes: { transA: true, transB: false } },
      { name: 'A^T B^T', inputs: [f32(4, 3), f32(2, 4)], attributes: { transA: true, transB: true } },
    ],
  } satisfies Operator<'Gemm'>,
  MatMul: {
    infer: ([a, b]) => {
      const left = (a as Value).shape;
      const right = (b as Value).shape;
      if (left.length < 2 || right.length < 2) throw new Error('both operands need at least two axes.');
      const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
      if (!batch) throw new Error(`batch axes of ${showShape(left)} and ${showShape(right)} do not broadcast.`);
      if (left.at(-1) !== right.at(-2)) throw new Error(`inner dimensions ${left.at(-1)} and ${right.at(-2)} differ.`);
      return [{ dtype: (a as Value).dtype, shape: [...batch, left.at(-2) as number, right.at(-1) as number] }];
    },
    vjp: (g, node, [dyOrNull], needs) => {
      const [a, b] = node.inputs as [Value, Value];
      const dy = dyOrNull as Value;
      return [
        needs[0] ? sumTo(g, g.matmul(dy, swapLastTwo(g, b)), a.shape) : null,
        needs[1] ? sumTo(g, g.matmul(swapLastTwo(g, a), dy), b.shape) : null,
      ];
    },
    evaluate: ([a, b], _, [type]) => {
      const { shape } = type as ValueType;
      const left = a as Float64Tensor;
      const right = b as Float64Tensor;
      const [m, n] = shape.slice(-2) as [number, number];
      const inner = left.shape.at(-1) as number;
      const batch = shape.slice(0, -2);
      const result = new Float64Array(sizeOf(shape));
      for (let flat = 0; flat < sizeOf(batch); flat++) {
        const leftStart = batchOffset(flat, batch, left.shape.slice(0, -2), m * inner);
        const rightStart = batchOffset(flat, batch, right.shape.slice(0, -2), inner * n);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let total = 0;
            for (let k = 0; k < inner; k++) {
              total +=
                (left.data[leftStart + i * inner + k] as number) * (right.data[rightStart + k * n + j] as number);
            }
            result[flat * m * n + i * n + j] = total;
          }
        }
      }
      return [result];
    },
    onnx: () => ({}),
    cases: [
      { name: 'stack', inputs: [f32(2, 3, 4), f32(2, 4, 5)], attributes: {} },
      { name: 'stack by one matrix', inputs: [f32(2, 3, 4), f32(4, 5)], attributes: {} },
      { name: 'stretched batch axis', inputs: [f32(2, 1, 3, 4), f32(1, 2, 4, 2)], attributes: {} },
    ],
  } satisfies Operator<'MatMul'>,
};
