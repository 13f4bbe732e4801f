/** @file How a run ended, and of which step its adapter is. Pure. */
import type { Run } from './run';

export interface RunEnd {
  /** `early`: evaluation did not get better for long enough, so training ended before its last step. */
  readonly how: Exclude<Run['status'], 'finished'> | 'all' | 'early';
  readonly step: number;
  readonly total: number;
  /** The step of the best evaluation, where the adapter is that one and not that of the last step. */
  readonly kept: number | null;
}

/** A run that has finished took all its steps, unless early stopping ended it. */
export function endOf({ status, steps, totalSteps, bestStep }: Run): RunEnd {
  const how = status !== 'finished' ? status : steps < totalSteps ? 'early' : 'all';
  return { how, step: steps, total: totalSteps, kept: bestStep === undefined || bestStep === steps ? null : bestStep };
}
