/** @file The form of the Train screen, as a person fills it in. */
import type { Page } from '@playwright/test';

/** Shows the settings of training that are folded away; they stay so over a reload. */
export async function openAdvanced(page: Page): Promise<void> {
  const advanced = page.getByRole('button', { name: 'Advanced', exact: true });
  if ((await advanced.getAttribute('aria-expanded')) !== 'true') await advanced.press('Enter');
}
