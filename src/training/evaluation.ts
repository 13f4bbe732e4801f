/**
 * @file Evaluation during training: when it is due, which one is the best, and when training is over. As transformers'
 * EarlyStoppingCallback does it. The forward passes are the trainer's.
 */
import type { DeviceAdapter } from '../engine/device-adapter';
import type { EncodedPair } from '../text/encode-pair';
import type { EvaluationSettings } from '../run/evaluation';
import type { StepMetrics } from '../run/metrics';
import type { BestSoFar } from '../run/training-checkpoint';

export interface Evaluation {
  readonly settings: EvaluationSettings;
  readonly pairs: readonly EncodedPair[];
  /** Called after each evaluation with the adapter as it is, and awaited; what it returns joins the step's metrics. */
  readonly afterwards?: ((step: number, adapter: DeviceAdapter) => Promise<Partial<StepMetrics>>) | undefined;
}

/** Tells whether an evaluation follows this step: every `eval_steps`, and the last. */
export function isDue({ eval_steps }: EvaluationSettings, step: number, totalSteps: number): boolean {
  return step % eval_steps === 0 || step === totalSteps;
}

/**
 * Compares an evaluation with the best so far. A metric that is absent or no number is never the best; equal ones are
 * not better, as in transformers' EarlyStoppingCallback.
 */
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

/**
 * Tells whether early stopping ends the run: as many evaluations in a row as `early_stopping_patience` were not better.
 */
export function isOver(best: BestSoFar | null, { early_stopping_patience: patience }: EvaluationSettings): boolean {
  return best !== null && patience !== null && best.since >= patience;
}

/** Puts TRL's prefix for evaluation before the names of a step's metrics. */
export function asEvaluation(loss: number, means: Partial<StepMetrics>): Partial<StepMetrics> {
  return {
    eval_loss: loss,
    ...Object.fromEntries(Object.entries(means).map(([name, value]) => [`eval_${name}`, value])),
  };
}
