/**
 * @file Training on WebGPU against TRL: scoring by onnxruntime, the gradient by kernels of our own, both on one device,
 * in Node on a software GPU.
 */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { openGolden, repeatRun } from './golden-case';

const opened = await openRuntimeOnDawn('software');

const runs = [
  ['tiny-llama', 'dpo'],
  ['tiny-llama', 'sft'],
  ['tiny-qwen2', 'dpo'],
  ['tiny-gemma3', 'dpo'],
  ['tiny-phi3', 'dpo'],
  ['tiny-gpt2', 'dpo'],
] as const;

describe.skipIf(typeof opened === 'string')(`training on WebGPU ${typeof opened === 'string' ? opened : ''}`, () => {
  afterAll(() => (typeof opened === 'string' ? undefined : opened.executor.close()));

  test.each(runs)('%s follows the %s run of TRL', { timeout: 300_000 }, async (name, run) => {
    if (typeof opened === 'string') return;
    const { golden, model, adapter, pairs } = await openGolden(name, join('fixtures', name), opened.executor);
    const errors = await repeatRun(model, { golden, run }, adapter, pairs);
    if (process.env['WORST']) process.stdout.write(`${name} ${run}: ${JSON.stringify(errors)}\n`);
    expect(errors.steps).toBe(0);
    expect(errors.loss).toBeLessThan(1e-3);
    expect(errors.gradNorm).toBeLessThan(1e-3);
    expect(errors.rewards).toBeLessThan(1e-3);
    expect(errors.logps).toBeLessThan(1e-2);
    expect(errors.sameTokens).toBe(true);
    expect(errors.move).toBeLessThan(1e-3);
    model.dispose();
  });
});
