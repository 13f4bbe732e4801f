/**
 * @file The newcomer's first three minutes, on the built app and on WASM: one click on the starter, and it ends at the
 * comparison of base, SFT and DPO. Skipped where no starter was shipped.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { starterDemonstrations } from '../src/run/starter-recipe';
import { starter } from '../src/studio/text/en/starter';
import { expectReflow } from './accessible';
import { openScreen, runOn, take } from './screen';

test.setTimeout(600_000);

test.beforeEach(() => {
  const { model } = JSON.parse(readFileSync('public/starter/manifest.json', 'utf8')) as { model: string[] };
  test.skip(model.length === 0, 'No starter is shipped: public/starter/manifest.json names no model files.');
});

/** Every task that is offered, by the name of its card: each must convince. */
const offered = starterDemonstrations.map((id) => ({ id, title: starter.tasks[id].title }));

for (const { id, title } of offered) {
  test(`one click trains the starter on ${id}, and DPO is clearly better than SFT and base`, async ({ page }) => {
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto('/');
    await runOn(page, 'WASM');

    // While the engine starts anew, nothing can be chosen.
    await expect(page.getByRole('radio', { name: title })).toBeEnabled();
    await take(page.getByRole('radio', { name: title }));
    const begun = Date.now();
    await page.getByRole('button', { name: 'Try the starter' }).click();
    await expect(page.getByTestId('starter-progress')).toContainText('left');
    await expect(page.getByTestId('starter-progress').getByRole('row')).toHaveCount(4, { timeout: 60_000 });
    await expect(page.getByTestId('starter-progress')).toHaveCount(0, { timeout: 540_000 });
    console.log(`${id}: the starter took ${((Date.now() - begun) / 1000).toFixed(0)} s.`);

    await expect(page.getByTestId('starter-result')).toBeInViewport();
    await expect(page.getByTestId('starter-result')).toBeFocused();
    const verdict = page.getByTestId('starter-verdict');
    console.log(`${id}: ${await verdict.textContent()}`);
    await expect(verdict).toHaveAttribute('data-verdict', 'clear');
    const mean = async (column: string) => Number(await page.getByTestId(`starter-mean-${column}`).textContent());
    expect(await mean('dpo')).toBeGreaterThan(Math.max(await mean('sft'), await mean('base')));
    expect(await mean('dpo')).toBeLessThanOrEqual(1);
    await expect(page.getByTestId('starter-kl')).toHaveText(/\d nat/);
    await expectReflow(page, 'the starter’s result');
    expect(await page.getByTestId('starter-best').count()).toBeGreaterThan(0);
    await page.getByText(/^All \d+ prompts/).click();
    const rows = page.getByTestId('starter-answer');
    expect(await rows.count()).toBeGreaterThanOrEqual(48);
    for (const column of ['base', 'sft', 'dpo']) {
      await expect(rows.first().locator(`td[data-column="${column}"]`)).toHaveText(/^\d\.\d\d\s*\S/);
    }

    // One click shows it to others, with rewards, from the first prompt on.
    await page.getByTestId('starter-result').getByRole('button', { name: 'Show it to others' }).click();
    await expect(page.getByTestId('show-answer')).toHaveCount(3, { timeout: 120_000 });
    await expect(page.getByTestId('show-place')).toHaveText('Prompt 1 of 10');
    const stage = page.getByRole('main', { name: 'Demonstration before an audience' });
    await page.keyboard.press('1');
    await expect(async () => {
      await page.keyboard.press('ArrowRight');
      await expect(stage).toHaveAttribute('data-phase', 'revealed', { timeout: 5000 });
    }).toPass();
    await expect(page.getByTestId('show-reward')).toHaveCount(3);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: 'Demonstration', exact: true })).toBeVisible();

    // What it did stands in the screens, as if done by hand.
    await expect(page.getByTestId('bar-model')).toContainText('airlock-starter');
    await openScreen(page, 'Train');
    await expect(page.getByTestId('run-card')).toHaveCount(2);
    expect(problems).toEqual([]);
  });
}

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
