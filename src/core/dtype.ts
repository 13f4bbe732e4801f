/**
 * @file Element types of the tensors that cross between graphs, devices and files.
 * The engine computes in float32; indices and masks are int32 (int64 arithmetic is not on WebGPU).
 */

export type DType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool' | 'uint8';

/**
 * How a model's weights are held, the most exact one first; all arithmetic is float32 in each. `int4` has the linears
 * in blocks of 4 bits and the vocabulary's tables in blocks of 8 (models/weights.ts).
 */
export const precisions = ['float32', 'float16', 'int4'] as const;
export type Precision = (typeof precisions)[number];

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  uint8: 1,
};
