/**
 * @file Training on WebGPU against TRL: scoring by onnxruntime, the gradient by kernels of our own, both on one device,
 * in Node on a software GPU; the forward pass that the gradient needs by our kernels, or by onnxruntime.
 */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { KernelExecutor } from '../runtime/kernel-executor';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { openGolden, repeatRun } from './golden-case';

const opened = await openRuntimeOnDawn('software');

const runs = [
  ['tiny-llama', 'dpo', 'ours'],
  ['tiny-llama', 'dpo', "the runtime's"],
  ['tiny-llama', 'sft', 'ours'],
  ['tiny-qwen2', 'dpo', 'ours'],
  ['tiny-gemma3', 'dpo', 'ours'],
  ['tiny-phi3', 'dpo', 'ours'],
  ['tiny-gpt2', 'dpo', 'ours'],
] as const;

describe.skipIf(typeof opened === 'string')(`training on WebGPU ${typeof opened === 'string' ? opened : ''}`, () => {
  const kernels = (): KernelExecutor | null =>
    typeof opened === 'string' ? null : (opened.executor.gradient as KernelExecutor);
  const handed = (): number => kernels()?.counts.stagesHandedOver ?? 0;
  afterAll(() => (typeof opened === 'string' ? undefined : opened.executor.close()));

  test.each(runs)('%s follows the %s run of TRL, saving pass: %s', { timeout: 300_000 }, async (name, run, saving) => {
    if (typeof opened === 'string') return;
    kernels()?.saveByRuntime(saving === "the runtime's");
    const before = handed();
    const { golden, model, adapter, pairs } = await openGolden(name, join('fixtures', name), opened.executor);
    const errors = await repeatRun(model, { golden, run }, adapter, pairs);
    if (process.env['WORST']) process.stdout.write(`${name} ${run} ${saving}: ${JSON.stringify(errors)}\n`);
    expect(handed() > before).toBe(saving === "the runtime's");
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
