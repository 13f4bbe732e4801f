/**
 * @file The main job, end to end, on the built app: choose a model directory, import pairs, train SFT and DPO, watch
 * the loss fall and the margin grow, compare, export, reload and find it all there. Once on WASM, once on WebGPU.
 */
import { importAsText } from './import-text';
import { openAdvanced, trainForSteps } from './train-form';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Download, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { strictHeaders } from '../headers.mjs';
import { host } from '../src/cli/release/address.mjs';
import { choose, openScreen, runOn, select, setNewTokens, take } from './screen';
import { reload } from './stored';

const modelDirectory = 'fixtures/tiny-llama';

/** The shortest pairs of the file: a software GPU compiles for minutes where lengths vary much. */
function shortestPairs(count: number): { name: string; mimeType: string; buffer: Buffer } {
  const lines = readFileSync('fixtures/pairs.jsonl', 'utf8').trim().split('\n');
  const shortest = lines.sort((a, b) => a.length - b.length).slice(0, count);
  return { name: 'short-pairs.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(shortest.join('\n')) };
}

/** Everything the page says in the console and asks of the network, to be judged at the end. */
class Watch {
  readonly problems: string[] = [];
  readonly foreign: string[] = [];

  constructor(page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error.stack)));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (!['blob:', 'data:'].includes(protocol) && hostname !== host) this.foreign.push(request.url());
    });
  }

  expectClean(): void {
    expect(this.problems).toEqual([]);
    expect(this.foreign).toEqual([]);
  }
}

async function readText(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}

async function downloadFrom(page: Page, run: string, button: RegExp): Promise<Download> {
  const runPage = page.getByRole('region', { name: run, exact: true });
  const download = page.waitForEvent('download');
  await runPage.getByRole('button', { name: button }).click();
  return download;
}

interface Line {
  step: number;
  loss: number;
  'rewards/margins'?: number;
}

async function readMetrics(page: Page, run: string): Promise<Line[]> {
  await openScreen(page, 'Train');
  await page.getByRole('link', { name: `Open run ${run}` }).click();
  const text = await readText(await downloadFrom(page, `Run ${run}`, /Download metrics/));
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const device of ['WASM', 'WebGPU'] as const) {
  test(`trains, compares, exports and remembers on ${device}`, async ({ page }) => {
    test.setTimeout(600_000);
    const watch = new Watch(page);
    await page.goto('/');
    if (device === 'WebGPU') {
      const hasAdapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
      test.skip(!hasAdapter, 'This browser offers no WebGPU adapter, not even SwiftShader.');
    }
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await runOn(page, device);

    await choose(page, 'Choose model directory', modelDirectory);
    await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
    await openScreen(page, 'Data');
    await importAsText(page, device === 'WASM' ? 'fixtures/pairs.jsonl' : shortestPairs(9));
    const pairCount = device === 'WASM' ? '24 pairs' : '9 pairs';
    await expect(page.getByTestId('pair-count')).toHaveText(pairCount);

    await openScreen(page, 'Train');
    const steps = device === 'WASM' ? 12 : 8;
    await take(page.getByRole('radio', { name: /SFT, then DPO/ }));
    await openAdvanced(page);
    await select(page, /Train for/, 'A number of steps');
    await select(page, /Same for both runs/, 'Number of steps');
    const fill = (label: RegExp, value: string) => page.getByRole('textbox', { name: label }).fill(value);
    await fill(/^Steps/, String(steps));
    await fill(/SFT learning rate/, '3e-3');
    await fill(/DPO learning rate/, '3e-3');
    await fill(/^(Pairs|Batch)/, '3');
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByTestId('active-run')).toBeVisible();
    await expect(page.getByTestId('run-result')).toContainText('dpo-1 finished', { timeout: 500_000 });
    await openScreen(page, 'Train');
    await expect(page.getByTestId('run-card')).toHaveCount(2);
    const names = await page
      .getByTestId('run-card')
      .evaluateAll((cards) => cards.map((card) => (card.getAttribute('aria-label') ?? '').replace('Run ', '')));
    const sft = names.find((name) => /sft/i.test(name)) as string;
    const dpo = names.find((name) => /dpo/i.test(name)) as string;

    const sftLines = await readMetrics(page, sft);
    const dpoLines = await readMetrics(page, dpo);
    expect(sftLines.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(mean(sftLines.slice(-3).map(({ loss }) => loss))).toBeLessThan(
      mean(sftLines.slice(0, 3).map(({ loss }) => loss)),
    );
    expect(dpoLines[0]?.loss).toBeCloseTo(Math.LN2, 3);
    expect(mean(dpoLines.slice(-3).map(({ loss }) => loss))).toBeLessThan(Math.LN2 - 0.02);
    expect(dpoLines.at(-1)?.['rewards/margins']).toBeGreaterThan(0.02);

    await openScreen(page, 'Compare');
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('The pump is');
    await setNewTokens(page, 12);
    await page.getByRole('button', { name: 'Generate' }).click();
    for (const column of [0, 1, 2])
      await expect(page.getByTestId('answer-text').nth(column)).toHaveText(/\S/, { timeout: 120_000 });
    await expect(page.getByText('Answers finished.')).toBeAttached({ timeout: 120_000 });

    await openScreen(page, 'Train');
    await page.getByRole('link', { name: `Open run ${dpo}` }).click();
    const zip = unzipSync(readFileSync(await (await downloadFrom(page, `Run ${dpo}`, /Download adapter/)).path()));
    const files = Object.fromEntries(
      Object.entries(zip).map(([path, bytes]) => [path.split('/').at(-1) as string, bytes]),
    );
    expect(Object.keys(files).sort()).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
    const config = JSON.parse(new TextDecoder().decode(files['adapter_config.json'])) as Record<string, unknown>;
    expect(config).toMatchObject({ peft_type: 'LORA', base_model_name_or_path: null });

    await openScreen(page, 'Train');
    await reload(page);
    await expect(page.getByTestId('run-card')).toHaveCount(2);
    expect(await readMetrics(page, dpo)).toEqual(dpoLines);
    const again = unzipSync(readFileSync(await (await downloadFrom(page, `Run ${dpo}`, /Download adapter/)).path()));
    expect(again).toEqual(zip);
    await openScreen(page, 'Data');
    await expect(page.getByTestId('pair-count')).toHaveText(pairCount);
    await openScreen(page, 'Models');
    // The model of the last visit comes back by itself, and knows its adapters.
    await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
    await expect(page.getByTestId('stored-model').getByTestId('model-adapters')).toContainText(dpo);
    await expect(page.getByTestId('sent-chip')).toContainText('0 bytes sent');
    watch.expectClean();
  });
}

test('is served with the strict headers', async ({ page }) => {
  const response = await page.goto('/');
  const headers = response?.headers() ?? {};
  for (const [name, value] of Object.entries(strictHeaders)) expect(headers[name.toLowerCase()]).toBe(value);
});

test('stops at the next step and keeps what it has', async ({ page }) => {
  await page.goto('/');
  await choose(page, 'Choose model directory', modelDirectory);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');
  await openScreen(page, 'Data');
  await importAsText(page, 'fixtures/pairs.jsonl');
  await openScreen(page, 'Train');
  await trainForSteps(page, 5000);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('time-left')).not.toHaveText('–');
  await page.getByTestId('active-run').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByTestId('run-page').getByText('stopped', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /Download adapter/ })).toBeEnabled();
});

test('ends bad input in one sentence and keeps what was there', async ({ page }) => {
  const watch = new Watch(page);
  await page.goto('/');
  await choose(page, 'Choose model directory', modelDirectory);
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');

  // A directory without a checkpoint: the open model stays.
  await choose(page, 'Choose model directory', 'fixtures/golden/tiny-llama/dpo');
  await expect(page.getByText('tiny-llama stays loaded.')).toBeVisible();
  await expect(page.getByTestId('bar-model')).toContainText('tiny-llama');

  await openScreen(page, 'Data');
  await importAsText(page, 'fixtures/pairs.jsonl');
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');

  // A file of which no row is a pair: nothing is imported.
  await choose(page, 'Import pairs', {
    name: 'bad.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from('{"prompt": "a", "chosen": "b"}\n{"prompt": broken\n'),
  });
  await expect(page.getByText(/Row 1 of bad\.jsonl/)).toBeVisible();
  await expect(page.getByText(/Row 2 of bad\.jsonl/)).toBeVisible();
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
  await choose(page, 'Import pairs', { name: 'empty.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('') });
  await expect(page.getByText(/empty\.jsonl/).first()).toBeVisible();
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
  await reload(page);
  await expect(page.getByTestId('pair-count')).toHaveText('24 pairs');
  watch.expectClean();
});
