/** @file Whether what a demonstration shows can be computed now, or why it plays from storage alone. Pure. */
import type { Demonstration, DemonstrationColumn } from '../../../storage/demonstration-record';
import { answeringRuns } from '../runs/answering-runs';
import type { Run } from '../runs/run';

export type ComputingObstacle = 'noModel' | 'otherModel' | 'unknownModel' | 'adapterGone';

/** Whether a column is the base, or a role that only a run can have. */
const isAnswered = ({ role, runId }: DemonstrationColumn, ids: ReadonlySet<string>): boolean =>
  runId === null ? role === 'base' : ids.has(runId);

/** @param fingerprint of the open model; undefined where none is open */
export function computingObstacle(
  { columns, fingerprint: wanted }: Pick<Demonstration, 'columns' | 'fingerprint'>,
  runs: readonly Run[],
  fingerprint: string | undefined,
): ComputingObstacle | null {
  if (wanted === null) return 'unknownModel';
  if (fingerprint === undefined) return 'noModel';
  if (fingerprint !== wanted) return 'otherModel';
  const ids = new Set(answeringRuns(runs, fingerprint).map(({ id }) => id));
  return columns.every((column) => isAnswered(column, ids)) ? null : 'adapterGone';
}
