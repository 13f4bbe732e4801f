/** @file What a run under way is doing, in words: in full on its own screen, briefly where the starter runs it. */
import type { StepMetrics } from '../../run/metrics';
import type { Phase } from '../plain/train/phase';
import type { Text } from './text';

export interface RunProgress {
  readonly phase: Phase;
  readonly metrics: readonly Pick<StepMetrics, 'step'>[];
  readonly totalSteps: number;
}

export interface PhaseWords {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** The progress in words; without it the share in per cent is shown. */
  readonly valueText?: string;
}

/** Says in full what the run is doing, for a progress bar: "Encoding pairs, 12 of 40". */
export function describePhase(
  { phase, metrics, totalSteps }: RunProgress,
  { common, train: { phases } }: Text,
): PhaseWords {
  const { kind, detail, done, total } = phase;
  const ofTotal = total > 0 ? { valueText: common.ofTotal(done, total) } : {};
  switch (kind) {
    case 'preparing':
      return { label: detail === '' ? phases.preparing : detail, done, total };
    case 'encoding':
      return { label: phases.encoding, done, total, ...ofTotal };
    case 'compiling':
      return { label: phases.compiling(detail), done, total };
    case 'reference':
      return { label: phases.reference, done, total, ...ofTotal };
    case 'evaluating':
      return { label: phases.evaluating, done, total, ...ofTotal };
    case 'training': {
      const step = metrics.at(-1)?.step ?? done;
      return { label: phases.training, done: step, total: totalSteps, valueText: common.stepOf(step, totalSteps) };
    }
    case 'saving':
      return { label: phases.saving, done, total };
  }
}

/** Says in a few words how far the run is: "step 12 of 40", or what comes before the first step. */
export function describePhaseBriefly(
  { phase: { kind, done, total }, metrics, totalSteps }: RunProgress,
  { common, starter }: Text,
): string {
  const step = metrics.at(-1)?.step ?? 0;
  if (step > 0) return common.stepOf(step, totalSteps);
  return kind === 'reference' ? starter.reference(done, total) : starter.preparing;
}
