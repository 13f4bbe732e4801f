/**
 * @file The trial of both saving passes, on Dawn's null backend, which executes nothing: there the pass that issues
 * less is the faster one.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { shapeOf } from '../engine/random-model';
import { productStage, trialForms, trialPasses } from '../models/product-forms';
import { largeTile } from '../wgsl/tiles';
import { openDawnDevice } from './dawn';
import type { KernelExecutor } from './kernel-executor';
import { openRuntimeOn } from './ort-on-dawn';
import { fasterPass } from './pass-trial';
import { openTuner } from './product-trial';

const gpu = (await openDawnDevice('null')) as GPUDevice;
const runtime = await openRuntimeOn(gpu, {});
const kernels = runtime.gradient as KernelExecutor;
const shape = shapeOf('tiny');
const passes = trialPasses(shape) as NonNullable<ReturnType<typeof trialPasses>>;
const block = { passes, weights: {} };
const products = trialForms(shape).map(productStage);

afterAll(() => runtime.close());

test('the faster of two passes is found, whichever it is, and nothing is kept', async () => {
  const before = kernels.memory().deviceBytes;
  expect(await fasterPass(kernels, block)).toBe('ours');
  const swapped = { ours: passes.runtime, runtime: passes.ours };
  expect(await fasterPass(kernels, { ...block, passes: swapped })).toBe('runtime');
  expect(kernels.memory().deviceBytes).toBe(before);
});

describe('the choice', () => {
  const tuner = openTuner(gpu, 'a GPU', kernels, [largeTile]);
  const kept = { variant: largeTile.name, gflops: 5 };

  test('is made where none was kept, and says whose pass it is', async () => {
    expect(await tuner.choose(products, kept, block)).toEqual({ ...kept, savingPass: 'ours' });
    expect(kernels.savesByRuntime).toBe(false);
  });

  test('that was kept is taken', async () => {
    expect(await tuner.choose(products, { ...kept, savingPass: 'runtime' }, block)).toEqual({
      ...kept,
      savingPass: 'runtime',
    });
    expect(kernels.savesByRuntime).toBe(true);
  });

  test('of another model does not bind one whose attention only ours computes, and is kept for the next', async () => {
    expect(trialPasses(shapeOf('Gemma-2-2B'))).toBeNull();
    const choice = await tuner.choose(products, { ...kept, savingPass: 'runtime' }, null);
    expect(kernels.savesByRuntime).toBe(false);
    expect(choice).toEqual({ ...kept, savingPass: 'runtime' });
  });

  test('of the runtime is none where there is no runtime that is trusted', async () => {
    const alone = (await openRuntimeOn(gpu, { groupsAttention: false })).gradient as KernelExecutor;
    alone.saveByRuntime(true);
    expect(alone.savesByRuntime).toBe(false);
  });
});
