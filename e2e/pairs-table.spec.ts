/**
 * @file The table of pairs on the built app: several are selected, moved and deleted together, sorted, stepped through
 * while editing and under the token microscope, and written by hand.
 */
import { expect, test } from '@playwright/test';
import { expectAccessible, expectDialogAccessible } from './accessible';
import { openModelAndPairs } from './work';
import { reload } from './stored';
import { dismiss } from './screen';

test('selects a range, moves and deletes it together, and takes both back', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await openModelAndPairs(page);
  const table = page.getByTestId('pairs-table');
  const bar = page.getByTestId('selection-bar');
  const pick = (number: number) => page.getByRole('checkbox', { name: `Select pair ${number}`, exact: true });
  await pick(2).click();
  await pick(5).click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('4 selected');
  await expectAccessible(page, 'selection');
  await bar.getByRole('button', { name: 'Use for evaluation' }).click();
  await expect(page.getByTestId('split-counts')).toContainText('20 pairs for training, 4 for evaluation');
  const usedFor = table.getByRole('button', { name: /^Used for/ });
  await usedFor.click();
  await usedFor.click();
  await expect(table.getByRole('columnheader', { name: /^Used for/ })).toHaveAttribute('aria-sort', 'descending');
  await expect(table.locator('tbody .pair-number').first()).toHaveText('2');
  await bar.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('20 pairs');
  const undo = page.getByRole('button', { name: /^Undo: / });
  await undo.click();
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
  await undo.click();
  await expect(page.getByTestId('split-counts')).toContainText('24 pairs for training, 0 for evaluation');

  await table.getByRole('button', { name: 'Tokens', exact: true }).click();
  const tokens = await table.locator('tbody .pair-tokens').allTextContents();
  expect(tokens.map(Number)).toEqual(tokens.map(Number).toSorted((a, b) => a - b));
  await page.getByRole('checkbox', { name: 'Select all pairs shown' }).click();
  await expect(bar).toContainText('24 selected');
  await bar.getByRole('button', { name: 'Use for evaluation' }).click();
  await expect(page.getByText('no pair would be left to train on')).toBeVisible();
  await bar.getByRole('button', { name: 'Clear selection' }).click();
  await expect(bar).toContainText('24 pairs');
});

test('steps from pair to pair, swaps answers, refuses equal ones, and asks before an edit is lost', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await openModelAndPairs(page);
  const table = page.getByTestId('pairs-table');
  await page.getByRole('button', { name: 'Open pair 1', exact: true }).click();
  const edit = page.getByTestId('edit-dialog');
  await expect(edit.getByRole('button', { name: 'Previous pair' })).toBeDisabled();
  await edit.getByRole('button', { name: 'Next pair' }).click();
  await expect(edit.getByRole('heading', { name: 'Pair 2' })).toBeVisible();
  await expect(edit).toContainText('2 of 24');
  const [chosen, rejected] = [
    edit.getByRole('textbox', { name: 'Chosen' }),
    edit.getByRole('textbox', { name: 'Rejected' }),
  ];
  const good = await chosen.inputValue();
  await edit.getByRole('button', { name: 'Swap chosen and rejected' }).click();
  await expect(rejected).toHaveValue(good);
  await chosen.fill(good);
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(edit.getByRole('alert')).toContainText('`Chosen` and `Rejected`');
  await chosen.fill('Ask the shift lead first.');
  await page.keyboard.press('Escape');
  await expect(edit.getByText('The change is not saved.')).toBeVisible();
  await expectDialogAccessible(page, 'an edit that is not saved');
  await edit.getByRole('button', { name: 'Next pair' }).click();
  await edit.getByRole('button', { name: 'Save it' }).click();
  await expect(edit.getByRole('heading', { name: 'Pair 3' })).toBeVisible();
  await dismiss(page, edit);
  await expect(table).toContainText('Ask the shift lead first.');

  await page.getByRole('button', { name: 'Tokens of pair 1', exact: true }).click();
  const tokens = page.getByTestId('token-dialog');
  await tokens.getByRole('button', { name: 'Next pair' }).click();
  await expect(tokens.getByRole('heading', { name: 'Pair 2 as training sees it' })).toBeVisible();
  await expect(tokens.locator('.tokens').first()).toBeVisible();
  await page.keyboard.press('Escape');
});

test('adds a pair by hand to an empty data set', async ({ page }) => {
  await page.goto('/#/data');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  const edit = page.getByTestId('edit-dialog');
  await expectDialogAccessible(page, 'a new pair');
  await edit.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Pump 3 is loud.');
  await edit.getByRole('textbox', { name: 'Chosen' }).fill('Stop it.');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(edit.getByRole('alert')).toContainText('has an empty `Rejected`');
  await edit.getByRole('textbox', { name: 'Rejected' }).fill('Ignore it.');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('1 pair');
  await reload(page);
  await expect(page.getByTestId('pairs-table')).toContainText('Pump 3 is loud.');
});
