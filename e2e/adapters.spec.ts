/**
 * @file Chains of adapters (base, a PEFT adapter, an adapter trained on from it) and models that bring no chat
 * template.
 */
import { trainForSteps } from './train-form';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { choose, openScreen, select, take } from './screen';
import { openModelAndPairs } from './work';
import { reload } from './stored';

test('an adapter of PEFT is continued by DPO, is its own reference, and step 0 proves it', async ({ page }) => {
  await page.goto('/');
  await openModelAndPairs(page);

  await openScreen(page, 'Train');
  await choose(page, 'Import a PEFT adapter', 'fixtures/tiny-gpt2');
  await expect(page.getByRole('alert').filter({ hasText: 'adapter_config.json' })).toBeVisible();
  await choose(page, 'Import a PEFT adapter', 'fixtures/golden/tiny-llama/init-adapter');
  await expect(page.getByTestId('run-card')).toHaveCount(1);

  await select(page, /Start from/, /init-adapter/);
  await expect(page.getByRole('button', { name: /Reference$/ })).toContainText('The start, as it was');
  await expect(page.getByTestId('held-shape')).toContainText('its rank (4), alpha (8), modules and layers are kept');
  await trainForSteps(page, 2);
  await page.getByRole('button', { name: 'Start training' }).click();
  const trained = page.getByRole('region', { name: 'Run dpo-1', exact: true });
  await expect(trained.getByTestId('run-result')).toBeVisible({ timeout: 120_000 });
  await expect(trained).toContainText('init-adapter, as it was');
  await expect(trained).toContainText('loss 0.6931 (ln 2), rewards 0 and 0');
});

/** What the records of the stored models say; a choice is in use a moment before it is written. */
function keptTemplates(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    const kept: unknown[] = [];
    for await (const folder of models.values()) {
      if (!(folder instanceof FileSystemDirectoryHandle)) continue;
      const record = await (await folder.getFileHandle('.airlock.json')).getFile();
      kept.push((JSON.parse(await record.text()) as { value: { chatTemplate?: unknown } }).value.chatTemplate);
    }
    return kept;
  });
}

test('a model without a chat template asks which to use, and keeps the answer', async ({ page }) => {
  await page.goto('/');
  await choose(page, 'Choose model directory', 'fixtures/tiny-gpt2');
  const card = page.getByTestId('chat-template');
  await expect(card).toContainText('without a chat template');
  for (const choice of await card.getByRole('radio').all()) await expect(choice).not.toBeChecked();
  await take(card.getByRole('radio', { name: /Plain words/ }));
  await expect(card.getByRole('radio', { name: /Plain words/ })).toBeChecked();
  await expect.poll(() => keptTemplates(page)).toEqual(['plain']);

  await reload(page);
  await expect(card.getByRole('radio', { name: /Plain words/ })).toBeChecked();

  await take(card.getByRole('radio', { name: /of your own/ }));
  const chooser = page.waitForEvent('filechooser');
  await card.getByRole('button', { name: 'Choose a template file' }).click();
  await (
    await chooser
  ).setFiles({
    name: 'endless.jinja',
    mimeType: 'text/plain',
    buffer: Buffer.from('{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}'),
  });
  await expect(page.getByRole('alert')).toContainText('may loop without end');
  await expect(card.getByRole('radio', { name: /Plain words/ })).toBeChecked();
});
