/**
 * @file A run on chat messages without a chat template is refused; with one that was chosen, the adapter states it and
 * carries it along.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import { openModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { builtInTemplates } from '../text/template-choice';
import type { TemplateChoice } from '../run/base-model';
import { parseRunConfig } from '../run/config';
import { runTraining } from './run-training';

const directory = 'fixtures/tiny-mistral';
const files = new Map(
  readdirSync(directory).map((name) => [name, bytesSource(name, readFileSync(`${directory}/${name}`))]),
);
const { pairs } = parsePairs(readFileSync('fixtures/chat-pairs.jsonl', 'utf8'), 'chat-pairs.jsonl');
const config = parseRunConfig({ max_steps: 1, per_device_train_batch_size: 2, lora_r: 2, max_length: 256 });

let executor: Executor;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
});
afterAll(() => executor.close());

async function run(chatTemplate?: TemplateChoice, data = pairs.slice(0, 2)) {
  const opened = await openModel('tiny-mistral', files, executor, { chatTemplate });
  try {
    return { warnings: opened.warnings, result: await runTraining(opened, { config, pairs: data }) };
  } finally {
    opened.model.dispose();
  }
}

it('refuses chat messages without a template, with what to do', async () => {
  await expect(run('none')).rejects.toThrow(
    /None of the 2 pairs can be trained on\. Pair 1: The data holds chat messages, but the model has no chat template/,
  );
});

it.each<[string, TemplateChoice, string, string]>([
  [
    'built-in',
    'plain',
    '- Chat template: `plain`, built into Airlock, chosen for this run',
    builtInTemplates['plain'] ?? '',
  ],
  [
    'given',
    { source: '{{ messages | tojson }}{{ eos_token }}', file: 'mine.jinja' },
    '- Chat template: mine.jinja, given for this run',
    '{{ messages | tojson }}{{ eos_token }}',
  ],
])('a %s template is stated in README.md and written beside it', async (_, choice, line, source) => {
  const { warnings, result } = await run(choice);
  const text = (name: string) => new TextDecoder().decode(result.files[name]);
  expect(text('README.md')).toContain(line);
  expect(text('chat_template.jinja')).toBe(source);
  expect(warnings.filter(({ code }) => code === 'noChatTemplate')).toEqual([]);
});

it('a template that no pair went through is not said to be used, nor carried along', async () => {
  const texts = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl').pairs.slice(0, 2);
  const { files: ofTexts } = (await run('plain', texts)).result;
  expect(new TextDecoder().decode(ofTexts['README.md'])).toContain(
    '- Chat template: not used: all pairs were plain text',
  );
  expect(Object.keys(ofTexts)).not.toContain('chat_template.jinja');
  const { files: ofBoth, warnings } = (await run('plain', [...texts, ...pairs.slice(0, 1)])).result;
  expect(warnings).toContainEqual({ code: 'formsMixed', values: { texts: 2, count: 3 } });
  expect(new TextDecoder().decode(ofBoth['README.md'])).toMatch(
    /- Chat template: `plain`.*; 2 of the pairs were plain text/,
  );
  expect(Object.keys(ofBoth)).toContain('chat_template.jinja');
});
