/** @file Which runs a model can answer with. */
import type { Run } from './run';

/** The runs of the model with this fingerprint that have an adapter, newest first; of one method where it is named. */
export function answeringRuns(
  runs: readonly Run[],
  fingerprint: string | undefined,
  method?: Run['method'],
): readonly Run[] {
  return runs.filter(
    (run) =>
      (method === undefined || run.method === method) && run.modelFingerprint === fingerprint && run.adapterBytes > 0,
  );
}
