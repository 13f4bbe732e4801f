/**
 * @file Weights in blocks of 4 or 8 bits with one float32 scale a block, symmetric about zero: w = level * scale with
 * levels from -2^(bits - 1) to 2^(bits - 1) - 1, stored as level + 2^(bits - 1). Two levels of 4 bits share a byte, the
 * earlier in its low half. Rounding to nearest; the largest value of a block is exact.
 */

export interface QuantizedBlocks {
  /** The levels of all blocks, packed: bits / 8 of a byte for each element. */
  readonly levels: Uint8Array;
  /** One scale for each block. */
  readonly scales: Float32Array;
}

/**
 * Rounds weights to the nearest levels, block by block.
 * @param data a whole number of blocks
 */
export function quantizeBlocks(data: Float32Array, bits: 4 | 8, blockSize: number): QuantizedBlocks {
  const half = 2 ** (bits - 1);
  const blocks = data.length / blockSize;
  const scales = new Float32Array(blocks);
  const levels = new Uint8Array((data.length * bits) / 8);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    let largest = 0;
    for (let i = start; i < start + blockSize; i++) {
      const value = data[i] as number;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    // The sign that has one level more takes the largest value.
    scales[block] = largest === 0 ? 0 : -largest / half;
    const scale = scales[block] as number;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = start; i < start + blockSize; i++) {
      const level = Math.min(2 * half - 1, Math.max(0, Math.round((data[i] as number) * inverse) + half));
      if (bits === 8) levels[i] = level;
      else levels[i >> 1] = (levels[i >> 1] as number) | (i & 1 ? level << 4 : level);
    }
  }
  return { levels, scales };
}

/** Computes the weights that the levels stand for. */
export function dequantizeBlocks({ levels, scales }: QuantizedBlocks, bits: 4 | 8, blockSize: number): Float32Array {
  const half = 2 ** (bits - 1);
  const data = new Float32Array(scales.length * blockSize);
  for (let i = 0; i < data.length; i++) {
    const level =
      bits === 8 ? (levels[i] as number) : i & 1 ? (levels[i >> 1] as number) >> 4 : (levels[i >> 1] as number) & 15;
    data[i] = (level - half) * (scales[Math.floor(i / blockSize)] as number);
  }
  return data;
}
