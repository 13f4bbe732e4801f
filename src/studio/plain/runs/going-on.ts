/** @file From where a run goes on that was paused, stopped or cut off, or whose follower never began. Pure. */
import type { Job } from '../train/options';
import type { Run } from './run';

export interface GoingOn {
  /**
   * The checkpoint that it goes on from, 0 where it begins again since it was cut off before the first; null where it
   * has ended and only what was to follow it is left.
   */
  readonly step: number | null;
  /** The methods of the runs of the same start that follow it. */
  readonly then: readonly Run['method'][];
  /** The starter's answers follow. */
  readonly answers?: true;
}

/** The runs that were to follow this one; none where the next of them has begun. */
export function jobsLeft(run: Run, runs: readonly Run[]): readonly Job[] {
  const hasFollower = runs.some(({ plan }) => plan?.before.at(-1) === run.id);
  return hasFollower ? [] : (run.plan?.after ?? []);
}

/**
 * How the run can go on; null where it cannot.
 * @param starterDue the task of a starter that has not ended
 */
export function goingOn(run: Run, runs: readonly Run[], starterDue: string | null = null): GoingOn | null {
  if (run.status === 'running') return null;
  const then = jobsLeft(run, runs).map(({ method }) => method);
  const answers = starterDue !== null && run.plan?.starter === starterDue ? ({ answers: true } as const) : {};
  if (run.status === 'finished')
    return then.length > 0 || 'answers' in answers ? { step: null, then, ...answers } : null;
  const step = run.checkpoints?.at(-1) ?? (run.status === 'interrupted' && run.keepsPairs ? 0 : undefined);
  return step === undefined ? null : { step, then, ...answers };
}

/**
 * The newest run that was cut off and can go on, or whose follower was; unless it was put away. One that a person
 * paused or stopped waits without a word.
 */
export function cutOffRun(
  runs: readonly Run[],
  putAway: readonly string[],
  starterDue: string | null = null,
): Run | null {
  // Of one that has ended the follower was cut off, unless other runs came after it.
  const isCutOff = (run: Run): boolean =>
    (run.status === 'interrupted' || (run.status === 'finished' && run === runs[0])) &&
    goingOn(run, runs, starterDue) !== null;
  return runs.find((run) => !putAway.includes(run.id) && isCutOff(run)) ?? null;
}

/** The newest run, where a person paused it and it can go on: the form for a new one does not hide it. */
export function pausedRun(runs: readonly Run[]): Run | null {
  const [newest] = runs;
  return newest?.status === 'paused' && goingOn(newest, runs) !== null ? newest : null;
}

/** The runs of the start that the run belongs to, in their order; the run alone where it was started alone. */
export function runsOfStart(run: Run, runs: readonly Run[]): readonly Run[] {
  const before = (run.plan?.before ?? []).flatMap((id) => runs.filter((other) => other.id === id));
  // The list has the newest first.
  const after = runs.filter(({ plan }) => plan?.before.includes(run.id) === true).toReversed();
  return [...before, run, ...after];
}
