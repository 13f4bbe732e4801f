import { expect, it } from 'vitest';
import type { StepMetrics } from '../../worker/protocol';
import { columnsOf, metricNames, plots, runningMean } from './metric-plots';

it('averages over the last values only, leaving out what is not a number', () => {
  expect(runningMean([1, 3, null, 5, NaN, 7], 2)).toEqual([1, 2, null, 4, null, 6]);
});

it('makes columns for uPlot, with gaps where a metric is absent', () => {
  const step = { epoch: 0, loss: 1, grad_norm: 1, learning_rate: 1 };
  const metrics: StepMetrics[] = [{ ...step, step: 1, 'rewards/chosen': 2, 'rewards/rejected': -2 }, { ...step, step: 2 }];
  const rewards = plots.dpo.find(({ id }) => id === 'rewards')!;
  expect(columnsOf(rewards, metrics, false)).toEqual([[1, 2], [2, null], [-2, null]]);
  expect(columnsOf(rewards, metrics, true)).toEqual([[1, 2], [2, null], [2, null], [-2, null], [-2, null]]);
});

it('shows every metric of a method once in the table', () => {
  expect(new Set(metricNames('dpo')).size).toBe(metricNames('dpo').length);
  expect(metricNames('sft')).toEqual(['loss', 'logps/chosen', 'grad_norm', 'learning_rate']);
});
