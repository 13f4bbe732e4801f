/**
 * @file How a run is evaluated while it trains, under the names of transformers' TrainingArguments and
 * EarlyStoppingCallback. They are no keys of the run configuration: the command line has no evaluation pairs.
 */
import { z } from '../core/zod';
import { flagKey, numberKey, optionalNumberKey, choiceKey, type ValuesOf } from './key';

/** The loss is better when lower, the accuracy when higher. */
export const bestMetrics = ['eval_loss', 'eval_rewards/accuracies'] as const;
export type BestMetric = (typeof bestMetrics)[number];

const maxTypedSteps = 1_000_000;

export const evaluationKeys = {
  /** Optimiser steps between evaluations; the last step is always evaluated. */
  eval_steps: numberKey(10, { min: 1, integer: true, typed: { max: maxTypedSteps }, usual: ['10', '100'] }),
  /** By which metric the best step is told. */
  metric_for_best_model: choiceKey(bestMetrics, 'eval_loss'),
  /** Evaluations in a row without a new best after which training ends; null never ends it, and a form's 0 is null. */
  early_stopping_patience: optionalNumberKey({
    min: 1,
    integer: true,
    typed: { min: 0, max: 1000 },
    usual: ['2', '5'],
    nullIs: 0,
  }),
  /** Whether the run ends with the adapter of its best evaluation, not of its last step. */
  load_best_model_at_end: flagKey(true),
};

export type EvaluationSettings = ValuesOf<typeof evaluationKeys>;

export const evaluationSettingsSchema = z.strictObject(
  Object.fromEntries(Object.entries(evaluationKeys).map(([name, { schema }]) => [name, schema])),
) as unknown as z.ZodType<EvaluationSettings>;
