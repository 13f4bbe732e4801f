/** @file Browser tests against the built app and the device harness, in whatever Chrome or Chromium is installed. */
import { defineConfig } from '@playwright/test';
import { findBrowser } from './src/cli/find-browser.mjs';
import { addressAt } from './src/cli/release/address.mjs';

const browser = findBrowser();
/** Two checkouts tested at once take different ports. */
const appPort = Number(process.env['E2E_PORT'] ?? 4179);
const harnessPort = appPort + 1;

export default defineConfig({
  testDir: 'e2e',
  projects: [
    { name: 'tests', testMatch: '*.spec.ts' },
    { name: 'screens', testMatch: 'screens.ts' },
    { name: 'slow', testMatch: '*.slow.ts', timeout: 1_800_000 },
  ],
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // A file has its browser to itself; one alone leaves a core idle half the time.
  workers: 2,
  // A second attempt is told as `flaky` in the list.
  retries: process.env['CI'] ? 1 : 0,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    actionTimeout: 120_000,
    baseURL: addressAt(appPort),
    // Each test begins in a new profile, where the worker would fetch the whole build again; its own tests allow it.
    serviceWorkers: 'block',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(browser !== null && { executablePath: browser }),
      args: [
        '--headless=new',
        '--no-sandbox',
        '--enable-unsafe-webgpu',
        '--use-webgpu-adapter=swiftshader',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: [
    {
      command: `npx vite build --logLevel warn && npx tsx tools/serve.mjs --port ${appPort}`,
      port: appPort,
      timeout: 180_000,
      reuseExistingServer: !process.env['CI'],
    },
    {
      command: `npx vite build --config e2e/harness/vite.config.ts --logLevel warn && npx vite preview --config e2e/harness/vite.config.ts --port ${harnessPort} --strictPort`,
      port: harnessPort,
      timeout: 180_000,
      reuseExistingServer: !process.env['CI'],
    },
  ],
});

export const harnessUrl = `http://localhost:${harnessPort}`;
