/** @file Who can judge the labels of a data set: the words of the answers, or runs by some settings. Pure. */
import type { RunSettings } from '../../../run/config';
import type { Run } from '../runs/run';
import type { Job } from '../train/options';

/** `words`, `form` for runs by the settings in Train, or the id of a run whose settings are taken. */
export type LabelJudge = string;

/** The methods whose run rewards one answer more than the other, by a reference or by a head. */
const rewarding: readonly Run['method'][] = ['dpo', 'reward'];

export const isRewarding = ({ method }: Pick<Run, 'method'>): boolean => rewarding.includes(method);

/** The runs of the open model by whose settings new ones can judge. */
export const judgingRuns = (runs: readonly Run[], fingerprint: string | undefined): readonly Run[] =>
  runs.filter(
    (run) =>
      isRewarding(run) &&
      run.modelFingerprint === fingerprint &&
      run.imported === undefined &&
      run.status === 'finished',
  );

/** Settings for runs on halves of the pairs. */
export interface JudgingRun {
  readonly config: RunSettings;
  /** The run whose adapter they start from; null for the base. */
  readonly startFrom: string | null;
}

/** What a run was trained with. */
export const settingsOfRun = ({ config, method, startedFrom }: Run): JudgingRun => ({
  config: { ...config, method },
  startFrom: startedFrom,
});

/** What the form asks for, where one of its runs can judge. */
export function settingsOfJobs(jobs: readonly Job[], startFrom: string | null): JudgingRun | null {
  const job = jobs.find(isRewarding);
  return job === undefined ? null : { config: job.config, startFrom: jobs.length > 1 ? null : startFrom };
}
