/** @file Everything, a model too, is backed up into an encrypted file and restored in another profile. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { choose, openScreen, take } from './screen';
import { writeStored } from './stored';
import { openTinyModel } from './work';

/** No test can answer the browser's own dialog; without it the file goes to the downloads. */
const withoutPicker = () => Reflect.deleteProperty(window, 'showSaveFilePicker');

async function openPage(page: Page): Promise<void> {
  await page.addInitScript(withoutPicker);
  await page.goto('/#/records');
  await expect(page.getByRole('heading', { name: 'Restore a backup' })).toBeVisible();
}

test('a backup is restored in another profile; a wrong passphrase changes nothing', async ({ page, browser }) => {
  await openPage(page);
  await openScreen(page, 'Models');
  await openTinyModel(page);
  await page.goto('/#/records');
  const pair = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };
  const dataset = { version: 2, value: { rows: [{ pair, file: 'x.jsonl', row: 1 }], split: null } };
  await writeStored(page, { dataset });
  await page.getByText('Include the files of 1 model').click();
  await page.getByText('Encrypt with a passphrase').click();
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('열려라 참깨');
  await page.getByRole('textbox', { name: 'Passphrase again' }).fill('열려라 참깨');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Back up', exact: true }).click();
  const path = await (await downloading).path();
  await expect(page.getByTestId('backup-done')).toContainText('It holds 1 data set, 0 runs and 1 model.');
  await expect(page.getByRole('row', { name: /backed up/ })).toBeVisible();
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/backup.png`, fullPage: true });

  const other = await browser.newPage();
  await openPage(other);
  await choose(other, 'Choose a backup', path);
  await other.getByRole('textbox', { name: 'Passphrase', exact: true }).last().fill('열려라 참개');
  await other.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(other.getByText('The passphrase does not open this file')).toBeVisible();
  await other.getByRole('textbox', { name: 'Passphrase', exact: true }).last().fill('열려라 참깨');
  await other.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(other.getByTestId('restore-preview')).toContainText('1 pair');
  await expect(other.getByTestId('restore-preview')).toContainText('is in the file and is added');
  if (process.env['SHOTS']) {
    await other.screenshot({ path: `${process.env['SHOTS']}/restore.png` });
    await take(other.getByRole('radio', { name: '한국어' }));
    await other.screenshot({ path: `${process.env['SHOTS']}/restore-ko.png` });
    await take(other.getByRole('radio', { name: 'English' }));
  }
  await expect(other.getByRole('link', { name: /^Data/ })).toContainText('no pairs');
  await other.getByRole('button', { name: /^Restore \(/ }).click();
  await other.getByRole('button', { name: 'Load the page anew' }).click();
  await openScreen(other, 'Data');
  await expect(other.getByTestId('pair-count')).toHaveText('1 pair');
  // The model came whole: it opens as the same one.
  await openScreen(other, 'Models');
  await other
    .getByRole('button', { name: /^Open tiny-llama/ })
    .first()
    .click();
  await expect(other.getByTestId('bar-model')).toContainText('tiny-llama');
  await other.close();
});

test('what an office demands is asked before anything leaves, and written down', async ({ page }) => {
  const demands = { label: '대외비', exports: { reason: true, approver: true } };
  await page.route('**/office.json', (route) => route.fulfill({ json: demands }));
  await page.goto('/#/data');
  const pair = { prompt: 'Why?', chosen: ' So.', rejected: ' No.' };
  const buffer = Buffer.from(JSON.stringify(pair));
  await choose(page, 'Import pairs', { name: 'x.jsonl', mimeType: 'application/jsonl', buffer });
  await expect(page.getByTestId('pair-count')).toHaveText('1 pair');
  await expect(page.getByRole('banner')).toContainText('대외비');
  const leave = page.getByRole('button', { name: 'Export JSONL' });
  const dialog = page.getByRole('dialog');
  const letOut = dialog.getByRole('button', { name: 'Export', exact: true });
  await leave.click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await leave.click();
  await expect(dialog).toContainText('pairs.jsonl leaves Airlock');
  await expect(letOut).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Why' }).fill('for the server');
  await expect(letOut).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Approved by' }).fill('Lee');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/office.png` });
  const downloading = page.waitForEvent('download');
  await letOut.click();
  const left = await downloading;
  expect(left.suggestedFilename()).toBe('pairs [대외비].jsonl');
  const bytes = readFileSync(await left.path());
  expect(JSON.parse(bytes.toString())).toEqual({ grade: '대외비', ...pair });
  await page.goto('/#/records');
  // One only: what was cancelled did not leave.
  const row = page.getByRole('row', { name: /exported/ });
  await expect(row).toContainText('for the server · Lee');
  await expect(row).toContainText(createHash('sha256').update(bytes).digest('hex').slice(0, 12));
});
