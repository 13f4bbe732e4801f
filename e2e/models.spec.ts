/**
 * @file Models kept in the browser: import, reload, open from the store, delete; a full storage; a model of the server.
 */
import { readFileSync, statSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { reload } from './stored';

const directory = 'fixtures/tiny-llama';
const stored = (page: Page) => page.getByTestId('stored-model');
const openModel = (page: Page) => page.getByTestId('bar-model');

async function choose(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose model directory' }).click();
  await (await chooser).setFiles(directory);
}

test('keeps a chosen model, opens it by itself after a reload, and deletes it', async ({ page }) => {
  await page.goto('/');
  await choose(page);
  await expect(openModel(page)).toContainText('tiny-llama');
  await expect(stored(page)).toHaveCount(1);
  await expect(page.getByTestId('memory-plan')).toContainText('It fits.');

  await reload(page);
  await expect(openModel(page)).toContainText('tiny-llama');
  await expect(stored(page)).toContainText('open');

  // The same files again are the same model.
  await choose(page);
  await expect(page.getByRole('button', { name: 'Choose model directory' })).toBeEnabled();
  await expect(stored(page)).toHaveCount(1);

  await page.getByRole('button', { name: 'Rename tiny-llama' }).click();
  await page.getByRole('textbox', { name: 'New name of tiny-llama' }).fill('small one');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(stored(page)).toContainText('small one');
  await reload(page);
  await expect(openModel(page)).toContainText('small one');

  await page.getByRole('button', { name: 'Delete small one' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(stored(page)).toHaveCount(0);
  await reload(page);
  await expect(page.getByText('No model is kept here yet.')).toBeVisible();
  const left = await page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    const names: string[] = [];
    for await (const name of models.keys()) names.push(name);
    return names;
  });
  expect(left).toEqual([]);
});

test('says that the storage is full, and opens the chosen files all the same', async ({ page, baseURL }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Choose model directory' })).toBeEnabled();
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(baseURL as string).origin,
    quotaSize: 200_000,
  });
  await choose(page);
  await expect(page.getByRole('alert').filter({ hasText: 'storage is full' })).toBeVisible();
  await expect(openModel(page)).toContainText('tiny-llama');
  await expect(stored(page)).toHaveCount(0);
});

test('fetches a model that the server offers', async ({ page }) => {
  const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
  const files = names.map((path) => ({ path, size: statSync(`${directory}/${path}`).size }));
  await page.context().route('**/models/**', (route) => {
    const path = new URL(route.request().url()).pathname.split('/models/')[1] as string;
    const body =
      path === 'manifest.json'
        ? JSON.stringify({ models: [{ name: 'office-llama', files }] })
        : readFileSync(`${directory}/${path.split('/')[1]}`);
    return route.fulfill({ body });
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Fetch and open office-llama' }).click();
  await expect(openModel(page)).toContainText('office-llama');
  await expect(stored(page)).toContainText('office-llama');
});
