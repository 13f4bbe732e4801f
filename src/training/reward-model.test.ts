/**
 * @file Reward models on a random model: which token is scored, the gradients of LoRA and of the score head against
 * finite differences, and a run that was stopped and resumed, head and all.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { uploadAdapter, uploadRewardModel, wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import { layoutLora } from '../models/lora';
import { Float64Executor } from '../runtime/float64-executor';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { parseRunConfig } from '../run/config';
import type { EvaluationSettings } from '../run/evaluation';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import type { EncodedPair } from '../text/encode-pair';
import { RowRunner } from './row-runner';
import { packScores, paddingOf, scoredCompletions } from './scored-rows';
import { train, type TrainingOptions } from './trainer';

describe('the token that is scored', () => {
  const placesOf = (promptIds: number[], chosenIds: number[], rejectedIds: number[], padding: number | null) => {
    const { rows, tokens } = packScores([scoredCompletions({ promptIds, chosenIds, rejectedIds }, padding)]);
    return [...rows].map((row) => tokens[row]);
  };

  it('is the last of each answer that is not padding', () => {
    expect(placesOf([1, 2], [3, 4, 9], [5, 9], null)).toEqual([9, 9]);
    expect(placesOf([1, 2], [3, 4, 9], [5, 9], 0)).toEqual([9, 9]);
    expect(placesOf([1, 2], [3, 9, 4, 9, 9], [5, 9], 9)).toEqual([4, 5]);
  });

  it('is the last of the prompt, or the first of all, where an answer is nothing else', () => {
    expect(placesOf([1, 2], [9], [5, 9], 9)).toEqual([2, 5]);
    expect(placesOf([], [9, 9], [5, 9], 9)).toEqual([9, 5]);
  });

  it('is told by the padding of TRL: the tokenizer own, or its end of a sequence', () => {
    expect(paddingOf({ padTokenId: 4, eosTokenId: 9 })).toBe(4);
    expect(paddingOf({ padTokenId: null, eosTokenId: 9 })).toBe(9);
    expect(paddingOf({ padTokenId: null, eosTokenId: null })).toBeNull();
  });
});

describe('gradients, in float64', () => {
  it('of LoRA and of the score head are those of finite differences, within 1e-6', async () => {
    const model = await buildRandomModel('tiny', new Float64Executor());
    const { architecture, config } = model.shape;
    const layout = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules: ['q_proj', 'down_proj'] });
    const random = new Random(11);
    const draw = (length: number): Float64Array => Float64Array.from({ length }, () => 0.3 * random.normal());
    const start = [...model.blocks.map(() => draw(layout.size)), draw(config.hiddenSize)];
    const ids = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
    const row = packScores(
      [5, 7].map((length) =>
        scoredCompletions({ promptIds: ids(4), chosenIds: ids(length), rejectedIds: ids(3) }, null),
      ),
    );
    const seeds = Float64Array.of(0.7, -1.3, 0.4, 0.9);
    const runner = new RowRunner(model);
    const adapterOf = (vectors: readonly Float64Array[]) => {
      const tensors = vectors.map((vector) => model.executor.upload(vector, [vector.length]));
      return wrapAdapter(layout, tensors.slice(0, -1), tensors.at(-1));
    };
    const lossOf = async (vectors: readonly Float64Array[]): Promise<number> => {
      const scores = await runner.forward(row, adapterOf(vectors));
      return scores.reduce((sum, score, i) => sum + (seeds[i] as number) * score, 0);
    };
    const adapter = adapterOf(start);
    const tape = await runner.forwardSaving(row, adapter);
    expect([...tape.logps]).toEqual([...(await runner.forward(row, adapter))]);
    const gradients = await runner.backward(tape, seeds, runner.zeroGradients(adapter));
    expect(gradients).toHaveLength(start.length);
    for (const [at, vector] of start.entries()) {
      const direction = draw(vector.length);
      const step = 1e-4;
      const moved = (by: number) =>
        start.map((each, i) => (i === at ? each.map((value, k) => value + by * (direction[k] as number)) : each));
      const numeric = ((await lossOf(moved(step))) - (await lossOf(moved(-step)))) / (2 * step);
      const gradient = await model.executor.read(gradients[at]!);
      const derived = direction.reduce((sum, value, k) => sum + value * (gradient[k] as number), 0);
      expect(Math.abs(numeric)).toBeGreaterThan(1e-3);
      expect(Math.abs(derived / numeric - 1)).toBeLessThan(1e-6);
    }
  });
});

describe('runs', () => {
  let executor: Executor;
  let model: LoadedModel;
  const random = new Random(3);
  const ids = (count: number): number[] => Array.from({ length: count }, () => 1 + random.integer(511));
  const pairOf = (): EncodedPair => ({
    ...{ promptIds: ids(5), chosenIds: ids(3 + random.integer(4)), rejectedIds: ids(3 + random.integer(4)) },
    ...{ warnings: [], faults: [] },
  });
  const pairs = Array.from({ length: 6 }, pairOf);
  const evaluation = {
    settings: {
      ...{ eval_steps: 2, metric_for_best_model: 'eval_rewards/accuracies', early_stopping_patience: null },
      load_best_model_at_end: true,
    } satisfies EvaluationSettings,
    pairs: Array.from({ length: 3 }, pairOf),
  };
  const config = parseRunConfig({
    ...{ method: 'reward', center_rewards_coefficient: 0.01, max_steps: 6, per_device_train_batch_size: 2 },
    ...{ learning_rate: 2e-3, weight_decay: 0.01, lora_r: 2 },
  });
  const run = (options: Partial<TrainingOptions> = {}) => train(model, { config, pairs, evaluation, ...options });
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    model = await buildRandomModel('tiny', executor);
  });
  afterAll(() => executor.close());

  it('resumed at step 3 of 6, go on exactly as if they had not stopped', async () => {
    const whole = await run();
    const controller = new AbortController();
    const kept: TrainingCheckpoint[] = [];
    const before = await run({
      signal: controller.signal,
      onEvent: (event) => event.kind === 'step' && event.metrics.step === 3 && controller.abort(),
      checkpoints: { save_steps: 1000, onCheckpoint: (checkpoint) => kept.push(structuredClone(checkpoint)) },
    });
    const rest = await run({ resume: kept[0]! });
    expect([...before.metrics, ...rest.metrics]).toEqual(whole.metrics);
    expect(rest.adapter).toEqual(whole.adapter);
    expect(rest.adapter.score).toHaveLength(model.shape.config.hiddenSize);
    // Adam's state of the head is part of the checkpoint: without its moments the rest would be another.
    const { optimizer } = kept[0]!;
    const forgot = optimizer.mean.map((vector, i) => (i === optimizer.mean.length - 1 ? vector.map(() => 0) : vector));
    const other = await run({ resume: { ...kept[0]!, optimizer: { ...optimizer, mean: forgot } } });
    expect(other.metrics.at(-1)!.loss).not.toBe(rest.metrics.at(-1)!.loss);
  });

  it('end with the head of the best evaluation, and their metrics are those of the pairs', async () => {
    const heads: (readonly number[])[] = [];
    const result = await run({
      onStep: async (_, { score }) => void heads.push([...(await executor.read(score!))]),
    });
    expect([...result.adapter.score!]).toEqual(heads[result.bestStep! - 1]);
    for (const metrics of result.metrics) {
      expect(metrics.margin).toBeCloseTo(metrics['rewards/chosen']! - metrics['rewards/rejected']!, 9);
      expect(metrics.mean_reward).toBeCloseTo((metrics['rewards/chosen']! + metrics['rewards/rejected']!) / 2, 9);
      expect(metrics.min_reward!).toBeLessThan(metrics.max_reward!);
      expect(metrics.accuracy).toBe(metrics['rewards/accuracies']);
      expect(metrics['logps/chosen']).toBeUndefined();
    }
    expect(result.metrics.at(-1)).toHaveProperty('eval_margin');
  });

  it('learn their pairs, from an adapter that answers too, whose head is drawn', async () => {
    const { adapter } = await train(model, {
      config: parseRunConfig({ method: 'sft', max_steps: 2, lora_r: 2 }),
      pairs,
    });
    const longer = { ...config, max_steps: 40, learning_rate: 2e-2, weight_decay: 0 };
    const result = await train(model, { config: longer, pairs, initAdapter: adapter });
    expect(result.metrics.at(-1)!.loss).toBeLessThan(0.4);
    expect(result.adapter.score!.some((weight) => weight !== 0)).toBe(true);
  });

  it('refuse what does not fit: a policy without a head, a head in the place of a policy, a checkpoint without one', async () => {
    const { adapter } = await run();
    expect(() => uploadAdapter(model, adapter)).toThrow(/is a reward model: it gives answers scores/);
    await expect(train(model, { config: parseRunConfig({ lora_r: 2 }), pairs, initAdapter: adapter })).rejects.toThrow(
      /is a reward model/,
    );
    const { score, ...lora } = adapter;
    expect(() => uploadRewardModel(model, lora)).toThrow(/has no score head/);
    expect(() => uploadRewardModel(model, { ...lora, score: score!.subarray(1) })).toThrow(
      /score head of the adapter has/,
    );
    const kept: TrainingCheckpoint[] = [];
    const checkpoints = { save_steps: 1, onCheckpoint: (checkpoint: TrainingCheckpoint) => kept.push(checkpoint) };
    await train(model, { config: parseRunConfig({ max_steps: 1, lora_r: 2 }), pairs, checkpoints });
    await expect(run({ resume: kept[0]! })).rejects.toThrow(/^The checkpoint has/);
    expect(() => run({ config: { ...config, score_margins: true } })).toThrow(/have no scores/);
    const some = pairs.map((pair, i) => (i === 1 ? pair : { ...pair, margin: 0.5 }));
    expect(() => run({ pairs: some })).toThrow(/^1 of \d+ pairs have no `margin` \(the first is pair 2\)/);
  });

  it('leave no tensor behind', async () => {
    const before = executor.memory().deviceBytes;
    await run();
    expect(executor.memory().deviceBytes).toBe(before);
  });
});
