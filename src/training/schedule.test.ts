import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../run/config';
import { parseRunConfig } from '../run/config';
import { countSteps } from '../run/steps';
import { learningRate, planSteps } from './schedule';

const config = (settings: Partial<RunConfig>): RunConfig => parseRunConfig({ learning_rate: 1, ...settings });
const rates = (settings: Partial<RunConfig>, total: number): number[] =>
  Array.from({ length: total }, (_, step) => learningRate(config(settings), step, total));

describe('learningRate', () => {
  it("follows transformers' schedules, rate 0 in the first warm-up step included", () => {
    expect(rates({ lr_scheduler_type: 'constant', warmup_steps: 2 }, 3)).toEqual([1, 1, 1]);
    expect(rates({ lr_scheduler_type: 'constant_with_warmup', warmup_steps: 2 }, 4)).toEqual([0, 0.5, 1, 1]);
    expect(rates({ lr_scheduler_type: 'linear' }, 4)).toEqual([1, 0.75, 0.5, 0.25]);
    expect(rates({ lr_scheduler_type: 'linear', warmup_steps: 2 }, 4)).toEqual([0, 0.5, 1, 0.5]);
    rates({ lr_scheduler_type: 'cosine' }, 4).forEach((rate, k) =>
      expect(rate).toBeCloseTo(0.5 * (1 + Math.cos((Math.PI * k) / 4)), 12),
    );
  });

  it('begins the cosine after the warm-up and ends it with the run', () => {
    const after = rates({ lr_scheduler_type: 'cosine', warmup_steps: 2 }, 6).slice(2);
    after.forEach((rate, k) => expect(rate).toBeCloseTo(0.5 * (1 + Math.cos((Math.PI * k) / 4)), 12));
    expect(rates({ lr_scheduler_type: 'cosine', warmup_steps: 2 }, 6).slice(0, 2)).toEqual([0, 0.5]);
  });

  it('takes warmup_steps below 1 as a share of all steps, rounded up', () => {
    expect(rates({ lr_scheduler_type: 'constant_with_warmup', warmup_steps: 0.3 }, 5)).toEqual([0, 0.5, 1, 1, 1]);
    expect(rates({ lr_scheduler_type: 'constant_with_warmup', warmup_steps: 1 }, 5)).toEqual([0, 1, 1, 1, 1]);
  });
});

describe('planSteps', () => {
  const plan = (settings: Partial<RunConfig>, pairs: number) => [
    ...planSteps(config({ shuffle: false, ...settings }), pairs),
  ];

  it('groups micro-batches within an epoch and leaves its last group smaller', () => {
    const settings = { per_device_train_batch_size: 2, gradient_accumulation_steps: 2, num_train_epochs: 2 };
    expect(countSteps(config(settings), 5)).toBe(4);
    expect(plan(settings, 5).map(({ microBatches }) => microBatches)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [[4]],
      [
        [0, 1],
        [2, 3],
      ],
      [[4]],
    ]);
    expect(plan(settings, 5).map(({ epoch }) => epoch)).toEqual([0.5, 1, 1.5, 2]);
  });

  it('lets max_steps override the epochs, either way', () => {
    expect(plan({ per_device_train_batch_size: 4, max_steps: 3 }, 4).length).toBe(3);
    expect(plan({ per_device_train_batch_size: 1, max_steps: 2 }, 10).length).toBe(2);
    expect(countSteps(config({ per_device_train_batch_size: 4, num_train_epochs: 0.5 }), 20)).toBe(3);
    expect(countSteps(config({ per_device_train_batch_size: 4, max_steps: 0, num_train_epochs: 2 }), 20)).toBe(10);
  });

  it('shuffles each epoch differently and repeatably, every pair once an epoch', () => {
    const settings = { per_device_train_batch_size: 1, num_train_epochs: 2, shuffle: true };
    const order = plan(settings, 12).flatMap(({ microBatches }) => microBatches.flat());
    expect(order).toEqual(plan(settings, 12).flatMap(({ microBatches }) => microBatches.flat()));
    expect(new Set(order.slice(0, 12)).size).toBe(12);
    expect(order.slice(0, 12)).not.toEqual(order.slice(12));
    expect(order).not.toEqual(plan({ ...settings, seed: 7 }, 12).flatMap(({ microBatches }) => microBatches.flat()));
  });
});
