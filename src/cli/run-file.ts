/**
 * @file run.json, which `train` leaves beside an adapter: the settings in full, and where data and adapters lay, as
 * seen from there, so that `export --format bundle` finds them again. It stays here; no export copies it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { precisions, type Precision } from '../core/dtype';
import { UserError } from '../core/errors';
import { z } from '../core/zod';
import { encodings } from '../data/import/encoding';
import { runSettingsSchema, withDefaults, type RunConfig } from '../run/config';
import type { RunFacts } from '../run/hand-over';
import type { StepMetrics } from '../run/metrics';
import type { DataOptions } from './pair-files';
import { readBytes, readTextFile } from './node-files';

export const runFile = 'run.json';

const schema = z.object({
  config: runSettingsSchema,
  precision: z.enum(precisions),
  data: z.object({
    path: z.string(),
    sha256: z.string(),
    columns: z.string().optional(),
    skipBadRows: z.boolean().optional(),
    encoding: z.enum(encodings).optional(),
  }),
  initAdapter: z.string().nullable(),
  refAdapter: z.string().nullable(),
  /** What the bill of materials says of the data, so that they need not be there any more. */
  facts: z.object({ method: z.string(), pairs: z.int(), dataSha256: z.string() }),
});

/** A run as `export` finds it; paths are those of this moment. */
export interface FoundRun {
  readonly config: RunConfig;
  readonly precision: string;
  readonly data: string;
  readonly dataOptions: DataOptions;
  readonly initAdapter: string | undefined;
  readonly refAdapter: string | undefined;
}

const hashOf = (path: string): string => createHash('sha256').update(readBytes(path)).digest('hex');

/** What a run was started with, as far as it is needed to repeat it. */
export interface RunOrigin extends DataOptions {
  readonly data: string;
  readonly out: string;
  readonly initAdapter?: string;
  readonly refAdapter?: string;
  readonly precision?: Precision;
}

/** Writes run.json's text. */
export function writeRunFile(options: RunOrigin, config: RunConfig, facts: RunFacts): string {
  const { out, data, columns, skipBadRows, encoding, initAdapter, refAdapter, precision = 'float32' } = options;
  const from = resolve(out);
  const seen = (path: string): string => relative(from, resolve(path));
  const run = {
    config,
    precision,
    data: { path: seen(data), sha256: hashOf(data), columns, skipBadRows, encoding },
    initAdapter: initAdapter === undefined ? null : seen(initAdapter),
    refAdapter: refAdapter === undefined ? null : seen(refAdapter),
    facts,
  };
  return `${JSON.stringify(run, null, 2)}\n`;
}

/** What run.json holds; null where there is none. */
function parseRunFile(adapter: string): z.infer<typeof schema> | null {
  const path = join(adapter, runFile);
  if (!existsSync(path)) return null;
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(path));
  } catch (error) {
    throw new UserError('notJson', { file: path, reason: (error as Error).message });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError('runFileBad', { path, key: parsed.error.issues[0]?.path.join('.') ?? '' });
}

/** What is known of the run that an adapter came of; null where it has no run.json. */
export const readRunFacts = (adapter: string): RunFacts | null => parseRunFile(adapter)?.facts ?? null;

/**
 * Reads the run that an adapter directory is of.
 * @param wantsData whether its data are to be read; they must then be what they were
 * @returns null where the directory has no run.json
 * @throws UserError where it is none of Airlock's, or its data are no longer what they were
 */
export function readRunFile(adapter: string, wantsData: boolean): FoundRun | null {
  const run = parseRunFile(adapter);
  if (run === null) return null;
  const { config, precision, data, initAdapter, refAdapter } = run;
  const { path: dataPath, sha256, ...given } = data;
  const at = (other: string): string => resolve(adapter, other);
  const dataOptions = Object.fromEntries(Object.entries(given).filter(([, option]) => option !== undefined));
  if (wantsData && hashOf(at(dataPath)) !== sha256) throw new UserError('bundleDataChanged', { path: at(dataPath) });
  return {
    config: withDefaults(config),
    precision,
    data: at(dataPath),
    dataOptions,
    initAdapter: initAdapter === null ? undefined : at(initAdapter),
    refAdapter: refAdapter === null ? undefined : at(refAdapter),
  };
}

/** The steps of the run, from the metrics.jsonl beside its adapter; none where there is no such file. */
export function readMetrics(adapter: string): StepMetrics[] {
  const path = join(adapter, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  return readTextFile(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as StepMetrics);
}
