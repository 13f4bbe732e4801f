/** @file Data without rejected answers: SFT trains on them as on pairs, and DPO refuses them in a sentence. */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import type { PreferencePair } from '../data/preference-pair';
import { openModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import { parseRunConfig } from '../run/config';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { pairLogps } from './pair-logps';
import { runTraining } from './run-training';

const directory = 'fixtures/tiny-llama';
const files = new Map(
  readdirSync(directory).map((name) => [name, bytesSource(name, readFileSync(`${directory}/${name}`))]),
);
const pairs = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl').pairs.slice(0, 4);
const alone = pairs.map((pair) => ({ ...pair, rejected: '' }) as PreferencePair);

let executor: Executor;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
});
afterAll(() => executor.close());

async function train(method: string, data: readonly PreferencePair[]) {
  const opened = await openModel('tiny-llama', files, executor);
  const config = parseRunConfig({ method, max_steps: 2, per_device_train_batch_size: 2, lora_r: 2, max_length: 256 });
  try {
    return await runTraining(opened, { config, pairs: data });
  } finally {
    opened.model.dispose();
  }
}

it('SFT takes the same steps with and without a rejected answer', async () => {
  const losses = async (data: readonly PreferencePair[]) => (await train('sft', data)).metrics.map(({ loss }) => loss);
  expect(await losses(alone)).toEqual(await losses(pairs));
});

it('DPO leaves them out with a sentence, and refuses data of them alone', async () => {
  await expect(train('dpo', alone)).rejects.toThrow(
    /None of the 4 pairs can be trained on\. Pair 1: There is no rejected answer to compare/,
  );
  const { warnings } = await train('dpo', [...pairs.slice(0, 3), ...alone.slice(3)]);
  expect(warnings).toMatchObject([{ code: 'pairHas', values: { number: 4, problem: { code: 'rejectedAbsent' } } }]);
});

it('scores of a pair need both', async () => {
  const opened = await openModel('tiny-llama', files, executor);
  await expect(pairLogps(opened, alone, null, 256)).rejects.toThrow(/There is no rejected answer/);
  opened.model.dispose();
});
