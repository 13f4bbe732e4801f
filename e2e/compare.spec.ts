/**
 * @file The Compare screen on the built app, with the tiny model and a short DPO run made here: columns, strength,
 * differences and the log-ratio of tokens; a prompt set judged blind, by the
 * starter's scorer and by a model; the report.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { choose, openScreen, runOn, select, setNewTokens, take } from './screen';
import { readStored, reload } from './stored';
import { trainForSteps } from './train-form';
import { doSomeWork, openModelAndPairs } from './work';

const words = (column: Locator) => column.getByTestId('answer-text').innerText();
const finished = (page: Page) => expect(page.getByText('Answers finished.')).toBeAttached({ timeout: 120_000 });

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual(
    [],
  );
}

/** Pictures to look at, where a folder for them is named. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(150);
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
}

/** Has a column show the best of four answers by a rule of the data set. */
async function showBestOf(page: Page, column: Locator): Promise<void> {
  await take(page.getByRole('radio', { name: 'Differences' }));
  const choice = column.getByRole('button', { name: /Answer shown/ });
  await choice.press('Enter');
  await page.getByRole('option', { name: 'best of 4', exact: true }).press('Enter');
  await expect(column).toContainText('The data set has no rules yet');
  await column.getByRole('button', { name: 'Write rules' }).press('Enter');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByTestId('rule').getByRole('textbox', { name: 'Text' }).fill('e');
  await openScreen(page, 'Compare');
  await column.getByRole('button', { name: 'Set the temperature to 1' }).click();
  await page.getByRole('button', { name: 'Generate' }).click();
  await finished(page);
  const best = column.getByTestId('best-of');
  await expect(best).toContainText(/Score [01]\.000, the best of 4/);
  await expect(best).toContainText('KL from the model: at most 0.6363 nats');
  await best.getByText('The other 3 answers').click();
  await expect(best.getByRole('listitem')).toHaveCount(3);
  await makePairs(page);
  await expectAccessible(page);
  await shoot(page, 'best-of');
}

/** Has two prompts of the data set answered twice, for pairs by the rule; what they come to is said. */
async function makePairs(page: Page): Promise<void> {
  const section = page.locator('#make-pairs');
  await section.getByRole('textbox', { name: 'How many of them' }).fill('2');
  await section.getByRole('button', { name: /Answers to each/ }).press('Enter');
  await page.getByRole('option', { name: '2', exact: true }).press('Enter');
  await section.getByRole('button', { name: 'Answer and score' }).click();
  await expect(section).toContainText(/2 prompts answered: \d pairs?\./, { timeout: 60_000 });
  await take(section.getByRole('radio', { name: 'All pairs' }));
}

/** How many judgements of the prompt set are in the browser's storage. */
async function countStoredJudgements(page: Page): Promise<number> {
  const stored = (await readStored(page, 'trials')) as { value?: { trial?: { judgements: unknown[] } } } | undefined;
  return stored?.value?.trial?.judgements.length ?? 0;
}

/** A rule scores the answers of the set that is there, in the place of who judged it so far. */
async function haveRulesJudge(page: Page): Promise<void> {
  const set = page.getByRole('region', { name: 'Prompt set' });
  await take(set.getByRole('radio', { name: 'A reward' }));
  await expect(page.getByTestId('win-rates')).toHaveCount(0);
  await set.getByRole('button', { name: 'Write rules' }).press('Enter');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByTestId('rule').getByRole('textbox', { name: 'Text' }).fill('e');
  await page.keyboard.press('Tab');
  await openScreen(page, 'Compare');
  await set.getByRole('button', { name: 'Score the answers' }).press('Enter');
  await expect(page.getByTestId('reward-judging')).toContainText('Scored by: Rules of the data set.');
  const row = page.getByTestId('win-rates').getByRole('row').nth(1);
  await expect(row).toHaveText(/\d \/ \d \/ \d\s*[01]\.\d\d$/);
  await expectAccessible(page);
  await shoot(page, 'scored');
  await take(page.getByRole('radio', { name: '한국어' }));
  await expect(page.getByTestId('reward-judging')).toContainText('채점 기준: 데이터셋의 규칙.');
  await expectAccessible(page);
  await shoot(page, 'scored-ko');
}

/** A new set that the open model judges before the analyst does: it counts where both agree as often as asked. */
async function haveModelJudge(page: Page): Promise<void> {
  const set = page.getByRole('region', { name: 'Prompt set' });
  await set.getByRole('button', { name: 'New prompt set' }).click();
  const prompts = Array.from({ length: 12 }, (_, at) => `The pump ${at} is`);
  await set.getByRole('textbox', { name: 'Texts to answer' }).fill(prompts.join('\n'));
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(page.getByTestId('comparison')).toContainText('of 24', { timeout: 120_000 });
  await take(set.getByRole('radio', { name: 'A model' }));
  await set.getByRole('button', { name: 'Have it judge' }).click();
  const judging = page.getByTestId('model-judging');
  await expect(judging).toContainText('tiny-llama was asked: “Which reply is more helpful?”');
  await expect(judging).toContainText('of 24 comparisons');
  await expect(page.getByTestId('model-judging-progress')).toHaveCount(0, { timeout: 120_000 });
  const standing = page.getByTestId('judge-standing');
  await expect(standing).toContainText('0 comparisons judged by both, and 20 are needed');
  await standing.getByRole('button', { name: 'Judge blind' }).click();
  await expect(page.getByTestId('comparison')).toContainText('0 of 24');
  await set.focus();
  for (let judged = 1; judged <= 20; judged++) {
    await page.keyboard.press(judged % 2 === 0 ? '1' : '0');
    await expect(page.getByTestId('comparison')).toContainText(`${judged} of 24`);
  }
  await take(set.getByRole('radio', { name: 'A model' }));
  await expect(judging).toContainText(/Agreement with the blind judgements\s*\d+% \(\d+% to \d+%\), \d+ of 20/);
  const bound = set.getByRole('textbox', { name: 'Agreement asked of it' });
  await bound.fill('100');
  await expect(standing).toHaveAttribute('data-standing', 'refused');
  await expect(page.getByTestId('win-rates')).toHaveCount(0);
  const pairs = page.locator('#make-pairs');
  await pairs.getByRole('textbox', { name: 'How many of them' }).fill('2');
  await pairs.getByRole('button', { name: /Answers to each/ }).press('Enter');
  await page.getByRole('option', { name: '2', exact: true }).press('Enter');
  await pairs.getByRole('button', { name: /Scored by/ }).press('Enter');
  await page.getByRole('option', { name: 'Judge tiny-llama: Which reply is more helpful?' }).press('Enter');
  await expect(pairs).toContainText(/The judge tiny-llama was refused: it agreed with \d+% .* 100% are asked/);
  await bound.fill('0');
  await expect(standing).toHaveAttribute('data-standing', 'accepted');
  await pairs.getByRole('button', { name: 'Set the temperature to 1' }).click();
  await expect(pairs).toContainText('2 comparisons, 4 questions');
  await pairs.getByRole('button', { name: 'Answer and score' }).click();
  await expect(pairs).toContainText(/2 prompts answered: \d pairs?\./, { timeout: 60_000 });
  await expect(page.getByTestId('win-rates')).toContainText('Win rates against Base');
  await expect(set).toContainText('so that you stay blind');
  await expectAccessible(page);
}

/** A kept model is loaded to judge the set, and then the answers that pairs are made of; then the first one again. */
async function haveKeptModelJudge(page: Page): Promise<void> {
  const set = page.getByRole('region', { name: 'Prompt set' });
  await set.getByRole('button', { name: 'Ask another model' }).click();
  await select(page, /Which model judges/, 'tiny-gpt-neox, to be loaded');
  await set.getByRole('button', { name: 'Have it judge' }).click();
  await expect(page.getByTestId('judge-standing')).toHaveAttribute('data-standing', 'accepted', { timeout: 60_000 });
  await expect(page.getByTestId('model-judging-progress')).toHaveCount(0, { timeout: 60_000 });
  const pairs = page.locator('#make-pairs');
  await pairs.getByRole('button', { name: 'New answers' }).click();
  await select(page, /Scored by/, 'Judge tiny-gpt-neox: Which reply is more helpful?');
  await expect(pairs).toContainText(
    /tiny-gpt-neox is loaded \(.*\) in the place of tiny-llama when all answers are there/,
  );
  await shoot(page, 'kept-judge');
  await pairs.getByRole('button', { name: 'Answer and score' }).click();
  await expect(pairs).toContainText(/2 prompts answered: \d pairs?\./, { timeout: 60_000 });
  await expect(pairs.getByTestId('waiting-answers')).toHaveCount(0);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
}

/**
 * The same kept model chooses the best of four answers in a column, where the prompt and the other answers stay, and
 * then those of a new prompt set.
 */
async function haveKeptModelChoose(page: Page): Promise<void> {
  const columns = page.getByTestId('answer');
  const column = columns.nth(0);
  await select(page, /Answer shown/, 'best of 4', column);
  await select(page, /Chosen by/, 'Judge tiny-gpt-neox: Which reply is more helpful?', column);
  await expect(column).toContainText('in the place of tiny-llama when all answers are there');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The pump is');
  await page.getByRole('button', { name: 'Generate' }).click();
  await finished(page);
  await expect(column.getByTestId('best-of')).toContainText(/Score 0\.\d+, the best of 4/);
  await expect(columns.filter({ has: page.getByTestId('answer-text') })).toHaveCount(2);
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('The pump is');
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await expectAccessible(page);
  await shoot(page, 'kept-judge-column');
  const set = page.getByRole('region', { name: 'Prompt set' });
  await set.getByRole('button', { name: 'New prompt set' }).click();
  await set.getByRole('textbox', { name: 'Texts to answer' }).fill('The pump is\nThe valve is');
  await set.getByRole('textbox', { name: 'Temperatures' }).fill('1');
  await expect(set.getByTestId('comparing-note')).toContainText('12 comparisons, 24 questions');
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(page.getByTestId('comparison')).toContainText('of 2', { timeout: 60_000 });
  await expect(page.getByTestId('prompt-set-answering')).toHaveCount(0, { timeout: 60_000 });
  await expect(set.getByTestId('best-notes')).toContainText(
    /best of 4: chosen by Judge tiny-gpt-neox; .* score .* 0\.\d/,
  );
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await select(page, /Answer shown/, 'as it comes', column);
}

/** The same kept model compares the answers of an RLOO run, open beside the model that learns from them. */
async function haveKeptModelReward(page: Page): Promise<void> {
  await openScreen(page, 'Train');
  await take(page.getByRole('radio', { name: /Learn from a reward/ }));
  await select(page, /Answers are judged by/, 'Judge tiny-gpt-neox: Which reply is more helpful?');
  await trainForSteps(page, 2);
  for (const [label, value] of [
    [/^Answers a prompt/, '2'],
    [/^Batch size/, '4'],
    [/^Longest answer drawn/, '6'],
  ] as const)
    await page.getByRole('textbox', { name: label }).fill(value);
  await expect(page.getByTestId('train-memory')).toContainText(
    /tiny-gpt-neox judges beside the model, its weights in float32, and holds \d/,
  );
  await expectAccessible(page);
  await shoot(page, 'kept-judge-reward');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('run-result')).toContainText('rloo-1 finished', { timeout: 60_000 });
  await expect(page.getByTestId('drawn-answer').first()).toHaveText(/^reward 0\.\d/);
  await expect(page.getByTestId('run-origin')).toContainText(
    'Model that compared them: tiny-gpt-neox, weights in float32',
  );
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
}

/** The run's rounds tell what was judged; the next round is judged, left, taken up again, and sets the training up. */
async function goIntoNextRound(page: Page): Promise<void> {
  await openScreen(page, 'Train');
  await page.getByRole('link', { name: 'Open run dpo-1', exact: true }).click();
  const chain = page.getByTestId('rounds');
  await expect(chain.getByTestId('round')).toHaveText(
    /Round 1: dpo-1\s*\d+pairs.*\d+% \(\d+% to \d+%\)2 prompts, judged blind/,
  );
  await page.getByRole('button', { name: 'Next round' }).click();
  const form = page.getByRole('region', { name: /^Round 2:/ });
  await expect(form).toContainText('Its reference stays what it was in the first round: Base.');
  await form.getByRole('textbox', { name: 'How many prompts' }).fill('2');
  await form.getByRole('textbox', { name: 'New tokens' }).fill('8');
  await expect(form).toContainText('2 prompts × 2: 4 answers, up to 2 comparisons for you to judge.');
  await shoot(page, 'round-form');
  await form.getByRole('button', { name: 'Begin the round' }).click();
  const band = page.getByTestId('round-band');
  await expect(band).toContainText('0 of 2 comparisons judged', { timeout: 60_000 });
  // No button leads to where one stands already.
  await expect(band.getByRole('button', { name: 'Judge', exact: true })).toHaveCount(0);
  await openScreen(page, 'Data');
  await band.getByRole('button', { name: 'Judge', exact: true }).click();
  await reload(page);
  await expect(band).toContainText('Round 2, from dpo-1');
  await page.getByTestId('comparison').focus();
  await page.keyboard.press('1');
  await expect(band).toContainText('1 of 2 comparisons judged, 1 pair so far.');
  await page.keyboard.press('2');
  await expect(band).toContainText('2 of 2 comparisons judged, 2 pairs so far.');
  await expectAccessible(page);
  await shoot(page, 'round-judged');
  await band.getByRole('button', { name: 'Set the training up' }).click();
  await expect(band).toHaveAttribute('data-step', 'training');
  await expect(band.getByRole('button', { name: 'To the training' })).toHaveCount(0);
  await expect(page.getByTestId('train-plan')).toContainText('1 pair');
  await expect(page.getByRole('button', { name: 'Adapter dpo-1 Start from' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'The base Reference' })).toBeVisible();
  await shoot(page, 'round-training');
}

test('compares columns at several strengths, marks differences and shows where the reward comes from', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto('/');
  await doSomeWork(page);
  const columns = page.getByTestId('answer');
  await expect(columns).toHaveCount(3);
  await expect(columns.nth(1)).toContainText('No SFT adapter of this model yet');
  const base = await words(columns.nth(0));
  expect(await words(columns.nth(2))).not.toBe(base);
  await expect(columns.nth(2)).toContainText(/\d+% of the words differ from Base/);
  await expect(columns.nth(2).locator('mark').first()).toBeVisible();

  // Strength 0 is the base, and only this column answers again.
  const slider = columns.nth(2).getByRole('slider', { name: 'Adapter strength' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', '0%');
  await expect(columns.nth(2)).toContainText('0% of the words differ from Base', { timeout: 60_000 });
  expect(await words(columns.nth(2))).toBe(base);
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', '150%');
  await finished(page);
  await expect.poll(() => words(columns.nth(2)), { timeout: 60_000 }).not.toBe(base);
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '145%');
  await finished(page);

  // A fourth column, and no fifth; the one without an adapter goes.
  await page.getByRole('button', { name: 'Add a column' }).click();
  await expect(columns).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Add a column' })).toBeDisabled();
  await page.getByRole('button', { name: 'Remove: SFT answer' }).click();
  await expect(columns).toHaveCount(3);

  // The log-ratio: 0 for each token where policy and reference are one.
  await take(page.getByRole('radio', { name: 'What training made likelier' }));
  await expect(page.getByTestId('heat-legend')).toContainText('Blue: likelier under dpo-1 at 145% than under Base.', {
    timeout: 60_000,
  });
  await expect(columns.nth(1).getByTestId('reward')).toHaveText(/^Reward [+−][\d.]+ = β 0\.1 × [+−][\d.]+$/);
  const heat = columns.nth(1).getByRole('listbox');
  await heat.focus();
  await page.keyboard.press('ArrowRight');
  await expect(heat.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(columns.nth(1).getByTestId('token-figures')).toHaveText(
    /“.*” ([+−][\d.e-]+|0) = −[\d.e-]+ − \(−[\d.e-]+\)/,
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page);
  }
  await shoot(page, 'heat');
  const last = columns.nth(1).getByRole('slider', { name: 'Adapter strength' });
  await last.focus();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('heat-legend')).toContainText('likelier under dpo-1 at 0%', { timeout: 60_000 });
  await expect(columns.nth(1).getByTestId('reward')).toHaveText('Reward 0 = β 0.1 × 0');

  await reload(page);
  await expect(page.getByRole('button', { name: 'Add a column' })).toBeVisible();
  await expect(columns).toHaveCount(3);
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('The pump is');
  await expect(page.getByRole('radio', { name: 'What training made likelier' })).toBeChecked();
  await showBestOf(page, columns.nth(0));
  await openScreen(page, 'Models');
  await expect(page.getByTestId('stored-model').getByTestId('model-adapters')).toHaveText('Adapters: dpo-1');
  expect(problems).toEqual([]);
});

/** The answers that stand in the columns, once all are whole. */
async function wholeAnswers(page: Page, asked: string): Promise<readonly string[]> {
  await expect(page.getByTestId('asked')).toContainText(asked);
  const texts = page.getByTestId('answer-text');
  await expect(texts).toHaveCount(2);
  await expect(page.locator('.caret')).toHaveCount(0);
  return texts.allInnerTexts();
}

test('answers prompts of the data by itself after a run, once, and gives way to what is asked', async ({ page }) => {
  test.setTimeout(400_000);
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 2);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('run-result')).toBeVisible({ timeout: 200_000 });
  await openScreen(page, 'Compare');
  const progress = page.getByTestId('answering-first');
  await expect(progress).toContainText(/\d of 4 prompts/);
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('');
  await expectAccessible(page);

  // A person's prompt goes first, and keeps the screen.
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The pump is');
  await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  await setNewTokens(page, 8);
  await page.getByRole('button', { name: 'Generate' }).click();
  await finished(page);
  await expect(progress).toHaveCount(0);
  await expect(page.getByTestId('asked')).toContainText('The pump is');

  // After a reload nothing is asked any more: they are written to the end, and are there at the next visit.
  await reload(page);
  const pager = page.getByRole('group', { name: 'Prompts of the data' });
  await expect(pager).toContainText('Prompt of the data 1 of 4', { timeout: 120_000 });
  const [question] = readFileSync('fixtures/pairs.jsonl', 'utf8').split('\n');
  const { prompt } = JSON.parse(question ?? '') as { prompt: string };
  const first = await wholeAnswers(page, prompt.trim());
  await pager.getByRole('button', { name: 'Next prompt' }).click();
  await expect(pager).toContainText('Prompt of the data 2 of 4');
  await wholeAnswers(page, '');
  await expectAccessible(page);
  await shoot(page, 'first');
  await openScreen(page, 'Models');
  await reload(page);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await openScreen(page, 'Compare');
  expect(await wholeAnswers(page, prompt.trim())).toEqual(first);
  await expect(progress).toHaveCount(0);
});

test('has the starter’s scorer judge answers of the starter’s model', async ({ page }, testInfo) => {
  test.skip(!existsSync('public/starter/model/model.safetensors'), 'No starter is shipped.');
  const directory = join(testInfo.outputPath(), 'airlock-starter');
  cpSync('public/starter/model', directory, { recursive: true });
  await page.goto('/');
  await runOn(page, 'WASM');
  await choose(page, 'Choose model directory', directory);
  await expect(page.getByTestId('bar-model')).toContainText('airlock-starter');
  await openScreen(page, 'Compare');
  await setNewTokens(page, 16);
  await page.getByRole('button', { name: 'Add a column' }).click();
  const set = page.getByRole('region', { name: 'Prompt set' });
  await take(set.getByRole('radio', { name: 'The starter’s held-out prompts' }));
  await set.getByRole('textbox', { name: 'How many of them' }).fill('3');
  await take(set.getByRole('radio', { name: 'The starter’s scorer' }));
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(page.getByTestId('prompt-set-answering')).toHaveCount(0, { timeout: 120_000 });
  const rates = page.getByTestId('win-rates');
  await expect(rates).toContainText('Mean score');
  await expect(rates.getByRole('row')).toHaveCount(5);
  await expect(rates.getByRole('row').nth(2)).toHaveText(/0\.7.*\d \/ \d \/ \d\s*-?\d\.\d\d$/);
  await expect(page.getByTestId('verdicts')).toContainText('Undecided');
  await haveRulesJudge(page);
});

test('answers a prompt set, judges it blind by keyboard over a reload, and has win rates with intervals and a report', async ({
  page,
}, testInfo) => {
  test.setTimeout(400_000);
  await page.goto('/');
  // Kept, to judge in the end.
  await choose(page, 'Choose model directory', 'fixtures/tiny-gpt-neox');
  await expect(page.getByTestId('bar-model')).toContainText('tiny-gpt-neox');
  await doSomeWork(page);
  const set = page.getByRole('region', { name: 'Prompt set' });
  const rates = page.getByTestId('win-rates');

  // The starter's prompts and scorer go with the starter's model.
  await expect(set.getByRole('radio', { name: /The starter’s/ })).toHaveCount(0);

  await take(set.getByRole('radio', { name: 'Typed or pasted' }));
  await set.getByRole('textbox', { name: 'Texts to answer' }).fill('The pump is\nThe valve is');
  await expect(set).toContainText('2 prompts × 2 temperatures × 2 columns: 8 answers.');
  await set.getByRole('button', { name: 'Answer the set' }).click();
  await expect(page.getByTestId('comparison')).toContainText('of 4', { timeout: 120_000 });
  await expect(page.getByTestId('prompt-set-answering')).toHaveCount(0, { timeout: 120_000 });
  await expect(page.getByTestId('win-rates')).toHaveCount(0);
  for (const secret of ['Base', 'dpo-1']) await expect(page.getByTestId('comparison')).not.toContainText(secret);
  await expectAccessible(page);
  await shoot(page, 'judging');
  await set.focus();
  for (const [key, said] of [
    ['1', 'A chosen.'],
    ['2', 'B chosen.'],
    ['u', 'A chosen.'],
    ['0', 'Tie.'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByTestId('comparison').getByRole('status').filter({ hasText: said })).toBeAttached();
  }
  // A judgement is shown before the disk has it; a busy disk takes longer than four keys.
  await expect.poll(() => countStoredJudgements(page), { timeout: 60_000 }).toBe(2);
  await reload(page);
  await expect(page.getByTestId('comparison')).toContainText('2 of 4');
  await set.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('comparison')).toContainText('3 of 4');
  await page.keyboard.press('x');
  await expect(rates).toContainText('Win rates against Base');
  await expect(rates.getByRole('row')).toHaveCount(3);
  await expect(rates.getByRole('row').nth(1)).toHaveText(/dpo-1\s*0\s*\d+% \(\d+% to \d+%\)\s*\d \/ \d \/ \d/);
  await expect(page.getByTestId('verdicts').getByRole('listitem')).toHaveCount(1);
  await expect(page.getByTestId('verdicts')).toContainText(
    /^Undecided whether dpo-1 is better than Base\. At temperature 0/,
  );
  await expectAccessible(page);
  await shoot(page, 'rates');
  const report = page.getByRole('region', { name: 'Report' });
  await report.getByRole('textbox', { name: 'Title of the report' }).fill('Pumps <b>& valves</b>');
  await report.getByRole('textbox', { name: 'Remarks' }).fill('Too few prompts to tell.');
  const download = page.waitForEvent('download');
  await report.getByRole('button', { name: 'Download the report' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^airlock-report-tiny-llama-\d{4}-\d\d-\d\d\.html$/);
  const path = `${process.env['SHOTS'] ?? testInfo.outputDir}/report.html`;
  await file.saveAs(path);
  const reader = await page.context().newPage();
  const asked: string[] = [];
  reader.on('request', (request) => asked.push(request.url()));
  await reader.goto(`file://${path}`);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Pumps <b>& valves</b>');
  await expect(reader.locator('.headline')).toHaveText('Undecided whether dpo-1 is better than Base.');
  await expect(reader.locator('.remarks')).toHaveText('Too few prompts to tell.');
  await expect(reader.getByRole('heading', { name: 'Win rates against Base' })).toBeVisible();
  await expect(reader.getByRole('img', { name: /dpo-1 against Base, at temperature 0: \d+%/ })).toHaveCount(1);
  // No table is wider than the page, no heading of one is broken within a word.
  await reader.setViewportSize({ width: 680, height: 1000 });
  expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(680);
  expect(asked).toEqual([`file://${path}`]);
  const { violations } = await new AxeBuilder({ page: reader }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const pdf = (await reader.pdf({ preferCSSPageSize: true })).toString('latin1');
  // The first page is for management, the details follow.
  expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
  expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  await haveModelJudge(page);
  await haveKeptModelJudge(page);
  await haveKeptModelChoose(page);
  await goIntoNextRound(page);
  await haveKeptModelReward(page);
});
