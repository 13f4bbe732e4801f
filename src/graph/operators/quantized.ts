/**
 * @file Weights in blocks of few bits: w = (q - 2^(bits - 1)) * scale, one scale a block of consecutive elements of a
 * row. A weight [N, K] is held as bytes [N, K / B, B * bits / 8], of 4-bit elements the earlier in the low half, and
 * scales [N, K / B]. Both operators are onnxruntime's own (domain com.microsoft; ContribOperators.md), and read the
 * same bytes.
 */
import { sameShape, showShape, sizeOf } from '../../core/shape';
import type { CaseInput, Operator } from '../operator';
import type { BlockFormat } from '../operator';
import type { Value, Float64Tensor } from '../value';

function checkBlocks(data: Value, scales: Value, { bits, blockSize }: BlockFormat): { N: number; K: number } {
  const [N, blocks, bytes] = data.shape as [number, number, number];
  if (data.dtype !== 'uint8' || data.shape.length !== 3 || bytes !== (blockSize * bits) / 8) {
    throw new Error(
      `the weight is ${data.dtype}${showShape(data.shape)}; it must be uint8[N, blocks, ${(blockSize * bits) / 8}].`,
    );
  }
  if (sizeOf(scales.shape) !== N * blocks)
    throw new Error(`scales ${showShape(scales.shape)} do not fit ${N} rows of ${blocks} blocks.`);
  return { N, K: blocks * blockSize };
}

/** Reads element `i` of a row of blocks, which begins at byte `start`, without its scale. */
function levelAt(data: Float64Array, start: number, i: number, bits: 4 | 8): number {
  if (bits === 8) return (data[start + i] as number) - 128;
  const byte = data[start + (i >> 1)] as number;
  return (i & 1 ? byte >> 4 : byte & 15) - 8;
}

/** Widens the weight's rows of these numbers to float64. */
function dequantizeRows(
  data: Float64Tensor,
  scales: Float64Tensor,
  rows: ArrayLike<number>,
  { bits, blockSize }: BlockFormat,
): Float64Array {
  const [, blocks, bytes] = data.shape as [number, number, number];
  const K = blocks * blockSize;
  const result = new Float64Array(rows.length * K);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as number;
    for (let k = 0; k < K; k++) {
      const scale = scales.data[row * blocks + Math.floor(k / blockSize)] as number;
      result[r * K + k] = levelAt(data.data, row * blocks * bytes, k, bits) * scale;
    }
  }
  return result;
}

const f32 = (...shape: number[]): CaseInput => ({ dtype: 'float32', shape });
const bytes = (...shape: number[]): CaseInput => ({ dtype: 'uint8', shape, draw: { below: 256 } });

export const quantized = {
  /** Multiplies a [M, K] by a weight with its scales: a W^T [M, N]. */
  MatMulNBits: {
    infer: ([a, data, scales], format) => {
      const { N, K } = checkBlocks(data as Value, scales as Value, format);
      const { shape } = a as Value;
      if (shape.length !== 2 || shape[1] !== K) throw new Error(`${showShape(shape)} does not meet rows of ${K}.`);
      return [{ dtype: 'float32', shape: [shape[0] as number, N] }];
    },
    vjp: (g, node, [dy], needs) => {
      const [a, data, scales] = node.inputs as [Value, Value, Value];
      const weight = (by: Value): Value => g.dequantize(data, by, node.attributes);
      const slopeOfScales = (): Value => {
        const levels = g.reshape(weight(g.expand(g.constant(1), scales.shape)), [
          ...scales.shape,
          node.attributes.blockSize,
        ]);
        const dW = g.reshape(g.gemm(dy as Value, a, { transA: true }), levels.shape);
        return g.reshape(g.reduceSum(g.mul(dW, levels), [-1]), scales.shape);
      };
      return [needs[0] ? g.gemm(dy as Value, weight(scales)) : null, null, needs[2] ? slopeOfScales() : null];
    },
    evaluate: ([a, data, scales], format) => {
      const { shape, data: left } = a as Float64Tensor;
      const [M, K] = shape as [number, number];
      const N = (data as Float64Tensor).shape[0] as number;
      const weight = dequantizeRows(
        data as Float64Tensor,
        scales as Float64Tensor,
        Array.from({ length: N }, (_, n) => n),
        format,
      );
      const result = new Float64Array(M * N);
      for (let m = 0; m < M; m++) {
        for (let n = 0; n < N; n++) {
          let total = 0;
          for (let k = 0; k < K; k++) total += (left[m * K + k] as number) * (weight[n * K + k] as number);
          result[m * N + n] = total;
        }
      }
      return [result];
    },
    // accuracy_level 1 computes in float32; 4, the fastest, would round the activations to 8 bits.
    onnx: ({ bits, blockSize }, [y], [a]) => ({
      domain: 'com.microsoft',
      attributes: {
        K: (a as Value).shape[1] as number,
        N: (y as Value).shape[1] as number,
        bits,
        block_size: blockSize,
        accuracy_level: 1,
      },
    }),
    cases: [
      { name: '4 bits', inputs: [f32(3, 64), bytes(5, 2, 16), f32(5, 2)], attributes: { bits: 4, blockSize: 32 } },
      {
        name: '4 bits, one row',
        inputs: [f32(1, 96), bytes(4, 3, 16), f32(4, 3)],
        attributes: { bits: 4, blockSize: 32 },
      },
      { name: '8 bits', inputs: [f32(3, 64), bytes(4, 2, 32), f32(4, 2)], attributes: { bits: 8, blockSize: 32 } },
    ],
  } satisfies Operator<'MatMulNBits'>,
  /** Takes a weight's rows by int32 numbers, with scales [N, K / B, 1]: [..., K / B, B], still in blocks. */
  GatherBlockQuantized: {
    infer: ([data, rows, scales], format) => {
      checkBlocks(data as Value, scales as Value, format);
      const [N, blocks] = (data as Value).shape as [number, number];
      if (!sameShape((scales as Value).shape, [N, blocks, 1]))
        throw new Error(`scales ${showShape((scales as Value).shape)} must be [N, blocks, 1].`);
      if ((rows as Value).dtype !== 'int32')
        throw new Error(`row numbers are ${(rows as Value).dtype}; they must be int32.`);
      return [{ dtype: 'float32', shape: [...(rows as Value).shape, blocks, format.blockSize] }];
    },
    vjp: { none: 'weights in blocks are frozen' },
    evaluate: ([data, rows, scales], format) => [
      dequantizeRows(data as Float64Tensor, scales as Float64Tensor, (rows as Float64Tensor).data, format),
    ],
    onnx: ({ bits, blockSize }) => ({
      domain: 'com.microsoft',
      attributes: { bits, block_size: blockSize, gather_axis: 0, quantize_axis: 2 },
    }),
    cases: [
      {
        name: '4 bits',
        inputs: [bytes(6, 2, 16), { dtype: 'int32', shape: [4], draw: { below: 6 } }, f32(6, 2, 1)],
        attributes: { bits: 4, blockSize: 32 },
      },
      {
        name: '8 bits',
        inputs: [bytes(6, 2, 32), { dtype: 'int32', shape: [4], draw: { below: 6 } }, f32(6, 2, 1)],
        attributes: { bits: 8, blockSize: 32 },
      },
    ],
  } satisfies Operator<'GatherBlockQuantized'>,
};
