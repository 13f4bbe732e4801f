/**
 * @file What a person has is there at the next visit, on the built app and on WASM: data sets and the history of their
 * pairs, a run that was cut off, the starter's model.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { choose, openScreen, runOn, select } from './screen';
import { engineOf } from './engine-worker';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';
import { reload } from './stored';

test.setTimeout(600_000);

const count = (page: Page) => page.getByTestId('pair-count');

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)).toEqual([]);
}

test('deletes all pairs only when told to, and brings them back after a reload', async ({ page }) => {
  await page.goto('/#/data');
  await choose(page, 'Import pairs', 'fixtures/pairs.jsonl');
  await expect(count(page)).toHaveText('24 pairs');
  await page.getByRole('button', { name: 'Delete all pairs' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Keep them' }).click();
  await expect(count(page)).toHaveText('24 pairs');
  await page.getByRole('button', { name: 'Delete all pairs' }).click();
  await question.getByRole('button', { name: 'Delete all pairs' }).click();
  await expect(count(page)).toContainText('No pairs yet');
  await reload(page);
  await expect(count(page)).toContainText('No pairs yet');
  await page.keyboard.press('Control+z');
  await expect(count(page)).toHaveText('24 pairs');
  await page.keyboard.press('Control+Shift+z');
  await expect(count(page)).toContainText('No pairs yet');

  await page.getByRole('button', { name: 'History' }).click();
  const history = page.getByTestId('history-dialog');
  await expect(history.getByRole('listitem')).toHaveCount(2);
  await expectNoViolations(page);
  await history.getByRole('button', { name: 'Back to before this: 24 pairs deleted.' }).click();
  await page.keyboard.press('Escape');
  await expect(count(page)).toHaveText('24 pairs');
});

test('keeps data sets by name, each as it was, and a deleted one for a while', async ({ page }) => {
  await page.goto('/#/data');
  await choose(page, 'Import pairs', 'fixtures/pairs.jsonl');
  await expect(count(page)).toHaveText('24 pairs');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Complaints');
  await page.keyboard.press('Enter');
  await expect(count(page)).toContainText('No pairs yet');
  const line = JSON.stringify({ prompt: 'Why?', chosen: 'Because.', rejected: 'No.' });
  await choose(page, 'Import pairs', { name: 'a.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(line) });
  await expect(count(page)).toHaveText('1 pair');
  await reload(page);
  await expect(count(page)).toHaveText('1 pair');
  await expectNoViolations(page);
  await select(page, /Data set/, 'My pairs (24 pairs)');
  await expect(count(page)).toHaveText('24 pairs');
  await page.getByTestId('data-sets').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(count(page)).toHaveText('1 pair');
  await reload(page);
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Bring back My pairs' }).click();
  await page.keyboard.press('Escape');
  await expect(count(page)).toHaveText('24 pairs');
});

const stepShown = async (page: Page): Promise<number> =>
  Number(/step (\d+) of/.exec((await page.getByTestId('active-run').textContent()) ?? '')?.[1]);

/** The interrupted run goes on, and takes steps. */
async function goOn(page: Page): Promise<void> {
  await page.getByTestId('interrupted').getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByTestId('active-run')).toContainText(/step \d+ of 900/, { timeout: 120_000 });
}

test('offers at once to go on with a run that was cut off, and opens its model for it', async ({ page }) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 900);
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  await page.getByRole('textbox', { name: /^Checkpoint every/ }).fill('5');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('active-run')).toContainText(/step (1\d|[2-9]\d)/, { timeout: 120_000 });
  await page.goto('about:blank');
  await page.goto('/');

  const banner = page.getByTestId('interrupted');
  await expect(banner).toContainText(/dpo-1 was interrupted at step \d+ of 900/);
  await expectNoViolations(page);
  await goOn(page);
  await expect(banner).toHaveCount(0);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');

  // The engine's worker ends without a word, in the middle of a call.
  await engineOf(page).evaluate(() => self.close());
  await expect(page.getByText(/The engine ended without a word.*It was started again by itself/)).toBeVisible({
    timeout: 10_000,
  });
  await expect(banner).toContainText(/dpo-1 was interrupted at step \d+ of 900/);
  await goOn(page);

  // It hangs for good, and is restarted by hand.
  void engineOf(page)
    .evaluate(() => {
      for (;;);
    })
    .catch(() => {});
  const shown = await stepShown(page);
  const silence = page.getByTestId('silence');
  await expect(silence).toContainText(/The engine has not answered for 1[26] seconds/, { timeout: 30_000 });
  await expectNoViolations(page);
  await silence.getByRole('button', { name: 'Restart engine' }).click();
  await expect(silence).toHaveCount(0);
  await expect(banner).toContainText(/dpo-1 was interrupted at step \d+ of 900/);
  const from = Number(/from step (\d+)/.exec((await banner.textContent()) ?? '')?.[1]);
  // All that it had sent was written while it hung.
  expect(from).toBeGreaterThanOrEqual(shown - 5);
  await goOn(page);
  expect(await stepShown(page)).toBeGreaterThanOrEqual(from);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByTestId('active-run')).toHaveCount(0);
});
