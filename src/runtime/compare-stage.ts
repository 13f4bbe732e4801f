/**
 * @file Runs one stage on an executor and measures how far it is from an oracle's outputs. Used by the tests of every
 * device.
 */
import { float32ArrayToFloat16 } from '../core/float';
import { pruneStage } from '../graph/stage';
import type { Stage, Value, Float64Tensor } from '../graph/value';
import type { DeviceTensor, Executor } from './executor';
import { disposeAll } from './executor';

/** Uploads float64 values as the input's dtype. */
export function uploadAs(executor: Executor, value: Value, data: Float64Array): DeviceTensor {
  const { dtype, shape } = value;
  if (dtype === 'float16') return executor.upload(float32ArrayToFloat16(Float32Array.from(data)), shape);
  return executor.upload(
    dtype === 'int32' ? Int32Array.from(data) : dtype === 'uint8' ? Uint8Array.from(data) : data,
    shape,
  );
}

/**
 * Runs a stage on an executor and measures its distance from an oracle's outputs.
 * @returns the largest ||actual - expected|| / max(1, ||expected||) over the stage's outputs (L2); Infinity where one
 * is no number
 */
export async function compareStage(
  executor: Executor,
  stage: Stage,
  inputs: Readonly<Record<string, Float64Array>>,
  expected: Readonly<Record<string, Float64Tensor>>,
): Promise<number> {
  const program = await executor.compile(stage);
  const fed = Object.fromEntries(
    Object.entries(pruneStage(stage).inputs).map(([name, value]) => [
      name,
      uploadAs(executor, value, inputs[name] as Float64Array),
    ]),
  );
  const outputs = await executor.run(program, fed);
  let worst = 0;
  for (const [name, tensor] of Object.entries(outputs)) {
    const actual = await executor.read(tensor);
    const oracle = (expected[name] as Float64Tensor).data;
    let difference = 0;
    let norm = 0;
    oracle.forEach((value, i) => {
      difference += ((actual[i] as number) - value) ** 2;
      norm += value ** 2;
    });
    const error = Math.sqrt(difference) / Math.max(1, Math.sqrt(norm));
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }
  disposeAll([...Object.values(fed), ...Object.values(outputs)]);
  await program.dispose();
  return worst;
}
