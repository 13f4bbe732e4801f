/**
 * @file Pictures of every screen, light and dark, English and Korean, the light ones at two widths, into docs/screens/
 * as WebP: for the README, and to look at after a change. Not one of the tests: `npm run screens`.
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { CDPSession, Page } from '@playwright/test';
import { doShowcase } from './showcase';
import { take } from './screen';

const folder = 'docs/screens';
const limitBytes = 2_500_000;
const languages = { en: 'English', ko: '한국어' };
const widths = [1280, 1920];

interface Picture {
  readonly name: string;
  /** The address without `#/`. */
  readonly address: string;
  /** A link of the screen that is followed first. */
  readonly open?: string;
  /** What stands at the top, where it is not the top of the screen. */
  readonly from?: string;
  /** A state beside a screen's first one is taken at the smaller width only. */
  readonly isMore?: true;
}

const demonstration = 'demonstration';

const pictures: readonly Picture[] = [
  { name: 'models', address: 'models' },
  { name: 'plan', address: 'models', from: '[data-testid="model-card"]', isMore: true },
  { name: 'data', address: 'data' },
  { name: 'judge', address: 'judge' },
  { name: 'train', address: 'train' },
  {
    name: 'charts',
    address: 'train',
    open: '[data-testid="run-card"] a',
    from: '[data-testid="run-result"] [data-testid="charts"]',
    isMore: true,
  },
  { name: 'compare', address: 'compare', from: '.shading-head' },
  { name: 'rates', address: 'compare', from: '[data-testid="win-rates"]', isMore: true },
  { name: 'runs', address: 'train/runs', from: '#runs', isMore: true },
  { name: 'show', address: demonstration, isMore: true },
];

async function show(page: Page, { address, open, from }: Picture): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/${address}`);
  if (address === demonstration) {
    // The first prompt with its votes and names: what was revealed stays so, and the show opens at what was not.
    const stage = page.locator('[data-phase]');
    await expect(stage).toBeVisible();
    for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    if ((await stage.getAttribute('data-phase')) === 'voting')
      for (const key of ['1', '2', '2', 'ArrowRight']) await page.keyboard.press(key);
    await expect(stage).toHaveAttribute('data-phase', 'revealed');
    await page.waitForTimeout(250);
    return;
  }
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  if (open !== undefined) {
    await page.locator(open).first().click();
    await expect(page.getByTestId('run-result').getByTestId('charts')).toBeVisible();
  }
  // The bar stays over what is scrolled to; charts fit their width one frame later.
  await page.evaluate((selector) => {
    const top =
      selector === null ? 0 : (document.querySelector(selector)?.getBoundingClientRect().top ?? 0) + scrollY - 76;
    scrollTo(0, top);
  }, from ?? null);
  await page.waitForTimeout(250);
}

async function photograph(page: Page, devtools: CDPSession, list: readonly Picture[]): Promise<void> {
  for (const [language, label] of Object.entries(languages)) {
    await page.evaluate(() => (location.hash = '#/models'));
    await take(page.getByRole('radio', { name: label }));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // The larger width shows how a screen uses its room, which colours do not change.
      for (const width of colorScheme === 'light' ? widths : widths.slice(0, 1)) {
        await page.setViewportSize({ width, height: Math.round(width * 0.66) });
        for (const picture of list.filter(({ isMore }) => !isMore || width === widths[0])) {
          await show(page, picture);
          // Playwright writes PNG and JPEG; Chrome also writes WebP, which is a third of the size.
          const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 32 });
          writeFileSync(
            `${folder}/${picture.name}-${language}-${colorScheme}-${width}.webp`,
            Buffer.from(data, 'base64'),
          );
        }
      }
    }
  }
  await page.evaluate(() => (location.hash = '#/models'));
  await take(page.getByRole('radio', { name: languages.en }));
}

/** The report as it is printed: A4 at 96 dots an inch, all of it. */
async function photographReport(page: Page, file: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 845 });
  for (const [language, label] of Object.entries(languages)) {
    await take(page.getByRole('radio', { name: label }));
    await page.evaluate(() => (location.hash = '#/compare/report'));
    const download = page.waitForEvent('download');
    await page.locator('#report').getByRole('button').first().click();
    await (await download).saveAs(`${file}-${language}.html`);
    const reader = await page.context().newPage();
    await reader.setViewportSize({ width: 794, height: 1123 });
    await reader.goto(`file://${file}-${language}.html`);
    const devtools = await reader.context().newCDPSession(reader);
    const { cssContentSize } = await devtools.send('Page.getLayoutMetrics');
    const { data } = await devtools.send('Page.captureScreenshot', {
      format: 'webp',
      quality: 45,
      captureBeyondViewport: true,
      clip: { ...cssContentSize, scale: 1 },
    });
    writeFileSync(`${folder}/report-${language}.webp`, Buffer.from(data, 'base64'));
    await reader.pdf({ path: `${file}-${language}.pdf`, preferCSSPageSize: true });
    await reader.close();
  }
}

test('photographs every screen', async ({ page }, testInfo) => {
  test.setTimeout(2_400_000);
  const devtools = await page.context().newCDPSession(page);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await expect(page.getByTestId('device-chip')).toHaveAccessibleName(/WASM|WebGPU/);
  await photograph(page, devtools, [{ name: 'start', address: 'models', isMore: true }]);
  await doShowcase(page, testInfo.outputPath());
  await photograph(page, devtools, pictures);
  await photographReport(page, resolve(testInfo.outputPath('report')));
  const total = readdirSync(folder).reduce((sum, file) => sum + statSync(`${folder}/${file}`).size, 0);
  console.log(`Pictures in ${folder}: ${(total / 1000).toFixed(0)} kB.`);
  expect(total).toBeLessThan(limitBytes);
});
