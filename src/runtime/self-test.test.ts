/** @file The self-test of kernels finds nothing on a right device, and a kernel that computes something else. */
import { afterAll, describe, expect, test } from 'vitest';
import { Builder } from '../graph/builder';
import { interpretStage } from '../graph/interpreter';
import { smallTile } from '../wgsl/tiles';
import { compareStage } from './compare-stage';
import { openDawn, openDawnDevice } from './dawn';
import { KernelExecutor } from './kernel-executor';
import { openRuntimeOn } from './ort-on-dawn';
import { findWrongKernel, openTrusted } from './self-test';

const gpu = await openDawnDevice('software');

/** A driver that compiles what contains some text wrongly. */
function miscompile(device: GPUDevice, from: string, to: string): GPUDevice {
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => create({ ...descriptor, code: descriptor.code.replaceAll(from, to) });
  return device;
}

describe.skipIf(typeof gpu === 'string')(`self-test ${typeof gpu === 'string' ? gpu : ''}`, () => {
  const open: KernelExecutor[] = [];
  afterAll(() => Promise.all(open.map((executor) => executor.close())));
  const opened = (device: GPUDevice): KernelExecutor => {
    const executor = new KernelExecutor(device, { tile: smallTile });
    open.push(executor);
    return executor;
  };

  test('finds every kind right', async () => {
    expect(await findWrongKernel(opened(gpu as GPUDevice))).toBeNull();
  });

  test.each([
    ['product', '+= a0[1] * b0', '+= a0[0] * b0'],
    ['rows', 'joined[lid] + joined[lid + s]', 'joined[lid]'],
    ['attention', 'let score = bend(S[a][j] * scale);', 'let score = S[a][j] * scale;'],
  ])('names %s kernels that are compiled wrongly', async (kind, from, to) => {
    const device = miscompile((await openDawnDevice('software')) as GPUDevice, from, to);
    const wrong = await findWrongKernel(opened(device));
    expect(wrong).toMatchObject({ kind, refusal: null });
    expect(wrong?.error).toBeGreaterThan(1e-4);
  });

  test('names the kind of kernels that the driver refuses', async () => {
    const device = miscompile((await openDawnDevice('software')) as GPUDevice, '+= a0[1] * b0', '+= a0[1] * true');
    const wrong = await findWrongKernel(opened(device));
    expect(wrong).toMatchObject({ kind: 'product', error: null });
    expect(wrong?.refusal).toContain('Invalid ShaderModule');
  });

  test('the runtime takes the place of kernels that the driver refuses', async () => {
    const device = miscompile((await openDawnDevice('software')) as GPUDevice, '+= a0[1] * b0', '+= a0[1] * true');
    const { executor, wrong } = await openTrusted((trust) => openRuntimeOn(device, trust), { tile: smallTile });
    expect(wrong.map(({ kind }) => kind)).toEqual(['product']);
    expect(executor.gradient).toBe(executor);
    const g = new Builder();
    const x = g.input('x', 'float32', [3]);
    const stage = { name: 'doubled', inputs: { x }, outputs: { y: g.add(x, x) } };
    expect(
      await compareStage(
        executor,
        stage,
        { x: Float64Array.of(1, 2, 3) },
        interpretStage(stage, { x: Float64Array.of(1, 2, 3) }),
      ),
    ).toBe(0);
    await executor.close();
  });

  test("plain products take the place of the runtime's attention where it is wrong", async ({ skip }) => {
    // With subgroups of four lanes it is (gpu-features.ts).
    const adapter = await openDawn('swiftshader');
    if (typeof adapter === 'string') return skip(adapter);
    const device = await adapter.requestDevice({ requiredFeatures: ['subgroups'] as never });
    const { executor, wrong } = await openTrusted((trust) => openRuntimeOn(device, trust), { tile: smallTile });
    expect(wrong.map(({ kind }) => kind)).toEqual(['GroupQueryAttention']);
    expect(executor.groupsAttention).toBe(false);
  });

  test('kernels that are right are kept', async () => {
    const { executor, wrong } = await openTrusted((trust) => openRuntimeOn(gpu as GPUDevice, trust), {
      tile: smallTile,
    });
    expect(wrong).toEqual([]);
    expect(executor.groupsAttention).toBe(true);
    expect(executor.gradient).toBeInstanceOf(KernelExecutor);
  });
});
