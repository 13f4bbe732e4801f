/**
 * @file What a row of training costs on kernels of our own, counted on the real shapes of public models: dispatches,
 * traffic, and that every kernel stays within what each device grants. On Dawn's null backend, which executes nothing:
 * that nothing is created any more after the second row.
 */
import { describe, expect, test } from 'vitest';
import { bytesPerElement } from '../core/dtype';
import { sizeOf } from '../core/shape';
import { shapeNames, shapeOf } from '../engine/random-model';
import type { Stage, Value } from '../graph/value';
import { layoutLora, linearNames } from '../models/lora';
import type { ModelShape } from '../models/stages';
import { planTrainedBlockStages } from '../models/stages';
import type { LayerKind } from '../models/architecture';
import { openDawnDevice } from '../runtime/dawn';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import { KernelExecutor } from '../runtime/kernel-executor';
import { compileStage } from './compile';
import type { Kernel } from './kernel';
import { defaultLimits } from './kernel';

function trainedStages(shape: ModelShape, T: number) {
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const lora = layoutLora(architecture, config, { r: 8, lora_alpha: 16, target_modules });
  const kind = config.layerKinds[0] as LayerKind;
  return planTrainedBlockStages({ shape, kind, lora, T, attention: 'operator' }, 'products');
}

const kernelsOf = (shape: ModelShape, T: number): readonly Kernel[] => {
  const { forward, backward } = trainedStages(shape, T);
  return [forward, backward].flatMap((stage) => compileStage(stage as Stage, { mostFlops: Infinity }).kernels);
};

/** Bytes of the tensors that kernels read or write, each once a kernel. */
const trafficOf = (kernels: readonly Kernel[]): number =>
  kernels
    .flatMap(({ reads, writes }) => [...reads, ...writes])
    .reduce((sum, { dtype, shape }) => sum + bytesPerElement[dtype] * sizeOf(shape), 0);

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
    expect((trafficOf(kernels) * shape.config.layers) / 1e9).toBeCloseTo(gigabytes, 1);
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
  const { forward, backward } = trainedStages(shape, 128);
  const [forwardProgram, backwardProgram] = [await executor.compile(forward), await executor.compile(backward)];
  const zeros = ({ dtype, shape: dims }: Value): DeviceTensor =>
    executor.upload(dtype === 'int32' ? new Int32Array(sizeOf(dims)) : new Float32Array(sizeOf(dims)), dims);
  const isPassed = (name: string): boolean => /^(x|dy|gradient|saved\d+)$/.test(name);
  const fixed = (): Record<string, DeviceTensor> =>
    Object.fromEntries(
      Object.entries({ ...forward.inputs, ...backward.inputs })
        .filter(([name]) => !isPassed(name))
        .map(([name, value]) => [name, zeros(value)]),
    );
  const layers = Array.from({ length: 3 }, fixed);
  let gradients = layers.map(() => zeros(backward.inputs.gradient));
  const counts: ReturnType<() => KernelExecutor['counts']>[] = [executor.counts];
  for (let row = 0; row < 4; row++) {
    const inputs = [zeros(forward.inputs.x)];
    const saved: Record<string, DeviceTensor>[] = [];
    for (const layer of layers) {
      const { y, ...kept } = await executor.run(forwardProgram, {
        ...layer,
        x: inputs.at(-1) as DeviceTensor,
      } as never);
      inputs.push(y);
      saved.push(kept);
    }
    let dy = inputs.pop() as DeviceTensor;
    for (let i = layers.length - 1; i >= 0; i--) {
      const fed = { ...layers[i], ...saved[i], x: inputs[i], dy, gradient: gradients[i] };
      const { dx, newGradient } = await executor.run(backwardProgram, fed as never);
      disposeAll([dy, inputs[i] as DeviceTensor, gradients[i] as DeviceTensor, ...Object.values(saved[i] ?? {})]);
      gradients = gradients.with(i, newGradient);
      dy = dx;
    }
    dy.dispose();
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
