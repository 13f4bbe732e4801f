/**
 * @file Runs on answers of their own, on the built app. RLOO with the tiny model: judged by the rules of the data set,
 * watched, paused, gone on with after a reload, with the rules changed in between. Online DPO and PPO on the starter's
 * model and prompts.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { choose, openScreen, runOn, select, take } from './screen';
import { openAdvanced, trainForSteps } from './train-form';
import { openModelAndPairs } from './work';
import { reload } from './stored';

test.setTimeout(240_000);
test.use({ actionTimeout: 15_000 });

async function addRule(page: Page, text: string): Promise<void> {
  await openScreen(page, 'Data');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByTestId('rule').last().getByRole('textbox', { name: 'Text' }).fill(text);
  await page.keyboard.press('Tab');
}

const drawn = (page: Page) => page.getByTestId('drawn-answers');

test('learns from its own answers by rules, and goes on after a reload by the rules it began with', async ({
  page,
}) => {
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Learn from a reward/ }));
  await expect(page.getByTestId('train-plan')).toHaveText('The data set has no rules yet, or one needs correction.');
  await page.getByRole('button', { name: 'Write rules' }).click();
  await addRule(page, 'a');
  await openScreen(page, 'Train');
  await openAdvanced(page);
  await select(page, /Train for/, 'A number of steps');
  await page.getByRole('textbox', { name: 'Steps', exact: true }).fill('14');
  const fill = (label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
  await fill(/^Answers a prompt/, '3');
  await fill(/^Batch size/, '4');
  await expect(page.getByTestId('train-plan')).toContainText('num_generations');
  await fill(/^Answers a prompt/, '2');
  await fill(/^Longest answer drawn/, '6');
  await expect(page.getByTestId('train-plan')).toHaveText(/^RLOO 14 steps, over \d+ prompts of the data set\.$/);
  await expect(page.getByTestId('train-memory')).toHaveText(/^Takes up to about .* of memory; 4 answers drawn at once/);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('active-run').getByTestId('charts')).toContainText('Reward of the answers');
  await expect(drawn(page).getByTestId('drawn-answer').first()).toHaveText(/^reward (0|1)/);
  await page.getByTestId('active-run').getByRole('button', { name: 'Pause' }).click();
  const result = page.getByTestId('run-result');
  await expect(result.getByRole('status').first()).toHaveText(/^rloo-1 is paused at step \d+ of 14/);

  await addRule(page, 'never said');
  await reload(page);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await openScreen(page, 'Train');
  await page.getByRole('link', { name: 'Open run rloo-1', exact: true }).click();
  await result.getByRole('button', { name: /^Resume from step/ }).click();
  await expect(result).toContainText('rloo-1 finished', { timeout: 120_000 });
  // By both rules an answer could have a half.
  await expect(drawn(page).locator('section').first()).toContainText('step 14');
  await expect(drawn(page)).not.toContainText('reward 0.5');
  await expect(result.getByTestId('charts')).toContainText('Answers cut off');

  // A fork is rewarded as its parent was.
  await page
    .getByRole('button', { name: /^Fork at step/ })
    .first()
    .click();
  await expect(result).toContainText('rloo-2 finished', { timeout: 60_000 });
  await page.getByText('Settings', { exact: true }).click();
  await expect(page.locator('.run-settings')).toContainText('"text":"a"');
  await expect(page.locator('.run-settings')).not.toContainText('never said');
});

const charts = {
  online_dpo: [
    ...['Reward of the answers', 'KL of the answers', 'Entropy', 'Answer length'],
    ...['Lead of the better answer', 'Accuracy'],
  ],
  ppo: [
    ...['Reward of the answers', 'KL of the answers', 'Entropy', 'Answer length'],
    ...['Words held back', 'Forecast error'],
  ],
};

/** At the width of a small laptop, in both languages. */
async function expectHeadsOfOneLine(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const language of ['한국어', 'English']) {
    await take(page.getByRole('radio', { name: language }));
    const tooHigh = await page
      .getByTestId('run-result')
      .locator('.chart-title')
      .evaluateAll((titles) =>
        titles.flatMap((title) =>
          title.getBoundingClientRect().height > 1.5 * parseFloat(getComputedStyle(title).lineHeight)
            ? [title.textContent]
            : [],
        ),
      );
    expect(tooHigh).toEqual([]);
  }
}

/** The form begins a run; it is paused, gone on with, and shows its charts and the answers that it learned from. */
async function trainPausedOnce(page: Page, name: keyof typeof charts, planned: RegExp): Promise<void> {
  await trainForSteps(page, 8);
  const fill = (label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
  await fill(/^Batch size/, '4');
  await fill(/^Longest answer drawn/, '8');
  await expect(page.getByTestId('train-plan')).toHaveText(planned);
  await expect(page.getByTestId('train-memory')).toContainText(/[48] answers drawn at once/);
  await page.getByRole('button', { name: 'Start training' }).click();
  const active = page.getByTestId('active-run');
  await expect(active.getByTestId('charts')).toContainText('Reward of the answers');
  await active.getByRole('button', { name: 'Pause' }).click();
  const result = page.getByTestId('run-result');
  await expect(result.getByRole('status').first()).toHaveText(new RegExp(`^${name}-1 is paused at step \\d+ of 8`));
  await result.getByRole('button', { name: /^Resume from step/ }).click();
  await expect(result).toContainText(`${name}-1 finished: 8 steps`, { timeout: 60_000 });
  for (const title of charts[name]) await expect(result.getByTestId('charts')).toContainText(title);
  await expect(drawn(page).locator('section').first()).toContainText('step 8');
  await expect(drawn(page).getByTestId('drawn-answer').first()).toHaveText(/^reward [01]/);
  await expectHeadsOfOneLine(page);
}

test('learns from its own answers on the starter, by online DPO with a margin and by PPO', async ({ page }) => {
  await page.goto('/');
  await runOn(page, 'WASM');
  await choose(page, 'Choose model directory', 'public/starter/model');
  await expect(page.getByTestId('bar-model')).toContainText('model');
  await openScreen(page, 'Data');
  const rows = readFileSync('public/starter/sentiment/train.jsonl', 'utf8').split('\n').slice(0, 64).join('\n');
  await choose(page, 'Import pairs', {
    name: 'prompts.jsonl',
    mimeType: 'application/json',
    buffer: Buffer.from(rows),
  });
  await expect(page.getByTestId('pair-count')).toHaveText('64 pairs');
  await addRule(page, 'e');
  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Prefer its own better answers/ }));
  await openAdvanced(page);
  await select(page, /ever further apart/, /^IPO/);
  await trainPausedOnce(page, 'online_dpo', /^ONLINE.DPO 8 steps, over 64 prompts of the data set\.$/i);
  await page.getByText('Settings', { exact: true }).click();
  await expect(page.locator('.run-settings')).toContainText('ipo');

  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Classic RLHF, word by word/ }));
  await trainPausedOnce(page, 'ppo', /^PPO 8 steps, over 64 prompts of the data set\./);
});
