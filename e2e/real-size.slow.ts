/**
 * @file The main job at real size, on WASM: checkpoints of public models' exact shapes with random weights, from the
 * directory picker to the exported adapter, with the tab's peak memory. `npm run test:slow`; minutes, and up to 5 GB of
 * memory.
 */
import { importAsText } from './import-text';
import { openAdvanced } from './train-form';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FileChooser, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { MemoryWatch } from '../src/cli/browser-memory';
import { openScreen, setNewTokens } from './screen';

const models = [
  { name: 'SmolLM2-135M', precision: 'float32' },
  { name: 'Qwen2.5-0.5B', precision: 'int4' },
] as const;

const pairs = [
  { prompt: 'Pump 3 is loud.', chosen: ' Stop it and check the bearing.', rejected: ' Ignore it.' },
  { prompt: 'The valve leaks.', chosen: ' Close the line first.', rejected: ' Leave it open.' },
];

let directory: string;
test.beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'airlock-'))));
test.afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function choose(page: Page, button: string, files: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(files);
}

async function select(page: Page, label: RegExp, option: string): Promise<void> {
  await expect(async () => {
    await page.getByRole('button', { name: label }).click({ timeout: 2000 });
    await page.getByRole('option', { name: option }).click({ timeout: 2000 });
  }).toPass();
}

for (const { name, precision } of models) {
  test(`${name}'s shape in ${precision}: loads, trains two DPO steps, answers, exports`, async ({ page, browser }) => {
    const started = performance.now();
    const memory = new MemoryWatch(browser);
    const note = async (what: string): Promise<void> => {
      const description = `${what}: ${((performance.now() - started) / 1000).toFixed(0)} s, peak memory of the tab ${await memory.takePeak()} MiB`;
      test.info().annotations.push({ type: 'measured', description });
      process.stdout.write(`    ${name}: ${description}\n`);
    };
    const checkpoint = join(directory, name);
    execFileSync('node', ['tools/make-shape.mjs', name, checkpoint], { stdio: 'inherit' });
    await page.goto('/');
    await note('empty page');
    await choose(page, 'Choose model directory', checkpoint);
    const plan = page.getByTestId('memory-plan');
    await expect(plan).toBeVisible({ timeout: 300_000 });
    const option = plan.getByRole('radio', { name: precision === 'int4' ? /^4 bits/ : new RegExp(`^${precision}`) });
    if (precision !== 'float32') {
      await page.getByRole('button', { name: 'Cancel loading' }).click();
      await expect(option).toBeEnabled({ timeout: 120_000 });
      await option.check({ force: true });
      await expect(plan.getByText(/weights in 4 bits/)).toBeVisible();
      await plan.getByRole('button', { name: 'Open', exact: true }).click();
    }
    await expect(page.getByTestId('bar-model')).toContainText(name, { timeout: 300_000 });
    await note('opened');

    await openScreen(page, 'Data');
    const buffer = Buffer.from(pairs.map((pair) => JSON.stringify(pair)).join('\n'));
    await importAsText(page, { name: 'pairs.jsonl', mimeType: 'application/jsonl', buffer });
    await openScreen(page, 'Train');
    await openAdvanced(page);
    await select(page, /Train for/, 'A number of steps');
    const fill = (label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
    await fill(/^Steps/, '2');
    await fill(/^Batch/, '2');
    await fill(/^Maximum length/, '64');
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByTestId('run-result')).toContainText('finished: 2 steps', { timeout: 900_000 });
    await note('two DPO steps');
    await openScreen(page, 'Models');
    process.stdout.write(`    ${name}: the plan says ${(await plan.locator('dl').innerText()).replace(/\s+/g, ' ')}\n`);

    await openScreen(page, 'Compare');
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Pump 3 is');
    await setNewTokens(page, 4);
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    await expect(page.getByText('Answers finished.')).toBeAttached({ timeout: 600_000 });
    await note('answers');

    await openScreen(page, 'Train');
    const download = page.waitForEvent('download');
    await page
      .getByTestId('run-card')
      .getByRole('button', { name: /Download adapter/ })
      .click();
    const files = unzipSync(readFileSync(await (await download).path()));
    const names = Object.keys(files).map((path) => path.split('/').at(-1));
    expect(names).toEqual(expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors']));
    const weights = Object.entries(files).find(([path]) =>
      path.endsWith('adapter_model.safetensors'),
    )?.[1] as Uint8Array;
    const headerBytes = Number(new DataView(weights.buffer, weights.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, 8 + headerBytes))) as Record<
      string,
      Record<string, string>
    >;
    expect(header['__metadata__']?.['airlock_base_precision']).toBe(precision);
    memory.stop();
  });
}
