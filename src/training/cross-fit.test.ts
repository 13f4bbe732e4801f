/** @file Two runs that judge each other's half: real runs of the tiny model, beside `logprobs` of the same adapter. */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import { splitPairs } from '../data/split';
import { uploadAdapter, uploadRewardModel } from '../engine/device-adapter';
import { openModel, type OpenedModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import { directoryOf } from '../formats/checkpoint';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { parseRunConfig, type RunConfig } from '../run/config';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { crossFit } from './cross-fit';
import { pairLogps } from './pair-logps';
import { scorePairs } from './reward-scores';
import { runTraining } from './run-training';

const directory = 'fixtures/tiny-llama';
const pairs = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl').pairs;
const settings = { method: 'dpo', max_steps: 2, per_device_train_batch_size: 2, lora_r: 2, max_length: 256, beta: 0.3 };
const config = parseRunConfig({ ...settings, learning_rate: 1e-2, seed: 3 });

let executor: Executor;
let opened: OpenedModel;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
  const files = readdirSync(directory).map(
    (name) => [name, bytesSource(name, readFileSync(`${directory}/${name}`))] as const,
  );
  opened = await openModel('tiny-llama', new Map(files), executor);
});
afterAll(async () => {
  opened.model.dispose();
  await executor.close();
});

const half = splitPairs(
  pairs.map((pair, index) => ({ pair, index })),
  { evaluationShare: 0.5, seed: 3 },
);
const judged = half.evaluation.map(({ pair }) => pair);

/** The adapter of a run on the other half. */
async function trainedOnOther(run: RunConfig): Promise<LoraAdapter> {
  const { files } = await runTraining(opened, { config: run, pairs: half.train.map(({ pair }) => pair) });
  return readPeftAdapter(directoryOf(files));
}

function expectMargins(margins: readonly number[] | null, wanted: readonly number[]): void {
  expect(half.train.length + half.evaluation.length).toBe(pairs.length);
  expect(wanted.some((margin) => Math.abs(margin) > 1e-3)).toBe(true);
  half.evaluation.forEach(({ index }, i) => expect(margins?.[index]).toBeCloseTo(wanted[i] ?? NaN, 6));
}

it('each pair is judged by the run that has not seen its prompt', async () => {
  const margins = await crossFit(opened, { config, pairs });
  const adapter = uploadAdapter(opened.model, await trainedOnOther(config));
  const [policy, reference] = [
    await pairLogps(opened, judged, adapter, 256),
    await pairLogps(opened, judged, null, 256),
  ];
  adapter.dispose();
  const wanted = policy.map((own, i) => {
    const { chosen_logps, rejected_logps } = reference[i] ?? own;
    return 0.3 * (own.chosen_logps - chosen_logps - (own.rejected_logps - rejected_logps));
  });
  expectMargins(margins, wanted);
});

it('a reward model judges by its scores', async () => {
  const scoring = parseRunConfig({ ...settings, beta: 0.1, method: 'reward', learning_rate: 1e-2, seed: 3 });
  const margins = await crossFit(opened, { config: scoring, pairs });
  const rewardModel = uploadRewardModel(opened.model, await trainedOnOther(scoring));
  const scored = await scorePairs(opened, judged, rewardModel, 256);
  rewardModel.dispose();
  expectMargins(
    margins,
    scored.map(({ rewards }) => rewards.chosen - rewards.rejected),
  );
});

it('is nothing where it was stopped, and refuses what has no reward or is too little', async () => {
  const controller = new AbortController();
  const stop = () => controller.abort();
  expect(await crossFit(opened, { config, pairs, signal: controller.signal, onEvent: stop }).catch(String)).toSatisfy(
    (end: unknown) => end === null || /Abort/.test(String(end)),
  );
  const sft = parseRunConfig({ ...settings, method: 'sft' });
  await expect(crossFit(opened, { config: sft, pairs })).rejects.toThrow(/no reward to judge labels by/);
  await expect(crossFit(opened, { config, pairs: pairs.slice(0, 9) })).rejects.toThrow(/9 pairs are too few/);
});
