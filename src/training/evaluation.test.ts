/** @file When an evaluation is due, which one is the best so far, and when training is over. */
import { expect, it } from 'vitest';
import type { EvaluationSettings } from '../run/evaluation';
import type { BestSoFar } from '../run/training-checkpoint';
import { asEvaluation, isDue, isOver, withEvaluation } from './evaluation';

const settings: EvaluationSettings = {
  eval_steps: 4,
  metric_for_best_model: 'eval_loss',
  early_stopping_patience: 2,
  load_best_model_at_end: true,
};

it('is due every so many steps, and after the last one', () => {
  const due = Array.from({ length: 10 }, (_, i) => i + 1).filter((step) => isDue(settings, step, 10));
  expect(due).toEqual([4, 8, 10]);
});

it.each([
  // Equal values and what is no number are not better; each evaluation after the best one counts.
  ['eval_loss', [0.7, 0.5, 0.5, NaN, 0.6, 0.4], [1, 2, 2, 2, 2, 6], [0, 0, 1, 2, 3, 0]],
  ['eval_rewards/accuracies', [0.5, 0.7, 0.7, undefined, 0.6, 0.9], [1, 2, 2, 2, 2, 6], [0, 0, 1, 2, 3, 0]],
] as const)('tells the best step by %s', (name, values, steps, since) => {
  let best: BestSoFar | null = null;
  const seen = values.map((value, i) => {
    const metrics = { step: i + 1, epoch: 0, loss: 0, grad_norm: 0, learning_rate: 0, [name]: value };
    best = withEvaluation(best, metrics, { ...settings, metric_for_best_model: name });
    return best;
  });
  expect(seen.map((each) => each?.step)).toEqual(steps);
  expect(seen.map((each) => each?.since)).toEqual(since);
  expect(seen.at(-1)?.value).toBe(values.at(-1));
});

it('has no best while there was no number', () => {
  const metrics = { step: 1, epoch: 0, loss: 0, grad_norm: 0, learning_rate: 0 };
  expect(withEvaluation(null, metrics, settings)).toBeNull();
  expect(withEvaluation(null, { ...metrics, eval_loss: Infinity }, settings)).toBeNull();
});

it('is over when as many evaluations as the patience brought nothing better', () => {
  const best = (since: number): BestSoFar => ({ step: 1, value: 1, since });
  expect([0, 1, 2, 3].map((since) => isOver(best(since), settings))).toEqual([false, false, true, true]);
  expect(isOver(best(99), { ...settings, early_stopping_patience: null })).toBe(false);
  expect(isOver(null, settings)).toBe(false);
});

it("names what it measured by TRL's prefix", () => {
  expect(asEvaluation(0.5, { 'rewards/margins': 2, 'logps/chosen': -3 })).toEqual({
    eval_loss: 0.5,
    'eval_rewards/margins': 2,
    'eval_logps/chosen': -3,
  });
});
