/**
 * @file What breaks while the page is open, or on the disk between two starts, on the built app. A worker that ends is
 * in come-back.spec.ts; all kinds of damage are in damage.slow.ts.
 */
import { expect, test, type Page } from '@playwright/test';
import { cut, DamagedProfile, tear } from './damaged-profile';
import { choose, openScreen } from './screen';
import { writeStored } from './stored';

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
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'formatToParts', { get });
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

const pairsOf = (name: string, count: number) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(
    // Numbers cannot be packed, so the rows of many are a file of their own beside the database.
    Array.from({ length: count }, (_, i) =>
      JSON.stringify({ prompt: `${name} ${Math.random()}${i}`, chosen: `${Math.random()}`, rejected: 'No.' }),
    ).join('\n'),
  ),
});
const pairCount = (page: Page) => page.getByTestId('pair-count');

test('a database that the browser threw away, and a value that it cannot read, are said, and the rest works', async ({
  baseURL,
}) => {
  const profile = new DamagedProfile(baseURL ?? '');
  try {
    let page = await profile.open('/#/data');
    await choose(page, 'Import pairs', pairsOf('a.jsonl', 6000));
    await expect(pairCount(page)).toHaveText('6,000 pairs');
    await profile.close();

    profile.damage((files) => files.values.forEach((path) => cut(path, 0.5)));
    page = await profile.open('/#/data');
    await expect(
      page.getByText('Airlock could not read the data set: the disk does not give it any more'),
    ).toBeVisible();
    await choose(page, 'Import pairs', pairsOf('b.jsonl', 5));
    await expect(pairCount(page)).toHaveText('5 pairs');
    await profile.close();

    profile.damage((files) => files.named(/CURRENT/).forEach((path) => cut(path, 0.5)));
    page = await profile.open('/#/data');
    const loss = page.getByTestId('database-loss');
    await expect(loss).toContainText(/was found empty.*It held 1 data set/);
    await choose(page, 'Import pairs', pairsOf('c.jsonl', 7));
    await expect(pairCount(page)).toHaveText('7 pairs');
    await page.reload();
    await expect(pairCount(page)).toHaveText('7 pairs');
    await loss.getByRole('button', { name: 'Put this note away' }).click();
    await page.reload();
    await expect(pairCount(page)).toHaveText('7 pairs');
    await expect(loss).toHaveCount(0);
  } finally {
    await profile.forget();
  }
});

test('what is kept after a crash in the middle of a writing is there at the next start', async ({ baseURL }) => {
  const profile = new DamagedProfile(baseURL ?? '');
  try {
    let page = await profile.open('/#/data');
    await choose(page, 'Import pairs', pairsOf('a.jsonl', 20));
    await expect(pairCount(page)).toHaveText('20 pairs');
    await profile.close();
    profile.damage((files) => files.named(/\.log$/).forEach(tear));
    page = await profile.open('/#/data');
    await expect(pairCount(page)).toHaveText('20 pairs');
    await choose(page, 'Import pairs', pairsOf('b.jsonl', 5));
    await expect(pairCount(page)).toHaveText('25 pairs');
    await profile.close();
    // Without a new log Chromium takes all of it for damaged now, and throws it away.
    page = await profile.open('/#/data');
    await expect(pairCount(page)).toHaveText('25 pairs');
  } finally {
    await profile.forget();
  }
});

test('site data that is cleared under the open page is noticed, and what the page holds is written again', async ({
  page,
}) => {
  await page.goto('/#/data');
  await choose(page, 'Import pairs', pairsOf('a.jsonl', 50));
  await expect(pairCount(page)).toHaveText('50 pairs');
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await expect(page.getByText('was cleared while this page was open')).toBeVisible();
  await expect(pairCount(page)).toHaveText('50 pairs');
  await expect(page.getByText('is in the browser’s storage again')).toBeVisible();
  await page.reload();
  await expect(pairCount(page)).toHaveText('50 pairs');
  await expect(page.getByTestId('database-loss')).toHaveCount(0);
});
