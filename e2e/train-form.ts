/** @file The form of the Train screen, as a person fills it in. */
import type { Page } from '@playwright/test';
import { select } from './screen';

/** Shows the settings of training that are folded away; they stay so over a reload. */
export async function openAdvanced(page: Page): Promise<void> {
  const advanced = page.getByRole('button', { name: 'Advanced', exact: true });
  if ((await advanced.getAttribute('aria-expanded')) !== 'true') await advanced.press('Enter');
}

/** Has a run last so many optimiser steps. */
export async function trainForSteps(page: Page, steps: number): Promise<void> {
  await openAdvanced(page);
  await select(page, /Train for/, 'A number of steps');
  await page.getByRole('textbox', { name: 'Steps', exact: true }).fill(String(steps));
}
