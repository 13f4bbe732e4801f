/** @file What stands between the page and its server: its own origin, and nobody's worker but its own. */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { addressAt } from '../src/cli/release/address.mjs';
import { serveStudio } from '../src/cli/release/serve';
import { sealFolder } from '../tools/release/seal-build.mjs';
import { importAsText } from './import-text';
import { closePanel, openScreen, setNewTokens } from './screen';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';

test.use({ serviceWorkers: 'allow' });

/** Another program's page, whose worker stays behind and rewrites what is loaded from its address later. */
function serveOther(): Promise<Server> {
  const worker = `self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));`;
  const page = `<!doctype html><title>Other</title><script>
    navigator.serviceWorker.register('/other.js').then(() => navigator.serviceWorker.ready).then(() => document.title = 'left');
  </script>`;
  const server = createServer((request, response) => {
    const isWorker = request.url === '/other.js';
    response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? worker : page);
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

test('removes a worker that another program left at its address, and does not start through one', async ({ page }) => {
  const other = await serveOther();
  const { port } = other.address() as AddressInfo;
  // By localhost, which Airlock shares with whatever else is served on this PC.
  await page.goto(`http://localhost:${port}/`);
  await expect(page).toHaveTitle('left');
  await close(other);
  const served = await serveStudio('dist', port, strictHeaders);
  if (served.state !== 'serving') throw new Error(`Port ${port} is ${served.state}.`);
  try {
    await page.goto(`http://localhost:${port}/`);
    await expect(page.getByRole('alert')).toContainText(`http://localhost:${port}/other.js`);
    await expect(page.getByRole('navigation', { name: 'Screens' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Load Airlock anew' }).click();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
    const scripts = await page.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ active }) => active?.scriptURL),
    );
    expect(scripts).not.toContain(`http://localhost:${port}/other.js`);
    // Its own name is an origin of its own, which that worker never had.
    await page.goto(addressAt(port));
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
    expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true]);
  } finally {
    await close(served.server);
  }
});

async function serve(folder: string, port = 0): Promise<{ server: Server; port: number }> {
  const served = await serveStudio(folder, port, strictHeaders);
  if (served.state !== 'serving') throw new Error(`Port ${port} is ${served.state}.`);
  return served;
}

/** Another build: one file differs, and with it the list of hashes and the worker. */
function buildAnew(folder: string): void {
  appendFileSync(join(folder, 'icon.svg'), '<!-- newer -->');
  const worker = join(folder, 'service-worker.js');
  writeFileSync(worker, readFileSync(worker, 'utf8').replace(/`[0-9a-f]{16}`/, '`AIRLOCK_BUILD`'));
  sealFolder(folder);
}

/** What the device panel says of this page. */
async function aboutPage(page: Page, waitFor: RegExp): Promise<string> {
  const chip = page.getByTestId('device-chip');
  await chip.click();
  const about = page.getByTestId('this-page');
  await expect(about).toContainText(waitFor);
  const id = await about.locator('code').innerText();
  await closePanel(page, chip);
  return id;
}

test('opens, trains and answers with its server gone, and changes at a word only', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-kept-'));
  cpSync('dist', folder, { recursive: true });
  const { server, port } = await serve(folder);
  await page.goto(addressAt(port));
  const first = await aboutPage(page, /are kept in this browser/);
  await close(server);

  await page.reload();
  const headers = await page.evaluate(async () => Object.fromEntries((await fetch(location.pathname)).headers));
  for (const [name, value] of Object.entries(strictHeaders)) expect(headers[name.toLowerCase()], name).toBe(value);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 2);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('run-result')).toContainText('finished');
  await openScreen(page, 'Compare');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The pump is');
  await setNewTokens(page, 4);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByText('Answers finished.')).toBeAttached();
  // Readers that are loaded when a file has need of them.
  await openScreen(page, 'Data');
  for (const [file, pairs] of [
    ['fixtures/parquet/snappy.parquet', '44 pairs'],
    ['fixtures/data/excel/pairs.xlsx', '46 pairs'],
  ] as const) {
    await importAsText(page, file);
    await expect(page.getByTestId('pair-count')).toHaveText(pairs);
  }

  buildAnew(folder);
  const again = await serve(folder, port);
  await page.reload();
  const note = page.getByTestId('newer-build');
  await expect(note).toBeVisible();
  expect(await aboutPage(page, /are kept/)).toBe(first);
  await page.reload();
  expect(await aboutPage(page, /are kept/)).toBe(first);
  // It waits until the model, which opens by itself, is open.
  await note.getByRole('button', { name: 'Go over to it' }).click();
  await expect(note).toHaveCount(0);
  await expect.poll(() => aboutPage(page, /are kept/)).not.toBe(first);

  // A file that is not what the list says is not kept, and the build before it goes on answering.
  const second = await aboutPage(page, /are kept/);
  buildAnew(folder);
  appendFileSync(join(folder, 'icon.svg'), '<!-- altered -->');
  await page.reload();
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(note).toHaveCount(0);
  expect(await aboutPage(page, /are kept/)).toBe(second);
  await close(again.server);
});
