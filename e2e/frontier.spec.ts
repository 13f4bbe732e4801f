/**
 * @file "My frontier" on the built app with the tiny model: the time before the start, three betas of a few steps,
 * a pause and a reload in the middle, the chart's points and the table's rows leading to answers and runs.
 */
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { openScreen, runOn, select } from './screen';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';
import { reload } from './stored';

test.setTimeout(240_000);
test.use({ actionTimeout: 15_000 });

test('sweeps beta, goes on after a reload, and shows what each run gained for how far it went', async ({ page }) => {
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 8);
  await page.getByRole('textbox', { name: /DPO learning rate/ }).fill('1e-2');
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  await page.getByRole('textbox', { name: /^Held out/ }).fill('0.4');
  await openScreen(page, 'Compare');
  const frontier = page.locator('#frontier');
  await expect(frontier).toContainText('The data set has no rules yet');
  await frontier.getByRole('button', { name: 'Write rules' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByTestId('rule').last().getByRole('textbox', { name: 'Text' }).fill('e');
  await page.keyboard.press('Tab');

  await openScreen(page, 'Compare');
  const fill = (label: RegExp, value: string) => frontier.getByRole('textbox', { name: label }).fill(value);
  await fill(/^Betas/, '0.1, 0.5');
  await expect(frontier).toContainText('Write three to five different betas.');
  await fill(/^Betas/, '0.1, 0.5, 2');
  await fill(/^Longest answer/, '6');
  await select(page, /Answers of the start/, /^4$/);
  await expect(frontier).toContainText('Each run takes 8 steps to the last, from the base');
  await frontier.getByRole('button', { name: 'Measure the time' }).click();
  await expect(page.getByTestId('frontier-time')).toContainText(/About .* on this PC/);
  await frontier.getByRole('button', { name: 'Train and measure' }).click();
  await expect(page.getByTestId('frontier-working')).toContainText(/Beta 0\.1: training, step [1-8] of 8/);
  await frontier.getByRole('button', { name: 'Pause' }).click();
  await expect(frontier.getByRole('button', { name: 'Go on' })).toBeEnabled();

  await reload(page);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await frontier.getByRole('button', { name: 'Go on' }).click();
  const table = page.getByTestId('frontier-table');
  await expect(table.getByRole('button', { name: 'Answers of Beta 2' })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('frontier-working')).toHaveCount(0);
  await expect(page.getByTestId('frontier-verdict')).toContainText(/[Bb]eta (0\.1|0\.5|2)/);
  await expect(table.locator('tr[data-policy="1"]')).toContainText(/[-−]?\d\.\d\d \([-−]?\d\.\d\d\sto\s\d\.\d\d\)/);
  const chart = page.getByTestId('frontier-chart');
  await expect(chart.locator('.frontier-point')).toHaveCount(4);
  await expectAccessible(page, 'the frontier');

  await chart.locator('.frontier-point[data-policy="2"] .frontier-hit').click();
  await expect(frontier.getByRole('heading', { name: 'Answers of Beta 0.5' })).toBeVisible();
  await table.getByRole('button', { name: 'Answers of Beta 2' }).press('Enter');
  await expect(frontier.getByRole('heading', { name: 'Answers of Beta 2' })).toBeVisible();
  await table.locator('tr[data-policy="3"]').getByRole('link').press('Enter');
  await expect(page.getByTestId('run-result')).toContainText('dpo-3 finished');
});
