/** @file Imports pairs of text as they stand, where the open model's template would make messages of them. */
import type { FileChooser, Page } from '@playwright/test';
import { choose, select } from './screen';

/** Imports pairs of text as they stand, though the open model has a chat template and messages are proposed. */
export async function importAsText(page: Page, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  await choose(page, 'Import pairs', files);
  await select(page, /Import as/, 'Text, as it stands');
  await page
    .getByTestId('import-dialog')
    .getByRole('button', { name: /^Import \d/ })
    .click();
}
