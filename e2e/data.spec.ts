/**
 * @file The Data screen on the built app: a table of ratings is recognised and shown before it is imported, a check's fix is
 * taken back, a pair is edited and looked at under the token microscope, the split survives a reload, the export is read again.
 */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { choose, openScreen } from './screen';

const ratings = ['prompt,response,score', ...[0, 1, 2].flatMap((i) => [`Question ${i}?,"A full answer, number ${i}.",5`, `Question ${i}?,No ${i}.,1`])].join('\n');

test('imports, checks, corrects, looks at tokens, splits and exports', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await choose(page, 'Choose model directory', 'fixtures/tiny-llama');
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await openScreen(page, 'Data');
  await choose(page, 'Import pairs', 'fixtures/pairs.jsonl');
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');

  await choose(page, 'Import pairs', { name: 'ratings.csv', mimeType: 'text/csv', buffer: Buffer.from(ratings) });
  const dialog = page.getByTestId('import-dialog');
  await expect(dialog).toContainText('CSV, 6 rows. Read as: One answer with a score');
  await dialog.getByRole('button', { name: 'Import 3 pairs' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('27 pairs');
  await choose(page, 'Import pairs', 'fixtures/parquet/snappy.parquet');
  await expect(page.getByTestId('pair-count')).toHaveText('47 pairs');
  await choose(page, 'Import pairs', { name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(ratings) });
  await dialog.getByRole('button', { name: 'Import 3 pairs' }).click();

  const checks = page.getByTestId('checks');
  await expect(checks).toContainText('Exact duplicates');
  await checks.getByRole('button', { name: 'Remove: Exact duplicates' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('47 pairs');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByTestId('pair-count')).toHaveText('50 pairs');
  await expect(page.getByTestId('length-confound')).toContainText('Taking the');

  await page.getByRole('textbox', { name: 'Search the pairs' }).fill('number 2');
  await expect(page.getByText('2 of 50 pairs')).toBeVisible();
  await page.getByRole('button', { name: 'Open pair 27' }).click();
  const edit = page.getByTestId('edit-dialog');
  await edit.getByRole('textbox', { name: 'Chosen' }).fill('');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByRole('alert')).toContainText('has an empty `chosen`');
  await edit.getByRole('textbox', { name: 'Chosen' }).fill('An edited answer, number 2.');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('pairs-table')).toContainText('An edited answer');
  await page.getByRole('textbox', { name: 'Search the pairs' }).fill('');

  await expect(page.getByTestId('pair-check')).toBeVisible();
  await page.getByRole('button', { name: 'Tokens of pair 1', exact: true }).click();
  const tokens = page.getByTestId('token-dialog');
  await expect(tokens.getByText(/trained on/).first()).toBeVisible();
  await expect(tokens.locator('.token[data-eos]')).toHaveCount(2);
  await page.screenshot({ path: test.info().outputPath('tokens.png') });
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('textbox', { name: /Kept for evaluation/ }).fill('20');
  await expect(page.getByTestId('split-counts')).not.toContainText(/, 0 for/);
  const counts = await page.getByTestId('split-counts').textContent();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSONL' }).click();
  const lines = readFileSync(await (await downloading).path(), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(50);
  expect(JSON.parse(lines[26]!)).toMatchObject({ prompt: 'Question 2?', chosen: 'An edited answer, number 2.' });
  await page.screenshot({ path: test.info().outputPath('data.png'), fullPage: true });
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)).toEqual([]);
  await page.reload();
  await expect(page.getByTestId('split-counts')).toHaveText(counts!);
});

test('ten thousand pairs import in under ten seconds, and only the rows in view are laid out', async ({ page }) => {
  await page.goto('/#/data');
  const rows = Array.from({ length: 10_000 }, (_, i) => JSON.stringify({ prompt: `Question ${i} about pump ${i * 7919}`, chosen: 'Yes, that is so. '.repeat(20), rejected: 'No. '.repeat(20 + (i % 60)) }));
  const started = Date.now();
  await choose(page, 'Import pairs', { name: 'many.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(rows.join('\n')) });
  await expect(page.getByTestId('pair-count')).toHaveText('10,000 pairs');
  expect(Date.now() - started).toBeLessThan(10_000);
  const table = page.getByTestId('pairs-table');
  await expect(table.getByText('Question 0 about')).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect(table.getByText('Question 9999 about')).toBeVisible();
});
