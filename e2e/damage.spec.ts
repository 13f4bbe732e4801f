/** @file What breaks while the page is open, on the built app. A worker that ends is in come-back.spec.ts. */
import { expect, test } from '@playwright/test';
import { openScreen } from './screen';
import { writeStored } from './stored';

const run = {
  id: 'r',
  name: 'dpo-1',
  method: 'dpo',
  status: 'finished',
  modelName: 'm',
  modelFingerprint: 'f',
  startedAt: '2026-01-01T00:00:00Z',
  config: {},
  pairs: 2,
  startedFrom: null,
  steps: 1,
  totalSteps: 1,
  seconds: 1.5,
  finalLoss: 0.5,
  finalMargin: null,
  adapterBytes: 3,
  warnings: [],
  error: null,
};

test('a screen that throws says so in its place, with ways on, and the others work', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await writeStored(page, { 'run/r': { version: 1, value: run } });
  await page.reload();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  // Dates stand on the Train screen alone.
  await page.evaluate(() => {
    const get = () => {
      throw new Error('broken by the test');
    };
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', { get });
  });
  await openScreen(page, 'Train');
  const fault = page.getByTestId('screen-fault');
  await expect(fault).toContainText('broken by the test');
  await openScreen(page, 'Data');
  await expect(fault).toHaveCount(0);
  await expect(page.getByTestId('pair-count')).toContainText('No pairs yet');
  await openScreen(page, 'Train');
  await fault.getByRole('button', { name: 'Draw it again' }).click();
  await expect(fault).toBeVisible();
  await fault.getByRole('button', { name: 'To Models' }).click();
  await expect(fault).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
});
