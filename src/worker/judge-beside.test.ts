/**
 * @file Runs whose answers a model of another base compares, open beside the policy: the bits of the command line, in
 * one piece and in two; what the judge takes of memory; and what is refused.
 */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { RunAnswers, judgingOf } from '../cli/on-policy';
import { openModelDirectory } from '../cli/session';
import { parsePairs } from '../data/parse-pairs';
import { openModel } from '../engine/open-model';
import { openComparing } from '../generation/comparing';
import { DecodeEngine } from '../generation/decode-engine';
import { parseRunConfig } from '../run/config';
import { openWasmExecutor } from '../runtime/ort';
import { judgeNeeds } from '../training/judge-memory';
import { estimateMemory } from '../training/memory-plan';
import { runTraining } from '../training/run-training';
import type { Handlers } from './bridge';
import { asDirectory } from './files';
import { createHandlers } from './handlers';
import { describeJudge } from './judge-beside';
import type { AdapterFiles, ModelFile, ModelSummary, Progress, Requests } from './protocol';

type TrainInput = Requests['train']['in'];

const judgePath = 'fixtures/tiny-gpt-neox';
const { pairs } = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl');
const readFiles = (folder: string): ModelFile[] =>
  readdirSync(folder).map((path) => ({ path, blob: new Blob([Uint8Array.from(readFileSync(join(folder, path)))]) }));
const judgeModel = { name: 'tiny-gpt-neox', files: readFiles(judgePath), precision: 'float32' } as const;

const context = () => {
  const events: Progress[] = [];
  return { events, signal: new AbortController().signal, report: (event: Progress) => void events.push(event) };
};

async function openWorker(folder: string, memoryBytes?: number): Promise<[Handlers, ModelSummary]> {
  const handlers = createHandlers({ assets: null, threads: 1, memoryBytes }, () => {});
  await handlers.openDevice({ prefer: 'wasm' }, context());
  return [handlers, await handlers.openModel({ name: 'tiny-llama', files: readFiles(folder) }, context())];
}

let handlers: Handlers;
/** Fingerprint of the judge's model. */
let judge: string;
/** An adapter that was trained on it. */
let judgeAdapter: AdapterFiles;
beforeAll(async () => {
  const [own, summary] = await openWorker(judgePath);
  judge = summary.fingerprint;
  const config = { method: 'dpo', max_steps: 4, lora_r: 4, learning_rate: 5e-2 } as const;
  const taught = await own.train({ config, pairs, initAdapter: null, refAdapter: null }, context());
  judgeAdapter = taught.adapter;
  [handlers] = await openWorker('fixtures/tiny-llama');
});

const settings = (more: TrainInput['config'] = {}): TrainInput['config'] => ({
  ...{ method: 'rloo', max_steps: 2, per_device_train_batch_size: 4, max_completion_length: 6 },
  ...((more.method ?? 'rloo') === 'rloo' && { num_generations: 2 }),
  ...{ learning_rate: 5e-3, lora_r: 2, reward: { judge, question: 'dialogue' } },
  ...more,
});
const inputOf = (config: TrainInput['config'], more: Partial<TrainInput> = {}): TrainInput => ({
  ...{ config, pairs, initAdapter: null, refAdapter: null, judgeModel, save_steps: 1 },
  ...more,
});

/** Trains as `train` of the command line does. */
async function trainByCommandLine(config: TrainInput['config'], reward: object) {
  const opened = await openModelDirectory('fixtures/tiny-llama');
  const own = parseRunConfig({ ...config, reward });
  const answers = new RunAnswers(opened, own, (await judgingOf(own))!(opened));
  const rewards: (number | null)[] = [];
  let totalBytes = 0;
  const { files } = await runTraining(opened, {
    ...{ config: own, pairs, answering: answers.answering },
    onDrawn: (_, drawn) => rewards.push(...drawn.map((answer) => answer.reward)),
    checkLongest: (row) => void (totalBytes = estimateMemory(opened.model.shape, 'wasm', own, row).total),
  });
  return { weights: files['adapter_model.safetensors'], rewards, totalBytes };
}

it.each(['rloo', 'online_dpo', 'ppo'] as const)(
  'trains by %s with the bits of the command line, and with the same in two pieces; then nothing is left of the judge',
  async (method) => {
    const config = settings({ method });
    const wanted = await trainByCommandLine(config, { judge: judgePath, question: 'dialogue' });
    expect(new Set(wanted.rewards).size).toBeGreaterThan(2);

    const before = (await handlers.memory({}, context())).deviceBytes;
    const call = context();
    const { adapter } = await handlers.train(inputOf(config), call);
    expect(adapter['adapter_model.safetensors']).toEqual(wanted.weights);
    expect((await handlers.memory({}, context())).deviceBytes).toBe(before);
    const kinds = call.events.map(({ kind }) => kind);
    expect(kinds.indexOf('loading')).toBeLessThan(kinds.indexOf('compiling'));

    const kept = call.events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));
    const resume = kept.find(({ step }) => step === 1)!;
    const resumed = await handlers.train(inputOf(config, { resume }), context());
    expect(resumed.adapter['adapter_model.safetensors']).toEqual(wanted.weights);
  },
);

it('has an adapter of the other base compare, as the command line has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-judge-'));
  for (const [name, bytes] of Object.entries(judgeAdapter)) writeFileSync(join(folder, name), bytes);
  const question = { rubric: 'Which is shorter?' };
  const wanted = await trainByCommandLine(settings(), { judge: judgePath, question, adapter: folder });
  const config = settings({ reward: { judge, question, adapter: 'id' } });
  const rewardModel = { name: 'dpo-1', files: judgeAdapter };
  const { adapter } = await handlers.train(inputOf(config, { rewardModel }), context());
  expect(adapter['adapter_model.safetensors']).toEqual(wanted.weights);
  const plain = await handlers.train(inputOf(settings({ reward: { judge, question } })), context());
  expect(plain.adapter['adapter_model.safetensors']).not.toEqual(wanted.weights);
  await expect(handlers.train(inputOf(config), context())).rejects.toMatchObject({ code: 'rewardIsFile' });
});

it('refuses a judge that is not there, one of other weights, and one that lacks weights; the policy stays', async () => {
  const before = (await handlers.memory({}, context())).deviceBytes;
  const codeOf = (input: TrainInput) =>
    handlers.train(input, context()).then(
      () => null,
      ({ code }: { code: string }) => code,
    );
  expect(await codeOf(inputOf(settings(), { judgeModel: null }))).toBe('rewardIsFile');
  const other = { ...judgeModel, files: readFiles('fixtures/tiny-gpt-neox-serial') };
  expect(await codeOf(inputOf(settings(), { judgeModel: other }))).toBe('modelAltered');
  const cut = judgeModel.files.filter(({ path }) => !path.endsWith('.safetensors'));
  expect(await codeOf(inputOf(settings(), { judgeModel: { ...judgeModel, files: cut } }))).not.toBeNull();
  expect((await handlers.memory({}, context())).deviceBytes).toBe(before);
});

it('counts the judge before the run: how it would be held, and a run that has no room for it', async () => {
  const { files, name } = judgeModel;
  const alone = await handlers.checkConfig({ config: settings() }, context());
  const need = await handlers.checkConfig(
    { config: settings(), judgeBytes: 10, judgeModel: { name, files } },
    context(),
  );
  const { estimate } = need!;
  expect(need?.judgePrecision).toBe('float32');
  expect(alone).not.toHaveProperty('judgePrecision');
  expect(estimate.total - alone!.estimate.total).toBe(estimate.judge);
  expect(estimate.judge).toBeGreaterThan(estimate.judge_heap + 10);

  // Memory for the policy, and for less of the judge than its weights in 4 bits.
  const [small] = await openWorker('fixtures/tiny-llama', alone!.estimate.total / 0.8 + 1000);
  const lacking = await small.checkConfig({ config: settings(), judgeModel: { name, files } }, context());
  expect(lacking).toMatchObject({ judgePrecision: 'int4', shortages: [{ kind: 'memory' }] });
  const { totalBytes } = await trainByCommandLine(settings(), { scorer: 'sentiment' });
  const [tight] = await openWorker('fixtures/tiny-llama', totalBytes / 0.8 + 1000);
  const call = context();
  await expect(tight.train(inputOf(settings()), call)).rejects.toMatchObject({ code: 'runDoesNotFit' });
  expect(call.events.some(({ kind }) => kind === 'loading')).toBe(false);
  const byRules = settings({ reward: { scorer: 'sentiment' } });
  expect((await tight.train(inputOf(byRules), context())).steps).toBe(2);
});

it('holds about as much as is counted', async () => {
  const executor = await openWasmExecutor({ threads: 1, assets: null });
  const opened = await openModel('judge', asDirectory(judgeModel.files), executor);
  const shape = { ...(await describeJudge(judgeModel)), precision: 'float32' as const };
  const config = parseRunConfig(settings({ max_length: 128, max_completion_length: 60 }));
  const counted = judgeNeeds(shape, shape, 'wasm', config);
  executor.restartPeak();
  const compare = openComparing(opened, new DecodeEngine(opened.model), null, 'dialogue');
  const answer = 'The pump is well. '.repeat(4);
  await compare([answer, `${answer}.`].map((text) => ({ prompt: 'a', text, reference: null })));
  const { peakDeviceBytes } = executor.memory();
  expect(peakDeviceBytes).toBeLessThan(1.2 * counted.judge_bytes);
  expect(peakDeviceBytes).toBeGreaterThan(0.5 * counted.judge_bytes);
  await executor.close();
});
