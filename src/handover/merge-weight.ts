/**
 * @file A LoRA update added to rows of a weight, in float32, rounded once to the dtype in which the weight is kept; as
 * PEFT's `merge_and_unload()` does. Not here: files (merged-checkpoint.ts).
 */
import { UserError, invariant } from '../core/errors';
import { float32ArrayToBfloat16, float32ArrayToFloat16 } from '../core/float';
import type { LoraModule } from '../formats/peft';
import type { FloatDtype } from '../run/hand-over';

export interface WeightUpdate {
  readonly module: LoraModule;
  /** lora_alpha / r. */
  readonly scale: number;
  /** Whether the weight is [in, out] and not [out, in] (GPT-2's Conv1D). */
  readonly transposed: boolean;
}

/**
 * Adds scale * B A to rows `start` to `start + rows.length / columns` of a weight, in place. All is float32, in
 * PyTorch's order.
 * @param rows the weight's rows, row-major
 * @param columns the weight's columns
 */
export function addUpdate(
  rows: Float32Array,
  start: number,
  columns: number,
  { module: { A, B }, scale, transposed }: WeightUpdate,
): void {
  const [rank, inputs] = A.shape;
  const count = rows.length / columns;
  invariant(columns === (transposed ? B.shape[0] : inputs), `a weight of ${columns} columns got another's update`);
  // Row by row of the weight, one rank after another: both matrices are read in order.
  // Each product is added exactly and rounded once, as processors' fused multiply-add does.
  const sums = new Float32Array(columns);
  for (let row = 0; row < count; row++) {
    sums.fill(0);
    for (let k = 0; k < rank; k++) {
      if (transposed) {
        const a = A.data[k * inputs + start + row] as number;
        for (let j = 0; j < columns; j++) sums[j] = (sums[j] as number) + a * (B.data[j * rank + k] as number);
      } else {
        const b = B.data[(start + row) * rank + k] as number;
        const from = k * inputs;
        for (let j = 0; j < columns; j++) sums[j] = (sums[j] as number) + b * (A.data[from + j] as number);
      }
    }
    const at = row * columns;
    for (let j = 0; j < columns; j++)
      rows[at + j] = (rows[at + j] as number) + Math.fround((sums[j] as number) * scale);
  }
}

/** The values as the bytes of a dtype, each rounded to the nearest, ties to even. */
export function toBytes(values: Float32Array, dtype: FloatDtype): Uint8Array {
  const stored =
    dtype === 'F32' ? values : dtype === 'F16' ? float32ArrayToFloat16(values) : float32ArrayToBfloat16(values);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** The largest finite number of each dtype, and half a step more: what rounds to infinity. */
const roundsToInfinity = { F32: Infinity, F16: 65520, BF16: 3.3961775292304957e38 } as const;

/**
 * Refuses what the dtype cannot hold.
 * @param tensor the weight's name
 * @throws UserError with the value
 */
export function checkRange(values: Float32Array, dtype: FloatDtype, tensor: string): void {
  const limit = roundsToInfinity[dtype];
  const bad = values.find((value) => !(Math.abs(value) < limit));
  if (bad !== undefined) throw new UserError('mergedBeyondDtype', { tensor, value: String(bad), dtype });
}
