/** @file Which runs a model can answer with. */
import type { Run } from './run';

/**
 * The runs of the model with this fingerprint that have an adapter which answers, newest first; of one method where it
 * is named.
 */
export function answeringRuns(
  runs: readonly Run[],
  fingerprint: string | undefined,
  method?: Run['method'],
): readonly Run[] {
  return runs.filter(
    (run) =>
      (method === undefined ? run.method !== 'reward' : run.method === method) &&
      run.modelFingerprint === fingerprint &&
      run.adapterBytes > 0,
  );
}

/** The adapters that a run may go on from or be compared with: those of SFT before those of every other method. */
export function startingRuns(runs: readonly Run[], fingerprint: string | undefined): readonly Run[] {
  const candidates = answeringRuns(runs, fingerprint);
  const isSft = ({ method }: Run) => method === 'sft';
  return [...candidates.filter(isSft), ...candidates.filter((run) => !isSft(run))];
}
