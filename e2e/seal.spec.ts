/** @file What stands between the page and its server: its own origin, and nobody's worker but its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { addressAt } from '../src/cli/release/address.mjs';
import { serveStudio } from '../src/cli/release/serve';

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
