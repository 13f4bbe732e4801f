/** @file Moves through the studio as a person does: the step rail, file choosers, selects, the device. */
import { expect } from '@playwright/test';
import type { FileChooser, Locator, Page } from '@playwright/test';

export async function openScreen(page: Page, title: 'Models' | 'Data' | 'Judge' | 'Train' | 'Compare'): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: new RegExp(`^${title}`) })
    .click();
}

/** Answers the button's file chooser. A popover that is still closing takes a click for itself: then once more. */
export async function choose(page: Page, button: string, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  await expect(async () => {
    const opened = page.waitForEvent('filechooser', { timeout: 10_000 });
    const clicked = page.getByRole('button', { name: button, exact: true }).click({ timeout: 10_000 });
    const [chooser] = await Promise.all([opened, clicked]);
    await chooser.setFiles(files);
  }).toPass();
}

/**
 * Takes an option of a select by keys, which find it wherever the page has moved. What opens late is found open by the
 * next attempt; a slow machine is no failure.
 */
export async function select(
  page: Page,
  label: RegExp,
  option: string | RegExp,
  within: Page | Locator = page,
): Promise<void> {
  const wanted = page.getByRole('option', { name: option });
  await expect(async () => {
    if (!(await wanted.isVisible()))
      await within
        .getByRole('button', { name: label })
        .and(page.locator('[aria-haspopup="listbox"]'))
        .press('Enter', { timeout: 10_000 });
    await wanted.press('Enter', { timeout: 10_000 });
  }).toPass();
}

/** Takes a radio, whose circle is drawn over it; a busy page shows a moment later what was clicked. */
export const take = (radio: Locator): Promise<void> => expect(() => radio.check({ force: true })).toPass();

/** Closes a dialog; one that is still opening, or whose button has just gone, has not the keys yet. */
export const dismiss = (page: Page, dialog: Locator): Promise<void> =>
  expect(async () => {
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0, { timeout: 2_000 });
  }).toPass();

/**
 * Closes what a button has opened, and waits until the button has the keys again: a list inside may take an Escape for
 * itself, and a key that comes before goes to the wrong place.
 */
export async function closePanel(page: Page, opener: Locator): Promise<void> {
  await expect(async () => {
    if ((await opener.getAttribute('aria-expanded')) === 'true') await page.keyboard.press('Escape');
    await expect(opener).toBeFocused({ timeout: 2_000 });
  }).toPass();
}

export async function runOn(page: Page, device: 'WASM' | 'WebGPU'): Promise<void> {
  const chip = page.getByTestId('device-chip');
  await expect(chip).toHaveAccessibleName(/WASM|WebGPU/);
  await chip.press('Enter');
  await select(page, /Run on/, device === 'WASM' ? 'WASM (CPU)' : 'WebGPU');
  await closePanel(page, chip);
  await expect(chip).toHaveAccessibleName(`Device: ${device}`);
}

/** Sets how long the answers of the Compare screen may be, which is folded away with the other sampling settings. */
export async function setNewTokens(page: Page, tokens: number): Promise<void> {
  const field = page.getByRole('textbox', { name: /new tokens/i });
  await expect(async () => {
    if (!(await field.isVisible())) await page.locator('.sampling-fold > summary').click({ timeout: 10_000 });
    await field.fill(String(tokens), { timeout: 5_000 });
  }).toPass();
}
