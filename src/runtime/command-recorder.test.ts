/** @file What somebody else issues is played on other buffers; what could not be the same again is not recorded. */
import { describe, expect, test } from 'vitest';
import { BufferPool } from './buffer-pool';
import { CommandRecorder } from './command-recorder';
import { openDawnDevice } from './dawn';
import type { Recording } from './recording';
import { createStorage } from './watched-gpu';

const gpu = (await openDawnDevice('null')) as GPUDevice;
const early = pipelineOf();
const recorder = new CommandRecorder(gpu);
const pool = new BufferPool((size) => createStorage(gpu, size));

function pipelineOf(): GPUComputePipeline {
  const code = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> factor: vec4f;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = factor.x * x[id.x]; }`;
  return gpu.createComputePipeline({
    layout: 'auto',
    compute: { module: gpu.createShaderModule({ code }), entryPoint: 'main' },
  });
}

const pipeline = pipelineOf();
const storage = (): GPUBuffer => createStorage(gpu, 64);
const uniform = (): GPUBuffer =>
  gpu.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
const inner = storage();
const constant = storage();
const factor = uniform();
const staging = gpu.createBuffer({ size: 64, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });

/** Issues y = 2 c, z = 3 y, as somebody would who has one uniform for both, and a buffer of his own for y. */
function issue(
  z: GPUBuffer,
  { by = pipeline, also = null as ((encoder: GPUCommandEncoder) => void) | null } = {},
): void {
  for (const [from, to, value] of [
    [constant, inner, 2],
    [inner, z, 3],
  ] as const) {
    gpu.queue.writeBuffer(factor, 0, Float32Array.of(value, 0, 0, 0));
    const encoder = gpu.createCommandEncoder();
    encoder.clearBuffer(to);
    const pass = encoder.beginComputePass();
    pass.setPipeline(by);
    const entries = [from, to, factor].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, gpu.createBindGroup({ layout: by.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(16);
    pass.end();
    also?.(encoder);
    gpu.queue.submit([encoder.finish()]);
  }
}

describe('a recording', () => {
  test('binds other buffers in the place of those that were given, and its own for what nobody sees', async () => {
    const [z, other] = [storage(), storage()];
    const recording = await recorder.record([z], pool, async () => issue(z));
    if (typeof recording === 'string') throw new Error(recording);
    expect(recording.dispatches).toBe(2);
    const groups: GPUBuffer[][] = [];
    const create = gpu.createBindGroup.bind(gpu);
    gpu.createBindGroup = (descriptor) => {
      groups.push([...descriptor.entries].map(({ resource }) => (resource as GPUBufferBinding).buffer));
      return create(descriptor);
    };
    const encoder = gpu.createCommandEncoder();
    recording.play(encoder, 'other', [other]);
    gpu.queue.submit([encoder.finish()]);
    gpu.createBindGroup = create;
    const [[c, y, two] = [], [again, last, three] = []] = groups;
    expect([c, again, last]).toEqual([constant, y, other]);
    expect(y).not.toBe(inner);
    expect(new Set([two, three, factor]).size).toBe(3);
    expect(recording.bindGroupsCreated).toBe(2);
    recording.play(gpu.createCommandEncoder(), 'other', [other]);
    expect(recording.bindGroupsCreated).toBe(2);
    recording.dispose();
  });

  test('copies between the buffers that it is played on', async () => {
    const [z, other] = [storage(), storage()];
    const copy = (encoder: GPUCommandEncoder): void => encoder.copyBufferToBuffer(z, 16, inner, 32, 16);
    const recording = await recorder.record([z], pool, async () => issue(z, { also: copy }));
    if (typeof recording === 'string') throw new Error(recording);
    const encoder = gpu.createCommandEncoder();
    const copied: unknown[][] = [];
    encoder.copyBufferToBuffer = ((...all: unknown[]) => void copied.push(all)) as typeof encoder.copyBufferToBuffer;
    recording.play(encoder, 'other', [other]);
    expect(copied.map(([from, at, , to, size]) => [from, at, to, size])).toEqual([
      [other, 16, 32, 16],
      [other, 16, 32, 16],
    ]);
    expect(copied[0]?.[2]).not.toBe(inner);
    recording.dispose();
  });

  test.each<readonly [string, (z: GPUBuffer) => Promise<Recording | string>]>([
    ['a buffer was given twice', (z) => recorder.record([z, z], pool, async () => issue(z))],
    [
      'a bind group or pipeline is older than the watch',
      (z) => recorder.record([z], pool, async () => issue(z, { by: early })),
    ],
    [
      'values are read',
      (z) =>
        recorder.record([z], pool, async () => {
          issue(z, { also: (encoder) => encoder.copyBufferToBuffer(inner, 0, staging, 0, 16) });
        }),
    ],
    [
      'somebody else issued commands',
      (z) =>
        recorder.record([z], pool, async () => {
          issue(z);
          recorder.disturb();
        }),
    ],
    [
      'data from the host',
      (z) =>
        recorder.record([z], pool, async () => {
          gpu.queue.writeBuffer(constant, 0, new Float32Array(4));
          issue(z);
        }),
    ],
    [
      'a constant is written',
      (z) =>
        recorder.record([z], pool, async () => {
          issue(z);
          issue(constant);
        }),
    ],
  ])('is none where %s', async (why, record) => {
    expect(await record(storage())).toBe(why);
  });

  test('leaves the device as it was, also where the work fails', async () => {
    const before = [gpu.createBindGroup, gpu.createCommandEncoder, gpu.queue.writeBuffer];
    const failing = recorder.record([], pool, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect([gpu.createBindGroup, gpu.createCommandEncoder, gpu.queue.writeBuffer]).toEqual(before);
  });
});
