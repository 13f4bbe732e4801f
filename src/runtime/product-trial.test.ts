/** @file The trial of products: it times what runs, leaves out what does not, and takes what computes right. */
import { afterAll, describe, expect, test } from 'vitest';
import { productStage } from '../models/product-forms';
import { mediumTile, smallTile } from '../wgsl/tiles';
import { openDawn, openDawnDevice } from './dawn';
import { KernelExecutor } from './kernel-executor';
import { openTuner, tryVariants } from './product-trial';

const adapter = await openDawn('software');
const stages = [
  productStage({ name: 'plain', a: [64, 32], b: [32, 64], transA: false, transB: false }),
  productStage({ name: 'transposed', a: [64, 32], b: [64, 32], transA: false, transB: true }),
];

/** Only in kernels of these variants. */
const ofMedium = /tileA: array<vec4f, 144>/;
const ofSmall = /s0_0 \+= a0\[0\] \* b0 \+ a1/;

async function openGpu(change: (code: string) => string = (code) => code): Promise<GPUDevice> {
  const device = (await openDawnDevice('software')) as GPUDevice;
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => create({ ...descriptor, code: change(descriptor.code) });
  return device;
}

describe.skipIf(typeof adapter === 'string')(`trial ${typeof adapter === 'string' ? adapter : ''}`, () => {
  const open: GPUDevice[] = [];
  afterAll(() => open.forEach((gpu) => gpu.destroy()));
  const opened = async (change?: (code: string) => string): Promise<GPUDevice> => {
    const gpu = await openGpu(change);
    open.push(gpu);
    return gpu;
  };

  test.each([
    ['by the clock of the GPU', true],
    ['by waiting for the device', false],
  ])('times every variant %s, the fastest first', async (_name, hasStamps) => {
    const gpu = await opened();
    if (!hasStamps) Object.defineProperty(gpu, 'features', { value: new Set() });
    else expect(gpu.features.has('timestamp-query')).toBe(true);
    const tried = await tryVariants(gpu, stages, [mediumTile, smallTile], 60_000);
    expect(tried.map(({ tile }) => tile.name).sort()).toEqual([smallTile.name, mediumTile.name]);
    expect(tried[0]?.gflops).toBeGreaterThanOrEqual(tried[1]?.gflops ?? Infinity);
    expect(tried[1]?.gflops).toBeGreaterThan(0);
  });

  test('begins no further variant when the time is up', async () => {
    const tried = await tryVariants(await opened(), stages, [mediumTile, smallTile], 0.001);
    expect(tried.map(({ tile }) => tile)).toEqual([mediumTile]);
  });

  test('leaves out what the driver refuses, and the device goes on', async () => {
    const gpu = await opened((code) => (ofMedium.test(code) ? code.replaceAll('+= a0[0] * b0', '+= true * b0') : code));
    const kernels = new KernelExecutor(gpu);
    const tuner = openTuner(gpu, 'refusing', kernels, [mediumTile, smallTile]);
    expect((await tuner.choose(stages, null))?.variant).toBe(smallTile.name);
    await kernels.settle();
  });

  test('does not take what computes wrongly, kept or not', async () => {
    const gpu = await opened((code) => (ofSmall.test(code) ? code.replaceAll('s0_0 +=', 's0_0 -=') : code));
    const tuner = openTuner(gpu, 'wrong', new KernelExecutor(gpu), [smallTile]);
    expect(await tuner.choose(stages, { variant: smallTile.name, gflops: 1 })).toBeNull();
  });

  test('takes what was kept without another trial, and what this process has chosen', async () => {
    const gpu = await opened();
    const kept = { variant: smallTile.name, gflops: 123456 };
    const tuner = openTuner(gpu, 'kept', new KernelExecutor(gpu), [mediumTile, smallTile]);
    expect(await tuner.choose(stages, kept)).toEqual(kept);
    expect(await tuner.choose(stages, null)).toEqual(kept);
    const unknown = await tuner.choose(stages, { variant: 'of another version', gflops: 1 });
    expect([mediumTile.name, smallTile.name]).toContain(unknown?.variant);
  });
});
