/**
 * @file A round goes by file to an annotator in another browser and comes back judged, on the built app: agreement is
 * shown, only what nobody decided otherwise is added, and a wrong passphrase opens nothing.
 */
import { expect, test, type Page } from '@playwright/test';
import { choose, openScreen } from './screen';
import { readStored, writeStored } from './stored';

const lines = Array.from({ length: 4 }, (_, i) => ({ prompt: `Q ${i}`, a: `one ${i}`, b: `other ${i}`, verdict: 'a' }));
const passphrase = '열려라 참깨';

async function openJudge(page: Page): Promise<void> {
  // No test can answer the browser's own dialog; without it a file goes to the downloads.
  await page.addInitScript(() => void Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await page.goto('/#/judge');
  await page.reload();
  await page.getByRole('textbox', { name: /Passphrase of the courier/ }).fill(passphrase);
}

async function send(page: Page, button: string): Promise<string> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const file = await downloading;
  const path = test.info().outputPath(file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

async function open(page: Page, path: string): Promise<void> {
  await choose(page, 'Open a courier', path);
  await page.getByRole('button', { name: /^Open judged-/ }).click();
}

/** Prefers the answer that begins so, wherever it stands. */
async function prefer(page: Page, count: number, wanted: string): Promise<void> {
  const isFirst = (await page.getByTestId('answer-a').innerText()).startsWith(wanted);
  await page.keyboard.press(isFirst ? '1' : '2');
  // A judgement is shown once the disk has it.
  await expect(page.getByRole('link', { name: /^Judge/ })).toContainText(`${count} of ${lines.length}`);
}

test('a courier takes a round out and brings the judged answers back', async ({ page, browser }) => {
  await openJudge(page);
  const buffer = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
  await choose(page, 'Judge a file’s answers', { name: 'round.jsonl', mimeType: 'application/jsonl', buffer });
  await expect(page.getByTestId('comparison')).toContainText('0 of 4');
  // As if a model had answered here: what an annotator judges is answers of a round, which has a model behind it.
  const stored = (await readStored(page, 'judging')) as { value: { round: object } };
  const round = { ...stored.value.round, fingerprint: 'of a model' };
  await writeStored(page, { judging: { ...stored, value: { ...stored.value, round } } });
  await openJudge(page);
  await expect(page.getByTestId('comparison')).toContainText('0 of 4');
  const out = await send(page, 'Send this round out');

  const other = await browser.newPage();
  await openJudge(other);
  const field = other.getByRole('textbox', { name: /Passphrase of the courier/ });
  await field.fill('열려라 참개');
  await open(other, out);
  await expect(other.getByText('The passphrase does not open this file')).toBeVisible();
  await expect(other.getByTestId('comparison')).toHaveCount(0);
  await field.fill(passphrase);
  await other.getByRole('button', { name: /^Open judged-/ }).click();
  await expect(other.getByTestId('comparison')).toContainText('0 of 4');
  for (let n = 1; n <= 4; n++) await prefer(other, n, 'one');
  const back = await send(other, 'Send the judged answers back');
  await other.close();

  for (let n = 1; n <= 4; n++) await prefer(page, n, n === 4 ? 'other' : 'one');
  await open(page, back);
  const judged = page.getByTestId('courier-judged');
  await expect(judged).toContainText('came back');
  await expect(page.getByText(/75 ?%/).first()).toBeVisible();
  await judged.getByRole('button', { name: /nobody here decided otherwise/ }).click();
  await openScreen(page, 'Data');
  await expect(page.getByTestId('pair-count')).toHaveText('7 pairs');
});
