/**
 * @file The estimate against a real run on WASM in this process, and the settings that are proposed where a device is
 * too small.
 */
import { expect, it } from 'vitest';
import { Random } from '../core/random';
import { buildRandomModel, shapeOf } from '../engine/random-model';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import { parseRunConfig } from '../run/config';
import { estimateMemory, findShortages, planMemory } from './memory-plan';
import type { Grants, PlanSettings } from '../run/memory-plan';
import { packRow } from './packing';
import { train } from './trainer';

const settings: PlanSettings = {
  method: 'dpo',
  max_length: 512,
  per_device_train_batch_size: 2,
  gradient_checkpointing: null,
  lora_r: 8,
  lora_target_modules: 'all-linear',
};
const executor = await openWasmExecutor({ threads: 1, assets: null });
const model = await buildRandomModel('tiny', executor);
const grants = (changes: Partial<Grants>): Grants => ({
  device: 'wasm',
  memoryBytes: null,
  bindingBytes: null,
  takesFloat16: true,
  ...changes,
});

it.each([null, true])(
  'is within a fifth of what a run then takes, gradient_checkpointing %s',
  async (gradient_checkpointing) => {
    const random = new Random(1);
    const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
    const pair: EncodedPair = {
      promptIds: tokens(300),
      chosenIds: tokens(250),
      rejectedIds: tokens(250),
      warnings: [],
      faults: [],
    };
    const row = packRow([{ promptIds: pair.promptIds, completions: [pair.chosenIds, pair.rejectedIds] }]);
    const estimate = estimateMemory(
      model.shape,
      'wasm',
      { ...settings, gradient_checkpointing },
      { tokens: row.used, targets: row.targets.length },
    );
    executor.restartPeak();
    await train(model, {
      config: parseRunConfig({
        gradient_checkpointing,
        max_steps: 1,
        per_device_train_batch_size: 1,
        lora_r: 8,
        lora_target_modules: 'all-linear',
        learning_rate: 1e-4,
      }),
      pairs: [pair],
    });
    const { peakDeviceBytes, wasmHeapBytes } = executor.memory();
    expect(estimate.gradient_checkpointing).toBe(gradient_checkpointing === true);
    // The heap never shrinks: it is measured where it is the largest, in the first run.
    if (gradient_checkpointing === null)
      expect(Math.abs(estimate.total / (peakDeviceBytes + wasmHeapBytes) - 1)).toBeLessThan(0.2);
    expect(Math.abs((estimate.total - estimate.workspace) / peakDeviceBytes - 1)).toBeLessThan(0.1);
  },
);

it('grows with the length, and counts a pair without its prompt twice', () => {
  const at = (max_length: number) => estimateMemory(model.shape, 'wasm', { ...settings, max_length });
  expect(at(1024).activations).toBeGreaterThan(at(256).activations);
  expect(at(256).row_tokens).toBe(384);
  expect(at(256).weights).toBe(4 * model.parameters);
});

it('proposes fewer pairs before shorter ones, and nothing where the weights alone are too many', async () => {
  const fits = await planMemory(model.shape, settings, grants({}));
  expect(fits).toMatchObject({ shortages: [], proposal: null });

  const short = { ...settings, max_length: 128, per_device_train_batch_size: 2 };
  const one = estimateMemory(model.shape, 'webgpu', { ...short, per_device_train_batch_size: 1 });
  const tight = grants({ device: 'webgpu', bindingBytes: one.largest_tensor });
  const plan = await planMemory(model.shape, short, tight);
  expect(plan.shortages.map(({ kind }) => kind)).toEqual(['binding']);
  expect(plan.proposal).toMatchObject({ max_length: 128, per_device_train_batch_size: 1 });
  expect(findShortages(plan.proposal!, tight)).toEqual([]);

  expect(await planMemory(model.shape, settings, grants({ memoryBytes: 1e6 }))).toMatchObject({
    shortages: [{ kind: 'memory' }],
    proposal: null,
  });
});

it('proposes to compute activations twice before anything that costs exactness, pairs or length', async () => {
  const shape = shapeOf('SmolLM2-135M');
  const long = { ...settings, max_length: 2048, gradient_checkpointing: false };
  const kept = estimateMemory(shape, 'wasm', long);
  const checkpointed = estimateMemory(shape, 'wasm', { ...long, gradient_checkpointing: true });
  expect([kept.gradient_checkpointing, checkpointed.gradient_checkpointing]).toEqual([false, true]);
  expect(checkpointed.activations).toBeLessThan(kept.activations / 4);
  expect(estimateMemory(shape, 'wasm', { ...long, gradient_checkpointing: null })).toEqual(checkpointed);
  const between = grants({
    memoryBytes: (kept.total + Math.max(checkpointed.total, checkpointed.answering)) / 2 / 0.8,
  });
  const exact = await planMemory(shape, { ...long, precision: 'float32' }, between);
  expect(exact).toMatchObject({
    shortages: [{ kind: 'memory' }],
    proposal: { precision: 'float32', max_length: 2048, per_device_train_batch_size: 2, gradient_checkpointing: true },
  });
  expect(exact.options[0]).toMatchObject({ shortages: [{ kind: 'memory' }], fitsCheckpointed: true });
  expect(
    await planMemory(shape, { ...long, gradient_checkpointing: true, precision: 'float32' }, between),
  ).toMatchObject({
    shortages: [],
    proposal: null,
  });
});

it('takes the most exact precision that fits, keeps to the one asked for, and says what each would need', async () => {
  const short = { ...settings, max_length: 64 };
  const shape = shapeOf('SmolLM2-135M');
  const [float32, float16, int4] = (['float32', 'float16', 'int4'] as const).map((precision) => {
    const { total, answering } = estimateMemory({ ...shape, precision }, 'wasm', short);
    return Math.max(total, answering);
  }) as [number, number, number];
  expect(float32).toBeGreaterThan(float16);
  expect(float16).toBeGreaterThan(int4);
  const plan = (memoryBytes: number, changes: Partial<Grants> = {}, precision: PlanSettings['precision'] = 'auto') =>
    planMemory(shape, { ...short, precision }, grants({ memoryBytes: memoryBytes / 0.8 + 1e6, ...changes }));
  expect((await plan(float32)).estimate.precision).toBe('float32');
  expect((await plan(float16)).estimate.precision).toBe('float16');
  expect((await plan(float16, { takesFloat16: false })).estimate.precision).toBe('int4');
  expect(
    (await plan(float16, { takesFloat16: false })).options.map(({ estimate, shortages }) => [
      estimate.precision,
      shortages.length,
    ]),
  ).toEqual([
    ['float32', 1],
    ['int4', 0],
  ]);
  expect(await plan(float16, {}, 'float32')).toMatchObject({
    estimate: { precision: 'float32' },
    shortages: [{ kind: 'memory' }],
    proposal: { precision: 'float16', max_length: 64 },
  });
  expect(await plan(float32, {}, 'int4')).toMatchObject({
    estimate: { precision: 'int4' },
    shortages: [],
    proposal: null,
  });
  await expect(plan(float32, { takesFloat16: false }, 'float16')).rejects.toThrow(/shader-f16/);
});
