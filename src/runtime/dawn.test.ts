/** @file Dawn in Node opens on the null backend, and on Chromium's software GPU where that is installed. */
import { expect, test } from 'vitest';
import { openDawnDevice } from './dawn';

test('the null backend opens', async () => {
  const device = await openDawnDevice('null');
  expect(typeof device === 'string' ? device : device.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
});

test('the software GPU computes', async ({ skip }) => {
  const device = await openDawnDevice('software');
  if (typeof device === 'string') return skip(device);
  const module = device.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { y[i] = f32(i) * 2.0f; }`,
  });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const y = device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: y } }],
    }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(y, 0, staging, 0, 16);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  expect([...new Float32Array(staging.getMappedRange())]).toEqual([0, 2, 4, 6]);
});
