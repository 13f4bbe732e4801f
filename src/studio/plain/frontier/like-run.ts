/** @file Whether a run that is there already is the one that a sweep would train. Pure. */
import { withDefaults } from '../../../run/config';
import type { RunPairs } from '../../../storage/records';
import type { Sweep } from '../../../storage/sweep-record';
import { precisionOfRun, trainedConfigOf, type Run } from '../runs/run';
import { isMeasurable, jobOf } from './sweep';

type Asked = Pick<Sweep, 'job' | 'betas' | 'fingerprint' | 'precision' | 'startFrom' | 'reference'>;

/** JSON whatever the order of the keys. */
const written = (value: object): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The runs with the settings of a beta, from the same start, the newest first. Their pairs are still to be compared. A
 * run that keeps its best step is another one, for a sweep takes the last.
 */
export function runsLike(sweep: Asked, at: number, runs: readonly Run[]): readonly Run[] {
  const job = jobOf(sweep, at);
  const asked = written(withDefaults({ ...job.config, method: job.method }));
  return runs.filter((run) => {
    const config = trainedConfigOf(run);
    return (
      isMeasurable(run) &&
      run.modelFingerprint === sweep.fingerprint &&
      precisionOfRun(run) === sweep.precision &&
      run.startedFrom === sweep.startFrom &&
      (run.reference ?? null) === sweep.reference &&
      run.bestStep === undefined &&
      run.steps === run.totalSteps &&
      config !== null &&
      written(config) === asked
    );
  });
}

/** Whether both train on the same pairs in the same order. */
export const trainsAlike = (one: RunPairs | null, other: RunPairs): boolean =>
  one !== null && JSON.stringify(one.train) === JSON.stringify(other.train);
