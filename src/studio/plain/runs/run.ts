/** @file A run as the studio keeps it. */
import type { RunRecord } from '../../../storage/records';
import type { AdapterFiles, Precision, RunConfig } from '../../../worker/protocol';

export type Run = RunRecord<Partial<RunConfig>>;

/** How the base's weights were held in the run. */
export const precisionOfRun = ({ precision }: Run): Precision => precision ?? 'float32';

/** Bytes of all files together. */
export function sumBytes(files: AdapterFiles): number {
  return Object.values(files).reduce((sum, bytes) => sum + bytes.byteLength, 0);
}
