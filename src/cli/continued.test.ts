/**
 * @file Training goes on from an adapter: it keeps that one's rank, alpha, modules and layers, says so in what it
 * writes, and refuses a configuration that contradicts them.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPeftAdapter } from '../formats/peft';
import { parseRunConfig, type RunConfig } from '../run/config';
import { runTraining } from '../training/run-training';
import { train } from './commands/train';
import { openDirectory } from './node-files';
import { openModelDirectory } from './session';

const folder = mkdtempSync(join(tmpdir(), 'airlock-continued-'));
const model = 'fixtures/tiny-llama';
const data = join(folder, 'pairs.jsonl');
const first = join(folder, 'first');

const configFile = (lines: readonly string[]): string => {
  const path = join(folder, 'run.yaml');
  writeFileSync(path, ['max_steps: 1', ...lines].join('\n'));
  return path;
};
const goOn = (out: string, ...lines: string[]) =>
  train({ model, data, config: configFile(lines), out: join(folder, out), initAdapter: first });

describe('a run that goes on from an adapter', () => {
  beforeAll(async () => {
    writeFileSync(data, '{"prompt": "The valve", "chosen": " is open", "rejected": " is"}\n');
    const shape = ['lora_r: 3', 'lora_alpha: 7', 'lora_target_modules: [v_proj, q_proj]', 'layers_to_transform: [1]'];
    await train({ model, data, config: configFile(shape), out: first });
  });

  it('has its shape, and says so in the run and on the card', async () => {
    await goOn('second');
    const config = JSON.parse(readFileSync(join(folder, 'second', 'adapter_config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ r: 3, lora_alpha: 7, layers_to_transform: [1] });
    const run = JSON.parse(readFileSync(join(folder, 'second', 'run.json'), 'utf8')) as { config: object };
    expect(run.config).toMatchObject({
      ...{ lora_r: 3, lora_alpha: 7, lora_target_modules: ['q_proj', 'v_proj'], layers_to_transform: [1] },
    });
    const card = readFileSync(join(folder, 'second', 'README.md'), 'utf8');
    expect(card).toContain('| `lora_r` | 3 |');
    expect(card).not.toMatch(/`lora_target_modules` \| all-linear/);
  });

  it('takes a configuration that says the same', async () => {
    await goOn(
      'same',
      'lora_r: 3',
      'lora_alpha: 7',
      'lora_target_modules: [q_proj, v_proj]',
      'layers_to_transform: [1]',
    );
    expect(readFileSync(join(folder, 'same', 'adapter_config.json'), 'utf8')).toContain('"r": 3');
  });

  it.each([
    ['lora_r: 16', /`lora_r` is 16, and the adapter that training goes on from has 3, which it keeps/],
    ['lora_alpha: 32', /`lora_alpha` is 32, .* has 7/],
    ['lora_target_modules: all-linear', /`lora_target_modules` is all-linear, .* has q_proj, v_proj/],
    ['lora_target_modules: [q_proj]', /`lora_target_modules` is q_proj, .* has q_proj, v_proj/],
    ['layers_to_transform: [0, 1]', /`layers_to_transform` is 0, 1, .* has 1.*without --init-adapter/],
  ])('refuses %s', async (line, sentence) => {
    await expect(goOn('none', line)).rejects.toThrow(sentence);
  });

  it('is held against the memory that its own rank needs', async () => {
    const opened = await openModelDirectory(model);
    const initAdapter = await readPeftAdapter(openDirectory(first).directory);
    const seen: RunConfig[] = [];
    const pairs = [{ prompt: 'The valve', chosen: ' is open', rejected: ' is', scores: null }];
    const config = parseRunConfig({ max_steps: 1, lora_r: 64 });
    const checkLongest = (_: unknown, of: RunConfig) => void seen.push(of);
    const result = await runTraining(opened, { config, pairs, initAdapter, checkLongest });
    expect(seen).toMatchObject([{ lora_r: 3, lora_alpha: 7 }]);
    expect(result.config.lora_r).toBe(3);
    expect((await runTraining(opened, { config, pairs, checkLongest })).config.lora_r).toBe(64);
  });
});
