/**
 * @file The database's files are damaged between two starts of Chromium: the page says what was lost, all else works,
 * and a backup brings it back. Prints the table of what was tried, survived and lost without a word.
 * `npm run test:slow -- e2e/damage.slow.ts`; `DAMAGE='a table' ...` for one of them.
 */
import { expect, test, type Page } from '@playwright/test';
import { cut, DamagedProfile, flip, remove, type Damage, type DatabaseFiles } from './damaged-profile';
import { choose, openScreen } from './screen';
import { writeStored } from './stored';

const pairsOf = (name: string, count: number) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(
    Array.from({ length: count }, (_, i) => {
      // What cannot be packed, so that the rows are a file of their own beside the database.
      const word = () => Math.random().toString(36).slice(2);
      return JSON.stringify({ prompt: `${name} ${i} ${word()}?`, chosen: `${word()} ${word()}`, rejected: word() });
    }).join('\n'),
  ),
});

const run = {
  ...{ id: 'r', name: 'dpo-1', method: 'dpo', status: 'finished', modelName: 'm', modelFingerprint: 'f' },
  ...{ startedAt: '2026-01-01T00:00:00Z', config: {}, pairs: 2, startedFrom: null, steps: 1, totalSteps: 1 },
  ...{ seconds: 1.5, finalLoss: 0.5, finalMargin: null, adapterBytes: 0, warnings: [], error: null },
};

/** What is expected to be said, and whether the pairs are still there. */
interface Case {
  readonly damage?: Damage;
  /** Another database in the place of Airlock's. */
  readonly inPage?: { readonly version: number; readonly store: string };
  /** In the note over all screens, or in a notice. */
  readonly says: RegExp;
  /** Where the pairs stay. */
  readonly keeps?: true;
  /** Where nothing can be kept until a person acts. */
  readonly isShut?: true;
}

const all = (paths: readonly string[], work: (path: string) => void): void => {
  if (paths.length === 0) throw new Error('There is no such file.');
  paths.forEach(work);
};

/** Runs in the page: another database of the same name. */
const replaceDatabase = ({ version, store }: NonNullable<Case['inPage']>) =>
  new Promise<void>((resolve, reject) => {
    indexedDB.deleteDatabase('airlock').onsuccess = () => {
      const request = indexedDB.open('airlock', version);
      request.onupgradeneeded = () => request.result.createObjectStore(store);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => (request.result.close(), resolve());
    };
  });

const lost = /was found (?:empty|damaged).*It held 1 run, 1 data set/;
const unreadable = /could not read the data set: the disk does not give it any more/;
const lists = (files: DatabaseFiles) => files.named(/MANIFEST/);
const tables = (files: DatabaseFiles) => files.named(/\.ldb$/);
const logs = (files: DatabaseFiles) => files.named(/\.log$/);
const half = (path: string): void => cut(path, 0.5);

const cases: Readonly<Record<string, Case>> = {
  'nothing at all': { damage: () => {}, says: /^$/, keeps: true },
  'the list of its files (MANIFEST), cut': {
    damage: (files) => all(lists(files), half),
    says: /old entries hide new ones/,
    isShut: true,
  },
  'the list of its files (MANIFEST), gone': {
    damage: (files) => all(lists(files), remove),
    says: /cannot open Airlock's database/,
    isShut: true,
  },
  'which list counts (CURRENT), nonsense': { damage: (files) => all(files.named(/CURRENT/), half), says: lost },
  'the last writings (log), a byte': { damage: (files) => all(logs(files), flip), says: lost },
  'the last writings (log), cut': { damage: (files) => all(logs(files), (path) => cut(path, 0.9)), says: lost },
  'the last writings (log), empty': { damage: (files) => all(logs(files), (path) => cut(path, 0)), says: lost },
  'a table (ldb), a byte': { damage: (files) => all(tables(files), flip), says: lost },
  'a table (ldb), cut': { damage: (files) => all(tables(files), half), says: lost },
  'a table (ldb), gone': { damage: (files) => all(tables(files), remove), says: lost },
  'the pairs’ own file, cut': { damage: (files) => all(files.values, half), says: unreadable },
  'the pairs’ own file, gone': { damage: (files) => all(files.values, remove), says: unreadable },
  'the pairs’ own file, a byte': { damage: (files) => all(files.values, flip), says: /changed them/, keeps: true },
  'all of it, gone': { damage: (files) => remove(files.levels), says: lost },
  'another version, newer': {
    inPage: { version: 7, store: 'studio' },
    says: /is of a newer Airlock \(version 7; this one reads up to 1\)/,
    isShut: true,
  },
  'its table is missing': { inPage: { version: 1, store: 'other' }, says: /lacks the table/, isShut: true },
};

const drawn = (page: Page) => expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
const pairCount = (page: Page) => page.getByTestId('pair-count');

async function backUp(page: Page): Promise<string> {
  await page.goto(`${new URL(page.url()).origin}/#/records`);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Back up', exact: true }).click();
  const path = test.info().outputPath('all.airlock');
  await (await downloading).saveAs(path);
  await expect(page.getByTestId('backup-done')).toBeVisible();
  return path;
}

async function restore(page: Page, backup: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/records`);
  await choose(page, 'Choose a backup', backup);
  await page.getByRole('button', { name: /^Restore \(/ }).click();
  await page.getByRole('button', { name: 'Load the page anew' }).click();
  await openScreen(page, 'Data');
}

/** Where the browser can delete the database, what the page holds is written into the new one. */
async function beginAnew(page: Page, name: string): Promise<string> {
  const fault = page.getByTestId('database-fault');
  const button = fault.getByRole('button', { name: 'Begin with an empty database' });
  if (/newer|MANIFEST.*cut/.test(name)) {
    await expect(button).toHaveCount(0);
    return 'works, keeps nothing';
  }
  await button.click();
  await page.getByRole('button', { name: 'Delete it and begin anew' }).click();
  if (name.includes('gone')) {
    await expect(fault).toContainText('The browser cannot delete Airlock');
    return 'works, keeps nothing, says how the browser deletes it';
  }
  await expect(fault).toHaveCount(0);
  await expect(page.getByText('All that could not be written before is on the disk now')).toBeVisible();
  await page.reload();
  await expect(pairCount(page)).toHaveText('20 pairs');
  await restore(page, backup);
  await expect(pairCount(page)).toHaveText('9,020 pairs');
  return 'begun anew, what was in the page written, restored whole';
}

const pairs = 9000;
let base: DamagedProfile;
let backup: string;
const table: string[] = [];

test.beforeAll(async () => {
  base = new DamagedProfile(test.info().project.use.baseURL ?? '');
  let page = await base.open('/#/data');
  await drawn(page);
  // Small records, so many that the last writings (log) were made a table (ldb).
  const filler = 'abcdefghijklmnopqrstuvwxyz'.repeat(1800);
  for (let n = 0; n < 12; n++) {
    const few = Array.from({ length: 10 }, (_, i) => [`other/${n}-${i}`, `${Math.random()}${filler}`]);
    await writeStored(page, Object.fromEntries(few));
  }
  await writeStored(page, { 'run/r': { version: 1, value: run } });
  await page.reload();
  await choose(page, 'Import pairs', pairsOf('a.jsonl', pairs));
  await expect(pairCount(page)).toHaveText('9,000 pairs');
  backup = await backUp(page);
  await base.close();
  // What stands in the second place reaches the disk with the end of the browser.
  page = await base.open('/#/data');
  await expect(pairCount(page)).toHaveText('9,000 pairs');
  await base.close();
});

test.afterAll(async () => {
  await base.forget();
  console.log(`\n| damaged | said | pairs | then |\n|---|---|---|---|`);
  for (const row of table) console.log(row);
});

for (const [name, { damage, inPage, says, keeps, isShut }] of Object.entries(cases)) {
  if (!name.includes(process.env['DAMAGE'] ?? '')) continue;
  test(name, async () => {
    const profile = base.copy();
    try {
      if (inPage !== undefined) {
        await (await profile.open('/icon.svg')).evaluate(replaceDatabase, inPage);
        await profile.close();
      }
      if (damage !== undefined) profile.damage(damage);
      const page = await profile.open('/#/data');
      await drawn(page);
      const said = page.locator('[data-testid="database-fault"], [data-testid="database-loss"], .notice');
      const read = async () => (await said.allTextContents()).join(' ');
      if (keeps) await page.waitForTimeout(1000);
      await expect.soft.poll(read).toMatch(says);
      const words = await read();
      const found = (await pairCount(page).textContent()) ?? '';
      if (keeps) expect.soft(found).toMatch(/^(9,000|8,99\d) pairs/);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png` });
      let then = keeps ? 'as before' : 'restored whole';
      if (isShut) {
        // All screens work, and nothing says that it is kept.
        await choose(page, 'Import pairs', pairsOf('b.jsonl', 20));
        await expect(pairCount(page)).toContainText('20 pairs');
        await expect(page.getByText('will be gone after a reload').first()).toBeVisible();
        then = await beginAnew(page, name);
      } else if (!keeps) {
        await restore(page, backup);
        await expect(pairCount(page)).toContainText('9,000 pairs');
        await openScreen(page, 'Train');
        await expect(page.getByText('dpo-1').first()).toBeVisible();
      }
      table.push(`| ${name} | ${words.replace(/\s+/g, ' ').slice(0, 240)} | ${found} | ${then} |`);
    } finally {
      await profile.forget();
    }
  });
}
