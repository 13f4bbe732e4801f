/**
 * @file The demonstration on the built app, with the tiny model and a short DPO run made here: prepared, shown, voted
 * on blind by keys, names revealed, strength changed, left; and after a reload played from storage, without a model.
 */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible as expectPageAccessible } from './accessible';
import { openScreen, take } from './screen';
import { readStored, reload, writeStored } from './stored';
import { doSomeWork } from './work';

test.setTimeout(600_000);

const show = (page: Page) => page.getByRole('main', { name: 'Demonstration before an audience' });
const section = (page: Page) => page.getByRole('region', { name: 'Demonstration' });

async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectPageAccessible(page, `${what}, ${colorScheme}`);
  }
}

/** Nothing of the show is wider than the window, and its foot is in sight. */
async function expectFits(page: Page, what: string): Promise<void> {
  for (const [width, height] of [
    [1024, 768],
    [1280, 800],
    [1440, 900],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    const over = await page.evaluate(() => ({
      across: document.documentElement.scrollWidth - innerWidth,
      down: document.documentElement.scrollHeight - innerHeight,
    }));
    expect.soft(over, `${what} at ${width}`).toEqual({ across: 0, down: 0 });
    await expect.soft(page.getByTestId('show-keys'), `${what} at ${width}`).toBeInViewport({ ratio: 1 });
    const folder = process.env['SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${what}-${width}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** What is stored of the demonstration. */
async function stored(page: Page) {
  const record = (await readStored(page, 'demonstration')) as { value?: { round?: { judgements: unknown[] } } };
  return record?.value?.round ?? null;
}

/** As at a visit on which no model is opened by itself. */
async function forgetLastModel(page: Page): Promise<void> {
  const { version, value } = (await readStored(page, 'settings')) as { version: number; value: object };
  await writeStored(page, { settings: { version, value: { ...value, lastModel: { id: null, isReopened: false } } } });
}

async function prepare(page: Page, prompts: readonly string[]): Promise<void> {
  await take(section(page).getByRole('radio', { name: 'Typed or pasted' }));
  await section(page).getByRole('textbox', { name: 'Texts to answer' }).fill(prompts.join('\n'));
  await expect(section(page)).toContainText(
    `${prompts.length} prompts, answered by Base, DPO (dpo-1) with the same seed.`,
  );
  await section(page).getByRole('button', { name: 'Prepare the answers' }).click();
  await expect(section(page).getByText(`${prompts.length} prompts with answers of tiny-llama`)).toBeVisible({
    timeout: 120_000,
  });
}

test('is prepared, voted on blind, revealed, and plays from storage after a reload without a model', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto('/');
  await doSomeWork(page);
  await prepare(page, ['The pump is', 'The valve is', 'The boiler is']);
  const script = section(page).getByTestId('script').getByRole('listitem');
  await expect(script).toHaveCount(3);
  await section(page).getByRole('button', { name: 'Move up: The valve is' }).click();
  await expect(script.first()).toContainText('The valve is');
  await section(page).getByRole('button', { name: 'Leave out: The boiler is' }).click();
  await expect(script).toHaveCount(2);
  await expectAccessible(page, 'prepared');

  // Blind: no name in sight, keys vote, one is taken back.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await section(page).getByRole('button', { name: 'Show it to others' }).click();
  await expect(show(page)).toBeFocused();
  await expect(page).toHaveTitle('Demonstration · Airlock');
  await expect(page.getByTestId('show-place')).toHaveText('Prompt 1 of 2');
  const answers = page.getByTestId('show-answer');
  await expect(answers).toHaveCount(2);
  for (const secret of ['Base', 'DPO', 'dpo-1']) await expect(show(page)).not.toContainText(secret);
  const votes = page.getByTestId('show-votes');
  for (const key of ['1', '2', '2', '1', 'u', '3']) await page.keyboard.press(key);
  await expect(votes).toHaveText(['1 vote', '2 votes']);
  await answers.nth(1).getByRole('button', { name: 'Vote for B' }).click();
  await expect(votes).toHaveText(['1 vote', '3 votes']);
  await expectAccessible(page, 'voting');
  await expectFits(page, 'voting');

  // Live at the same seed: the same words again.
  const before = await page.getByTestId('show-text').allInnerTexts();
  await page.keyboard.press('l');
  await expect(show(page)).toContainText('Written just now, on this PC.', { timeout: 60_000 });
  expect(await page.getByTestId('show-text').allInnerTexts()).toEqual(before);

  // Names, rewards, what changed, strength.
  await page.keyboard.press('ArrowRight');
  await expect(show(page)).toHaveAttribute('data-phase', 'revealed');
  await expect(answers.nth(1)).toContainText('Most votes');
  await expect(page.getByTestId('show-reward')).toHaveCount(2);
  await expect(page.getByTestId('show-reward').first()).toHaveText(/^Reward ([+−][\d.]+|0)$/);
  await expect(answers.first().getByRole('listbox')).toBeVisible();
  await expectAccessible(page, 'revealed');
  await expectFits(page, 'revealed');
  await page.keyboard.press('w');
  await expect(answers.first().getByRole('listbox')).toHaveCount(0);
  const dpo = show(page).getByRole('article', { name: /DPO/ });
  const base = show(page).getByRole('article', { name: /Base/ });
  const slider = dpo.getByRole('slider', { name: 'Adapter strength' });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', '0%');
  await expect
    .poll(() => dpo.getByTestId('show-text').innerText(), { timeout: 60_000 })
    .toBe(await base.getByTestId('show-text').innerText());

  // A remote’s keys go on and back, also after the slider was dragged; what was revealed stays so.
  await dpo.locator('.strength-track').click();
  await expect(show(page)).toBeFocused();
  await page.keyboard.press('PageDown');
  await expect(page.getByTestId('show-place')).toHaveText('Prompt 2 of 2');
  await expect(show(page)).toHaveAttribute('data-phase', 'voting');
  await page.keyboard.press('ArrowLeft');
  await expect(show(page)).toHaveAttribute('data-phase', 'revealed');
  await page.keyboard.press('Escape');
  await expect(show(page)).toHaveCount(0);
  await expect(section(page)).toBeFocused();
  await expect(section(page)).toContainText('4 votes so far.');

  // Another visit, no model: it goes on from storage, and says what it cannot do.
  await expect.poll(async () => (await stored(page))?.judgements.length).toBe(5);
  await forgetLastModel(page);
  await reload(page);
  await expect(page.getByTestId('bar-model')).toContainText('no model');
  await section(page).getByRole('button', { name: 'Go on with the show' }).click();
  await expect(page.getByTestId('show-place')).toHaveText('Prompt 2 of 2');
  await expect(show(page).getByRole('button', { name: 'Answer live' })).toBeDisabled();
  await page.keyboard.press('2');
  await page.keyboard.press('ArrowRight');
  await expect(show(page)).toContainText('To compute something new, open tiny-llama under Models.');
  await expect(show(page).getByRole('slider', { name: 'Adapter strength' })).toBeDisabled();
  await expect(page.getByTestId('show-reward')).toHaveCount(2);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('show-result')).toBeVisible();
  await expect(page.getByTestId('show-bar')).toHaveCount(2);
  await expect(page.getByTestId('show-rate')).toHaveText(/DPO.* against Base\s*\d \/ \d \/ \d\s*\d+% \(\d+% to \d+%\)/);
  await expectAccessible(page, 'result');
  await expectFits(page, 'result');
  await reload(page);
  await expect(page.getByTestId('show-result')).toBeVisible();
  await page.getByRole('button', { name: 'To the one-page report' }).click();
  await expect(page.getByRole('region', { name: 'Report' })).toBeFocused();
  expect(problems).toEqual([]);
});

/** In Korean: a vote on the first prompt, its names, the next prompts, whose answers are not there, and the result. */
async function showInKorean(page: Page): Promise<void> {
  const korean = page.getByRole('main', { name: '청중을 위한 시연' });
  const look = async (what: string) => {
    await expectAccessible(page, `${what} in Korean`);
    await expectFits(page, `${what}-in-korean`);
  };
  type Kept = { version: number; value: { round: { answered: unknown[] } } };
  const { version, value } = (await readStored(page, 'demonstration')) as Kept;
  const round = { ...value.round, answered: value.round.answered.slice(0, 1) };
  await writeStored(page, { demonstration: { version, value: { ...value, round } } });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await take(page.getByRole('radio', { name: '한국어' }));
  await reload(page);
  await page.getByRole('button', { name: '다른 사람에게 보여 주기' }).click();
  await expect(korean).toHaveAttribute('data-phase', 'voting');
  await look('voting');
  await page.keyboard.press('1');
  await page.keyboard.press('ArrowRight');
  await expect(korean).toHaveAttribute('data-phase', 'revealed');
  await look('revealed');
  await page.keyboard.press('ArrowRight');
  await expect(korean).toContainText('이 프롬프트의 답변이 아직 준비되지 않았습니다.');
  await look('waiting');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('show-result')).toBeVisible();
  await look('result');
}

test('plays word by word unless less motion is asked for, and clears the votes for another audience', async ({
  page,
}) => {
  await page.goto('/');
  await doSomeWork(page);
  await take(section(page).getByRole('radio', { name: 'Typed or pasted' }));
  await section(page).getByRole('textbox', { name: 'Texts to answer' }).fill('The pump is\nThe valve is\nThe motor is');
  await section(page).getByRole('button', { name: 'Prepare the answers' }).click();
  await section(page).getByRole('button', { name: 'Show it to others' }).click();
  await expect(show(page)).toBeVisible();
  await page.keyboard.press('1');
  await page.keyboard.press('ArrowRight');
  // The first step forward ends the playback, if that has not ended by itself.
  if ((await show(page).getAttribute('data-phase')) === 'voting') await page.keyboard.press('ArrowRight');
  await expect(show(page)).toHaveAttribute('data-phase', 'revealed');
  await page.keyboard.press('Escape');
  await openScreen(page, 'Compare');
  await section(page).getByRole('button', { name: 'Clear the votes' }).click();
  await expect(section(page).getByRole('button', { name: 'Show it to others' })).toBeVisible();
  await section(page).getByRole('button', { name: 'New demonstration' }).click();
  await expect(section(page).getByRole('button', { name: 'Prepare the answers' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(section(page).getByTestId('script')).toBeVisible();
  await showInKorean(page);
});
