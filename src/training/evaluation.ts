/**
 * @file Evaluation during training: when, by which metric the best step is told, and when to stop. Names are those of
 * transformers' TrainingArguments and EarlyStoppingCallback. The forward passes are the trainer's.
 */
import type { DeviceAdapter } from '../engine/device-adapter';
import type { EncodedPair } from '../text/encode-pair';
import type { StepMetrics } from './metrics';

export type BestMetric = 'eval_loss' | 'eval_rewards/accuracies';

export interface EvaluationSettings {
  /** Optimiser steps between evaluations; the last step is always evaluated. */
  readonly eval_steps: number;
  /** The loss is better when lower, the accuracy when higher. */
  readonly metric_for_best_model: BestMetric;
  /** Evaluations in a row without a new best after which training ends; null never ends it. */
  readonly early_stopping_patience: number | null;
  /** Whether the run ends with the adapter of its best evaluation, not of its last step. */
  readonly load_best_model_at_end: boolean;
}

export interface Evaluation {
  readonly settings: EvaluationSettings;
  readonly pairs: readonly EncodedPair[];
  /** Called after each evaluation with the adapter as it is, and awaited; adds to the step's metrics. */
  readonly afterwards?: ((step: number, adapter: DeviceAdapter) => Promise<Partial<StepMetrics>>) | undefined;
}

/** The best evaluation so far and how many came after it. */
export interface BestSoFar {
  readonly step: number;
  readonly value: number;
  readonly since: number;
}

export function isDue({ eval_steps }: EvaluationSettings, step: number, totalSteps: number): boolean {
  return step % eval_steps === 0 || step === totalSteps;
}

/** A metric that is absent or no number is never the best; equal ones are not better, as in EarlyStoppingCallback. */
export function withEvaluation(
  best: BestSoFar | null,
  metrics: StepMetrics,
  { metric_for_best_model: name }: EvaluationSettings,
): BestSoFar | null {
  const value = metrics[name];
  if (value === undefined || !Number.isFinite(value)) return best && { ...best, since: best.since + 1 };
  const isBetter = best === null || (name === 'eval_loss' ? value < best.value : value > best.value);
  return isBetter ? { step: metrics.step, value, since: 0 } : { ...best, since: best.since + 1 };
}

export function isOver(best: BestSoFar | null, { early_stopping_patience: patience }: EvaluationSettings): boolean {
  return best !== null && patience !== null && best.since >= patience;
}

/** TRL's names with its prefix for evaluation. */
export function asEvaluation(loss: number, means: Partial<StepMetrics>): Partial<StepMetrics> {
  return {
    eval_loss: loss,
    ...Object.fromEntries(Object.entries(means).map(([name, value]) => [`eval_${name}`, value])),
  };
}
