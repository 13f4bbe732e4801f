/**
 * @file What is counted before a run against what kernels of our own allocate in it: real training on Dawn's null
 * backend, which makes buffers and executes nothing. To the byte; within a twentieth where the runtime saves values.
 */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Precision } from '../core/dtype';
import { shapeOf } from '../engine/random-model';
import type { Stage } from '../graph/value';
import { groupsRow } from '../models/decode-stages';
import { layoutLora, linearNames } from '../models/lora';
import { trainedStages } from '../models/product-forms';
import type { ModelShape } from '../models/stages';
import { buildEmbedStage, buildHeadSliceWithJacobian } from '../models/stages';
import { CountedExecutor } from '../runtime/counted-executor';
import { parseRunConfig } from '../run/config';
import { openDawnDevice } from '../runtime/dawn';
import type { KernelExecutor } from '../runtime/kernel-executor';
import { openRuntimeOn } from '../runtime/ort-on-dawn';
import { paddedBytes } from '../runtime/watched-gpu';
import type { EncodedPair } from '../text/encode-pair';
import { openGolden } from './golden-case';
import { predictMemory } from './memory-plan';
import { completionsOf, packRow } from './packing';
import { countPool } from './pool-count';
import { savePolicyOf } from './row-runner';
import { train } from './trainer';

const gpu = await openDawnDevice('null');
if (typeof gpu === 'string') throw new Error(gpu);
// What nothing is written to reads as zeros, so that losses are numbers: policy and reference agree on everything.
const create = gpu.createBuffer.bind(gpu);
gpu.createBuffer = (descriptor) => {
  const buffer = create({ ...descriptor, mappedAtCreation: true });
  if (descriptor.mappedAtCreation === true) return buffer;
  new Uint8Array(buffer.getMappedRange()).fill(0);
  buffer.unmap();
  return buffer;
};
const executor = await openRuntimeOn(gpu, {});
const kernels = executor.gradient as KernelExecutor;
afterAll(() => executor.close());

const ids = (length: number): number[] => Array.from({ length }, (_, i) => i % 64);
const pair: EncodedPair = {
  ...{ promptIds: ids(60), chosenIds: ids(50), rejectedIds: ids(43) },
  ...{ warnings: [], faults: [] },
};

describe.each(['tiny-llama', 'tiny-gemma2', 'tiny-gpt2', 'tiny-qwen2'])('%s', (name) => {
  test.each([
    ['ours', null],
    ['ours', true],
    ["the runtime's", null],
    ["the runtime's", true],
  ] as const)(
    'allocates what was counted: saving pass %s, gradient_checkpointing %s',
    { timeout: 60_000 },
    async (saving, gradient_checkpointing) => {
      kernels.saveByRuntime(saving !== 'ours');
      const { model } = await openGolden(name, join('fixtures', name), executor);
      const { architecture, config: sizes } = model.shape;
      const config = parseRunConfig({
        ...{ gradient_checkpointing, max_steps: 3, per_device_train_batch_size: 1, lora_r: 4, lora_alpha: 4 },
        lora_target_modules: 'all-linear',
      });
      const used = packRow([completionsOf(pair)]);
      const row = { tokens: used.used, targets: used.targets.length };
      const lora = layoutLora(architecture, sizes, {
        ...{ r: 4, lora_alpha: 4, target_modules: linearNames(architecture, sizes) },
      });
      const { savesByRuntime } = kernels;
      const counted = await countPool({ shape: model.shape, lora, policy: savePolicyOf(config), row, savesByRuntime });
      const before = kernels.memory();
      kernels.restartPeak();
      const peaks: number[] = [];
      const options = { config, pairs: [pair], onStep: async () => void peaks.push(kernels.memory().peakDeviceBytes) };
      await train(model, options);
      const initial = sizes.layers * paddedBytes(4 * lora.size);
      const { adapter_and_optimizer, activations, scratch, runtime } = counted;
      const all = adapter_and_optimizer - initial + activations + scratch;
      const made = peaks.map((peak) => peak - before.deviceBytes - before.idleBytes);
      const isHanded = savesByRuntime && groupsRow(model.shape);
      if (isHanded) {
        // What the runtime allocates inside a stage is taken over as it comes, and an estimate before.
        expect(made[2]).toBe(made[1]);
        expect(Math.abs((made[2] as number) / all - 1)).toBeLessThan(0.05);
      } else expect(made).toEqual([all, all, all]);
      expect(runtime > 0).toBe(isHanded);
      // What is said in the plan is that, and what the runtime needs.
      const grants = { device: 'webgpu', savesByRuntime } as const;
      const plan = await predictMemory(model.shape, grants, config, row);
      expect(plan).toMatchObject({ adapter_and_optimizer, activations });
      expect(plan.total).toBe(plan.weights + adapter_and_optimizer + activations + plan.workspace);
      expect(plan.workspace).toBeGreaterThan(scratch + runtime - 1);
      // After the run its buffers are the device's again.
      expect(kernels.memory()).toMatchObject({ deviceBytes: before.deviceBytes, idleBytes: before.idleBytes });
      model.dispose();
    },
  );
});

test.each(['SmolLM2-135M', 'Qwen2.5-0.5B', 'GPT-2', 'Gemma-2-2B'])(
  '%s: however exactly weights are held, what lies inside stages is as large',
  async (name) => {
    const bytesAt = async (precision: Precision): Promise<number> => {
      const shape: ModelShape = { ...shapeOf(name), precision };
      const counting = new CountedExecutor(false);
      const { forward, backward } = trainedStages(shape, 512);
      const head = buildHeadSliceWithJacobian(shape, 256, 16_384);
      for (const stage of [buildEmbedStage(shape, 512), forward, backward, head])
        await counting.compile(stage as Stage);
      return counting.scratchBytes;
    };
    const exact = await bytesAt('float32');
    expect(exact).toBeGreaterThan(0);
    expect([await bytesAt('float16'), await bytesAt('int4')]).toEqual([exact, exact]);
  },
);
