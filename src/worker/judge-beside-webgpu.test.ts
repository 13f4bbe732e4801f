/** @file A judge of another base beside a run on onnxruntime's WebGPU, on Chromium's software GPU, against WASM. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openModel } from '../engine/open-model';
import { DecodeEngine } from '../generation/decode-engine';
import { answersOfPairs } from '../generation/drawn-answers';
import { parseRunConfig } from '../run/config';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { openRuntimeOnDawn } from '../runtime/ort-on-dawn';
import { runTraining } from '../training/run-training';
import { asDirectory } from './files';
import { judgeBeside } from './judge-beside';
import type { ModelFile } from './protocol';

const readFiles = (folder: string): ModelFile[] =>
  readdirSync(folder).map((path) => ({ path, blob: new Blob([Uint8Array.from(readFileSync(join(folder, path)))]) }));
const judgeModel = { name: 'judge', files: readFiles('fixtures/tiny-gpt-neox'), precision: 'float32' } as const;
const pairs = [{ prompt: 'The pump', chosen: ' yes', rejected: ' no' }];
const context = { signal: new AbortController().signal, report: () => {} };

/** Has a run of one step judged on a device. @returns its loss, and what the judge says then of two answers */
async function trainOn(executor: Executor) {
  const { model } = await openModel('judge', asDirectory(judgeModel.files), executor);
  const choice = { judge: model.fingerprint, question: 'dialogue' } as const;
  model.dispose();
  const policy = await openModel('policy', asDirectory(readFiles('fixtures/tiny-llama')), executor);
  const beside = await judgeBeside(policy, judgeModel, choice, null, context);
  await beside.load();
  const config = parseRunConfig({
    ...{ method: 'online_dpo', max_steps: 1, per_device_train_batch_size: 1, max_completion_length: 3, lora_r: 2 },
    reward: choice,
  });
  const answering = answersOfPairs(policy, new DecodeEngine(policy.model), config, beside.judging);
  const { metrics } = await runTraining(policy, { config, pairs, answering });
  const facts = { prompt: 'The pump', tokens: 1, reference: null, isEnded: true };
  const rewards = await beside.judging(['It is well.', 'No.'].map((text) => ({ ...facts, text })));
  await beside.close();
  await executor.close();
  return { loss: metrics[0]?.loss ?? NaN, rewards: rewards.map((reward) => reward ?? NaN) };
}

it('judges on a GPU, beside a run there, as on WASM', { timeout: 300_000 }, async ({ skip }) => {
  const opened = await openRuntimeOnDawn('software');
  if (typeof opened === 'string') return skip(opened);
  const onGpu = await trainOn(opened.executor);
  const onWasm = await trainOn(await openWasmExecutor({ threads: 1, assets: null }));
  expect(onGpu.loss).toBeCloseTo(Math.LN2, 4);
  expect(onWasm.loss).toBeCloseTo(Math.LN2, 6);
  expect(onGpu.rewards[0]).not.toBe(0.5);
  onGpu.rewards.forEach((reward, at) => expect(reward).toBeCloseTo(onWasm.rewards[at] ?? NaN, 4));
});
