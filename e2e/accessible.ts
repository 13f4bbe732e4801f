/** @file Holds a page, or what is open on it, against WCAG 2.2 AA and axe's best practices. */
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Fails softly where axe finds a violation.
 * @param what the state, for the report
 */
export async function expectAccessible(page: Page, what: string, disabledRules: string[] = []): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).disableRules(disabledRules).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect.soft(found, what).toEqual([]);
}

/** As expectAccessible, of the dialog that is open; what React Aria hides beside it stands in no landmark. */
export const expectDialogAccessible = (page: Page, what: string): Promise<void> =>
  expectAccessible(page, what, ['region']);

/**
 * Fails softly where something sticks out of a window 320 pixels wide (WCAG 1.4.10: as 1280 pixels at 400 %) and lies
 * in nothing that scrolls by itself.
 * @param what the state, for the report
 */
export async function expectReflow(page: Page, what: string): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  const out = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth + 1;
    const clips = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== 'visible' || clips(element.parentElement));
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > edge && !clips(element.parentElement))
      .map(
        (element) => `${element.tagName} ${element.getAttribute('class') ?? ''} ${element.textContent.slice(0, 40)}`,
      );
  });
  if (size !== null) await page.setViewportSize(size);
  expect.soft(out, `${what}, at 320 pixels`).toEqual([]);
}
