/**
 * @file What the page says is kept is kept, though all of Chromium is killed at that moment: pairs, judgements with
 * their pairs. Random moments, and all else that is kept, are in kill.slow.ts.
 */
import { expect, test } from '@playwright/test';
import { KilledBrowser } from './killed-browser';
import { choose, openScreen } from './screen';

const jsonl = (name: string, lines: readonly object[]) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')),
});
const pairs = Array.from({ length: 2000 }, (_, i) => ({ prompt: `Question ${i}`, chosen: 'Yes.', rejected: 'No.' }));
const judged = Array.from({ length: 9 }, (_, i) => ({
  prompt: `Q ${i}`,
  a: `one ${i}`,
  b: `other ${i}`,
  verdict: 'a',
}));

test('pairs and judgements that the page has told of outlive the browser', async ({ baseURL }) => {
  const browser = new KilledBrowser(baseURL ?? '', ['import-outcome', 'comparison']);
  const said = (part: string) => expect.poll(() => browser.last(part), { intervals: [1] });
  try {
    let page = await browser.open('/#/data');
    await choose(page, 'Import pairs', jsonl('pairs.jsonl', pairs));
    await said('import-outcome').toContain('2,000 rows of pairs.jsonl imported');
    await browser.kill();

    page = await browser.open('/#/judge');
    await expect(page.getByRole('link', { name: /^Data/ })).toContainText('2,000 pairs');
    await choose(page, 'Judge a file’s answers', jsonl('round.jsonl', judged));
    await said('comparison').toContain('0 of 9');
    for (const [index, key] of ['1', '2', '1'].entries()) {
      await page.keyboard.press(key);
      await said('comparison').toContain(`${index + 1} of 9`);
    }
    await browser.kill();

    page = await browser.open('/#/judge');
    await expect(page.getByTestId('comparison')).toContainText('3 of 9');
    await openScreen(page, 'Data');
    await expect(page.getByTestId('pair-count')).toHaveText('2,003 pairs');
  } finally {
    await browser.forget();
  }
});
