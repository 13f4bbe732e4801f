/** @file Weights in blocks of 4 and 8 bits: the rounding, the layout of the bytes, and the edges. */
import { describe, expect, it } from 'vitest';
import { dequantizeBlocks, quantizeBlocks } from './quantize';
import { Random } from './random';

describe.each([4, 8] as const)('%i bits', (bits) => {
  const half = 2 ** (bits - 1);
  const blockSize = 16;

  it('round to the nearest level of a scale by which the largest value of a block is exact', () => {
    const random = new Random(bits);
    const data = Float32Array.from({ length: 5 * blockSize }, () => 0.1 * random.normal());
    const quantized = quantizeBlocks(data, bits, blockSize);
    const again = dequantizeBlocks(quantized, bits, blockSize);
    expect(dequantizeBlocks(quantizeBlocks(again, bits, blockSize), bits, blockSize)).toEqual(again);
    expect(quantized.scales.length).toBe(5);
    quantized.scales.forEach((scale, block) => {
      const of = (values: Float32Array) => values.subarray(block * blockSize, (block + 1) * blockSize);
      const largest = of(data).reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      expect(scale).toBe(Math.fround(-largest / half));
      expect(of(again)).toContain(largest);
      of(data).forEach((value, i) => {
        const error = Math.abs(of(again)[i]! - value);
        // On the side of the sign opposite to the largest value's the last level is one less.
        const highest = (half - 1) * Math.abs(scale);
        const beyond = Math.sign(value) === Math.sign(scale) ? Math.max(0, Math.abs(value) - highest) : 0;
        expect(error).toBeLessThanOrEqual(Math.max(Math.abs(scale) / 2, beyond) * (1 + 1e-6));
      });
    });
  });

  it('hold the levels in their order, the earlier of two in the low half of a byte', () => {
    // The largest value is negative, so the scale is 1 and a value is its level.
    const data = Float32Array.of(-half, 1, 0, half - 1);
    const { levels, scales } = quantizeBlocks(data, bits, 4);
    expect([...scales]).toEqual([1]);
    const stored = [0, half + 1, half, 2 * half - 1];
    expect([...levels]).toEqual(bits === 8 ? stored : [stored[0]! | (stored[1]! << 4), stored[2]! | (stored[3]! << 4)]);
    expect(dequantizeBlocks({ levels, scales }, bits, 4)).toEqual(data);
  });

  it('keep a block of zeros, the sign of the largest value, and a value without a level at the last one', () => {
    const last = half - 1;
    const data = Float32Array.of(0, 0, 0, 0, half, -half, 1, -1, -half, half, 1, -1);
    expect(dequantizeBlocks(quantizeBlocks(data, bits, 4), bits, 4)).toEqual(
      Float32Array.of(0, 0, 0, 0, half, -last, 1, -1, -half, last, 1, -1),
    );
  });
});
