/** @file Where only some layers learn, the gradient ends at the lowest of them, and nothing is kept for those below. */
import { expect, it } from 'vitest';
import { Random } from '../core/random';
import { wrapAdapter } from '../engine/device-adapter';
import { buildRandomModel } from '../engine/random-model';
import { firstAdapted, layoutLora } from '../models/lora';
import { disposeAll } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { packRow } from './packing';
import { RowRunner } from './row-runner';

const executor = await openWasmExecutor({ threads: 1, assets: null });
const model = await buildRandomModel('tiny', executor);
const { architecture, config } = model.shape;
const layoutOf = (layers_to_transform: readonly number[] | null) =>
  layoutLora(architecture, config, { r: 2, lora_alpha: 2, target_modules: ['q_proj', 'v_proj'], layers_to_transform });

it('is the lowest layer with any matrix', () => {
  expect([null, [0], [1], [0, 1]].map((layers) => firstAdapted(layoutOf(layers), 2))).toEqual([0, 0, 1, 0]);
  expect(firstAdapted(layoutOf([1]), 1)).toBe(1);
});

it('gives the layers that learn the gradient of a run whose every layer would, and frees what the others saved', async () => {
  const random = new Random(1);
  const ids = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
  const row = packRow([{ promptIds: ids(20), completions: [ids(30)] }]);
  const weights = Float64Array.from(row.targets, () => random.normal());
  // Layer 0 has zeros, as a layer without LoRA has; layer 1 has numbers.
  const { size } = layoutOf(null);
  const vectors = [new Float32Array(size), Float32Array.from({ length: size }, () => 0.1 * random.normal())];
  const runner = new RowRunner(model);
  const measured = [];
  for (const layers of [null, [1]]) {
    const tensors = vectors.map((vector) => executor.upload(vector, [size]));
    const adapter = wrapAdapter(layoutOf(layers), tensors);
    const before = executor.memory().deviceBytes;
    const tape = await runner.forwardSaving(row, adapter);
    const held = executor.memory().deviceBytes - before;
    const gradients = await runner.backward(tape, weights, runner.zeroGradients(adapter));
    tape.dispose();
    const [first, second] = [await executor.read(gradients[0]!), await executor.read(gradients[1]!)];
    measured.push({ held, first: first.slice(), second: second.slice(), logps: tape.logps });
    disposeAll([...gradients, ...tensors]);
    expect(executor.memory().deviceBytes).toBe(before - 2 * 4 * size);
  }
  const [whole, upper] = measured;
  expect(upper?.logps).toEqual(whole?.logps);
  expect(upper?.second).toEqual(whole?.second);
  expect(upper?.second.some((value) => value !== 0)).toBe(true);
  expect(upper?.first.every((value) => value === 0)).toBe(true);
  // Of two layers' saved values one's are there.
  expect(upper?.held).toBeLessThan(0.75 * (whole?.held ?? 0));
  await runner.dispose();
});
