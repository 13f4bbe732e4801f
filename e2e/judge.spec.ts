/**
 * @file Judging on the built app, by keyboard: the tiny model answers, ten comparisons are judged with a reload in the
 * middle, an answer is edited, one is undone, and the pairs are under Data; then a second annotator on the same
 * answers.
 */
import { readFileSync } from 'node:fs';
import { expect, test, type FileChooser, type Page } from '@playwright/test';
import { openScreen } from './screen';
import { reload } from './stored';

const prompts = Array.from({ length: 10 }, (_, i) => `Question ${i + 1}: the pump is`);

async function openTinyModel(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose model directory' }).click();
  await (await chooser).setFiles('fixtures/tiny-llama');
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
}

const answer = (page: Page, side: 'a' | 'b') => page.getByTestId(`answer-${side}`).innerText();
const judged = (page: Page, count: number) => expect(page.getByTestId('comparison')).toContainText(`${count} of 10`);

/** The verdict that the key gives is told to the screen reader, which shows that it was taken. */
async function press(page: Page, key: string, said: string, count: number): Promise<void> {
  await page.keyboard.press(key);
  await expect(page.getByRole('status').filter({ hasText: said })).toBeAttached();
  if (count < 10) await judged(page, count);
}

test('judges ten comparisons by keyboard, over a reload, and has the pairs under Data', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto('/');
  await openScreen(page, 'Judge');
  await expect(page.getByText('Nothing to judge yet')).toBeVisible();
  await expect(page.getByText('Choose a model first, under Models.')).toBeVisible();
  await openScreen(page, 'Models');
  await openTinyModel(page);

  await openScreen(page, 'Judge');
  await page.getByRole('textbox', { name: 'Prompts, one a line' }).fill(prompts.join('\n'));
  await page.getByRole('textbox', { name: 'New tokens' }).fill('8');
  await page.getByRole('textbox', { name: 'Temperature' }).fill('1');
  await page.getByRole('textbox', { name: 'What makes an answer good' }).fill('Short and true.');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Kim');
  await expect(page.getByText('10 prompts, 20 answers, up to 10 comparisons.')).toBeVisible();
  await page.getByRole('button', { name: 'Generate and judge' }).click();
  await expect(page.getByTestId('comparison')).toContainText('0 of 10', { timeout: 120_000 });
  await expect(page.getByTestId('answering')).toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByTestId('judge-summary')).toHaveCount(0);
  for (const secret of ['seed', 'Base', 'adapter'])
    await expect(page.getByTestId('comparison')).not.toContainText(secret);

  await expect(page.getByTestId('comparison')).toContainText('Short and true.');

  const [firstA, firstB] = [await answer(page, 'a'), await answer(page, 'b')];
  await press(page, '1', 'A chosen.', 1);
  await press(page, '2', 'B chosen.', 2);
  await press(page, '0', 'Tie.', 3);
  await press(page, 'x', 'Both bad.', 4);
  await press(page, 'ArrowLeft', 'A chosen.', 5);
  const shown = [await answer(page, 'a'), await answer(page, 'b')];

  await reload(page);
  await judged(page, 5);
  expect([await answer(page, 'a'), await answer(page, 'b')]).toEqual(shown);
  await press(page, 'ArrowRight', 'B chosen.', 6);
  await press(page, 'u', 'A chosen.', 5);
  expect([await answer(page, 'a'), await answer(page, 'b')]).toEqual(shown);
  await press(page, 'ArrowRight', 'B chosen.', 6);

  const original = await answer(page, 'b');
  await page.keyboard.press('r');
  const editor = page.getByRole('textbox', { name: 'Answer B, as it should be' });
  await expect(editor).toBeFocused();
  // What is typed goes on from the answer.
  await page.keyboard.type('!');
  await expect(editor).toHaveValue(/!$/);
  await editor.fill('The pump is fine, 1 of 2.');
  await judged(page, 6);
  await page.keyboard.press('Control+Enter');
  await judged(page, 7);
  await press(page, '1', 'A chosen.', 8);
  await page.keyboard.press('e');
  await page.keyboard.press('Escape');
  await judged(page, 8);
  await page.getByRole('button', { name: /^B is better/ }).click();
  await judged(page, 9);
  await page.keyboard.press('2');
  const summary = page.getByTestId('judge-summary');
  await expect(summary).toContainText('10 judgements made 8 pairs.');
  await page.keyboard.press('u');
  await judged(page, 9);
  await page.getByRole('textbox', { name: 'Comment' }).fill('Both are about something else.');
  await page.getByRole('button', { name: /^Skip/ }).click();
  await expect(summary).toContainText('9 judgements made 7 pairs.');
  await expect(summary).toContainText('1 comparison skipped.');
  await page.keyboard.press('u');
  await judged(page, 9);
  await page.keyboard.press('0');
  await expect(summary).toContainText('10 judgements made 7 pairs.');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export judgements' }).click();
  const kims = readFileSync(await (await download).path());
  const lines = kims
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ verdict }) => verdict)).toEqual(['a', 'b', 'tie', 'bad', 'a', 'b', 'b', 'a', 'b', 'tie']);
  expect(lines[0]).toMatchObject({
    prompt: [{ role: 'user', content: prompts[0] }],
    annotator: 'Kim',
    a_from: 'base',
    b_from: 'base',
    model: 'tiny-llama',
  });
  expect([lines[0]?.['a'], lines[0]?.['b']].map((text) => String(text).trim())).toEqual([firstA, firstB]);
  expect(lines[6]).toMatchObject({ edited: 'The pump is fine, 1 of 2.' });
  expect(String(lines[6]?.['b']).trim()).toBe(original);

  await summary.getByRole('link', { name: 'See the pairs under Data' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('7 pairs');
  await expect(page.getByText('The pump is fine, 1 of 2.')).toBeVisible();
  await reload(page);
  await expect(page.getByTestId('pair-count')).toHaveText('7 pairs');

  // A second annotator, on the same answers.
  await openScreen(page, 'Judge');
  await page.getByRole('button', { name: 'New round' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Put it away' }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Lee');
  const choose = async (button: string, files: Parameters<FileChooser['setFiles']>[0]) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: button }).click();
    await (await chooser).setFiles(files);
  };
  const file = { name: 'kim.jsonl', mimeType: 'application/jsonl', buffer: kims };
  await choose('Judge a file’s answers', file);
  await judged(page, 0);
  for (let count = 1; count <= 10; count++) {
    await page.keyboard.press('0');
    if (count < 10) await judged(page, count);
  }
  await expect(summary).toContainText('10 judgements made 0 pairs.');
  await choose('Compare files', file);
  await expect(page.getByTestId('agreement')).toContainText('2 (20%)');
  await expect(page.getByTestId('agreement')).toContainText('0.00');
});
