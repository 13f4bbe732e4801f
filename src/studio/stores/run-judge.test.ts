/**
 * @file A run whose answers a kept model of another base compares, over the real engine: started by the form, paused
 * and gone on with over a reload, forked, and what is said where the judge is gone.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import type { Handlers } from '../../worker/bridge';
import { createHandlers } from '../../worker/handlers';
import type { Requests } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { rewardOfJudge } from '../plain/compare/best-of';
import { createStorage } from '../plain/records';
import { withRewardName } from '../plain/runs/reward-model-of';
import { withMethod } from '../plain/train/options';
import { largeJudge } from './judge-test-engine';
import { memoryModels } from './memory-models';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

let handlers: Handlers;
/** What the engine was asked to train. */
let trained: Requests['train']['in'][] = [];
/** Is called after each step. */
let onStep: (step: number) => void = () => {};

/** The worker's own handlers, without a worker. */
const engine: Engine = testEngine(async (kind, input, options) => {
  if (kind === 'train') trained.push(input as (typeof trained)[number]);
  const call = handlers[kind] as (...given: unknown[]) => Promise<unknown>;
  return call(input, {
    signal: options.signal ?? new AbortController().signal,
    report(event: Parameters<NonNullable<typeof options.onProgress>>[0]) {
      options.onProgress?.(event);
      if (event.kind === 'step') onStep(event.metrics.step);
    },
  });
});

const names = { policy: 'tiny-llama', judge: 'tiny-gpt-neox' };
const modelOf = (name: string): StoredModel => ({
  ...{ id: `id-of-${name}`, name, addedAt: '2026-01-01', sizeBytes: 1, sha256: `sha-of-${name}` },
  files: readdirSync(join('fixtures', name)).map((path) => ({ path, sizeBytes: 1, sha256: '' })),
});
const readFixture = ({ id }: StoredModel, path: string): Blob =>
  new Blob([Uint8Array.from(readFileSync(join('fixtures', id.slice('id-of-'.length), path)))]);

let disk: Map<string, unknown>;
let kept: StoredModel[];
let studio: Studio;

const rows = ['The valve', 'A pump', 'The press', 'Oil', 'A fern'].map((prompt, at) => ({
  ...{ pair: { prompt, chosen: ' yes', rejected: ' no' }, file: 'pairs.jsonl', row: at + 1 },
}));

/** A visit with the policy open. */
async function visit(): Promise<void> {
  studio = await openTestStudio({
    ...{ engine, storage: createStorage(mapKeyValue(disk)), storedModels: memoryModels(kept, readFixture) },
  });
  await studio.modelShelf.getState().restore();
  await studio.modelShelf.getState().open(`id-of-${names.policy}`);
}

let fingerprint: string;
beforeAll(async () => {
  handlers = createHandlers({ assets: null, threads: 1 }, () => {});
  const context = { signal: new AbortController().signal, report: () => {} };
  await handlers.openDevice({ prefer: 'wasm' }, context);
  const model = modelOf(names.judge);
  const files = model.files.map(({ path }) => ({ path, blob: readFixture(model, path) }));
  ({ fingerprint } = await handlers.openModel({ name: names.judge, files }, context));
});

beforeEach(async () => {
  disk = new Map();
  kept = [modelOf(names.policy), { ...modelOf(names.judge), fingerprint }];
  [trained, onStep] = [[], () => {}];
  await visit();
  studio.dataset.setState({ rows });
  studio.judges.setState({ judges: [{ ...largeJudge, modelName: names.judge, fingerprint }] });
  const { form, setForm } = studio.training.getState();
  setForm({
    ...{ ...withMethod(form, 'rloo'), reward: rewardOfJudge('j'), duration: 'steps', max_steps: '4', lora_r: '2' },
    ...{ per_device_train_batch_size: '4', num_generations: '2', max_completion_length: '6' },
  });
});

const newest = () => studio.library.getState().runs[0]!;
const failure = () => sentenceOf(studio.training.getState().last?.failure?.sentence ?? '');
const weightsOf = async (id: string) => (await studio.library.getState().adapterOf(id))['adapter_model.safetensors'];

async function trainWhole(): Promise<Uint8Array | undefined> {
  await studio.training.getState().start();
  expect(failure()).toBe('');
  expect(newest()).toMatchObject({ status: 'finished', steps: 4 });
  return weightsOf(newest().id);
}

async function pauseAfterTwo(): Promise<void> {
  onStep = (step) => step === 2 && studio.training.getState().pause();
  await studio.training.getState().start();
  onStep = () => {};
  expect(newest()).toMatchObject({ status: 'paused', steps: 2 });
}

it('counts the judge before the start, and keeps with the run which one it was and how it was opened', async () => {
  await studio.training.getState().checkSettings();
  const { memory, refusal } = studio.training.getState();
  expect(refusal).toBeNull();
  expect(memory).toMatchObject({ judgePrecision: 'float32', shortages: [] });
  expect(memory?.estimate.judge).toBeGreaterThan(0);
  await trainWhole();
  const run = newest();
  expect(run.config.reward).toEqual({ judge: fingerprint, question: 'dialogue' });
  expect(run.judge).toEqual({ name: names.judge, sha256: `sha-of-${names.judge}`, precision: 'float32' });
  expect(withRewardName(run, [run], 'gone').config.reward).toMatchObject({ judge: names.judge });
  expect(trained[0]?.judgeModel).toMatchObject({ name: names.judge, precision: 'float32' });
});

it('goes on over a reload with the same judge, opened as it was then, and ends with the same bits', async () => {
  const whole = await trainWhole();
  await pauseAfterTwo();
  const { id } = newest();
  // Neither what the shelf says of it now nor the list of judges is asked again.
  kept[1] = { ...kept[1]!, name: 'renamed', chatTemplate: 'plain' };
  await visit();
  studio.judges.setState({ judges: [] });
  await studio.training.getState().resume(id);
  expect(failure()).toBe('');
  expect(newest()).toMatchObject({ id, status: 'finished', judge: { name: names.judge } });
  expect(trained.at(-1)?.resume?.step).toBe(2);
  expect(trained.at(-1)?.judgeModel).not.toHaveProperty('chatTemplate');
  expect(await weightsOf(id)).toEqual(whole);
});

it('says that the judge of a paused run is gone, or has other files, and goes on when it is there again', async () => {
  await pauseAfterTwo();
  const { id } = newest();
  const own = kept.splice(1, 1)[0]!;
  await visit();
  await studio.training.getState().resume(id);
  expect(failure()).toMatch(
    /^The answers of this run are compared by tiny-gpt-neox, which is not kept .* under Models/,
  );
  expect(newest()).toMatchObject({ id, status: 'paused', steps: 2 });
  kept.push({ ...own, sha256: 'other' });
  await studio.training.getState().resume(id);
  expect(failure()).toMatch(/or not with the same files/);
  expect(trained).toHaveLength(1);
  kept[1] = { ...own, id: own.id };
  await studio.training.getState().resume(id);
  expect(newest()).toMatchObject({ id, status: 'finished', steps: 4 });
});

it('is forked with its judge', async () => {
  await pauseAfterTwo();
  const { id, judge, config } = newest();
  studio.training.getState().setForm({ reward: 'rules', dpo_learning_rate: '1e-5' });
  await studio.training.getState().fork(id, 2);
  expect(failure()).toBe('');
  expect(newest()).toMatchObject({ status: 'finished', judge, forkedFrom: { runId: id, step: 2 } });
  expect(newest().config.reward).toEqual(config.reward);
  expect(trained.at(-1)?.judgeModel).toMatchObject({ name: names.judge });
});

it('begins nothing where the judge is not kept', async () => {
  kept.splice(1, 1);
  await studio.training.getState().start();
  expect(failure()).toMatch(/^The judge that was chosen is gone/);
  expect(studio.library.getState().runs).toEqual([]);
  await studio.modelShelf.getState().refresh();
  await studio.training.getState().start();
  expect([trained, studio.library.getState().runs]).toEqual([[], []]);
});
