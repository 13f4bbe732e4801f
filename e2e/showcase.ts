/**
 * @file Work worth a picture, on every screen: the starter's model from a directory, some of its pairs, a twin run with
 * curves, a round of judging, answers with their log-ratios, a judged prompt set, a demonstration. A few minutes on two
 * cores.
 */
import { trainForSteps } from './train-form';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { choose, openScreen, setNewTokens, take } from './screen';

const pairs = 240;
const steps = 24;

const fill = (page: Page | Locator, label: string | RegExp, value: string) =>
  page.getByRole('textbox', { name: label }).fill(value);

async function openModel(page: Page, folder: string): Promise<void> {
  // Under the name that the model has.
  const directory = join(folder, 'airlock-starter');
  cpSync('public/starter/model', directory, { recursive: true });
  await choose(page, 'Choose model directory', directory);
  await expect(page.getByTestId('bar-model')).toContainText('airlock-starter');
}

async function importPairs(page: Page): Promise<void> {
  await openScreen(page, 'Data');
  const lines = readFileSync('public/starter/dialogue/train.jsonl', 'utf8').split('\n').slice(0, pairs);
  await choose(page, 'Import pairs', {
    name: 'service-desk.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(lines.join('\n')),
  });
  await expect(page.getByTestId('pair-check')).toBeVisible({ timeout: 60_000 });
}

async function train(page: Page): Promise<void> {
  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /SFT, then DPO/ }));
  await trainForSteps(page, steps);
  await fill(page, /^Batch size/, '4');
  await fill(page, /DPO learning rate/, '2e-3');
  await fill(page, /SFT learning rate/, '1e-3');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('run-result').getByTestId('overlay')).toBeVisible({ timeout: 900_000 });
}

async function judge(page: Page): Promise<void> {
  await openScreen(page, 'Judge');
  await take(page.getByRole('radio', { name: 'From the data set' }));
  await fill(page, 'How many prompts', '4');
  await page.getByRole('checkbox', { name: 'dpo-1' }).check({ force: true });
  await fill(page, 'Answers per model', '1');
  await fill(page, 'New tokens', '40');
  await page.getByRole('button', { name: 'Generate and judge' }).click();
  await expect(page.getByTestId('answering')).toHaveCount(0, { timeout: 300_000 });
  await page.keyboard.press('1');
  await expect(page.getByRole('status').filter({ hasText: 'A chosen.' })).toBeAttached();
}

async function compare(page: Page): Promise<void> {
  await openScreen(page, 'Compare');
  await take(page.getByRole('radio', { name: 'What training made likelier' }));
  await fill(page, 'Prompt', 'Excuse me, there is a paper jam. What should I do?');
  await setNewTokens(page, 48);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByTestId('heat-legend')).toBeVisible({ timeout: 300_000 });
  const set = page.getByRole('region', { name: 'Prompt set' });
  await take(set.getByRole('radio', { name: 'Typed or pasted' }));
  await fill(
    set,
    'Texts to answer',
    'The printer is out of toner. What now?\nWho signs a training plan?\nHow do I order gloves?',
  );
  await take(set.getByRole('radio', { name: 'Me, blind' }));
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(set.getByTestId('comparison')).toBeVisible({ timeout: 600_000 });
  await expect(page.getByTestId('prompt-set-answering')).toHaveCount(0, { timeout: 600_000 });
  await expect(async () => {
    if ((await page.getByTestId('win-rates').count()) === 0) {
      await set.focus();
      await page.keyboard.press('2');
    }
    await expect(page.getByTestId('win-rates')).toBeVisible({ timeout: 300 });
  }).toPass({ timeout: 120_000 });
}

async function demonstrate(page: Page): Promise<void> {
  const section = page.getByRole('region', { name: 'Demonstration' });
  await take(section.getByRole('radio', { name: 'Typed or pasted' }));
  await fill(
    section,
    'Texts to answer',
    'The pump shows 15 bar and the limit is 10 bar. May it run?\nHow many minutes are 2 hours?',
  );
  await section.getByRole('button', { name: 'Prepare the answers' }).click();
  await expect(section.getByRole('button', { name: 'Show it to others' })).toBeEnabled({ timeout: 300_000 });
}

/** @param folder an empty one, for a copy of the model's directory */
export async function doShowcase(page: Page, folder: string): Promise<void> {
  await openModel(page, folder);
  await importPairs(page);
  await train(page);
  await judge(page);
  await compare(page);
  await demonstrate(page);
}
