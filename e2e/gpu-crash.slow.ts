/**
 * @file The GPU process of the browser crashes in the middle of a run, once and again: it is said, the run goes on or
 * is offered, and nothing of it is lost. `npm run test:slow -- e2e/gpu-crash.slow.ts`
 */
import { expect, test } from '@playwright/test';
import { openScreen, runOn } from './screen';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';

test('a run outlives crashes of the GPU process', async ({ page, browser }) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto('/');
  await runOn(page, 'WebGPU');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 200);
  await page.getByRole('button', { name: 'Evaluation and checkpoints' }).click();
  await page.getByRole('textbox', { name: /^Checkpoint every/ }).fill('2');
  await page.getByRole('button', { name: 'Start training' }).click();
  const active = page.getByTestId('active-run');
  await expect(active).toContainText(/step ([5-9]|\d\d)/, { timeout: 600_000 });

  const session = await browser.newBrowserCDPSession();
  const crash = () => session.send('Browser.crashGpuProcess');
  const said = page.getByText(/graphics device/i).first();
  const offered = page.getByTestId('interrupted').getByRole('button', { name: 'Go on' });
  for (const which of ['first', 'second']) {
    const before = Number(/step (\d+)/.exec(await active.innerText())?.[1]);
    await crash();
    await expect(said, `${which} crash`).toBeVisible({ timeout: 60_000 });
    console.log(`    ${which} crash at step ${before}: ${await said.innerText()}`);
    await expect(async () => {
      if (await offered.isVisible()) await offered.click();
      const now = Number(/step (\d+)/.exec(await active.innerText())?.[1]);
      expect(now).toBeGreaterThan(before);
    }).toPass({ timeout: 300_000 });
  }
});
