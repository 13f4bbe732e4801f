/**
 * @file Evaluation, early stopping, checkpoints and resuming, on a random model: a run that was stopped and resumed
 * takes exactly the steps of one that was not.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { uploadAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import type { LoraAdapter } from '../formats/peft';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import { parseRunConfig } from '../run/config';
import type { EvaluationSettings } from '../run/evaluation';
import { isOver, withEvaluation } from './evaluation';
import type { StepMetrics } from '../run/metrics';
import { RowRunner } from './row-runner';
import type { TrainingOptions } from './trainer';
import { computeLogps, train } from './trainer';

const settings: EvaluationSettings = {
  eval_steps: 2,
  metric_for_best_model: 'eval_loss',
  early_stopping_patience: null,
  load_best_model_at_end: true,
};

describe('the best evaluation', () => {
  const metrics = (step: number, eval_loss: number, accuracy = 0): StepMetrics => ({
    step,
    epoch: 0,
    loss: 0,
    grad_norm: 0,
    learning_rate: 0,
    eval_loss,
    'eval_rewards/accuracies': accuracy,
  });
  const follow = (values: readonly number[], of: EvaluationSettings) =>
    values.reduce(
      (best: ReturnType<typeof withEvaluation>, value, i) => withEvaluation(best, metrics(i + 1, value, value), of),
      null,
    );

  it('is the lowest loss or the highest accuracy, the first of equals, and never NaN', () => {
    expect(follow([3, 1, 1, 2], settings)).toEqual({ step: 2, value: 1, since: 2 });
    expect(follow([0.5, 0.9, 0.9, NaN], { ...settings, metric_for_best_model: 'eval_rewards/accuracies' })).toEqual({
      step: 2,
      value: 0.9,
      since: 2,
    });
    expect(follow([NaN], settings)).toBeNull();
  });

  it('ends training after so many evaluations without a better one', () => {
    const best = follow([3, 1, 2, 2], settings);
    expect([null, 1, 2, 3].map((patience) => isOver(best, { ...settings, early_stopping_patience: patience }))).toEqual(
      [false, true, true, false],
    );
  });
});

describe('runs', () => {
  let executor: Executor;
  let model: LoadedModel;
  const random = new Random(3);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
  const pairOf = (): EncodedPair => ({
    promptIds: tokens(5),
    chosenIds: tokens(3 + random.integer(4)),
    rejectedIds: tokens(3 + random.integer(4)),
    warnings: [],
    faults: [],
  });
  const pairs = Array.from({ length: 7 }, pairOf);
  const held = Array.from({ length: 3 }, pairOf);
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    model = await buildRandomModel('tiny', executor);
  });
  afterAll(() => executor.close());

  const configOf = (more: object = {}) =>
    parseRunConfig({
      max_steps: 8,
      per_device_train_batch_size: 2,
      learning_rate: 2e-3,
      warmup_steps: 2,
      weight_decay: 0.01,
      lora_r: 2,
      ...more,
    });
  const run = (options: Partial<TrainingOptions> = {}) => train(model, { config: configOf(), pairs, ...options });
  const flat = ({ modules }: LoraAdapter) => [...modules.values()].flatMap(({ A, B }) => [...A.data, ...B.data]);

  async function stoppedAt(
    step: number,
    options: Partial<TrainingOptions> = {},
  ): Promise<{ checkpoint: TrainingCheckpoint; metrics: readonly StepMetrics[] }> {
    const controller = new AbortController();
    const kept: TrainingCheckpoint[] = [];
    const { metrics, stopped } = await run({
      ...options,
      signal: controller.signal,
      onEvent: (event) => event.kind === 'step' && event.metrics.step === step && controller.abort(),
      checkpoints: { save_steps: 1000, onCheckpoint: (checkpoint) => kept.push(structuredClone(checkpoint)) },
    });
    expect({ stopped, steps: kept.map((each) => each.step) }).toEqual({ stopped: true, steps: [step] });
    return { checkpoint: kept[0]!, metrics };
  }

  for (const config of [
    configOf(),
    configOf({ method: 'sft' }),
    configOf({ shuffle: false, gradient_accumulation_steps: 2 }),
  ]) {
    it(`resumed at step 3 of 8, ${config.method} goes on exactly as if it had not stopped`, async () => {
      const whole = await run({ config });
      const { checkpoint, metrics } = await stoppedAt(3, { config });
      const rest = await run({ config, resume: checkpoint });
      expect([...metrics, ...rest.metrics]).toEqual(whole.metrics);
      expect(flat(rest.adapter)).toEqual(flat(whole.adapter));
      expect(rest.stopped).toBe(false);
    });
  }

  it('resumes a run that continued an adapter, whose reference is that adapter as it was', async () => {
    const initAdapter = (await run({ config: configOf({ method: 'sft' }) })).adapter;
    const whole = await run({ initAdapter });
    const { checkpoint, metrics } = await stoppedAt(5, { initAdapter });
    expect([...metrics, ...(await run({ initAdapter, resume: checkpoint })).metrics]).toEqual(whole.metrics);
  });

  it('hands out a checkpoint every so many steps, and goes on with other settings from there', async () => {
    const kept: TrainingCheckpoint[] = [];
    await run({ checkpoints: { save_steps: 3, onCheckpoint: (checkpoint) => kept.push(checkpoint) } });
    expect(kept.map(({ step }) => step)).toEqual([3, 6]);
    const forked = await run({ resume: kept[1]!, config: configOf({ max_steps: 10, beta: 0.5, learning_rate: 1e-4 }) });
    expect(forked.metrics.map(({ step }) => step)).toEqual([7, 8, 9, 10]);
    await expect(run({ resume: kept[0]!, config: configOf({ lora_r: 4 }) })).rejects.toThrow(
      /^The checkpoint has \d+ blocks of \d+ LoRA values; these settings make \d+ of \d+\./,
    );
  });

  it('hands out a checkpoint when so many seconds have passed, the first one sooner', async () => {
    const stepsWith = async (seconds: { first: number; every: number }) => {
      const kept: number[] = [];
      await run({ checkpoints: { save_steps: 1000, seconds, onCheckpoint: ({ step }) => kept.push(step) } });
      return kept;
    };
    expect(await stepsWith({ first: 0, every: 0 })).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await stepsWith({ first: 0, every: 1e6 })).toEqual([1]);
    expect(await stepsWith({ first: 1e6, every: 0 })).toEqual([]);
  });

  it('evaluates without touching the training, by the numbers of the adapter of that step', async () => {
    const plain = await run();
    const adapters = new Map<number, number>();
    const result = await run({
      evaluation: { settings, pairs: held },
      onStep: async (step, adapter) => {
        const runner = new RowRunner(model);
        const logps = await computeLogps(
          runner,
          held.map(({ promptIds, chosenIds, rejectedIds }) => ({ promptIds, completions: [chosenIds, rejectedIds] })),
          adapter,
        );
        adapters.set(
          step,
          logps.reduce((sum, { chosen }) => sum + chosen.reduce((total, value) => total + value, 0), 0) / held.length,
        );
        await runner.dispose();
      },
    });
    expect(result.metrics.map(({ step, loss, grad_norm }) => ({ step, loss, grad_norm }))).toEqual(
      plain.metrics.map(({ step, loss, grad_norm }) => ({ step, loss, grad_norm })),
    );
    const evaluated = result.metrics.filter(({ eval_loss }) => eval_loss !== undefined);
    expect(evaluated.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
    for (const step of evaluated) {
      expect(step['eval_logps/chosen']).toBeCloseTo(adapters.get(step.step)!, 9);
      expect(step['eval_rewards/margins']).toBeCloseTo(
        step['eval_rewards/chosen']! - step['eval_rewards/rejected']!,
        9,
      );
    }
    // A mean over pairs as TRL's: -log sigmoid of each margin lies on or above that of the mean margin.
    expect(
      evaluated.every((step) => step.eval_loss! >= Math.log1p(Math.exp(-step['eval_rewards/margins']!)) - 1e-9),
    ).toBe(true);
  });

  it('equals the training loss where the evaluation is the training batch, SFT included', async () => {
    for (const method of ['dpo', 'sft'] as const) {
      const config = configOf({
        method,
        per_device_train_batch_size: 7,
        warmup_steps: 0,
        shuffle: false,
        lr_scheduler_type: 'constant',
      });
      const { metrics } = await run({ config, evaluation: { settings: { ...settings, eval_steps: 1 }, pairs } });
      expect(metrics.length).toBeGreaterThan(2);
      for (const [i, step] of metrics.slice(1).entries()) expect(metrics[i]!.eval_loss).toBeCloseTo(step.loss, 6);
    }
  });

  it('stops early and gives back the best adapter, also when it was resumed after the best', async () => {
    // The held-out pairs are the training pairs the wrong way round: every step makes their loss worse.
    const wrong = pairs.map((pair) => ({ ...pair, chosenIds: pair.rejectedIds, rejectedIds: pair.chosenIds }));
    const evaluation = { settings: { ...settings, eval_steps: 1, early_stopping_patience: 3 }, pairs: wrong };
    const config = configOf({ warmup_steps: 0, learning_rate: 1e-2 });
    const result = await run({ config, evaluation });
    expect(result).toMatchObject({ endedEarly: true, stopped: false });
    expect(result.metrics.length).toBe(result.bestStep! + 3);
    const { checkpoint } = await stoppedAt(result.bestStep!, { config });
    const uploaded = uploadAdapter(model, result.adapter);
    const kept = await Promise.all(
      uploaded.tensors.map(async (tensor) => Float32Array.from(await executor.read(tensor))),
    );
    uploaded.dispose();
    expect(kept).toEqual(checkpoint.optimizer.parameter);
    const half = await stoppedAt(result.bestStep! + 1, { config, evaluation });
    const rest = await run({ config, evaluation, resume: half.checkpoint });
    expect(rest).toMatchObject({ endedEarly: true, bestStep: result.bestStep });
    expect(flat(rest.adapter)).toEqual(flat(result.adapter));
  });

  it('leaves no tensor behind', async () => {
    const before = executor.memory().deviceBytes;
    const { checkpoint } = await stoppedAt(2);
    await run({ resume: checkpoint, evaluation: { settings, pairs: held } });
    expect(executor.memory().deviceBytes).toBe(before);
  });
});
