/**
 * @file Pictures of every screen, light and dark, English and Korean, at two widths, into docs/screens/ as WebP: for the
 * README, and to look at after a change. Not one of the tests: `npm run screens`.
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { doSomeWork } from './work';

const folder = 'docs/screens';
const limitBytes = 1_500_000;
const screens = ['models', 'data', 'train', 'compare'];
const languages = { en: 'English', ko: '한국어' };
const widths = [1280, 1920];

test('photographs every screen', async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await doSomeWork(page);
  for (const [language, label] of Object.entries(languages)) {
    await page.getByRole('radio', { name: label }).check({ force: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: Math.round(width * 0.7) });
        for (const screen of screens) {
          await page.evaluate((hash) => (location.hash = hash), `#/${screen}`);
          // Charts fit their width one frame later.
          await page.waitForTimeout(200);
          // Playwright writes PNG and JPEG; Chrome also writes WebP, which is a third of the size.
          const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 45 });
          writeFileSync(`${folder}/${screen}-${language}-${colorScheme}-${width}.webp`, Buffer.from(data, 'base64'));
        }
      }
    }
  }
  const total = readdirSync(folder).reduce((sum, file) => sum + statSync(`${folder}/${file}`).size, 0);
  console.log(`Pictures in ${folder}: ${(total / 1000).toFixed(0)} kB.`);
  expect(total).toBeLessThan(limitBytes);
});
