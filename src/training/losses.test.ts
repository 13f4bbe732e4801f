/**
 * @file Every loss in the training loop: what it runs, logs and reports, on a random model. Its numbers are held
 * against TRL in golden.test.ts and objectives/trl.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import { objectives } from '../run/objectives';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import { parseRunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import { writeModelCard } from './model-card';
import type { TrainingEvent, TrainingResult } from './trainer';
import { train } from './trainer';

describe('losses in the training loop', () => {
  let executor: Executor;
  let model: LoadedModel;
  const random = new Random(1);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
  const pairs = [
    [3, 5],
    [6, 2],
    [4, 4],
  ].map(([chosen = 0, rejected = 0]): EncodedPair => ({
    promptIds: tokens(7),
    chosenIds: tokens(chosen),
    rejectedIds: tokens(rejected),
    scores: { chosen: 1, rejected: -1 },
    warnings: [],
    faults: [],
  }));
  const lengths = { promptTokens: [7], chosenTokens: [3], rejectedTokens: [5] };
  const counts = { areSingles: false, given: 4, pairs: 4, ...lengths, evaluationPairs: null };
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    model = await buildRandomModel('tiny', executor);
  });
  afterAll(() => executor.close());

  async function run(
    settings: Record<string, unknown>,
  ): Promise<{ last: StepMetrics; events: string[]; card: string }> {
    const config = parseRunConfig({
      max_steps: 3,
      per_device_train_batch_size: 2,
      learning_rate: 1e-3,
      lora_r: 2,
      shuffle: false,
      ...settings,
    });
    const events: string[] = [];
    const result = await train(model, { config, pairs, onEvent: ({ kind }: TrainingEvent) => events.push(kind) });
    const card = writeModelCard({
      baseModel: 'tiny',
      config,
      result,
      data: counts,
      chatTemplate: 'none',
      precision: 'float32',
      ancestors: [],
      separateReference: null,
    });
    return { last: result.metrics.at(-1) as StepMetrics, events, card };
  }

  it('weighs held-out pairs as it weighs those of training', async () => {
    // At a rate that moves nothing, the same pairs have the same loss.
    const config = parseRunConfig({
      ...{ max_steps: 1, per_device_train_batch_size: 3, learning_rate: 1e-12, lora_r: 2, shuffle: false },
      ...{ use_weighting: true },
    });
    const settings = { eval_steps: 1, metric_for_best_model: 'eval_loss', load_best_model_at_end: false } as const;
    const evaluation = { pairs, settings: { ...settings, early_stopping_patience: null } };
    const [line] = (await train(model, { config, pairs, evaluation })).metrics;
    expect(line?.loss).not.toBeCloseTo(Math.LN2, 2);
    expect(line?.eval_loss).toBeCloseTo(line?.loss ?? NaN, 6);
  });

  it('a card says how far the run came, why no further, and of which step the adapter is', () => {
    const step = (number: number, loss: number) => ({
      ...{ step: number, epoch: number, loss, grad_norm: 1, learning_rate: 1e-4 },
    });
    const result: TrainingResult = {
      adapter: { r: 2, lora_alpha: 4, target_modules: ['q_proj'] } as unknown as TrainingResult['adapter'],
      valueHead: null,
      // A resumed run: its first steps were taken before.
      metrics: [step(8, 0.5), step(9, 0.75)],
      totalSteps: 115,
      stopped: false,
      bestStep: 8,
      endedEarly: true,
    };
    const facts = { baseModel: 'tiny', config: parseRunConfig({}), data: counts, chatTemplate: 'none' } as const;
    const more = { precision: 'float32', ancestors: [], separateReference: null } as const;
    const cardOf = (change: Partial<TrainingResult>) =>
      writeModelCard({ ...facts, ...more, result: { ...result, ...change } });
    const early = cardOf({});
    expect(early).toContain('- Steps: 9 of 115 (stopped early: the evaluation did not get better)\n');
    expect(early).toContain('- Adapter kept: that of step 8, the best evaluation\n');
    expect(early).toMatch(/## Step 8, whose adapter this is\n[^#]*\| `loss` \| 0\.500000 \|/);
    const stopped = cardOf({ stopped: true, endedEarly: false, bestStep: null });
    expect(stopped).toContain('- Steps: 9 of 115 (stopped by the user)\n');
    expect(stopped).not.toContain('Adapter kept');
    expect(stopped).toMatch(/## Last step\n[^#]*\| `loss` \| 0\.750000 \|/);
  });

  for (const [name, { objective }] of Object.entries(objectives)) {
    const { usesReference, usesRejected } = objective;
    it(`${name} lowers its loss; the reference is run ${usesReference ? 'once' : 'never'}`, async () => {
      const smoothing = name === 'exo_pair' ? { label_smoothing: 0.001 } : {};
      // The first step has its full rate, and the fifth sees the same micro-batch again.
      const settings = { loss_type: name, max_steps: 5, lr_scheduler_type: 'constant', ...smoothing };
      const first = (await run({ ...settings, max_steps: 1 })).last;
      const { last, events } = await run(settings);
      expect(last.loss).toBeLessThan(first.loss);
      expect(last.grad_norm).toBeGreaterThan(0);
      expect(events.includes('reference')).toBe(usesReference);
      expect('logps/rejected' in last).toBe(usesRejected);
      expect('rewards/margins' in last).toBe(usesRejected && name !== 'unlikelihood');
    });
  }

  it('a list logs the rewards of its preference loss', async () => {
    const { last } = await run({ loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.5] });
    expect(last['rewards/margins']).toBeCloseTo(
      (last['rewards/chosen'] as number) - (last['rewards/rejected'] as number),
      6,
    );
  });

  it('reference_free runs no reference, and its rewards are of the policy alone', async () => {
    const { last, events, card } = await run({ reference_free: true, beta: 0.5 });
    expect(events).not.toContain('reference');
    expect(last['rewards/chosen']).toBeCloseTo(0.5 * (last['logps/chosen'] as number), 6);
    expect(card).not.toContain('Reference:');
    expect(card).toContain('| `reference_free` | true |');
  });

  it('the model card names the method and lists only what it read', async () => {
    const { card } = await run({ loss_type: 'simpo', beta: 2 });
    expect(card).toContain('Trained by SimPO (Meng et al. 2024) with Airlock');
    expect(card).toContain('| `simpo_gamma` | 0.5 |');
    expect(card).not.toMatch(/discopop_tau|reference_free|ld_alpha|Reference:/);
    const sft = (await run({ method: 'sft' })).card;
    expect(sft).toContain('Trained by supervised fine-tuning on the chosen answers');
    expect(sft).not.toMatch(/loss_type|beta`|simpo_gamma/);
  });
});
