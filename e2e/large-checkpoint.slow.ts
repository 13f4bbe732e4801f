/**
 * @file A sharded checkpoint of 3 GB (Qwen2.5-1.5B's shape, random weights) from the directory picker into the
 * browser's storage: progress, cancelling, peak memory of the tab and of the browser's own process, and the next visit.
 * Needs 7 GB of disk.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { MemoryWatch } from '../src/cli/browser-memory';

const name = 'Qwen2.5-1.5B';
const shards = 3;
/** A shard has 1 GiB: nobody who holds one stays below. */
const memoryLimit = 700;

let directory: string;
test.beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'airlock-'))));
test.afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));

test('copies 3 GB without holding them, shows how far it is, can be cancelled, and opens at once at the next visit', async ({
  playwright,
  launchOptions,
  viewport,
  baseURL,
}) => {
  // A profile of its own: in the private windows of the other tests the browser keeps all storage in memory.
  const context = await playwright.chromium.launchPersistentContext(join(directory, 'profile'), {
    ...launchOptions,
    viewport,
    ...(baseURL && { baseURL }),
  });
  const browser = context.browser();
  if (browser === null) throw new Error('The browser of a profile cannot be asked for its processes.');
  const page = await context.newPage();
  const started = performance.now();
  const memory = new MemoryWatch(browser);
  const note = async (what: string): Promise<void> => {
    const [tab, own] = [await memory.takePeak(), await memory.takePeak('browser')];
    expect(Math.max(tab ?? 0, own ?? 0)).toBeLessThan(memoryLimit);
    process.stdout.write(
      `    ${what}: ${((performance.now() - started) / 1000).toFixed(0)} s, peak memory of the tab ${tab} MiB, of the browser's process ${own} MiB\n`,
    );
  };
  execFileSync('node', ['tools/make-shape.mjs', name, join(directory, name), String(shards)], { stdio: 'inherit' });
  const choose = async (): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose model directory' }).click();
    await (await chooser).setFiles(join(directory, name));
  };
  const cancel = page.getByRole('button', { name: 'Cancel copying' });
  /** Waits until the page says that so many bytes are copied. */
  const copied = (share: number) =>
    expect(async () => {
      const [, done, unit] = /([\d.]+) (MB|GB) of [\d.]+ GB/.exec(await page.getByRole('main').innerText()) ?? [];
      expect(Number(done) * (unit === 'GB' ? 1 : 1e-3)).toBeGreaterThan(share * 3);
    }).toPass({ timeout: 600_000 });

  await page.goto('/');
  await note('empty page');
  await choose();
  await copied(0.15);
  await cancel.click();
  await expect(cancel).toBeHidden();
  await expect(page.getByText('No model is kept here yet.')).toBeVisible();
  await expect
    .poll(() => page.evaluate(async () => ((await navigator.storage.estimate()).usage ?? 0) < 1e8), { timeout: 60_000 })
    .toBe(true);
  await note('cancelled at 15 %');

  await choose();
  for (const share of [0.25, 0.5, 0.75]) {
    await copied(share);
    await note(`copied ${100 * share} %`);
  }
  await expect(page.getByTestId('stored-model')).toContainText('3.1 GB', { timeout: 600_000 });
  await note('kept');

  await page.reload();
  const visit = performance.now();
  await page.getByRole('button', { name: `Open ${name}` }).click();
  await expect(page.getByText(`Opening ${name}`).first()).toBeVisible();
  process.stdout.write(
    `    next visit: weights are being read ${((performance.now() - visit) / 1000).toFixed(1)} s after the click\n`,
  );
  await expect(cancel).toBeHidden();
  memory.stop();
  await context.close();
});
