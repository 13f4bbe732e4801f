/**
 * @file Damaged records in the browser's storage, on the built app: what is whole works, what does not fit is named,
 * offered as a file, and deleted only when asked twice.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { writeStored } from './stored';

test('what does not fit is set aside and named, and the rest works', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  const pair = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };
  await writeStored(page, {
    dataset: { version: 1, value: { rows: [{ pair, file: 'x.jsonl', row: 1 }, null], split: null } },
    'run/abc': { version: 1, value: { id: 7 } },
  });
  await page.reload();
  await expect(page.getByText('Airlock could not read 1 pair of the data set, and set it aside')).toBeVisible();
  await expect(page.getByText('Airlock could not read the run “abc”, and set it aside')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Data/ })).toContainText('1 pair');

  await page.reload();
  await page.getByRole('button', { name: /^Storage/ }).click();
  const records = page.getByTestId('set-aside');
  await expect(records).toHaveCount(2);
  const run = records.filter({ hasText: 'the run “abc”' });
  await expect(run).toContainText('`id` is 7, where text belongs');
  const downloading = page.waitForEvent('download');
  await run.getByRole('button', { name: /^Download/ }).click();
  expect(readFileSync(await (await downloading).path(), 'utf8')).toContain('"id": 7');

  await run.getByRole('button', { name: /^Delete/ }).click();
  await expect(records).toHaveCount(2);
  await run.getByRole('button', { name: /for good/ }).click();
  await expect(records).toHaveCount(1);
  await page.reload();
  await page.getByRole('button', { name: /^Storage/ }).click();
  await expect(records).toHaveCount(1);
});
