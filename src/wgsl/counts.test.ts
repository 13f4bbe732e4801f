/**
 * @file What a row of training costs on kernels of our own, counted on the real shapes of public models: dispatches,
 * traffic, and that every kernel stays within what each device grants. On Dawn's null backend, which executes nothing:
 * that nothing is created any more after the second row.
 */
import { describe, expect, test } from 'vitest';
import { costOfRow, openRowIssuer, trafficOf } from '../bench/count-row';
import { sumOf } from '../core/statistics';
import { shapeNames, shapeOf } from '../engine/random-model';
import type { Stage, Value } from '../graph/value';
import { trainedStages } from '../models/product-forms';
import type { ModelShape } from '../models/stages';
import { buildAddStage, buildEmbedStage, buildHeadSliceWithJacobian, buildHeadStages } from '../models/stages';
import { openDawn, openDawnDevice } from '../runtime/dawn';
import { KernelExecutor } from '../runtime/kernel-executor';
import { openRuntimeOn } from '../runtime/ort-on-dawn';
import { buildSquaresStage, buildUpdateStage } from '../training/adamw';
import { compileStage, defaultMostFlops } from './compile';
import type { Kernel } from './kernel';
import { requireLimits } from './kernel';
import { splitDispatch } from './split-dispatch';
import { tileVariants } from './tiles';

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

/** Counts what anybody dispatches on WebGPU meanwhile. */
async function countDispatches(work: () => Promise<unknown>): Promise<number> {
  const { prototype } = GPUComputePassEncoder;
  const { dispatchWorkgroups } = prototype;
  let count = 0;
  prototype.dispatchWorkgroups = function (...grid) {
    count++;
    return dispatchWorkgroups.apply(this, grid);
  };
  await work().finally(() => (prototype.dispatchWorkgroups = dispatchWorkgroups));
  return count;
}

async function openRuntimeOnNull(): Promise<{ gpu: GPUDevice; executor: KernelExecutor; close(): Promise<void> }> {
  const gpu = await openDawnDevice('null');
  if (typeof gpu === 'string') throw new Error(gpu);
  const runtime = await openRuntimeOn(gpu, {});
  return { gpu, executor: runtime.gradient as KernelExecutor, close: () => runtime.close() };
}

describe('a row, forward on the runtime and backward on ours: at most 1,900 dispatches and 13 GB; 1,500 and 45', () => {
  test.each([
    ['SmolLM2-135M', 1024, 1860, 12.9],
    ['SmolLM2-135M', 2048, 1860, 24.9],
    ['Qwen2.5-0.5B', 1024, 1488, 23.4],
    ['Qwen2.5-0.5B', 2048, 1488, 43.8],
  ] as const)('%s, %i tokens: %i dispatches, %f GB', (name, T, dispatches, gigabytes) => {
    const cost = costOfRow(shapeOf(name), T, 'runtime', 0);
    expect(cost.dispatches).toBe(dispatches);
    expect(cost.traffic_bytes / 1e9).toBeCloseTo(gigabytes, 1);
  });

  test('so many are dispatched when a row is run, and after the second one no buffer is made', async () => {
    const { gpu, executor, close } = await openRuntimeOnNull();
    const shape = shapeOf('SmolLM2-135M');
    const layers = 2;
    const issuer = await openRowIssuer(executor, trainedStages(shape, 128, 'runtime'), layers);
    const create = gpu.createBuffer.bind(gpu);
    let buffers = 0;
    gpu.createBuffer = (descriptor) => {
      buffers++;
      return create(descriptor);
    };
    const counts: number[][] = [];
    const dispatched: number[] = [];
    for (let row = 0; row < 4; row++) {
      dispatched.push(await countDispatches(() => issuer.issueRow()));
      const { buffersCreated, bindGroupsCreated, pipelinesCreated } = executor.counts;
      counts.push([buffers, buffersCreated, bindGroupsCreated, pipelinesCreated]);
    }
    expect(dispatched[3]).toBe((costOfRow(shape, 128, 'runtime', 0).dispatches / shape.config.layers) * layers);
    expect(counts[2]).toEqual(counts[1]);
    expect(counts[3]).toEqual(counts[1]);
    expect(executor.counts.stagesHandedOver).toBe(4 * layers);
    issuer.dispose();
    await close();
  });
});

describe.each(shapeNames)('%s: every kernel', (name) => {
  const shape = shapeOf(name);
  const { forward, backward } = trainedStages(shape, 1024);
  const head = buildHeadSliceWithJacobian(shape, 256, Math.min(shape.config.vocabularySize, 16_384));

  test.each(tileVariants(new Set(['subgroups'])).map((tile) => [tile.name, tile] as const))(
    'stays within the limits of every device, and a tenth of a second, by %s',
    async (_variant, tile) => {
      const adapter = await openDawn('null');
      if (typeof adapter === 'string') throw new Error(adapter);
      const gpu = await adapter.requestDevice({ requiredFeatures: ['subgroups' as GPUFeatureName] });
      gpu.pushErrorScope('validation');
      for (const stage of [forward, backward, head] as Stage[]) {
        // Whatever is beyond the limits does not compile.
        for (const { label, flops, code } of compileStage(stage, { tile }).kernels) {
          expect(flops, label).toBeLessThanOrEqual(defaultMostFlops);
          const compute = { module: gpu.createShaderModule({ code, label }), entryPoint: 'main' };
          gpu.createComputePipeline({ layout: 'auto', compute });
        }
      }
      expect(await gpu.popErrorScope()).toBeNull();
      gpu.destroy();
    },
  );
});

describe('limits are held when a stage is compiled', () => {
  const kernel: Kernel = {
    kind: 'chain',
    label: 'one',
    code: 'var<workgroup> a: array<vec4f, 1024>;\n@compute @workgroup_size(256) fn main() {}',
    grid: [65_535, 1, 1],
    reads: [],
    writes: [],
    lengths: [],
    flops: 0,
  };

  test('what every device grants is taken', () => expect(() => requireLimits(kernel)).not.toThrow());

  test.each([
    ['65536 workgroups along one axis', { grid: [1, 65_536, 1] }],
    ['16400 bytes of workgroup memory', { code: kernel.code.replace('1024', '1025') }],
    ['257 threads in a workgroup', { code: kernel.code.replace('256', '257') }],
    ['9 storage buffers', { reads: new Array<Value>(9) }],
  ] as const)('%s are refused', (said, change) => {
    expect(() => requireLimits({ ...kernel, ...change })).toThrow(`Kernel 'one' takes ${said}; every device grants`);
  });
});

test('a dispatch that would last too long is cut along its longest axis, and holds all of its workgroups', () => {
  const code = 'fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lid: u32) {\nbody';
  const whole = {
    kind: 'product',
    label: 'p',
    code,
    grid: [3, 10, 1],
    reads: [],
    writes: [],
    lengths: [],
    flops: 100,
  } as const;
  const parts = splitDispatch(whole, 30);
  expect(parts.map(({ grid }) => grid)).toEqual([
    [3, 3, 1],
    [3, 3, 1],
    [3, 3, 1],
    [3, 1, 1],
  ]);
  expect(sumOf(parts.map(({ flops }) => flops))).toBe(100);
  expect(parts[1]?.code).toBe(
    'fn main(@builtin(workgroup_id) dispatched: vec3u, @builtin(local_invocation_index) lid: u32) {\n' +
      'let group = dispatched + vec3u(0u, 3u, 0u);\nbody',
  );
  expect(splitDispatch(whole, 100)).toEqual([whole]);
});

test('a step of AdamW is two dispatches a block: the squares of its gradient, and all that is updated', () => {
  const config = { adam_beta1: 0.9, adam_beta2: 0.999, adam_epsilon: 1e-8, weight_decay: 0.01 };
  const kernels = [buildSquaresStage(5000), buildUpdateStage(5000, config)].map(
    (stage) => compileStage(stage as Stage).kernels.length,
  );
  expect(kernels).toEqual([1, 1]);
});

test.each(shapeNames)('%s: rows of every length have the same kernels', (name) => {
  const shape = shapeOf(name);
  const codesOf = (T: number, M: number): string[] => {
    const { forward, backward } = trainedStages(shape, T);
    const head = [...Object.values(buildHeadStages(shape, T, M)), buildHeadSliceWithJacobian(shape, M, 4096)];
    const rest = [buildEmbedStage(shape, T), buildAddStage(T, shape.config.hiddenSize), ...head];
    // What is cut into several dispatches says in its code where each begins.
    return [forward, backward, ...rest].flatMap((stage) =>
      compileStage(stage as Stage, { mostFlops: Infinity }).kernels.map(({ code }) => code),
    );
  };
  const first = new Set(codesOf(384, 128));
  expect(codesOf(448, 192).filter((code) => !first.has(code))).toEqual([]);
  expect(codesOf(1280, 256).filter((code) => !first.has(code))).toEqual([]);
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
