/**
 * @file What lies on the disk after everything was erased and the browser was closed: the whole profile is searched for
 * what was typed, imported and stored before. Where it was found before and after is printed.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium, expect, test, type BrowserContext, type Page } from '@playwright/test';
import { choose } from './screen';

/** Found nowhere else, and not to be shortened by a compression. */
const markers = { pairs: 'quxparw7v1', typed: 'zolmeth4k9', model: 'brivdan8x3' } as const;
type Marker = keyof typeof markers;

function openProfile(profile: string): Promise<BrowserContext> {
  const { launchOptions = {}, baseURL = '' } = test.info().project.use;
  return chromium.launchPersistentContext(profile, { ...launchOptions, baseURL, serviceWorkers: 'allow' });
}

/** Files of the profile that hold a marker, in UTF-8 or as Chrome writes texts of databases, in UTF-16. */
function search(profile: string): Readonly<Record<Marker, readonly string[]>> {
  const files = readdirSync(profile, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const holds = (path: string, marker: string): boolean => {
    const bytes = readFileSync(path);
    return bytes.includes(marker) || bytes.includes(Buffer.from(marker, 'utf16le'));
  };
  const found = Object.entries(markers).map(([name, marker]) => [
    name,
    files.filter((path) => holds(path, marker)).map((path) => relative(profile, path)),
  ]);
  return Object.fromEntries(found) as Record<Marker, string[]>;
}

async function leaveTraces(page: Page): Promise<void> {
  await page.goto('/#/data');
  const line = (n: number) =>
    JSON.stringify({ prompt: `Why ${n} ${markers.pairs}?`, chosen: ' So.', rejected: ' No.' });
  // Few lie in the database itself, many in a file beside it.
  for (const [shown, count] of [
    ['1 pair', 1],
    ['3,001 pairs', 3000],
  ] as const) {
    const buffer = Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join('\n'));
    await choose(page, 'Import pairs', { name: 'x.jsonl', mimeType: 'application/jsonl', buffer });
    await expect(page.getByTestId('pair-count')).toHaveText(shown);
  }
  await page.goto('/#/records');
  await page.getByRole('textbox', { name: 'Your name' }).fill(markers.typed);
  await page.getByRole('textbox', { name: 'Search the log' }).fill(markers.typed);
  await page.evaluate(async (text) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('models', { create: true });
    const stream = await (await folder.getFileHandle('a.json', { create: true })).createWritable();
    await stream.write(text.repeat(10_000));
    await stream.close();
  }, markers.model);
  // Chrome writes some of it a while later.
  await page.waitForTimeout(5000);
}

async function eraseAll(page: Page): Promise<void> {
  await page.goto('/#/records');
  await page.getByRole('button', { name: 'Erase everything…' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Erase everything now' }).click();
  await expect(page.getByRole('heading', { name: 'Everything is erased' })).toBeVisible();
}

test('nothing of what was kept is found on the disk after it was erased', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'airlock-erased-'));
  try {
    const first = await openProfile(profile);
    await leaveTraces(first.pages()[0] ?? (await first.newPage()));
    await first.close();
    const before = search(profile);
    console.log('before:', before);
    const second = await openProfile(profile);
    await eraseAll(second.pages()[0] ?? (await second.newPage()));
    await second.close();
    const after = search(profile);
    console.log('after:', after);
    for (const [name, files] of Object.entries(before)) expect(files, name).not.toEqual([]);
    expect(after).toEqual({ pairs: [], typed: [], model: [] });
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});
