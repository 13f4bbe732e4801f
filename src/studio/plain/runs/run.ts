/** @file A run as the studio keeps it. */
import type { RunRecord } from '../../../storage/records';
import { withDefaults, type RunConfig } from '../../../run/config';
import type { AdapterFiles } from '../../../worker/protocol';
import type { Precision } from '../../../core/dtype';
import { roleOfMethod, type Role } from '../roles';

export type Run = RunRecord;

/** Stands among the ids of runs for the base, as the reference of a run that went on from an adapter. */
export const baseReference = 'base';

/**
 * All that a run was trained with. What its record leaves out had its default, because it was trained here; null for an
 * adapter that was brought from elsewhere, whose settings nobody told.
 */
export function trainedConfigOf({
  method,
  config,
  imported,
}: Pick<Run, 'method' | 'config' | 'imported'>): RunConfig | null {
  return imported === undefined ? withDefaults({ ...config, method }) : null;
}

/**
 * Whether the run's method is a fact. An adapter from elsewhere may not tell it; those that were brought before this
 * was kept were called SFT where they told nothing.
 */
export const isMethodKnown = ({ method, imported }: Pick<Run, 'method' | 'imported'>): boolean =>
  imported === undefined || (imported.knowsMethod ?? method === 'dpo');

/** By what a run's adapter was trained, for its colour; null where nobody knows. */
export const roleOfRun = (run: Pick<Run, 'method' | 'imported'>): Role | null =>
  isMethodKnown(run) ? roleOfMethod(run.method) : null;

/** How exactly the base's weights were held in the run. */
export const precisionOfRun = ({ precision }: Run): Precision => precision ?? 'float32';

/** Adds up the sizes of all files, in bytes. */
export function sumBytes(files: AdapterFiles): number {
  return Object.values(files).reduce((sum, bytes) => sum + bytes.byteLength, 0);
}

/** What the file is called that a run's adapter leaves in, without its ending: model, run, and the day of the run. */
export const adapterFileName = ({ modelName, name, startedAt }: Run): string =>
  `${modelName}-${name}-${startedAt.slice(0, 10)}`;
