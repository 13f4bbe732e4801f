/**
 * @file A merge of 3 GB in a tab: a sharded checkpoint of Qwen2.5-1.5B's shape (random weights), an adapter on it, and
 * "Hand over" into a folder, with the tab's peak memory. The graphics device is a software one, whose memory is another
 * process's, as a graphics card's is its own. Needs 12 GB of disk and of memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { MemoryWatch } from '../src/cli/browser-memory';
import shapes from '../src/engine/public-shapes.json' with { type: 'json' };
import { writePeftAdapter, type LoraModule } from '../src/formats/peft';
import { chooseOwnFolder } from './own-folder';
import { choose, openScreen, runOn, select } from './screen';

const name = 'Qwen2.5-1.5B';
const shards = 3;
/** MiB that the tab may take in all: 700 MB. */
const tabLimit = 700e6 / 2 ** 20;
/** MiB that the merge may take beside the open model; a shard has 1 GiB, so nobody who holds one stays below. */
const mergeLimit = 300;

let directory: string;
test.beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'airlock-'))));
test.afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));

/** An adapter of rank 8 on q, v and up of every block, which moves each weight by about 1e-3. */
function writeAdapter(folder: string): void {
  const { hidden_size: C, intermediate_size: F, num_hidden_layers: layers } = shapes[name];
  const { num_attention_heads: H, num_key_value_heads: K } = shapes[name];
  const outputs = { 'self_attn.q_proj': C, 'self_attn.v_proj': (C / H) * K, 'mlp.up_proj': F };
  const r = 8;
  const matrix = (rows: number, columns: number) => ({
    shape: [rows, columns] as const,
    data: Float32Array.from({ length: rows * columns }, (_, i) => 0.02 * Math.sin(i)),
  });
  const modules = new Map<string, LoraModule>();
  for (let layer = 0; layer < layers; layer++)
    for (const [path, out] of Object.entries(outputs))
      modules.set(`model.layers.${layer}.${path}`, { A: matrix(r, C), B: matrix(out, r) });
  const files = writePeftAdapter(
    {
      ...{ r, lora_alpha: 2 * r, target_modules: ['q_proj', 'v_proj', 'up_proj'], layers_to_transform: null },
      ...{ fan_in_fan_out: false, base_model_name_or_path: null, modules },
    },
    '',
  );
  mkdirSync(folder);
  for (const [path, bytes] of Object.entries(files)) writeFileSync(join(folder, path), bytes);
}

/** Bytes of each file in the folder that was written, by its name. */
const sizesOf = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen');
    const sizes: Record<string, number> = {};
    for await (const handle of (await root.getDirectoryHandle('merged')).values())
      if (handle instanceof FileSystemFileHandle) sizes[handle.name] = (await handle.getFile()).size;
    return sizes;
  });

test('merges 3 GB into a folder without holding them', async ({ playwright, launchOptions, viewport, baseURL }) => {
  // A profile of its own: in the private windows of the other tests the browser keeps all storage in memory.
  const context = await playwright.chromium.launchPersistentContext(join(directory, 'profile'), {
    ...launchOptions,
    viewport,
    ...(baseURL && { baseURL }),
  });
  const browser = context.browser();
  if (browser === null) throw new Error('The browser of a profile cannot be asked for its processes.');
  const page = await context.newPage();
  const started = performance.now();
  const memory = new MemoryWatch(browser);
  /** @returns the most that the tab and the browser's own process have taken since the last note, MiB */
  const note = async (what: string): Promise<number> => {
    const [tab, own] = [await memory.takePeak(), await memory.takePeak('browser')];
    process.stdout.write(
      `    ${what}: ${((performance.now() - started) / 1000).toFixed(0)} s, peak memory of the tab ${tab} MiB, of the browser's process ${own} MiB\n`,
    );
    return Math.max(tab ?? 0, own ?? 0);
  };
  const base = join(directory, name);
  execFileSync('node', ['tools/make-shape.mjs', name, base, String(shards)], { stdio: 'inherit' });
  writeAdapter(join(directory, 'adapter'));

  await page.addInitScript(chooseOwnFolder);
  await page.goto('/');
  await runOn(page, 'WebGPU');
  await choose(page, 'Choose model directory', base);
  const plan = page.getByTestId('memory-plan');
  await expect(plan).toBeVisible({ timeout: 600_000 });
  await note('copied');
  await expect(page.getByTestId('bar-model')).toContainText(name, { timeout: 900_000 });
  await note('opened');

  await openScreen(page, 'Train');
  await choose(page, 'Import a PEFT adapter', join(directory, 'adapter'));
  await page.getByRole('button', { name: 'Hand over adapter' }).click();
  const dialog = page.getByTestId('hand-over');
  await dialog.locator('.server-choice').getByText('vLLM', { exact: true }).click();
  await dialog.getByText('whole model', { exact: true }).click();
  await dialog.getByRole('textbox', { name: /^Name of the folder/ }).fill('merged');
  await select(page, /Canaries/, 'none');
  await expect(page.getByTestId('plan-files')).toBeVisible({ timeout: 600_000 });
  await note('planned');
  await page.waitForTimeout(3000);
  const before = await note('idle');

  await dialog.getByRole('button', { name: /Write to a folder/ }).click();
  await expect(page.getByTestId('handed-over')).toBeVisible({ timeout: 1_200_000 });
  const most = await note('merged');
  process.stdout.write(`    the merge itself: ${most - before} MiB\n`);
  expect(most - before).toBeLessThan(mergeLimit);
  expect(most).toBeLessThan(tabLimit);
  const sizes = await sizesOf(page);
  const ofBase = readdirSync(base).filter((file) => file.endsWith('.safetensors'));
  expect(ofBase).toHaveLength(shards);
  for (const file of ofBase) expect(sizes[file], file).toBeGreaterThan(0.99 * statSync(join(base, file)).size);
  await expect(page.getByTestId('hand-over')).toContainText(/%/);
  memory.stop();
  await context.close();
});
