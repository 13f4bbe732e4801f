/** @file The self-test of kernels finds nothing on a right device, and a kernel that computes something else. */
import { afterAll, describe, expect, test } from 'vitest';
import { smallTile } from '../wgsl/product';
import { openDawnDevice } from './dawn';
import { KernelExecutor } from './kernel-executor';
import { findWrongKernel } from './self-test';

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
    ['product', 'dot(a, b1)', 'dot(a, b0)'],
    ['rows', 'joined[lid] + joined[lid + s]', 'joined[lid]'],
    ['attention', 'let score = bend(S[a][j] * scale);', 'let score = S[a][j] * scale;'],
  ])('names %s kernels that are compiled wrongly', async (kind, from, to) => {
    const device = miscompile((await openDawnDevice('software')) as GPUDevice, from, to);
    const wrong = await findWrongKernel(opened(device));
    expect(wrong?.kind).toBe(kind);
    expect(wrong?.error).toBeGreaterThan(1e-4);
  });
});
