/**
 * @file What the new log at each visit (storage/new-log.ts) costs an import of 10,000 pairs: five visits with it and
 * five without, by turns, each with a profile of its own on the disk. It prints both medians and their ratio.
 */
import { expect, test } from '@playwright/test';
import { KilledBrowser } from './killed-browser';
import { choose } from './screen';

const lines = Array.from({ length: 10_000 }, (_, i) =>
  JSON.stringify({
    prompt: `Question ${i} `.repeat(12),
    chosen: `Answer ${i} `.repeat(15),
    rejected: `No ${i} `.repeat(15),
  }),
).join('\n');

/** Runs in the page: nothing is written to have a new log begun. */
function withoutNewLog(): void {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    if (this.name === 'filler') return this.count() as unknown as IDBRequest<IDBValidKey>;
    return put.apply(this, key === undefined ? [value] : [value, key]);
  };
}

/** Seconds from the loading of the page, and from the choice of the file, until the import is said and written. */
async function importOnce(baseURL: string, hasNewLog: boolean): Promise<readonly [visit: number, work: number]> {
  const browser = new KilledBrowser(baseURL, []);
  try {
    const page = await browser.open('/#/data');
    // A first visit begins no log: there is nothing yet that could be torn.
    await choose(page, 'Import pairs', 'fixtures/pairs.jsonl');
    await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
    if (!hasNewLog) await page.addInitScript(withoutNewLog);
    const start = performance.now();
    await page.reload();
    await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
    const chosen = performance.now();
    await choose(page, 'Import pairs', { name: 'a.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(lines) });
    await expect.poll(() => page.getByTestId('pair-count').textContent(), { intervals: [20] }).toBe('10,024 pairs');
    return [(performance.now() - start) / 1000, (performance.now() - chosen) / 1000];
  } finally {
    await browser.forget();
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

test('an import of 10,000 pairs, with the new log of a visit and without', async ({ baseURL }) => {
  const times = { with: [] as (readonly [number, number])[], without: [] as (readonly [number, number])[] };
  for (let round = 0; round < 5; round++) {
    times.without.push(await importOnce(baseURL ?? '', false));
    times.with.push(await importOnce(baseURL ?? '', true));
  }
  for (const [part, at] of [
    ['from the loading of the page', 0],
    ['from the choice of the file', 1],
  ] as const) {
    const [own, bare] = [times.with, times.without].map((each) => median(each.map((pair) => pair[at])));
    const ratio = ((own ?? NaN) / (bare ?? NaN)).toFixed(2);
    console.log(`    ${part}: ${own?.toFixed(2)} s with it, ${bare?.toFixed(2)} s without, ratio ${ratio}`);
  }
});
