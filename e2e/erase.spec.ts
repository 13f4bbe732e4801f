/** @file Everything is erased: asked twice, with other tabs open, counted, and nothing is found afterwards. */
import { expect, test, type Page } from '@playwright/test';
import { choose } from './screen';

test.use({ serviceWorkers: 'allow' });

/** What the browser keeps for the address, asked past Airlock. */
const whatIsKept = (page: Page) =>
  page.evaluate(async () => {
    const files = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
      files,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      entries: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    };
  });

async function fill(page: Page): Promise<void> {
  await page.goto('/#/data');
  const pair = { prompt: 'Why?', chosen: ' So.', rejected: ' No.' };
  const buffer = Buffer.from(JSON.stringify(pair));
  await choose(page, 'Import pairs', { name: 'x.jsonl', mimeType: 'application/jsonl', buffer });
  await expect(page.getByTestId('pair-count')).toHaveText('1 pair');
  await page.evaluate(async () => {
    localStorage.setItem('of another version', '1');
    const root = await navigator.storage.getDirectory();
    for (const folder of ['models', 'outgoing', 'of another version']) {
      const file = await (await root.getDirectoryHandle(folder, { create: true })).getFileHandle('a', { create: true });
      const stream = await file.createWritable();
      await stream.write(new Uint8Array(1000));
      await stream.close();
    }
  });
  await expect.poll(() => whatIsKept(page).then(({ caches }) => caches.length)).toBe(2);
}

/** A tab of the same address in which Airlock is not open, or of a version that does not hear. */
async function openDeafTab(page: Page): Promise<Page> {
  const deaf = await page.context().newPage();
  await deaf.goto('/icon.svg');
  await deaf.evaluate(() => {
    indexedDB.open('airlock');
    const hold = () => new Promise((letGo) => Object.assign(self, { letGo }));
    void navigator.locks.request('airlock-tab', { mode: 'shared' }, hold);
  });
  return deaf;
}

test('erases everything, after two questions, once other tabs have let go', async ({ page, context }) => {
  await fill(page);
  const other = await context.newPage();
  await other.goto('/#/records');
  await expect(other.getByRole('row', { name: /imported/ })).toBeVisible();
  const deaf = await openDeafTab(page);
  const kept = await whatIsKept(page);
  expect(kept.databases.sort()).toEqual(['airlock', 'airlock-audit']);
  expect(kept.files).toHaveLength(3);

  await page.goto('/#/records');
  await page.getByRole('button', { name: 'Erase everything…' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('in 2 databases');
  await expect(dialog).toContainText('3 files, 3.0 kB');
  await expect(dialog).toContainText('open in 2 other tabs');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/erase-first.png` });
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog).toContainText('Nothing brings it back');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/erase-second.png` });
  // The answer that changes nothing has the focus.
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Erase everything now' }).click();

  await expect(other.getByRole('heading', { name: 'This tab has let go' })).toBeVisible();
  await expect(page.getByText('Airlock is still open in 1 other tab')).toBeVisible();
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/erase-waits.png` });
  expect((await whatIsKept(page)).databases).toHaveLength(2);
  await deaf.evaluate(() => (self as unknown as { letGo(): void }).letGo());
  await expect(page.getByRole('alert')).toContainText('holds the database “airlock” open');
  await deaf.close();

  await expect(page.getByRole('heading', { name: 'Everything is erased' })).toBeVisible();
  await expect(page.getByTestId('erasing')).toContainText('3 files, 3.0 kB');
  await expect(page.getByTestId('erasing')).toContainText('keeps nothing more');
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/erase-done.png`, fullPage: true });
  expect(await whatIsKept(page)).toEqual({ databases: [], caches: [], files: [], entries: [], workers: 0 });
  await page.getByRole('button', { name: 'Start Airlock anew' }).click();
  await page.goto('/#/records');
  await expect(page.getByText('Nothing was written down yet.')).toBeVisible();
});
