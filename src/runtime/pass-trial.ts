/**
 * @file Chooses whose forward pass saves values for the gradient on the device at hand, the runtime's or that of
 * kernels of our own: both run a block of the open model with its backward pass, and the faster is taken. What issuing
 * costs is in it, as it is in training.
 */
import { sizeOf } from '../core/shape';
import type { Stage, Value } from '../graph/value';
import type { DeviceTensor, Executor, HostArray, Program, Tensors } from './executor';
import { disposeAll } from './executor';
import type { SavingPass } from './product-choice';

/** A block's passes: what the forward pass saves, the backward pass takes under the same names. */
export interface BlockPasses {
  readonly forward: Stage;
  readonly backward: Stage;
}

/** A block of the open model, written for both, and its weights. */
export interface PassTrial {
  readonly passes: Readonly<Record<SavingPass, BlockPasses>>;
  readonly weights: Tensors;
}

const rounds = 3;

function zerosOf(executor: Executor, { dtype, shape }: Value): DeviceTensor {
  const arrays: Record<string, (size: number) => HostArray> = {
    int32: (size) => new Int32Array(size),
    uint8: (size) => new Uint8Array(size),
    float16: (size) => new Uint16Array(size),
  };
  return executor.upload((arrays[dtype] ?? ((size) => new Float32Array(size)))(sizeOf(shape)), shape);
}

/** Runs both passes once and gives everything back. */
async function runBlock(
  executor: Executor,
  programs: { readonly forward: Program; readonly backward: Program },
  fed: Tensors,
): Promise<void> {
  const saved = await executor.run(programs.forward, fed);
  const { gradient } = programs.backward.stage.inputs;
  const fresh = zerosOf(executor, gradient as Value);
  const results = await executor.run(programs.backward, { ...fed, ...saved, gradient: fresh });
  disposeAll([fresh, ...Object.values(saved), ...Object.values(results)]);
}

/**
 * Measures a block's two passes.
 * @returns the best milliseconds of some rounds
 */
export async function timePasses(executor: Executor, { forward, backward }: BlockPasses, weights: Tensors) {
  const programs = { forward: await executor.compile(forward), backward: await executor.compile(backward) };
  const wanted = Object.entries<Value>({ ...programs.backward.stage.inputs, ...programs.forward.stage.inputs });
  const made = wanted.filter(([name]) => !(name in weights) && !/^saved\d+$|^gradient$/.test(name));
  const zeros = Object.fromEntries(made.map(([name, value]) => [name, zerosOf(executor, value)]));
  let best = Infinity;
  try {
    // The first run compiles what the runtime compiles late.
    for (let round = 0; round <= rounds; round++) {
      await executor.settle();
      const started = performance.now();
      await runBlock(executor, programs, { ...weights, ...zeros });
      await executor.settle();
      if (round > 0) best = Math.min(best, performance.now() - started);
    }
  } finally {
    disposeAll(Object.values(zeros));
    await programs.forward.dispose();
    await programs.backward.dispose();
  }
  return best;
}

/** Times both on a device, whose runtime runs what only it computes. */
export async function fasterPass(executor: Executor, { passes, weights }: PassTrial): Promise<SavingPass> {
  const ours = await timePasses(executor, passes.ours, weights);
  const runtime = await timePasses(executor, passes.runtime, weights);
  return runtime < ours ? 'runtime' : 'ours';
}
