import { expect, it } from 'vitest';
import { withDefaults } from './config';
import { countSteps, stepsPerEpoch } from './steps';

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
