/**
 * @file A run on answers of its own raises the true reward, in a browser on WASM: RLOO, online DPO and PPO on the
 * guided starter's model and prompts, by its own judge, then base and run answer held-out prompts that nothing was
 * trained on.
 * Fails where the interval of the difference is not clear of 0. It prints both means, the interval and what the run
 * took.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { meanOf, varianceOf } from '../src/core/statistics';
import type { PromptSet } from '../src/storage/prompt-set-record';
import { starter } from '../src/studio/text/en/starter';
import { openScreen, runOn, select, setNewTokens, take } from './screen';
import { readStored } from './stored';
import { trainForSteps } from './train-form';

test.setTimeout(7_200_000);

const heldOut = 160;

/** How a method is chosen in Train, and what is changed of the settings with which its form begins. */
interface Method {
  readonly radio: RegExp;
  /** What its runs are called. */
  readonly run: string;
  readonly planned: string;
  readonly steps: number;
  readonly batch: number;
}

/** Each draws 64 answers a step; PPO learns from them four times over. */
const methods: readonly Method[] = [
  { radio: /Learn from a reward/, run: 'rloo-1', planned: 'RLOO', steps: 60, batch: 64 },
  { radio: /Prefer its own better answers/, run: 'online_dpo-1', planned: 'Online DPO', steps: 60, batch: 32 },
  { radio: /Classic RLHF, word by word/, run: 'ppo-1', planned: 'PPO', steps: 30, batch: 64 },
];

/** The settings that the run has beside those with which the form begins. */
async function setForm(page: Page, { radio, steps, batch }: Method): Promise<void> {
  const fill = (label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
  await take(page.getByRole('radio', { name: radio }));
  await select(page, /Answers are judged by/, new RegExp(`: ${starter.tasks.sentiment.title}`));
  await trainForSteps(page, steps);
  await page.getByRole('button', { name: /^Adapter, schedule/ }).click();
  await select(page, /^(All )?Layers/, 'These');
  await fill(/^Layers by number/, '3-5');
  await fill(/^Learning rate/, '3e-3');
  await fill(/^Batch size/, String(batch));
  await fill(/LoRA rank/, '16');
  await fill(/LoRA alpha/, '32');
}

/** Has the base and the run answer the starter's held-out prompts once at temperature 1. */
async function answerHeldOut(page: Page): Promise<PromptSet> {
  await openScreen(page, 'Compare');
  const columns = page.getByTestId('answer');
  await setNewTokens(page, 64);
  // The base stays.
  for (const at of [2, 1])
    await columns
      .nth(at)
      .getByRole('button', { name: /^Remove/ })
      .click();
  await expect(columns).toHaveCount(1);
  await page.getByRole('button', { name: 'Add a column' }).click();
  const set = page.getByRole('region', { name: 'Prompt set' });
  const check = (name: string) => take(set.getByRole('radio', { name }));
  await check('The starter’s held-out prompts');
  await set.getByRole('textbox', { name: 'How many of them' }).fill(String(heldOut));
  await set.getByRole('textbox', { name: 'Temperatures' }).fill('1');
  await check('The starter’s scorer');
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(page.getByTestId('win-rates')).toBeVisible({ timeout: 600_000 });
  await expect(page.getByTestId('prompt-set-answering')).toHaveCount(0, { timeout: 1_800_000 });
  const { value } = (await readStored(page, 'trials')) as { value: { trial: PromptSet } };
  return value.trial;
}

for (const method of methods)
  test(`${method.planned} on the guided starter raises the true reward, interval clear of the start`, ({ page }) =>
    raisesReward(page, method));

async function raisesReward(page: Page, method: Method): Promise<void> {
  const { run, planned, steps } = method;
  await page.goto('/');
  await runOn(page, 'WASM');
  await take(page.getByRole('radio', { name: starter.tasks.sentiment.title }));
  await page.getByRole('button', { name: 'Try the starter' }).click();
  // It brings model and prompts; its own runs are not asked for.
  const progress = page.getByTestId('starter-progress');
  await expect(progress).toContainText(/step \d+ of/, { timeout: 600_000 });
  await progress.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('The starter was stopped.')).toBeVisible({ timeout: 120_000 });

  await openScreen(page, 'Train');
  await setForm(page, method);
  await expect(page.getByTestId('train-plan')).toHaveText(
    new RegExp(`^${planned.replace(' ', '.')} ${steps} steps, over \\d+ prompts`, 'i'),
  );
  await page.getByRole('button', { name: 'Start training' }).click();
  const result = page.getByTestId('run-result');
  await expect(result.getByRole('status').first()).toHaveText(new RegExp(`^${run} finished`), { timeout: 5_400_000 });
  console.log(await result.getByRole('status').first().textContent());

  const { prompts, columns, answered } = await answerHeldOut(page);
  expect(columns.map(({ name }) => name)).toEqual(['base', run]);
  expect(answered).toHaveLength(heldOut);
  const input = JSON.stringify(
    answered.map((answers, at) => ({ prompt: prompts[at], answers: answers.map(({ text }) => text) })),
  );
  const scored = execFileSync('npx', ['tsx', 'e2e/score-answers.ts'], { input, encoding: 'utf8' });
  const scores = JSON.parse(scored) as readonly (readonly number[])[];
  const differences = scores.map(([before = NaN, after = NaN]) => after - before);
  const [before, after] = [0, 1].map((column) => meanOf(scores.map((each) => each[column] ?? NaN)));
  const error = 1.96 * Math.sqrt(varianceOf(differences) / differences.length);
  const rise = meanOf(differences);
  const interval = [rise - error, rise + error].map((end) => end.toFixed(3)).join(' to ');
  console.log(
    `${heldOut} held-out prompts: ${before?.toFixed(3)} to ${after?.toFixed(3)}, +${rise.toFixed(3)} (${interval})`,
  );
  expect(rise - error).toBeGreaterThan(0);
}
