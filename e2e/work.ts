/**
 * @file A little work on every screen: the tiny model, pairs, a short run, answers. For tests and pictures of full
 * screens.
 */
import { importAsText } from './import-text';
import { openAdvanced } from './train-form';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { choose, openScreen, runOn, setNewTokens } from './screen';

export async function openTinyModel(page: Page): Promise<void> {
  await choose(page, 'Choose model directory', 'fixtures/tiny-llama');
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
}

/** The tiny model, and on the Data screen 24 pairs that it has read. */
export async function openModelAndPairs(page: Page): Promise<void> {
  await openTinyModel(page);
  await openScreen(page, 'Data');
  await importAsText(page, 'fixtures/pairs.jsonl');
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
  await expect(page.getByTestId('pair-check')).toBeVisible();
}

/** Begins and ends in English, on WASM; leaves the page on Compare. */
export async function doSomeWork(page: Page): Promise<void> {
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Judge');
  await page.getByRole('textbox', { name: 'Prompts, one a line' }).fill('The pump is\nThe valve is');
  await page.getByRole('textbox', { name: 'New tokens' }).fill('12');
  await page.getByRole('button', { name: 'Generate and judge' }).click();
  await expect(page.getByTestId('comparison')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('answering')).toHaveCount(0, { timeout: 60_000 });
  await openScreen(page, 'Train');
  await openAdvanced(page);
  await page.getByRole('textbox', { name: /DPO learning rate/ }).fill('3e-3');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('run-result')).toBeVisible({ timeout: 200_000 });
  await openScreen(page, 'Compare');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The pump is');
  await setNewTokens(page, 12);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByText('Answers finished.')).toBeAttached({ timeout: 120_000 });
}
