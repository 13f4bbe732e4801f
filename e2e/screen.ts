/** @file Moves between the studio's screens as a person does, by the step rail. */
import type { Page } from '@playwright/test';

export async function openScreen(page: Page, title: 'Models' | 'Data' | 'Judge' | 'Train' | 'Compare'): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: new RegExp(`^${title}`) }).click();
}
