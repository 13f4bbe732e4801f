/**
 * @file The newcomer's first three minutes, on the built app and on WASM: one click on the starter, and it ends at the
 * comparison of base, SFT and DPO. Skipped where no starter was shipped.
 */
import { expect, test } from '@playwright/test';
import { openScreen, runOn } from './screen';

test.setTimeout(600_000);

test.beforeEach(async ({ request }) => {
  const manifest = await request.get('/starter/manifest.json');
  const model = manifest.ok() ? ((await manifest.json()) as { model: string[] }).model : [];
  test.skip(model.length === 0, 'No starter is shipped: public/starter/manifest.json names no model files.');
});

test('one click trains the starter and compares base, SFT and DPO with scores', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto('/');
  await runOn(page, 'WASM');

  await expect(page.getByRole('radio', { name: /Positive reviews/ })).toBeChecked();
  const begun = Date.now();
  await page.getByRole('button', { name: 'Try the starter' }).click();
  await expect(page.getByTestId('starter-progress')).toContainText('left');
  await expect(page.getByTestId('starter-progress').getByRole('row')).toHaveCount(4, { timeout: 60_000 });
  await expect(page.getByTestId('starter-progress')).toHaveCount(0, { timeout: 540_000 });
  console.log(`The starter took ${((Date.now() - begun) / 1000).toFixed(0)} s.`);

  const result = page.getByTestId('starter-result');
  await expect(result).toBeInViewport();
  await expect(result).toBeFocused();
  const rows = page.getByTestId('starter-answer');
  expect(await rows.count()).toBeGreaterThanOrEqual(8);
  for (const column of ['base', 'sft', 'dpo']) {
    await expect(rows.first().locator(`td[data-column="${column}"]`)).toHaveText(/^\d\.\d\d\s*\S/);
  }
  const mean = async (column: string) => Number(await page.getByTestId(`starter-mean-${column}`).textContent());
  const [base, sft, dpo] = [await mean('base'), await mean('sft'), await mean('dpo')];
  console.log(`Mean sentiment: base ${base}, SFT ${sft}, DPO ${dpo}.`);
  expect(dpo).toBeGreaterThanOrEqual(base);

  // What it did stands in the screens, as if done by hand.
  await expect(page.getByTestId('bar-model')).toContainText('airlock-starter');
  await openScreen(page, 'Train');
  await expect(page.getByTestId('run-card')).toHaveCount(2);
  expect(problems).toEqual([]);
});

test('the starter stops at once and keeps what was trained', async ({ page }) => {
  await page.goto('/');
  await runOn(page, 'WASM');
  await page.getByRole('button', { name: 'Try the starter' }).click();
  const progress = page.getByTestId('starter-progress');
  await expect(progress).toContainText(/step \d+ of/, { timeout: 120_000 });
  await progress.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('The starter was stopped.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try the starter' })).toBeEnabled();
  await openScreen(page, 'Train');
  await expect(page.getByTestId('run-card').getByText('stopped')).toBeVisible();
});
