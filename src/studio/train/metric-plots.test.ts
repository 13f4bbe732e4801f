import { expect, it } from 'vitest';
import type { StepMetrics } from '../../worker/protocol';
import { columnsOf, metricNames, plotsOf, runningMean } from './metric-plots';

it('averages over the last values only, leaving out what is not a number', () => {
  expect(runningMean([1, 3, null, 5, NaN, 7], 2)).toEqual([1, 2, null, 4, null, 6]);
});

it('makes columns for uPlot, with gaps where a metric is absent', () => {
  const step = { epoch: 0, loss: 1, grad_norm: 1, learning_rate: 1 };
  const metrics: StepMetrics[] = [{ ...step, step: 1, 'rewards/chosen': 2, 'rewards/rejected': -2 }, { ...step, step: 2 }];
  const rewards = plotsOf({ method: 'dpo' }, metrics).find(({ id }) => id === 'rewards')!;
  expect(columnsOf(rewards, metrics, false)).toEqual([[1, 2], [2, null], [-2, null]]);
  expect(columnsOf(rewards, metrics, true)).toEqual([[1, 2], [2, null], [2, null], [-2, null], [-2, null]]);
});

it('shows what a run has: by its loss, and nothing of which there is no value', () => {
  const step = { step: 1, epoch: 0, loss: 1, grad_norm: 1, learning_rate: 1, 'logps/chosen': -3 };
  const names = (config: Parameters<typeof plotsOf>[0], metrics: StepMetrics) => metricNames(plotsOf(config, [metrics]));
  expect(names({ method: 'sft' }, step)).toEqual(['loss', 'logps/chosen', 'grad_norm', 'learning_rate']);
  const ids = (loss_type: string[]) => plotsOf({ method: 'dpo', loss_type }, [step]).map(({ id }) => id);
  expect(ids(['sigmoid'])).toEqual(['loss', 'logps', 'gradient', 'learningRate']);
  expect(ids(['unlikelihood'])[0]).toBe('otherLoss');
  expect(ids(['sigmoid', 'sft'])[0]).toBe('otherLoss');
});
