import { expect, it } from 'vitest';
import { withDefaults } from './config';
import { parseRunConfig } from './config';
import { countSteps, questionsAStep, stepsPerEpoch } from './steps';

it('counts steps as transformers does', () => {
  const settings = { per_device_train_batch_size: 2, gradient_accumulation_steps: 4, num_train_epochs: 3 };
  const config = withDefaults(settings);
  expect(countSteps(config, 20)).toBe(9);
  expect(countSteps(config, 1)).toBe(3);
  expect(countSteps({ ...config, num_train_epochs: 0.5 }, 20)).toBe(2);
  expect(countSteps({ ...config, max_steps: 7 }, 20)).toBe(7);
});

it('takes what is not set from the defaults of the configuration, and no step without pairs', () => {
  const config = withDefaults({});
  expect(stepsPerEpoch(config, 20)).toBe(3);
  expect(countSteps(config, 20)).toBe(9);
  expect(countSteps(config, 0)).toBe(0);
});

it('counts what a judge is asked a step: every two answers to a prompt in both orders, a lone one with its reference', () => {
  const of = (settings: object) => questionsAStep(parseRunConfig({ reward: { judge: 'dir' }, ...settings }));
  const batch = { per_device_train_batch_size: 8, gradient_accumulation_steps: 2 };
  // 4 prompts of 4 answers: 6 comparisons each.
  expect(of({ method: 'rloo', num_generations: 4, ...batch })).toBe(4 * 6 * 2);
  expect(of({ method: 'online_dpo', ...batch })).toBe(16 * 2);
  expect(of({ method: 'ppo', num_mini_batches: 1, ...batch })).toBe(16 * 2);
  expect(of({ method: 'rloo', num_generations: 4, ...batch, reward: { scorer: 'sentiment' } })).toBeNull();
});

it('refuses more answers to a prompt than a judge compares, and says how many questions they would be', () => {
  const many = (count: number) => ({
    ...{ method: 'rloo', num_generations: count, per_device_train_batch_size: count, gradient_accumulation_steps: 1 },
    reward: { judge: 'dir' },
  });
  expect(parseRunConfig(many(32)).num_generations).toBe(32);
  expect(() => parseRunConfig(many(33))).toThrow(
    /33 answers would be 528 comparisons, 1056 questions\. At most 32 answers \(992 questions\) are compared; ask for 32/,
  );
  expect(parseRunConfig({ ...many(64), reward: { scorer: 'sentiment' } }).num_generations).toBe(64);
});
