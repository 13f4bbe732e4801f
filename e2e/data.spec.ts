/**
 * @file The Data screen on the built app: a table of ratings is recognised and shown before it is imported, a check's
 * fix is taken back, a pair is edited and looked at under the token microscope, the split survives a reload, the export
 * is read again.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible, expectDialogAccessible } from './accessible';
import { dataCases } from '../src/data/import/cases';
import { importAsText } from './import-text';
import { choose, openScreen, select } from './screen';
import { openModelAndPairs, openTinyModel } from './work';
import { reload } from './stored';

const ratings = [
  'prompt,response,score',
  ...[0, 1, 2].flatMap((i) => [`Question ${i}?,"A full answer, number ${i}.",5`, `Question ${i}?,No ${i}.,1`]),
].join('\n');

/** Rules of one's own: a wrong pattern is said, each rule is tried on a text, moved by keys, exported as JSON. */
async function writeRules(page: Page): Promise<void> {
  const [add, rules] = [page.getByRole('button', { name: 'Add a rule' }), page.getByTestId('rule')];
  await add.click();
  await rules.nth(0).getByRole('textbox', { name: 'Text' }).fill('number 2');
  await add.click();
  await expect(rules).toHaveCount(2);
  await rules
    .nth(1)
    .getByRole('button', { name: /An answer/ })
    .press('Enter');
  await page.getByRole('option', { name: 'matches a pattern' }).press('Enter');
  const pattern = rules.nth(1).getByRole('textbox', { name: /Pattern/ });
  await pattern.fill('^A (full');
  await expect(rules.nth(1)).toContainText('The pattern cannot be read');
  await pattern.fill('^An? (full|short)');
  await page.getByRole('textbox', { name: 'Answer to try' }).fill('A full answer, number 3.');
  await expect(rules.nth(0)).toContainText('Broken. The text is not there.');
  await expect(rules.nth(1)).toContainText('Kept. Found: "A full"');
  await expect(page.getByTestId('rule-trial')).toContainText('Score 0.5');
  await page.getByRole('button', { name: 'Move up: Rule 2' }).press('Enter');
  await expect(rules.nth(1)).toContainText('Broken. The text is not there.');
  await expect(page.getByRole('button', { name: 'Move down: Rule 1' })).toBeFocused();
  await expectAccessible(page, 'rules');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export rules' }).click();
  expect(JSON.parse(readFileSync(await (await downloading).path(), 'utf8'))).toMatchObject({
    version: 1,
    rules: [
      { kind: 'pattern', pattern: '^An? (full|short)' },
      { kind: 'contains', text: 'number 2', weight: 1 },
    ],
  });
  // The open model counts the tokens of what is tried.
  await add.click();
  await select(page, /An answer/, 'has a length', rules.nth(2));
  await select(page, /Counted in/, 'Tokens', rules.nth(2));
  await expect(rules.nth(2)).toContainText(/Kept\. \d+ tokens/);
}

/** The labels are judged by the words of the answers; one is flipped by a key, one kept, and the keeping taken back. */
async function reviewLabels(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Judge the labels' }).click();
  await expect(page.getByTestId('labels-noise')).toContainText('95% interval');
  await expectAccessible(page, 'label doctor');
  const list = page.getByRole('listbox', { name: /: list$/ });
  const doubted = await page.getByTestId('labels-pair').getByRole('heading', { level: 3 }).textContent();
  await list.press('f');
  await expect(page.getByText(`The answers of ${doubted!.replace('Pair', 'pair')} swapped.`)).toBeVisible();
  await expect(page.locator('#labels')).toContainText(
    '1 judged label changed or deleted since · 1 label settled by you',
  );
  await list.press('k');
  await expect(page.locator('#labels')).toContainText('2 labels settled by you');
  await list.press('u');
  await expect(page.locator('#labels')).toContainText('1 label settled by you');
  await expect(list).toBeFocused();
}

test('imports, checks, corrects, looks at tokens, splits and exports', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await openModelAndPairs(page);

  await choose(page, 'Import pairs', { name: 'ratings.csv', mimeType: 'text/csv', buffer: Buffer.from(ratings) });
  const dialog = page.getByTestId('import-dialog');
  await expect(dialog).toContainText('CSV, 6 rows. Read as: One answer with a score');
  await expect(dialog).toContainText('Chat messages');
  await select(page, /Import as/, 'Text, as it stands');
  await expectDialogAccessible(page, 'import');
  await dialog.getByRole('button', { name: 'Import 3 pairs' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('27 pairs');
  await choose(page, 'Import pairs', 'fixtures/parquet/snappy.parquet');
  await expect(dialog).toContainText('Not used: ');
  await dialog.getByRole('button', { name: 'Import 20 pairs' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('47 pairs');
  await choose(page, 'Import pairs', { name: 'again.csv', mimeType: 'text/csv', buffer: Buffer.from(ratings) });
  await dialog.getByRole('button', { name: 'Import 3 pairs' }).click();

  const checks = page.getByTestId('checks');
  await expect(checks).toContainText('Exact duplicates');
  await checks.getByRole('button', { name: 'Remove: Exact duplicates' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('47 pairs');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByTestId('pair-count')).toHaveText('50 pairs');
  await expect(page.getByTestId('length-confound')).toContainText('answer is the good one');

  await page.getByRole('textbox', { name: 'Search the pairs' }).fill('number 2');
  await expect(page.getByText('2 of 50 pairs')).toBeVisible();
  await page.getByRole('button', { name: 'Open pair 27' }).click();
  const edit = page.getByTestId('edit-dialog');
  await edit.getByRole('textbox', { name: 'Chosen', exact: true }).fill('');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByRole('alert')).toContainText('has an empty `Chosen`');
  await edit.getByRole('textbox', { name: 'Chosen', exact: true }).fill('An edited answer, number 2.');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('pairs-table')).toContainText('An edited answer');
  await page.getByRole('textbox', { name: 'Search the pairs' }).fill('');

  await expect(page.getByTestId('pair-check')).toBeVisible();
  await page.getByRole('button', { name: 'Tokens of pair 1', exact: true }).click();
  const tokens = page.getByTestId('token-dialog');
  await expect(tokens.getByText(/tokens learned/).first()).toBeVisible();
  await expect(tokens.locator('.tokens .token[data-eos]')).toHaveCount(2);
  await page.screenshot({ path: test.info().outputPath('tokens.png') });
  await expectDialogAccessible(page, 'token microscope');
  await page.keyboard.press('Escape');

  await page.getByRole('textbox', { name: /Kept for evaluation/ }).fill('20');
  await expect(page.getByTestId('split-counts')).not.toContainText(/, 0 for/);
  const counts = await page.getByTestId('split-counts').textContent();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSONL' }).click();
  const lines = readFileSync(await (await downloading).path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(50);
  expect(JSON.parse(lines[26]!)).toMatchObject({ prompt: 'Question 2?', chosen: 'An edited answer, number 2.' });
  await page.screenshot({ path: test.info().outputPath('data.png'), fullPage: true });
  await expectAccessible(page, 'findings, table and split');
  await writeRules(page);
  await reviewLabels(page);
  await reload(page);
  await expect(page.locator('#labels')).toContainText(
    '1 judged label changed or deleted since · 1 label settled by you',
  );
  await expect(page.getByTestId('split-counts')).toHaveText(counts!);
  await expect(page.getByTestId('rule').nth(1).getByRole('textbox', { name: 'Text' })).toHaveValue('number 2');
});

test('imports every format, said before it is imported', async ({ page }) => {
  await page.goto('/#/data');
  const dialog = page.getByTestId('import-dialog');
  const lines = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n');
  const say = (role: string, content: string) => ({ role, content });
  const hh = (answer: string) => `\n\nHuman: Is the pump on?\n\nAssistant: ${answer}`;
  const openai = {
    input: { messages: [say('user', 'Who may enter?')] },
    preferred_output: [say('assistant', 'Trained staff.')],
    non_preferred_output: [say('assistant', 'All.')],
  };
  const files: readonly [name: string, text: string, recognised: string | null, pairs: number][] = [
    ['pairs.jsonl', lines({ prompt: 'p', chosen: 'c', rejected: 'r' }), null, 1],
    [
      'chat.json',
      JSON.stringify([
        { prompt: [say('user', 'p')], chosen: [say('assistant', 'c')], rejected: [say('assistant', 'r')] },
      ]),
      null,
      1,
    ],
    ['table.csv', 'prompt,chosen,rejected\np2,c2,r2\n', null, 1],
    [
      'implicit.jsonl',
      lines({ chosen: 'The pump is on.', rejected: 'The pump is gone.' }),
      'which begin with the prompt',
      1,
    ],
    ['hh.jsonl', lines({ chosen: hh('It is.'), rejected: hh('No idea.') }), 'Two transcripts', 1],
    ['openai.jsonl', lines(openai), "OpenAI's preference format", 1],
    ['ranked.jsonl', lines({ prompt: 'Rank', answers: ['best', 'fair', 'worst'] }), 'a list of answers', 3],
    ['ratings.csv', ratings, 'One answer with a score', 3],
    ['odd-names.csv', 'frage,gut,schlecht\nWer?,Du.,Ich.\n', 'were not recognised', 1],
  ];
  let total = 0;
  for (const [name, text, recognised, pairs] of files) {
    await choose(page, 'Import pairs', { name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    if (recognised !== null) {
      await expect(dialog).toContainText(recognised);
      if (name === 'odd-names.csv') {
        for (const [use, column] of [
          ['Prompt (question)', 'frage'],
          ['Chosen (good answer)', 'gut'],
          ['Rejected (bad answer)', 'schlecht'],
        ] as const)
          await select(page, new RegExp(`Use of the column ${column}`), use);
      }
      await dialog.getByRole('button', { name: `Import ${pairs === 1 ? '1 pair' : `${pairs} pairs`}` }).click();
    }
    total += pairs;
    await expect(page.getByTestId('pair-count'), name).toHaveText(total === 1 ? '1 pair' : `${total} pairs`);
  }
});

test('the files that people bring give their right pairs, decoded by this browser', async ({ page }) => {
  await page.goto('/#/data');
  const dialog = page.getByTestId('import-dialog');
  let total = 0;
  for (const { file, pairs, leftOver = [] } of dataCases) {
    await choose(page, 'Import pairs', `fixtures/data/${file}`);
    total += pairs.length;
    const count = page.getByTestId('pair-count').getByText(total === 1 ? '1 pair' : `${total} pairs`, { exact: true });
    await expect(dialog.or(count).first(), file).toBeVisible();
    if (await dialog.isVisible()) {
      if (leftOver.length > 0) await expect(dialog).toContainText(`Not used: ${leftOver.join(', ')}.`);
      await dialog.getByRole('button', { name: /^Import \d/ }).click();
    }
    await expect(count, file).toBeVisible();
  }
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSONL' }).click();
  const text = readFileSync(await (await downloading).path(), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const wanted = dataCases.flatMap(({ pairs }) => pairs);
  expect(lines).toMatchObject(
    wanted.map(({ prompt, chosen, rejected }) =>
      rejected.length === 0 ? { prompt, completion: chosen } : { prompt, chosen, rejected },
    ),
  );
});

test('one click corrects what each check found, and nothing is left to find', async ({ page }) => {
  await page.goto('/');
  await openTinyModel(page);
  await openScreen(page, 'Data');
  const rows = [
    'prompt,chosen,rejected',
    '"The pump is ","fixed, and runs.",bad',
    'Who?,Me,You',
    'Who?,You,Me',
    'How old are you?,How old are you? I am ten.,Old',
    `Long,${'word '.repeat(600)},short`,
    'What is on?,The pump.,Nothing.',
    'What is on?,The pump.,Nothing.',
    'Stop<|im_end|>,a,b',
  ];
  await importAsText(page, { name: 'odd.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  const checks = page.getByTestId('checks');
  for (const [fix, left] of [
    ['Move the space: Prompt and answer merge at the boundary', 8],
    ['Remove: Answers cut at the maximum length', 7],
    ['Remove both: Contradictions', 5],
    ['Remove: Exact duplicates', 4],
    ['Cut it off: Answers that repeat the prompt', 4],
    ['Take them out: Special tokens in the text', 4],
    ['Make them chat messages: Plain text among chat messages, or for a chat model', 4],
  ] as const) {
    await checks.getByRole('button', { name: fix }).click();
    await expect(checks.getByRole('button', { name: fix })).toHaveCount(0);
    await expect(page.getByTestId('pair-count')).toHaveText(`${left} pairs`);
  }
  await expect(page.getByText('Nothing was found in 4 pairs')).toBeVisible();
  await expect(page.getByTestId('pairs-table')).toContainText('I am ten.');
});

/** How often the page has laid out and computed styles so far, however fast the machine is. */
async function openWorkCount(
  page: Page,
): Promise<() => Promise<{ readonly layouts: number; readonly styles: number }>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { layouts: of('LayoutCount'), styles: of('RecalcStyleCount') };
  };
}

test('of ten thousand pairs only the rows in view are laid out, and scrolling makes no more rows than come into view', async ({
  page,
}) => {
  await page.goto('/#/data');
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    JSON.stringify({
      prompt: `Question ${i} about pump ${i * 7919}`,
      chosen: 'Yes, that is so. '.repeat(20),
      rejected: 'No. '.repeat(20 + (i % 60)),
    }),
  );
  const file = { name: 'many.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(rows.join('\n')) };
  const table = page.getByTestId('pairs-table');
  await expect(page.getByRole('button', { name: 'Import pairs' })).toBeVisible();
  await choose(page, 'Import pairs', file);
  await expect(table.getByText('Question 0 about')).toBeVisible();
  await expect(page.getByTestId('pair-count')).toHaveText('10,000 pairs');
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  // The checks run in the background; what is counted is to be the scrolling's own.
  await expect(page.getByText('Checking the pairs…')).toHaveCount(0, { timeout: 120_000 });
  const count = await openWorkCount(page);
  const before = await count();
  const [frames, rowsAFrame] = [120, 3];
  const made = await table.evaluate(
    async (element, { frames, step }) => {
      let rowsMade = 0;
      const watch = new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) if (node instanceof HTMLTableRowElement) rowsMade++;
      });
      watch.observe(element, { childList: true, subtree: true });
      for (let i = 0; i < frames; i++) {
        element.scrollTop += step;
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      watch.disconnect();
      return rowsMade;
    },
    { frames, step: 46 * rowsAFrame },
  );
  const after = await count();
  const scrolled = frames * rowsAFrame;
  const measured = `${made} rows made for ${scrolled} scrolled by, ${after.layouts - before.layouts} layouts`;
  test.info().annotations.push({ type: 'measured', description: measured });
  process.stdout.write(`    ${measured}\n`);
  // Every row that came into view was made, each once: none of those that stayed was made anew.
  expect(made).toBeGreaterThan(scrolled * 0.9);
  expect(made).toBeLessThan(scrolled * 1.1);
  expect(after.layouts - before.layouts).toBeLessThan(4 * frames);
  await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await expect(table.getByText('Question 9999 about')).toBeVisible();
});
