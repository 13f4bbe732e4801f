/**
 * @file The Train screen on the built app, on WASM, with the tiny model: pause, resume, reload, fork, stop; what the
 * doctor says of bad settings; charts and their files; a twin run; notes, tags and differences; two tabs.
 */
import { trainForSteps } from './train-form';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { openScreen, runOn, select, take } from './screen';
import { openModelAndPairs } from './work';
import { reload } from './stored';

test.setTimeout(600_000);

const fill = (page: Page, label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
const card = (page: Page, run: string): Locator => page.getByRole('row', { name: `Run ${run}`, exact: true });
const runPage = (page: Page, run: string): Locator => page.getByRole('region', { name: `Run ${run}`, exact: true });
const openRun = (page: Page, run: string) => page.getByRole('link', { name: `Open run ${run}`, exact: true }).click();
const start = (page: Page) => page.getByRole('button', { name: 'Start training' }).click();

/** The tiny model and the pairs, then the Train screen with runs counted in steps. */
async function prepare(page: Page, steps: number): Promise<void> {
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, steps);
  await fill(page, /DPO learning rate/, '3e-3');
}

async function evaluateEvery(page: Page, steps: number, saveEvery: number): Promise<void> {
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  await fill(page, /^Held out/, '0.3');
  await fill(page, /^Evaluate every/, String(steps));
  await fill(page, /^Checkpoint every/, String(saveEvery));
}

// Looked at often: within a second a fast machine takes more steps than a test may let pass.
async function waitForStep(page: Page, step: number): Promise<void> {
  await expect
    .poll(
      async () =>
        Number(
          /Step (\d+)/.exec(
            (await page
              .getByTestId('active-run')
              .getByTestId('figures')
              .locator('caption')
              .textContent({ timeout: 5000 })
              .catch(() => '')) ?? '',
          )?.[1] ?? 0,
        ),
      { timeout: 120_000, intervals: [50] },
    )
    .toBeGreaterThanOrEqual(step);
}

async function savedText(page: Page, click: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent('download');
  await click();
  return readFileSync(await (await download).path(), 'utf8');
}

/** The run's CSV, a record a step. */
async function readCsv(page: Page, run: string): Promise<Record<string, string>[]> {
  await openScreen(page, 'Train');
  await openRun(page, run);
  const charts = runPage(page, run).getByTestId('charts');
  const text = await savedText(page, () => charts.getByRole('button', { name: 'Download CSV' }).click());
  const [head = '', ...rows] = text.trim().split('\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((value, i) => [names[i] ?? '', value])));
}

const stepsOf = (lines: Record<string, string>[]) => lines.map(({ step }) => Number(step));
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

/** The last model comes back by itself. */
async function reopenModel(page: Page): Promise<void> {
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await openScreen(page, 'Train');
}

test('pauses, resumes, goes on after a reload, forks and stops, and loses no step', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('dialog', (dialog) => void dialog.accept());
  await prepare(page, 60);
  await evaluateEvery(page, 10, 5);
  await expect(page.getByTestId('train-plan')).toHaveText(/60 steps.*held out/);
  await page.getByRole('button', { name: 'Estimate time and memory' }).click();
  await expect(page.getByTestId('probe')).toContainText(/DPO: about .+ for 60 steps.+evaluations take.+of tensors/, {
    timeout: 120_000,
  });
  await expect(page.getByTestId('run-card')).toHaveCount(0);
  await fill(page, /^Prompts for sample answers/, 'The pump is\nThe valve is');
  await expect(page.getByTestId('probe')).toBeEmpty();
  await start(page);
  await waitForStep(page, 6);
  await page.getByTestId('active-run').getByRole('button', { name: 'Pause' }).click();
  // Resume stands where Pause was, on the run's page.
  const result = page.getByTestId('run-result');
  await expect(result.getByRole('status').first()).toHaveText(/^dpo-1 is paused at step \d+ of 60/);
  await expect(page.getByTestId('active-run')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Resume from step/ })).toHaveCount(1);
  await result.getByRole('button', { name: /^Resume from step/ }).click();
  await waitForStep(page, 21);
  await expect(page).toHaveTitle(/^\d+% · Train · Airlock$/);
  await openScreen(page, 'Data');
  await expect(page.getByTestId('run-chip')).toContainText(/dpo-1.*step \d+ of 60/);
  await page.getByTestId('run-chip').click();
  await expect(page.getByTestId('active-run')).toBeVisible();
  await reload(page);
  await expect(runPage(page, 'dpo-1').getByText('interrupted', { exact: true })).toBeVisible();
  await openScreen(page, 'Train');
  await expect(card(page, 'dpo-1').getByText('interrupted')).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Steps/ })).toHaveValue('60');
  await reopenModel(page);
  await openRun(page, 'dpo-1');
  // A checkpoint was due at step 20; a slow disk may have had only the one before, a quick machine one after.
  await result.getByRole('button', { name: /^Resume from step ([1-5][05])/ }).click();
  await expect(page.getByTestId('active-run')).toHaveCount(1);
  await expect(page.getByTestId('active-run')).toHaveCount(0, { timeout: 200_000 });
  await expect(result).toContainText('dpo-1 finished');
  await expect(result.getByTestId('sample-answer')).toHaveCount(12);
  const lines = await readCsv(page, 'dpo-1');
  expect(stepsOf(lines)).toEqual(upTo(60));
  expect(lines.filter(({ eval_loss }) => eval_loss !== '').map(({ step }) => Number(step))).toEqual([
    10, 20, 30, 40, 50, 60,
  ]);
  expect(Number(lines.at(-1)?.['loss'])).toBeLessThan(Math.LN2);
  // A pause may cut the answers of one evaluation short.
  expect(lines.filter(({ eval_kl }) => eval_kl !== '').length).toBeGreaterThanOrEqual(5);

  await openScreen(page, 'Train');
  await fill(page, /^Steps/, '5000');
  await fill(page, /^Beta/, '0.5');
  await openRun(page, 'dpo-1');
  await page.getByRole('button', { name: 'Fork at step 50' }).click();
  await waitForStep(page, 53);
  await page.getByTestId('active-run').getByRole('button', { name: 'Stop' }).click();
  await expect(runPage(page, 'dpo-2').getByText('stopped', { exact: true })).toBeVisible();
  await expect(runPage(page, 'dpo-2').getByRole('button', { name: /Download adapter/ })).toBeEnabled();
  const forked = await readCsv(page, 'dpo-2');
  expect(stepsOf(forked)).toEqual(upTo(forked.length));
  expect(forked.slice(0, 50)).toEqual(lines.slice(0, 50));
  expect(forked[50]?.['loss']).not.toBe(lines[50]?.['loss']);
  expect(problems).toEqual([]);
});

// Bad runs of every other kind are constructed in doctor.test.ts: what a rate that is far too high does is chaotic.
test('the doctor tells a learning rate that is far too low', async ({ page }) => {
  await prepare(page, 24);
  await fill(page, /DPO learning rate/, '1e-9');
  await start(page);
  await expect(page.getByTestId('run-result').locator('[data-finding="stuck"]')).toContainText('learning rate', {
    timeout: 120_000,
  });
});

test('leads to a setting that is wrong, and adapts the layers that are named', async ({ page }) => {
  await prepare(page, 6);
  await fill(page, /^Beta/, 'x');
  await page.getByTestId('train-plan').getByRole('button', { name: 'One setting needs correction.' }).click();
  await expect(page.getByRole('textbox', { name: /^Beta/ })).toBeFocused();
  await page.keyboard.type('0.2');
  await fill(page, /^Beta/, '0.2');
  await page.getByRole('button', { name: /^Adapter, schedule/ }).click();
  await select(page, /^(All )?Layers/, 'These');
  await fill(page, /^Layers by number/, '0-9');
  await expect(page.getByText(/there is no layer \d/)).toBeVisible();
  await fill(page, /^Layers by number/, '1');
  await start(page);
  const settings = runPage(page, 'dpo-1');
  await expect(page.getByTestId('run-result')).toContainText('dpo-1 finished', { timeout: 120_000 });
  await expect(settings).toContainText('layers_to_transform');
});

test('smooths, zooms and takes charts away; a twin run shares a budget and is laid over itself', async ({ page }) => {
  await prepare(page, 12);
  await take(page.getByRole('radio', { name: /SFT, then DPO/ }));
  await expect(page.getByTestId('train-plan')).toHaveText(
    /SFT \d+ steps \([\d,]+ tokens\), then DPO 12 steps \([\d,]+ tokens\)/,
  );
  const plan = (await page.getByTestId('train-plan').textContent()) ?? '';
  const [sftTokens = 0, dpoTokens = 1] = [...plan.matchAll(/\(([\d,]+) tokens\)/g)].map(([, count = '']) =>
    Number(count.replaceAll(',', '')),
  );
  expect(Math.abs(sftTokens / dpoTokens - 1)).toBeLessThan(0.05);
  await start(page);
  const overlay = page.getByTestId('run-result').getByTestId('overlay');
  await expect(overlay).toBeVisible({ timeout: 200_000 });
  await expect(overlay.locator('figure').first()).toContainText('sft-1');
  await expect(overlay.locator('figure').first()).toContainText('dpo-1');
  // TRL's names stand beside the plain ones where they are asked for only.
  await expect(overlay.locator('code')).toHaveCount(0);
  const [sft, dpo] = [await readCsv(page, 'sft-1'), await readCsv(page, 'dpo-1')];
  expect(sft.length).toBeGreaterThan(dpo.length);
  expect(Math.abs(Number(sft.at(-1)?.['num_tokens']) / Number(dpo.at(-1)?.['num_tokens']) - 1)).toBeLessThan(0.1);
  expect(Number(dpo[0]?.['tokens_per_second'])).toBeGreaterThan(0);

  const charts = runPage(page, 'dpo-1').getByTestId('charts');
  const smoothing = charts.getByRole('slider', { name: 'Smoothing' });
  await expect(smoothing).toHaveValue('0.6');
  await smoothing.focus();
  await page.keyboard.press('ArrowRight');
  await expect(smoothing).toHaveValue('0.61');
  await expect(overlay.getByRole('slider', { name: 'Smoothing' })).toHaveValue('0.61');

  const canvas = charts.locator('.u-over').first();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('The chart has no place on the page.');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
  await expect(charts.locator('.chart-step').first()).toHaveText(/step [3-5]/);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(charts.getByRole('slider', { name: 'First shown' })).toHaveValue(/^[3-5]$/);
  await expect(charts.getByRole('slider', { name: 'Last shown' })).toHaveValue(/^[8-9]$/);
  await charts.getByRole('button', { name: 'Show all' }).click();
  await expect(charts.getByRole('slider', { name: 'First shown' })).toHaveValue('1');
  await charts.getByRole('slider', { name: 'First shown' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(charts.getByRole('button', { name: 'Show all' })).toBeEnabled();

  await charts.getByRole('button', { name: 'Enlarge the chart Loss' }).click();
  const enlarged = page.getByRole('dialog', { name: 'Loss' });
  await expect(enlarged.locator('canvas')).toBeVisible();
  const [width, height] = await enlarged
    .locator('canvas')
    .evaluate((canvas) => [canvas.clientWidth, canvas.clientHeight]);
  expect(width).toBeGreaterThan(1200);
  expect(height).toBeGreaterThan(500);
  await page.keyboard.press('Escape');
  await expect(enlarged).toHaveCount(0);

  const image = page.waitForEvent('download');
  await charts.getByRole('button', { name: 'Download the chart Loss as PNG' }).click();
  const bytes = readFileSync(await (await image).path());
  expect([...bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join('')).toBe('PNG');
  expect(bytes.length).toBeGreaterThan(2000);

  await openScreen(page, 'Train');
  // Both of the twin are chosen in the list, with what differs between them.
  const comparison = page.getByTestId('run-comparison');
  await expect(comparison.getByRole('row', { name: /method/ })).toContainText('sft');
  await expect(comparison.locator('tr[data-differs]').filter({ hasText: 'max_steps' })).toContainText('12');
  await comparison.getByRole('button', { name: 'Clear the selection' }).click();
  await expect(comparison).toHaveCount(0);
  await listRuns(page);
});

/** Of sft-1 and dpo-1: search, filter, pin, sort, and deletion of both, which asks and can be undone. */
async function listRuns(page: Page): Promise<void> {
  const rows = page.getByTestId('run-card');
  const search = page.getByRole('textbox', { name: /^Search names/ });
  await search.fill('sft tiny');
  await expect(rows).toHaveCount(1);
  await expect(page.locator('#runs').getByRole('status').first()).toHaveText('1 of 2 runs');
  await search.fill('nothing of the kind');
  await expect(page.locator('#runs')).toContainText('No run matches the search and the filter.');
  await search.fill('');
  await select(page, /Runs shown/, /^DPO$/);
  await expect(rows).toHaveCount(1);
  await select(page, /Runs shown/, 'All runs');
  const table = page.getByRole('region', { name: 'Table of runs' });
  await table.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(rows.first()).toContainText('dpo-1');
  await page.getByRole('button', { name: 'Pin run sft-1 to the top' }).click();
  await expect(rows.first()).toContainText('sft-1');
  await reload(page);
  await expect(rows.first()).toContainText('sft-1');
  await page.getByRole('checkbox', { name: 'Choose all runs shown' }).press('Space');
  await page.getByTestId('run-comparison').getByRole('button', { name: 'Delete 2 runs' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Keep them' }).click();
  await expect(rows).toHaveCount(2);
  await page.getByTestId('run-comparison').getByRole('button', { name: 'Delete 2 runs' }).click();
  await question.getByRole('button', { name: 'Delete 2 runs' }).click();
  await expect(rows).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(2);
}

test('two tabs: one trains while the other renames, notes and deletes, and both end with the same', async ({
  page,
  context,
}) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await prepare(page, 5000);
  await fill(page, /DPO learning rate/, '1e-4');
  await start(page);
  await waitForStep(page, 2);

  const other = await context.newPage();
  await other.goto('/#/train');
  await expect(card(other, 'dpo-1').getByText('running')).toBeVisible();
  await openRun(other, 'dpo-1');
  await other.getByRole('button', { name: 'Rename run dpo-1' }).click();
  await other.getByRole('textbox', { name: 'New name of dpo-1' }).fill('polite');
  await other.getByRole('button', { name: 'Save name' }).click();
  await other.getByRole('textbox', { name: 'Notes on polite' }).fill('한국어 메모');
  await other.getByRole('textbox', { name: /Tags of polite/ }).fill('base, first try');
  await expect(runPage(other, 'polite').locator('.tag').filter({ hasText: 'first try' })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Delete run polite' })).toBeDisabled();
  await openScreen(other, 'Data');
  await other
    .getByRole('button', { name: /^Delete pair/ })
    .first()
    .click();
  await expect(other.getByTestId('pair-count')).toHaveText('23 pairs');

  // The tab that trains hears of it, and its own writes take nothing back.
  await expect(runPage(page, 'polite')).toBeVisible();
  await openScreen(page, 'Data');
  await expect(page.getByTestId('pair-count')).toHaveText('23 pairs');
  await page.getByTestId('run-chip').click();
  await page.getByTestId('active-run').getByRole('button', { name: 'Pause' }).click();
  await expect(runPage(page, 'polite').getByText('paused', { exact: true })).toBeVisible();
  await openScreen(other, 'Train');
  await expect(card(other, 'polite').getByText('paused')).toBeVisible();
  await reload(other);
  await expect(card(other, 'polite').locator('.tag').filter({ hasText: 'first try' })).toBeVisible();
  await openRun(other, 'polite');
  await expect(other.getByRole('textbox', { name: 'Notes on polite' })).toHaveValue('한국어 메모');

  // A tab that is closed in the middle leaves a run that the other marks as interrupted by itself.
  await openScreen(other, 'Train');
  await openScreen(page, 'Train');
  await start(page);
  await waitForStep(page, 2);
  await expect(other.getByTestId('run-card').filter({ hasText: 'running' })).toHaveCount(1);
  await page.close({ runBeforeUnload: false });
  await expect(other.getByTestId('run-card').filter({ hasText: 'interrupted' })).toHaveCount(1);
});

test('two tabs that edit and train at once: nothing of either is lost', async ({ page, context }) => {
  await prepare(page, 40);
  const other = await context.newPage();
  await other.goto('/');
  await reopenModel(other);
  // Settings reach the other tab when it is opened, if they were written by then.
  await trainForSteps(other, 40);
  await Promise.all([page, other].map((tab) => openScreen(tab, 'Data')));
  await Promise.all([
    page.getByRole('button', { name: 'Delete pair 1', exact: true }).click(),
    other.getByRole('button', { name: 'Delete pair 5', exact: true }).click(),
  ]);
  for (const tab of [page, other]) await expect(tab.getByTestId('pair-count')).toHaveText('22 pairs');
  await other.getByRole('button', { name: 'Open pair 2', exact: true }).click();
  await page.getByRole('button', { name: 'Delete pair 2', exact: true }).click();
  await expect(other.getByTestId('edit-dialog').getByRole('alert')).toContainText('changed or deleted in another tab');
  await other.keyboard.press('Escape');
  for (const tab of [page, other]) await expect(tab.getByTestId('pair-count')).toHaveText('21 pairs');

  await Promise.all([page, other].map((tab) => openScreen(tab, 'Train')));
  await start(page);
  await expect(card(other, 'dpo-1').getByText('running')).toBeVisible();
  await start(other);
  for (const tab of [page, other]) await expect(tab.getByTestId('run-result')).toBeVisible({ timeout: 120_000 });
  for (const tab of [page, other]) await openScreen(tab, 'Train');
  await reload(page);
  for (const tab of [page, other]) {
    await expect(tab.getByTestId('run-card').filter({ hasText: /running|interrupted/ })).toHaveCount(0);
    await expect(tab.getByRole('row', { name: /^Run dpo-[12]$/ })).toHaveCount(2);
  }
  expect(stepsOf(await readCsv(page, 'dpo-2'))).toEqual(upTo(40));
  await openScreen(page, 'Data');
  await expect(page.getByTestId('pair-count')).toHaveText('21 pairs');
});
