/**
 * @file What a row of training costs on kernels of our own, counted on the real shapes of public models: dispatches,
 * traffic, and that every kernel stays within what each device grants. On Dawn's null backend, which executes nothing:
 * that nothing is created any more after the second row.
 */
import { describe, expect, test } from 'vitest';
import { openRowIssuer, trafficOf, trainedStages } from '../bench/count-row';
import { sumOf } from '../core/statistics';
import { shapeNames, shapeOf } from '../engine/random-model';
import type { Stage } from '../graph/value';
import type { ModelShape } from '../models/stages';
import { openDawnDevice } from '../runtime/dawn';
import { KernelExecutor } from '../runtime/kernel-executor';
import { compileStage } from './compile';
import type { Kernel } from './kernel';
import { defaultLimits } from './kernel';

const kernelsOf = (shape: ModelShape, T: number): readonly Kernel[] => {
  const { forward, backward } = trainedStages(shape, T);
  return [forward, backward].flatMap((stage) => compileStage(stage as Stage, { mostFlops: Infinity }).kernels);
};

describe('a row, forward and backward, all blocks', () => {
  test.each([
    ['SmolLM2-135M', 1024, 1350, 10.6],
    ['SmolLM2-135M', 2048, 1350, 20.0],
    ['Qwen2.5-0.5B', 1024, 1104, 19.5],
    ['Qwen2.5-0.5B', 2048, 1104, 35.6],
  ] as const)('%s, %i tokens: %i dispatches, %f GB', (name, T, dispatches, gigabytes) => {
    const shape = shapeOf(name);
    const kernels = kernelsOf(shape, T);
    expect(kernels.length * shape.config.layers).toBe(dispatches);
    expect((sumOf(kernels.map(trafficOf)) * shape.config.layers) / 1e9).toBeCloseTo(gigabytes, 1);
  });
});

test.each(shapeNames)('%s: kernels stay within the limits of every device', (name) => {
  for (const { label, code, grid, reads, writes } of kernelsOf(shapeOf(name), 1024)) {
    expect(reads.length + writes.length, label).toBeLessThanOrEqual(defaultLimits.storageBuffers);
    expect(Math.max(...grid), label).toBeLessThanOrEqual(defaultLimits.workgroupsPerDimension);
    const shared = [...code.matchAll(/var<workgroup> \w+: array<(vec4f|f32), (\d+)>/g)];
    const bytes = shared.reduce((sum, [, type, count]) => sum + (type === 'f32' ? 4 : 16) * Number(count), 0);
    expect(bytes, label).toBeLessThanOrEqual(defaultLimits.workgroupBytes);
    const [threads] = [...code.matchAll(/@workgroup_size\((\d+)\)/g)].map(([, count]) => Number(count));
    expect(threads, label).toBeLessThanOrEqual(defaultLimits.workgroupThreads);
  }
});

test('nothing is created any more after the second row', async () => {
  const gpu = await openDawnDevice('null');
  if (typeof gpu === 'string') throw new Error(gpu);
  const executor = new KernelExecutor(gpu);
  const shape = shapeOf('tiny');
  const issuer = await openRowIssuer(executor, trainedStages(shape, 128), 3);
  const counts = [executor.counts];
  for (let row = 0; row < 4; row++) {
    await issuer.issueRow();
    counts.push(executor.counts);
  }
  const created = counts.map(({ buffersCreated, bindGroupsCreated, pipelinesCreated }) => [
    buffersCreated,
    bindGroupsCreated,
    pipelinesCreated,
  ]);
  expect(created[3]).toEqual(created[2]);
  expect(created[4]).toEqual(created[2]);
  expect((counts[4]?.dispatches ?? 0) - (counts[3]?.dispatches ?? 0)).toBe(3 * kernelsOf(shape, 128).length);
  await executor.close();
});
