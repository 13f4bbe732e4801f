/**
 * @file What learns from other things than which answer is better, on the built app with the tiny model: a reward model
 * by the scores of a file, which is measured, handed over and judges answers; KTO by thumbs; DPO by soft labels and
 * REBEL. In both languages.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expectAccessible, expectDialogAccessible } from './accessible';
import { importAsText } from './import-text';
import { dismiss, openScreen, runOn, select, setNewTokens, take } from './screen';
import { openAdvanced, trainForSteps } from './train-form';
import { openTinyModel } from './work';

test.setTimeout(240_000);
test.use({ actionTimeout: 15_000 });

const [good, bad] = [' Stop it and check the bearing.', ' Ignore it.'];
const prompts = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `Pump ${i} is loud.`);

/** The tiny model on WASM with a file of these rows, on the Data screen. */
async function open(page: Page, rows: readonly object[]): Promise<void> {
  await page.goto('/');
  await runOn(page, 'WASM');
  await openTinyModel(page);
  await openScreen(page, 'Data');
  const buffer = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAsText(page, { name: 'rows.jsonl', mimeType: 'application/jsonl', buffer });
  await expect(page.getByTestId('pair-count')).toHaveText(`${rows.length} pairs`);
}

const fill = (page: Page, label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);

async function check(page: Page, label: RegExp): Promise<void> {
  const box = page.getByRole('checkbox', { name: label });
  await box.press('Space');
  await expect(box).toBeChecked();
}

/** Has a run of so many steps begin and end. @returns what came of it */
async function train(page: Page, run: string, steps: number): Promise<Locator> {
  await trainForSteps(page, steps);
  await page.getByRole('button', { name: 'Start training' }).press('Enter');
  const result = page.getByTestId('run-result');
  await expect(result).toContainText(`${run} finished: ${steps} steps`, { timeout: 120_000 });
  return result;
}

/** The value of one of the run's settings, by TRL's name. */
const settingOf = (page: Page, key: string): Locator =>
  page
    .locator('.run-settings dl > div')
    .filter({ has: page.getByText(key, { exact: true }) })
    .locator('dd');

/** At the width of a small laptop: what the screen says in each language, that nothing sticks out, and access. */
async function expectBothLanguages(page: Page, korean: readonly string[], english: readonly string[]): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  const said = { 한국어: korean, English: english };
  for (const [language, texts] of Object.entries(said)) {
    await take(page.getByRole('radio', { name: language }));
    for (const text of texts) await expect(page.getByRole('main')).toContainText(text);
    const out = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('h1, h2, h3, h4, .chart-title, .method-name')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`),
    );
    expect.soft(out, language).toEqual([]);
    await expectAccessible(page, language);
  }
}

/** Pictures to look at, where SHOTS names a folder. */
async function shoot(page: Page, what: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  for (const [language, code] of [
    ['한국어', 'ko'],
    ['English', 'en'],
  ] as const)
    for (const width of [800, 1280]) {
      await take(page.getByRole('radio', { name: language }));
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${folder}/${what}-${code}-${width}.png`, fullPage: true });
    }
}

/** How often it is right on the held-out pairs, with the interval; a point with its interval for each row below. */
async function measure(page: Page, held: number): Promise<void> {
  await page.getByRole('button', { name: 'Measure', exact: true }).press('Enter');
  const report = page.getByTestId('calibration');
  const said = new RegExp(`in (\\d+)% of ${held} held-out pairs \\(95%: (\\d+)% to (\\d+)%\\)`);
  await expect(report).toContainText(said);
  const [accuracy = NaN, low = NaN, high = NaN] = said
    .exec(await report.innerText())!
    .slice(1)
    .map(Number);
  expect([low > 50, low < accuracy, accuracy < high]).toEqual([true, true, true]);
  const rows = await report
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => Number.parseInt(textContent))),
    );
  expect(rows.reduce((sum, [pairs = NaN]) => sum + pairs, 0)).toBe(held);
  const right = rows.reduce((sum, [pairs = NaN, , share = NaN]) => sum + (pairs * share) / held, 0);
  expect(Math.abs(right - accuracy)).toBeLessThan(1.5);
  expect(rows.length).toBeGreaterThan(1);
  const chart = report.getByRole('img', { name: `on ${held} pairs` });
  await expect(chart.locator('circle')).toHaveCount(rows.length);
  await expect(chart.locator('.rate-interval')).toHaveCount(3 * rows.length);
  await expect(report).toContainText(/Mean distance of the points from the line: \d+%/);
}

/** It goes as PEFT alone, which keeps the head that scores beside LoRA. */
async function handOver(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Hand over reward-1' }).press('Enter');
  const dialog = page.getByTestId('hand-over');
  const servers = dialog.getByRole('radiogroup', { name: 'Who will serve it?' });
  await expect(servers.getByRole('radio')).toHaveCount(2);
  await expect(servers).toContainText('PEFT’s files hold it (modules_to_save)');
  await expectDialogAccessible(page, 'hand-over of a reward model');
  await expect(dialog.getByRole('button', { name: 'Write a zip' })).toBeEnabled();
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Write a zip' }).press('Enter');
  const files = unzipSync(readFileSync(await (await downloading).path()));
  const textOf = (name: string) =>
    Buffer.from(Object.entries(files).find(([path]) => path.endsWith(`/${name}`))![1]).toString('latin1');
  const config: unknown = JSON.parse(textOf('adapter_config.json'));
  expect(config).toMatchObject({ task_type: 'SEQ_CLS', modules_to_save: ['score'] });
  expect(textOf('adapter_model.safetensors')).toContain('"base_model.model.score.weight"');
  await expect(page.getByTestId('handed-over')).toBeVisible();
  await dismiss(page, dialog);
}

/** Its scores choose the best of four answers in Compare, and are what an RLOO run learns from. */
async function judgeAnswers(page: Page): Promise<void> {
  await openScreen(page, 'Compare');
  const column = page.getByTestId('answer').first();
  await select(page, /Answer shown/, 'best of 4', column);
  await select(page, /Chosen by/, 'Reward model reward-1', column);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Pump 3 is loud.');
  await setNewTokens(page, 6);
  await column.getByRole('button', { name: 'Set the temperature to 1' }).press('Enter');
  await page.getByRole('button', { name: 'Generate' }).press('Enter');
  await expect(page.getByText('Answers finished.')).toBeAttached();
  const scores = column.getByTestId('best-of').getByText(/^Score /);
  await expect(scores.first()).toHaveText(/, the best of 4$/);
  const values = (await scores.allTextContents()).map((text) => Number.parseFloat(text.slice(6).replace('−', '-')));
  expect(values).toHaveLength(4);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(new Set(values).size).toBeGreaterThan(1);

  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Learn from a reward/ }));
  await select(page, /Answers are judged by/, 'Reward model reward-1');
  for (const [label, value] of [
    [/^Answers a prompt/, '2'],
    [/^Batch size/, '4'],
    [/^Longest answer drawn/, '6'],
  ] as const)
    await fill(page, label, value);
  await train(page, 'rloo-1', 2);
  await expect(page.getByTestId('drawn-answer').first()).toHaveText(/^reward [-−]?\d/);
  await expect(page.getByTestId('run-origin')).toContainText('Answers judged by: reward-1');
}

test('trains a reward model by scores, measures it, hands it over, and has it judge answers', async ({ page }) => {
  // Of every three pairs one is the toss of a coin, of which nobody can be sure.
  const rows = prompts(110).map((prompt, i) => {
    const coin = i % 2 === 0 ? [' Wait.', ' Look.'] : [' Look.', ' Wait.'];
    const [chosen, rejected] = i % 3 === 0 ? coin : [good, bad];
    return { prompt, chosen, rejected, chosen_score: 4.5, rejected_score: 4.25 };
  });
  await open(page, rows);
  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Train a judge/ }));
  await openAdvanced(page);
  await check(page, /^Margins/);
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).press('Enter');
  await fill(page, /^Held out/, '0.4');
  await fill(page, /^Learning rate/, '3e-3');
  await fill(page, /^Batch size/, '4');
  const result = await train(page, 'reward-1', 16);
  for (const title of ['Reward margin', 'Accuracy', 'Rewards'])
    await expect(result.getByTestId('charts')).toContainText(title);
  await page.getByText('Settings', { exact: true }).press('Enter');
  await expect(settingOf(page, 'score_margins')).toHaveText('true');
  await measure(page, 44);
  await shoot(page, 'reward-model');
  await expectBothLanguages(
    page,
    ['확신하는 만큼 맞습니까?', '보상 모델', '평가용 쌍 44개'],
    ['Is it as sure as it is right?', 'Reward model', '44 held-out pairs'],
  );
  await handOver(page);
  await judgeAnswers(page);
});

test('learns from thumbs up and down by KTO, which the data’s checks take as they are', async ({ page }) => {
  const isUp = (i: number) => i % 3 > 0;
  const rows = prompts(24).map((prompt, i) => ({ prompt, completion: isUp(i) ? good : bad, label: isUp(i) }));
  await open(page, rows);
  await expect(page.getByTestId('pair-check')).toContainText('All 24 pairs can be trained on');
  await expect(page.getByTestId('checks')).not.toContainText('cannot be trained on');
  const tokens = page.getByTestId('pairs-table').locator('tbody .pair-tokens');
  expect((await tokens.allTextContents()).map((text) => Number(text) > 10)).not.toContain(false);
  await openScreen(page, 'Train');
  await expect(page.getByTestId('train-plan')).toContainText('Thumbs up and down are for KTO');
  await take(page.getByRole('radio', { name: /thumbs up and down \(KTO\)/ }));
  await openAdvanced(page);
  await fill(page, /^Learning rate/, '3e-3');
  await fill(page, /^Batch size/, '4');
  await trainForSteps(page, 6);
  await expect(page.getByTestId('train-plan')).toHaveText(/^KTO 6 steps \(\d+ tokens\), over 22 pairs; 2 held out\.$/);
  const result = await train(page, 'kto-1', 6);
  for (const title of ['Loss', 'Reward margin', 'KL to the reference', 'Rewards', 'Log-probabilities'])
    await expect(result.locator('.chart-title').getByText(title, { exact: true })).toBeVisible();
  // KTO's settings are not those of DPO.
  await expect(result).toContainText('add good answers that are short');
  await expect(result).not.toContainText('ld_alpha');
  await openScreen(page, 'Train');
  await expectBothLanguages(
    page,
    ['좋음·나쁨 평가로 배우기 (KTO)', '심사 모델 학습하기 (보상 모델)', '학습률'],
    ['Learn from thumbs up and down (KTO)', 'Train a judge (reward model)', 'Learning rate'],
  );
});

test('learns how much better an answer is, by soft labels and by REBEL', async ({ page }) => {
  const scores = { chosen_score: 4.5, rejected_score: 2.5 };
  await open(
    page,
    prompts(24).map((prompt) => ({ prompt, chosen: good, rejected: bad, ...scores })),
  );
  await expect(page.getByTestId('pairs-table').locator('tbody tr .pair-score')).toHaveText(
    Array.from({ length: 24 }, () => ['4.5', '2.5']).flat(),
  );
  await openScreen(page, 'Train');
  await openAdvanced(page);
  await page.getByRole('button', { name: 'Further options of this loss' }).press('Enter');
  await check(page, /^Soft labels/);
  await train(page, 'dpo-1', 2);
  await page.getByText('Settings', { exact: true }).press('Enter');
  await expect(settingOf(page, 'soft_labels')).toHaveText('true');
  await expect(page.getByTestId('step-zero')).toContainText('loss 0.6931');

  await openScreen(page, 'Train');
  await select(page, /^\S+ · .*Loss/, /^rebel/);
  await train(page, 'dpo-2', 2);
  await page.getByText('Settings', { exact: true }).press('Enter');
  await expect(settingOf(page, 'loss_type')).toHaveText('rebel');
  // Nothing is learned at step 0, so all of the difference of the scores is missing: 2² of each pair.
  await expect(page.getByTestId('step-zero')).toContainText('loss 4');
  await expectBothLanguages(page, ['보상 마진', '설정'], ['Reward margin', 'Settings']);
});
