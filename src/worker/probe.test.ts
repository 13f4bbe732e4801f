/** @file The probe and the sample answers on the real engine: plausible, and without a trace in what is trained. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import type { Handlers } from './bridge';
import { createHandlers } from './handlers';
import type { Progress, Requests } from './protocol';

const path = 'fixtures/tiny-llama';
const { pairs } = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl');
const [held, trained] = [pairs.slice(0, 4), pairs.slice(4)];
const settings = {
  eval_steps: 2,
  metric_for_best_model: 'eval_loss',
  early_stopping_patience: null,
  load_best_model_at_end: false,
} as const;
const config = {
  method: 'dpo',
  max_steps: 6,
  per_device_train_batch_size: 2,
  gradient_accumulation_steps: 2,
  learning_rate: 3e-3,
} as const;
const base = {
  config,
  pairs: trained,
  initAdapter: null,
  refAdapter: null,
  evaluation: { settings, pairs: held },
} as const;

let handlers: Handlers;
const context = () => {
  const events: Progress[] = [];
  return { events, signal: new AbortController().signal, report: (event: Progress) => void events.push(event) };
};
const train = async (more: Partial<Requests['train']['in']> = {}) => {
  const call = context();
  const result = await handlers.train({ ...base, ...more }, call);
  return {
    result,
    events: call.events,
    metrics: call.events.flatMap((event) => (event.kind === 'step' ? [event.metrics] : [])),
  };
};

beforeAll(async () => {
  handlers = createHandlers({ assets: null, threads: 1 }, () => {});
  await handlers.openDevice({ prefer: 'wasm' }, context());
  const files = readdirSync(path).map((name) => ({
    path: `tiny-llama/${name}`,
    blob: new Blob([Uint8Array.from(readFileSync(join(path, name)))]),
  }));
  await handlers.openModel({ name: 'tiny-llama', files }, context());
});

it('foretells steps, time and memory, and leaves no trace in memory, numbers or adapter', async () => {
  const before = await train();
  const { deviceBytes } = await handlers.memory({}, context());
  const report = await handlers.probe(base, context());
  expect((await handlers.memory({}, context())).deviceBytes).toBe(deviceBytes);
  expect(report.totalSteps).toBe(6);
  expect(report.peakBytes).toBeGreaterThan(deviceBytes);
  expect(report.longestRow % 16).toBe(0);
  const after = await train();
  expect(after.metrics).toEqual(before.metrics);
  expect(after.result.adapter['adapter_model.safetensors']).toEqual(before.result.adapter['adapter_model.safetensors']);
});

it('answers the prompts at every evaluation, estimates the KL, and changes no number of the run', async () => {
  const plain = await train();
  const prompts = [held[0]!.prompt, 'The pump is'];
  const { events, metrics, result } = await train({ samples: { prompts, maxNewTokens: 6 } });
  const rounds = events.flatMap((event) => (event.kind === 'samples' ? [event] : []));
  expect(rounds.map(({ step, answers }) => [step, answers.length])).toEqual([
    [2, 2],
    [4, 2],
    [6, 2],
  ]);
  expect(metrics.map(({ eval_kl }) => eval_kl !== undefined)).toEqual([false, true, false, true, false, true]);
  const withoutKl = metrics.map((values) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'eval_kl')),
  );
  expect(withoutKl).toEqual(plain.metrics);
  expect(result.adapter['adapter_model.safetensors']).toEqual(plain.result.adapter['adapter_model.safetensors']);
  // The last answers are those of the adapter that came out.
  const options = { maxNewTokens: 6, temperature: 0, topK: 0, topP: 1, seed: 0 };
  const [again] = await handlers.generate(
    { prompt: 'The pump is', variants: [{ label: 'dpo', adapter: result.adapter }], options },
    context(),
  );
  expect(rounds.at(-1)!.answers[1]!.text).toBe(again!.text);
});

it('estimates no distance where the policy is its own reference', async () => {
  const { metrics } = await train({
    config: { ...config, learning_rate: 1e-12 },
    samples: { prompts: ['The pump is'], maxNewTokens: 8 },
  });
  const distances = metrics.flatMap(({ eval_kl }) => eval_kl ?? []);
  expect(distances).toHaveLength(3);
  for (const distance of distances) expect(Math.abs(distance)).toBeLessThan(1e-3);
});
