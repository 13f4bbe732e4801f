/** @file Moves through the studio as a person does: the step rail, file choosers, selects, the device. */
import { expect } from '@playwright/test';
import type { FileChooser, Page } from '@playwright/test';

export async function openScreen(page: Page, title: 'Models' | 'Data' | 'Judge' | 'Train' | 'Compare'): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: new RegExp(`^${title}`) }).click();
}

/** Answers the button's file chooser. */
export async function choose(page: Page, button: string, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button, exact: true }).click();
  await (await chooser).setFiles(files);
}

/**
 * Takes an option of a select by keys, which find it wherever the page has moved. What opens late is found open by the
 * next attempt; a slow machine is no failure.
 */
export async function select(page: Page, label: RegExp, option: string | RegExp): Promise<void> {
  const wanted = page.getByRole('option', { name: option });
  await expect(async () => {
    if (!(await wanted.isVisible())) await page.getByRole('button', { name: label }).press('Enter', { timeout: 10_000 });
    await wanted.press('Enter', { timeout: 10_000 });
  }).toPass();
}

export async function runOn(page: Page, device: 'WASM' | 'WebGPU'): Promise<void> {
  const chip = page.getByTestId('device-chip');
  await expect(chip).toHaveAccessibleName(/WASM|WebGPU/);
  await chip.press('Enter');
  await select(page, /Run on/, device === 'WASM' ? 'WASM (CPU)' : 'WebGPU');
  await page.keyboard.press('Escape');
  await expect(chip).toHaveAccessibleName(`Device: ${device}`);
}
