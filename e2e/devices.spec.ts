/**
 * @file The third oracle: WebGPU (SwiftShader) against the float64 interpreter, operator by operator and stage by
 * stage, with CPU fallback forbidden, so that a node placed off the GPU fails its stage.
 */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { harnessUrl } from '../playwright.config';
import type { StageResult } from './harness/harness';

async function openHarness(page: Page, device: 'webgpu' | 'wasm', profile = false): Promise<void> {
  await page.goto(harnessUrl);
  await page.waitForFunction(() => 'harness' in window);
  const description = await page.evaluate((wanted) => window.harness.open(wanted.device, 1, wanted.profile), {
    device,
    profile,
  });
  test.info().annotations.push({ type: 'device', description });
}

function check(results: readonly StageResult[], tolerance: number): void {
  expect(results.length).toBeGreaterThan(0);
  const bad = results.filter(({ error }) => error === null || !(error < tolerance));
  expect(bad).toEqual([]);
}

test.beforeEach(async ({ page }) => {
  await page.goto(harnessUrl);
  const hasAdapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  test.skip(!hasAdapter, 'This browser offers no WebGPU adapter, not even SwiftShader.');
});

for (const part of [0, 1, 2, 3]) {
  test(`every operator and its gradient on WebGPU agrees with the interpreter (part ${part + 1} of 4)`, async ({
    page,
  }) => {
    await openHarness(page, 'webgpu');
    check(await page.evaluate((index) => window.harness.runOperators(index, 4), part), 1e-5);
  });
}

for (const part of [0, 1, 2]) {
  test(`every emitted stage on WebGPU agrees with the interpreter, each node on the GPU (part ${part + 1} of 3)`, async ({
    page,
  }) => {
    await openHarness(page, 'webgpu');
    check(await page.evaluate((index) => window.harness.runStages(index, 3), part), 1e-4);
  });
}

test('a stage with a node that WebGPU lacks does not compile', async ({ page }) => {
  await openHarness(page, 'webgpu');
  expect(await page.evaluate(() => window.harness.compileUnplaceable())).toMatch(
    /could not prepare a part of the model \(int32 Neg\) for WebGPU.*CPU EP/s,
  );
});

test('memory on WebGPU is flat from step 5 to step 50', async ({ page }) => {
  await openHarness(page, 'webgpu');
  const samples = await page.evaluate(() => window.harness.trainAndSample(50));
  const [early, late] = [samples[4], samples[49]];
  expect(late?.deviceBytes).toBe(early?.deviceBytes);
  expect(late?.gpuBytes).toBe(early?.gpuBytes);
  expect(late?.wasmHeapBytes).toBe(early?.wasmHeapBytes);
  expect(early?.gpuBytes).toBeGreaterThan(0);
  expect(late?.loss).toBeLessThan(early?.loss ?? 0);
});

test('sequences decoded together on WebGPU give what each gives alone', async ({ page }) => {
  await openHarness(page, 'webgpu');
  const { difference, lengths, leftBytes } = await page.evaluate(() => window.harness.decodeTogether());
  expect(lengths).toEqual([5, 2, 4]);
  expect(difference).toBeLessThan(1e-5);
  expect(leftBytes).toBe(0);
});

test('the benchmark runs on WebGPU, and says what each kernel took', async ({ page }) => {
  await openHarness(page, 'webgpu', true);
  const settings = { promptTokens: 6, completionTokens: 4, pairs: 1, steps: 1, loraR: 2, decode: 2, sequences: 2 };
  const report = await page.evaluate((wanted) => window.harness.bench('tiny', wanted), settings);
  expect(report.device).toBe('webgpu');
  const { forward, head, backward, optimizer, transfers, other } = report.seconds_by_phase;
  const step = forward + head + backward + optimizer + transfers + other;
  expect(step).toBeCloseTo(report.seconds_per_pair, 6);
  for (const phase of [forward, head, backward, optimizer, transfers]) expect(phase).toBeGreaterThan(0);
  expect(report.share_of_step_issuing).toBeCloseTo((forward + head + backward + optimizer) / step, 6);
  expect(report.share_of_matrix_product).toBeGreaterThan(0);
  expect(report.decode_tokens_per_second).toBeGreaterThan(0);
  expect(report.batch_tokens_per_second).toBeGreaterThan(0);
  const names = report.kernels?.map(({ kernel }) => kernel) ?? [];
  expect(names).toEqual(expect.arrayContaining(['Gemm', 'LayerNorm']));
  for (const { runs, seconds, longest_seconds } of report.kernels ?? []) {
    expect(longest_seconds).toBeGreaterThan(0);
    expect(longest_seconds).toBeLessThanOrEqual(seconds);
    expect(runs * longest_seconds).toBeGreaterThanOrEqual(seconds * (1 - 1e-9));
  }
});
