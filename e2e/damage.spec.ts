/**
 * @file What breaks in the middle of work, on the built app: a screen that throws, the engine's worker that ends
 * without a word. The long forms, and the graphics device, are in damage.slow.ts.
 */
import { expect, test, type Page, type Worker } from '@playwright/test';
import { openScreen, runOn } from './screen';
import { writeStored } from './stored';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';

const run = {
  id: 'r',
  name: 'dpo-1',
  method: 'dpo',
  status: 'finished',
  modelName: 'm',
  modelFingerprint: 'f',
  startedAt: '2026-01-01T00:00:00Z',
  config: {},
  pairs: 2,
  startedFrom: null,
  steps: 1,
  totalSteps: 1,
  seconds: 1.5,
  finalLoss: 0.5,
  finalMargin: null,
  adapterBytes: 3,
  warnings: [],
  error: null,
};

test('a screen that throws says so in its place, with ways on, and the others work', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await writeStored(page, { 'run/r': { version: 1, value: run } });
  await page.reload();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  // Dates stand on the Train screen alone.
  await page.evaluate(() => {
    const get = () => {
      throw new Error('broken by the test');
    };
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', { get });
  });
  await openScreen(page, 'Train');
  const fault = page.getByTestId('screen-fault');
  await expect(fault).toContainText('broken by the test');
  await openScreen(page, 'Data');
  await expect(fault).toHaveCount(0);
  await expect(page.getByTestId('pair-count')).toContainText('No pairs yet');
  await openScreen(page, 'Train');
  await fault.getByRole('button', { name: 'Draw it again' }).click();
  await expect(fault).toBeVisible();
  await fault.getByRole('button', { name: 'To Models' }).click();
  await expect(fault).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
});

/** The engine's worker; the runtime's threads are workers too. */
function engineOf(page: Page): Worker {
  const engine = page.workers().find((worker) => /\/worker-[^/]*\.js/.test(worker.url()));
  if (engine === undefined)
    throw new Error(
      `No engine among ${page
        .workers()
        .map((it) => it.url())
        .join(', ')}.`,
    );
  return engine;
}

test('a worker that ends without a word in the middle of a run is noticed, started again, and the run goes on', async ({
  page,
}) => {
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 400);
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  await page.getByRole('textbox', { name: /^Checkpoint every/ }).fill('5');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('active-run')).toContainText(/step (1\d|[2-9]\d)/, { timeout: 120_000 });
  // It ends in the middle of a call: no answer comes.
  await engineOf(page)
    .evaluate(() => self.close())
    .catch(() => {});
  await expect(page.getByText(/The engine ended without a word.*It was started again by itself/)).toBeVisible({
    timeout: 10_000,
  });
  await expect(page.getByTestId('active-run')).toHaveCount(0);
  const banner = page.getByTestId('interrupted');
  await expect(banner).toContainText(/dpo-1 was interrupted at step \d+ of 400/);
  await banner.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByTestId('active-run')).toContainText(/step \d+ of 400/);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByTestId('active-run')).toHaveCount(0);
});
