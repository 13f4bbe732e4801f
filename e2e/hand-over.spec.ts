/**
 * @file Hand-over on the built app, in one session: what Airlock mends of a server's findings; what an office demands;
 * each server's choice written into a folder or a zip and held against its sums; both languages; a cancelled export and
 * a full disk leave nothing and say so.
 */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expectDialogAccessible } from './accessible';
import { chooseOwnFolder } from './own-folder';
import { choose, openScreen, runOn, select, take } from './screen';
import { trainForSteps } from './train-form';
import { openModelAndPairs } from './work';

type Files = Readonly<Record<string, Buffer>>;

/** All files below the chosen folder, by their path. */
async function readChosen(page: Page): Promise<Files> {
  const read = await page.evaluate(async () => {
    const found: [string, number[]][] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries())
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`);
        else
          found.push([
            path + name,
            [...new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer())],
          ]);
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true }), '');
    return found;
  });
  return Object.fromEntries(read.map(([path, bytes]) => [path, Buffer.from(bytes)]));
}

async function emptyChosen(page: Page): Promise<void> {
  await page.evaluate(async () =>
    (await navigator.storage.getDirectory()).removeEntry('chosen', { recursive: true }).catch(() => {}),
  );
}

/** Holds a folder against its SHA256SUMS. @returns the names of its files */
function expectWhole(files: Files, folder: string): string[] {
  const names = Object.keys(files).map((path) => path.replace(`${folder}/`, ''));
  const signed = names.filter((name) => name !== 'model.sig');
  const sums = (files[`${folder}/SHA256SUMS`] as Buffer).toString().trim().split('\n');
  const listed = sums.map((line) => line.slice(66));
  expect([...listed, 'SHA256SUMS'].sort()).toEqual(signed.sort());
  for (const line of sums) {
    const bytes = files[`${folder}/${line.slice(66)}`] as Buffer;
    expect(createHash('sha256').update(bytes).digest('hex'), line).toBe(line.slice(0, 64));
  }
  return listed;
}

const dialog = (page: Page) => page.getByTestId('hand-over');
/** By the card's words, and not by the hidden input: that may lie under the row of buttons, where a click is theirs. */
const toServer = (page: Page, name: string) =>
  dialog(page).locator('.server-choice').getByText(name, { exact: true }).click();
const name = (page: Page) => dialog(page).getByRole('textbox', { name: /^Name of the folder/ });

async function write(page: Page, into = /Write to a folder/): Promise<void> {
  await dialog(page).getByRole('button', { name: into }).click();
  await expect(page.getByTestId('handed-over')).toBeVisible();
}

/** Pictures to look at, where SHOTS names a folder. */
async function shoot(page: Page, what: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  for (const width of [480, 1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${folder}/hand-over-${what}-${width}.png` });
  }
}

const again = (page: Page) => dialog(page).getByRole('button', { name: 'Another server' }).click();

/** An adapter whose alpha is no whole number, which vLLM refuses. */
function writeHalfAlpha(folder: string): string {
  cpSync('fixtures/golden/tiny-llama/init-adapter', folder, { recursive: true });
  const config = `${folder}/adapter_config.json`;
  const half = { ...(JSON.parse(readFileSync(config, 'utf8')) as object), lora_alpha: 7.5 };
  writeFileSync(config, JSON.stringify(half));
  return folder;
}

const isIn: Readonly<Record<string, string>> = {
  vLLM: 'adapter_model.safetensors',
  SGLang: 'adapter_config.json',
  'llama.cpp': 'adapter.gguf',
  Ollama: 'Modelfile',
  transformers: 'adapter_model.safetensors',
  MLX: 'adapters.safetensors',
  'A training cluster': 'pairs.jsonl',
  'I do not know': 'check.py',
};

test('an adapter is handed over to each server; nothing is left of what was cancelled or had no room', async ({
  page,
  baseURL,
}) => {
  await page.addInitScript(chooseOwnFolder);
  await page.route('**/office.json', (route) => route.fulfill({ json: { exports: { reason: true, approver: true } } }));
  await page.goto('/');
  await runOn(page, 'WASM');
  await openModelAndPairs(page);
  await openScreen(page, 'Train');

  await test.step('what Airlock can mend of the findings goes by a click', async () => {
    await choose(page, 'Import a PEFT adapter', writeHalfAlpha(test.info().outputPath('half-alpha')));
    await page.getByRole('button', { name: 'Hand over half-alpha' }).click();
    const finding = (rule: string) => dialog(page).locator(`[data-rule="${rule}"]`);
    await select(page, /Largest rank/, /^1$/);
    await expect(finding('max_lora_rank')).toContainText('refused');
    await expect(finding('lora_alpha')).toContainText('7.5');
    await shoot(page, 'findings');
    await finding('max_lora_rank').getByRole('button', { name: 'Start the server with 8' }).click();
    await expect(dialog(page)).toContainText('--max-lora-rank 8');
    await expect(finding('lora_alpha')).toBeVisible();
    await expect(finding('max_lora_rank')).toHaveCount(0);
    await finding('lora_alpha').getByRole('button', { name: 'Put the scale into the matrices' }).click();
    await expect(dialog(page)).toContainText('alpha equals the rank');
    await expect(page.getByTestId('findings')).toBeVisible();
    await expect(finding('lora_alpha')).toHaveCount(0);
    await dialog(page).getByRole('button', { name: 'Leave it beside' }).click();
    await finding('lora_alpha').getByRole('button', { name: 'Write a whole model instead' }).click();
    await expect(dialog(page).getByRole('radio', { name: 'whole model' })).toBeChecked();
    await expect(page.getByTestId('findings')).toBeVisible();
    await expect(finding('lora_alpha')).toHaveCount(0);
    await dialog(page).getByRole('button', { name: 'Close' }).click();
  });

  await trainForSteps(page, 1);
  await page.getByRole('button', { name: 'Start training' }).click();
  const trained = page.getByRole('region', { name: 'Run dpo-1', exact: true });
  await expect(trained.getByTestId('run-result')).toContainText('finished');
  await page.getByRole('button', { name: 'Hand over dpo-1' }).click();
  await expect(page.getByTestId('no-findings')).toBeVisible();
  await name(page).fill('../x');
  await expect(dialog(page).getByRole('button', { name: 'Write a zip' })).toBeDisabled();
  await name(page).fill('ours-1');
  await expectDialogAccessible(page, 'hand-over');
  await shoot(page, 'en');

  await test.step('each server gets its files, whole', async () => {
    const [folder, zip] = [/Write to a folder/, 'Write a zip'].map((button) =>
      dialog(page).getByRole('button', { name: button }),
    );
    await dialog(page).getByRole('textbox', { name: 'Why it is handed over (demanded)' }).fill('for the help desk');
    for (const button of [folder, zip]) await expect(button as Locator).toBeDisabled();
    await dialog(page).getByRole('textbox', { name: 'Approved by (demanded)' }).fill('Kim');
    await expect(folder as Locator).toBeEnabled();
    await dialog(page).getByRole('button', { name: 'Look', exact: true }).click();
    await expect(page.getByTestId('leaks')).toContainText('the base with');
    const fingerprint = (await dialog(page).locator('.signature-field .hash').textContent()) as string;
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    await shoot(page, 'leaks');
    for (const [server, file] of Object.entries(isIn)) {
      await toServer(page, server);
      await write(page);
      const files = await readChosen(page);
      expect(expectWhole(files, 'ours-1'), server).toEqual(expect.arrayContaining([file, 'SERVE.txt']));
      const sums = createHash('sha256')
        .update(files['ours-1/SHA256SUMS'] as Buffer)
        .digest('hex');
      await expect(dialog(page)).toContainText(sums);
      if (server === 'vLLM') {
        expect(files).toHaveProperty(['ours-1/canaries.json']);
        expect(files).toHaveProperty(['ours-1/check_server.py']);
        expect(String(files['ours-1/model.sig'])).toContain(fingerprint);
        await expectDialogAccessible(page, 'handed over');
        await shoot(page, 'done');
      }
      await emptyChosen(page);
      await again(page);
      // One of each is enough.
      if (server === 'vLLM') {
        await select(page, /Canaries/, 'none');
        await dialog(page).getByText('Sign it (model.sig)').click();
        await expect(dialog(page).getByRole('checkbox', { name: /Sign it/ })).not.toBeChecked();
      }
    }
  });

  await test.step('a whole model in float16, as a zip', async () => {
    await toServer(page, 'vLLM');
    await dialog(page).getByText('whole model', { exact: true }).click();
    await select(page, /Numbers/, /^float16/);
    await expect(dialog(page)).toContainText('vllm serve ./ours-1 --served-model-name ours-1');
    const downloading = page.waitForEvent('download');
    await write(page, /Write a zip/);
    const zip = unzipSync(readFileSync(await (await downloading).path()));
    const files = Object.fromEntries(Object.entries(zip).map(([path, bytes]) => [path, Buffer.from(bytes)]));
    expect(expectWhole(files, 'ours-1')).toEqual(expect.arrayContaining(['model.safetensors', 'tokenizer.json']));
    const config = JSON.parse(String(files['ours-1/config.json'])) as { dtype?: string };
    expect(config.dtype).toBe('float16');
    await again(page);
  });

  await test.step('what is cancelled or has no room leaves nothing, and says so', async () => {
    await toServer(page, 'Ollama');
    await expect(page.getByTestId('plan-files')).toBeVisible();
    await expect(page.getByTestId('no-findings')).toBeVisible();
    await page.evaluate(() => {
      const observer = new MutationObserver(() => {
        const cancel = document.querySelector<HTMLElement>('[data-testid="writing"] button');
        if (cancel === null) return;
        observer.disconnect();
        cancel.click();
      });
      observer.observe(document.body, { subtree: true, childList: true });
    });
    await dialog(page)
      .getByRole('button', { name: /Write to a folder/ })
      .click();
    await expect(dialog(page)).toContainText('Cancelled. Nothing of it was left.');
    expect(await readChosen(page)).toEqual({});

    const session = await page.context().newCDPSession(page);
    const origin = new URL(baseURL as string).origin;
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 50_000 });
    await dialog(page)
      .getByRole('button', { name: /Write to a folder/ })
      .click();
    await expect(dialog(page).getByRole('alert')).toContainText('The disk is full');
    expect(await readChosen(page)).toEqual({});
    await shoot(page, 'full');
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  });

  await test.step('it speaks Korean', async () => {
    await dialog(page).getByRole('button', { name: 'Close' }).click();
    await take(page.getByRole('radio', { name: '한국어' }));
    await page.getByRole('button', { name: 'dpo-1 넘겨주기' }).click();
    await expect(page.getByTestId('no-findings')).toHaveText(/문제가 없습니다/);
    await expectDialogAccessible(page, 'hand-over in Korean');
    await shoot(page, 'ko');
    await dialog(page).getByRole('button', { name: '닫기' }).click();
  });

  await test.step('it stands in the audit log, with why and the hash', async () => {
    await page.goto('/#/records');
    const row = page.getByRole('row', { name: /ours-1: dpo-1, ollama, merged/ });
    await expect(row).toContainText('for the help desk');
    await expect(row).toContainText('Kim');
  });
});
