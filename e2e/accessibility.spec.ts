/**
 * @file WCAG 2.2 AA on every screen, empty and with work on it, in light English and in dark Korean; the keyboard's way
 * through the page; input methods; and the count of what was sent.
 */
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible, expectDialogAccessible, expectReflow } from './accessible';
import { closePanel, openScreen, take } from './screen';
import { doSomeWork } from './work';
import { reload } from './stored';

const addresses = ['#/models', '#/data', '#/judge', '#/train', '#/compare', '#/records'];

/** Names are the language's, contrast is the colours': each of either is looked at once. */
const appearances = [
  { language: 'English', colorScheme: 'light' },
  { language: '한국어', colorScheme: 'dark' },
] as const;

async function expectAllAccessible(page: Page, state: string): Promise<void> {
  for (const { language, colorScheme } of appearances) {
    await take(page.getByRole('radio', { name: language }));
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const address of addresses) {
      await page.evaluate((hash) => (location.hash = hash), address);
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
      const what = `${address}, ${state}, ${language}, ${colorScheme}`;
      await expectAccessible(page, what);
      await expectReflow(page, what);
    }
  }
}

test('has no violation on empty screens', async ({ page }) => {
  await page.goto('/');
  await expectAllAccessible(page, 'empty');
});

test('has no violation on screens with a model, pairs, runs and answers', async ({ page }) => {
  await page.goto('/');
  await doSomeWork(page);
  await openScreen(page, 'Train');
  await page.getByRole('link', { name: /^Open run/ }).click();
  await expect(page.getByTestId('run-result')).toBeVisible();
  await expectAccessible(page, 'the page of a run');
  await page.getByRole('button', { name: 'Enlarge the chart Loss' }).click();
  await expectAccessible(page, 'an enlarged chart', ['region']);
  await page.keyboard.press('Escape');
  await openScreen(page, 'Train');
  await page.getByRole('checkbox', { name: /dpo-1/ }).press('Space');
  await expect(page.getByTestId('run-comparison')).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  const table = page.getByRole('region', { name: 'Table of runs' });
  expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await expect(table.locator('td.run-steps').first()).toHaveCSS('white-space', 'nowrap');
  await expectAllAccessible(page, 'with work');
});

test('has no violation in dialogs, which Escape closes', async ({ page }) => {
  await page.goto('/');
  for (const name of [/^Device: W/, /^0 bytes sent/, /^Theme/, /^Help/]) {
    const opener = page.getByRole('button', { name });
    await opener.click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectDialogAccessible(page, String(name));
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});

test('says what words mean, beside them and in the help, which leads through the first hour', async ({ page }) => {
  await page.goto('/#/train');
  await page.getByRole('button', { name: 'What is “DPO”?' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'DPO' })).toContainText('more likely than the bad one');
  await expectAccessible(page, 'a word', ['region']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'What is “DPO”?' })).toBeFocused();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  for (const { language, tabs } of [
    { language: 'en', tabs: ['Keyboard shortcuts', 'Words', 'Your first hour'] },
  ] as const)
    for (const tab of tabs) {
      await help.getByRole('tab', { name: tab }).click();
      await expectAccessible(page, `help, ${tab}, ${language}`, ['region']);
    }
  await help.getByRole('tab', { name: 'Words' }).click();
  await help.getByRole('textbox', { name: 'Search the words' }).fill('how firmly');
  await expect(help.getByRole('status')).toHaveText(/^1 of \d+ words$/);
  await expect(help).toContainText('Beta');
  await help.getByRole('tab', { name: 'Your first hour' }).click();
  await expect(help.getByRole('listitem')).toHaveCount(5);
  await help.getByRole('link', { name: 'Open Compare' }).click();
  await expect(help).toHaveCount(0);
  await expect(page.getByRole('main', { name: 'Compare' })).toBeVisible();
});

test('goes to screens by keys, by links and after a reload', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle('Models · Airlock');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the main content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main', { name: 'Models' })).toBeFocused();
  for (const [letter, title] of [
    ['d', 'Data'],
    ['j', 'Judge'],
    ['t', 'Train'],
    ['c', 'Compare'],
    ['m', 'Models'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await expect(page.getByRole('main', { name: title })).toBeFocused();
    await expect(page).toHaveTitle(`${title} · Airlock`);
    await expect(page.getByRole('link', { name: new RegExp(`^${title}`) })).toHaveAttribute('aria-current', 'page');
  }
  await openScreen(page, 'Compare');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).pressSequentially('gd?');
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('gd?');
  await reload(page);
  await expect(page.getByRole('main', { name: 'Compare' })).toBeVisible();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.getByRole('tab', { name: 'Keyboard shortcuts' }).click();
  await expect(help).toContainText('go to Train');
  await help.getByRole('switch').press('Space');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(help).toHaveCount(0);
});

test('keeps language and colours', async ({ page }) => {
  await page.goto('/#/data');
  await take(page.getByRole('radio', { name: '한국어' }));
  await expect(page.getByRole('heading', { name: '데이터' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page).toHaveTitle('데이터 · Airlock');
  await page.getByRole('button', { name: /^화면 테마/ }).click();
  await take(page.getByRole('radio', { name: '어둡게' }));
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect.poll(ground).toBe('rgb(18, 24, 26)');
  await reload(page);
  await expect(page.getByRole('heading', { name: '데이터' })).toBeVisible();
  await expect.poll(ground).toBe('rgb(18, 24, 26)');
});

test('takes composed Korean as one text, and no key of it as a command', async ({ page }) => {
  await page.goto('/#/compare');
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
  await prompt.click();
  const input = await page.context().newCDPSession(page);
  for (const text of ['ㅎ', '하', '한'])
    await input.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
  await expect(prompt).toHaveValue('한');
  await input.send('Input.insertText', { text: '한' });
  await input.send('Input.imeSetComposition', { text: '글', selectionStart: 1, selectionEnd: 1 });
  await input.send('Input.insertText', { text: '글' });
  await expect(prompt).toHaveValue('한글');
  await openScreen(page, 'Data');
  await openScreen(page, 'Compare');
  await expect(prompt).toHaveValue('한글');
});

test('says what was sent by measuring it', async ({ page }) => {
  await page.goto('/');
  const chip = page.getByTestId('sent-chip');
  await expect(chip).toContainText('0 bytes sent');
  await chip.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('tooltip')).toContainText(/Measured, not promised: of \d+ requests/);
  await page.evaluate(() => fetch('https://example.com/').catch(() => null));
  await chip.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1 attempt to reach another address was blocked');
  await expect(dialog).toContainText('content security policy is in force');
  await expect(dialog).toContainText('Connection-Allowlist is obeyed');
  await expect(dialog.locator('[data-guard="holds"]')).toHaveCount(3);
  await expect(chip).toContainText('0 bytes sent');
  // What goes to the own server counts as well.
  await page.evaluate(() => fetch('/', { method: 'POST', body: 'x'.repeat(2000) }));
  await expect(chip).toContainText(/sent to the server in 1 request/);
  await closePanel(page, chip);

  await page.getByTestId('device-chip').press('Enter');
  const selfTest = page.getByTestId('self-test');
  await selfTest.getByRole('button', { name: 'Try the ways out' }).press('Enter');
  await expect(selfTest.getByRole('definition')).toHaveText(Array.from({ length: 5 }, () => 'blocked'));
});

test('does not say "0 bytes sent" where the server guards nothing', async ({ page }) => {
  await page.route(/\/$/, async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('airlock.localhost', 'localhost') });
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(([name]) => name !== 'connection-allowlist'),
    );
    await route.fulfill({ response, headers });
  });
  await page.goto('/');
  const chip = page.getByTestId('sent-chip');
  await expect(chip).toContainText('Not sealed');
  await chip.click();
  await expect(page.getByRole('dialog')).toContainText('Connection-Allowlist is not obeyed');
});
