/** @file Decoding on onnxruntime's WebGPU, on Chromium's software GPU, beside WASM. */
import { expect, it } from 'vitest';
import type { Executor } from '../runtime/executor';
import type { HandedCounts } from '../runtime/handed-stages';
import { openWasmExecutor } from '../runtime/ort';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { largestDifference, runDecodingCase } from './decoding-case';

const what = 'gives many sequences together what each gives alone and what WASM gives, within 1e-5';

it(what, { timeout: 300_000 }, async ({ skip }) => {
  const opened = await openRuntimeOnDawn('software');
  if (typeof opened === 'string') return skip(opened);
  const onGpu = await runDecodingCase(opened.executor);
  // All but the first runs of each stage are the runtime's commands, played without it.
  const { handedOver, replayed } = (opened.executor as Executor & { readonly counts: HandedCounts }).counts;
  expect(replayed).toBeGreaterThan(handedOver / 2);
  await opened.executor.close();
  const wasm = await openWasmExecutor({ threads: 1, assets: null });
  const onWasm = await runDecodingCase(wasm);
  await wasm.close();
  expect(onGpu.together.map((tokens) => tokens.length)).toEqual([5, 2, 4]);
  expect(largestDifference(onGpu.together, onGpu.alone)).toBeLessThan(1e-5);
  expect(largestDifference(onGpu.together, onWasm.together)).toBeLessThan(1e-5);
  expect(largestDifference(onWasm.together, onWasm.alone)).toBe(0);
  expect([onGpu.leftBytes, onWasm.leftBytes]).toEqual([0, 0]);
});
