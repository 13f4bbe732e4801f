/**
 * @file Reading and writing the studio's records in a KeyValue. Each failure is a StorageError with a sentence:
 * no write is lost in silence.
 */
import { UserError } from '../core/errors';
import type { KeyValue } from './key-value';
import {
  adapterShape,
  checkpointShape,
  datasetShape,
  labelsShape,
  metricsShape,
  runPairsShape,
  runShape,
  samplesShape,
  settingsShape,
  type Dataset,
  type RunLabels,
  type RunPairs,
  type RunRecord,
  type SampleRound,
  type Settings,
  type StoredCheckpoint,
  type StoredFiles,
} from './records';
import { judgingShape, type Judging } from './judging-record';
import { trialsShape, type Trials } from './trial-record';
import { seal, unseal, type Sealed, type Shape } from './versioned';

/** Names one writing of a value that tabs share; undefined before the first. */
export type Stamp = string | undefined;

export interface Stamped<T> {
  readonly value: T;
  readonly stamp: Stamp;
}

export interface StudioStorage<Config, Metrics> {
  readDataset(): Promise<Stamped<Dataset | null>>;
  /**
   * Writes over what was read or written under the stamp; null, with nothing written, where another tab has written
   * since.
   */
  writeDataset(dataset: Dataset, over: Stamp): Promise<Stamp | null>;
  /** Runs, newest first; those that cannot be read are left out and reported as sentences. */
  readRuns(): Promise<{ readonly runs: readonly RunRecord<Config>[]; readonly problems: readonly string[] }>;
  /** One run as it stands now, or null where it is gone. */
  readRun(runId: string): Promise<RunRecord<Config> | null>;
  /** Writes a run's name, notes and tags, which win over those of its record. */
  writeLabels(runId: string, labels: RunLabels): Promise<void>;
  /** Writes what is given of one run, all or nothing. */
  writeRun(
    run: RunRecord<Config>,
    parts?: { metrics?: readonly Metrics[]; samples?: readonly SampleRound[]; adapter?: StoredFiles },
  ): Promise<void>;
  readMetrics(runId: string): Promise<readonly Metrics[]>;
  readSamples(runId: string): Promise<readonly SampleRound[]>;
  readAdapter(runId: string): Promise<StoredFiles | null>;
  /**
   * Writes a run with its metrics and checkpoint, all or nothing, and forgets the checkpoints that its record no longer
   * names.
   */
  writeCheckpoint(
    run: RunRecord<Config>,
    metrics: readonly Metrics[],
    checkpoint: StoredCheckpoint,
    pairs: RunPairs,
    samples?: readonly SampleRound[],
  ): Promise<void>;
  readCheckpoint(
    runId: string,
    step: number,
  ): Promise<{ readonly checkpoint: StoredCheckpoint; readonly pairs: RunPairs } | null>;
  deleteRun(runId: string): Promise<void>;
  readJudging(): Promise<Stamped<Judging | null>>;
  /** As `writeDataset` does. */
  writeJudging(judging: Judging, over: Stamp): Promise<Stamp | null>;
  readTrials(): Promise<Stamped<Trials | null>>;
  /** As `writeDataset` does. */
  writeTrials(trials: Trials, over: Stamp): Promise<Stamp | null>;
  readSettings(): Promise<Settings | null>;
  /** Writes the given parts and leaves the others, which another tab may have written. */
  writeSettings(parts: Settings): Promise<void>;
}

const datasetKey = 'dataset';
const judgingKey = 'judging';
const trialsKey = 'trials';
const settingsKey = 'settings';
const stampKey = (key: string) => `stamp/${key}`;
const runPrefix = 'run/';
const labelsKey = (runId: string) => `labels/${runId}`;
const metricsKey = (runId: string) => `metrics/${runId}`;
const samplesKey = (runId: string) => `samples/${runId}`;
const adapterKey = (runId: string) => `adapter/${runId}`;
const pairsKey = (runId: string) => `pairs/${runId}`;
const checkpointPrefix = (runId: string) => `checkpoint/${runId}/`;
const checkpointKey = (runId: string, step: number) => `${checkpointPrefix(runId)}${step}`;

/** Says what could not be done and why, in words for the user. */
function storageError(doing: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  if (name === 'QuotaExceededError') {
    return new UserError(
      `Could not ${doing}: the browser's storage is full. Download the adapters that you need, delete old runs, and try again.`,
    );
  }
  return new UserError(`Could not ${doing}: ${message || name || 'the browser gave no reason'}.`);
}

async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storageError(doing, cause);
  }
}

export function createStudioStorage<Config, Metrics>(db: KeyValue): StudioStorage<Config, Metrics> {
  const run = runShape<Config>();
  const metrics = metricsShape<Metrics>();
  const withLabels = (record: RunRecord<Config>, stored: unknown): RunRecord<Config> => ({
    ...record,
    ...unseal(labelsShape, stored),
  });
  const readOne = async (key: string): Promise<unknown> => (await db.getMany([key]))[0];

  const stampOf = (stored: unknown): Stamp => (typeof stored === 'string' ? stored : undefined);
  const readStamped = async <T>(key: string, shape: Shape<T>): Promise<Stamped<T | null>> => {
    const [stored, stamp] = await db.getMany([key, stampKey(key)]);
    return { value: unseal(shape, stored), stamp: stampOf(stamp) };
  };
  const writeOver = async (key: string, sealed: Sealed, over: Stamp): Promise<Stamp | null> => {
    const stamp = crypto.randomUUID();
    const isWritten = await db.setManyIf({ key: stampKey(key), value: over }, [
      [key, sealed],
      [stampKey(key), stamp],
    ]);
    return isWritten ? stamp : null;
  };

  return {
    readDataset: () => attempt('read the stored pairs', () => readStamped(datasetKey, datasetShape)),

    writeDataset: (dataset, over) =>
      attempt('save the pairs', () => writeOver(datasetKey, seal(datasetShape, dataset), over)),

    readRuns: () =>
      attempt('read the stored runs', async () => {
        const keys = (await db.keys()).filter((key) => key.startsWith(runPrefix));
        const [stored, labels] = await Promise.all([
          db.getMany(keys),
          db.getMany(keys.map((key) => labelsKey(key.slice(runPrefix.length)))),
        ]);
        const runs: RunRecord<Config>[] = [];
        const problems: string[] = [];
        for (const [index, sealed] of stored.entries()) {
          try {
            const record = unseal(run, sealed);
            if (record !== null) runs.push(withLabels(record, labels[index]));
          } catch (error) {
            problems.push((error as Error).message);
          }
        }
        runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
        return { runs, problems };
      }),

    readRun: (runId) =>
      attempt('read the stored run', async () => {
        const [stored, labels] = await db.getMany([runPrefix + runId, labelsKey(runId)]);
        const record = unseal(run, stored);
        return record && withLabels(record, labels);
      }),

    writeLabels: (runId, labels) =>
      attempt(`save the notes of the run "${labels.name}"`, () =>
        db.setMany([[labelsKey(runId), seal(labelsShape, labels)]]),
      ),

    writeRun: (record, parts = {}) =>
      attempt(`save the run "${record.name}"`, () => {
        const entries: [string, unknown][] = [[runPrefix + record.id, seal(run, record)]];
        if (parts.metrics) entries.push([metricsKey(record.id), seal(metrics, parts.metrics)]);
        if (parts.samples) entries.push([samplesKey(record.id), seal(samplesShape, parts.samples)]);
        if (parts.adapter) entries.push([adapterKey(record.id), seal(adapterShape, parts.adapter)]);
        return db.setMany(entries);
      }),

    readMetrics: (runId) =>
      attempt("read the run's metrics", async () => unseal(metrics, await readOne(metricsKey(runId))) ?? []),

    readSamples: (runId) =>
      attempt("read the run's answers", async () => unseal(samplesShape, await readOne(samplesKey(runId))) ?? []),

    readAdapter: (runId) =>
      attempt('read the adapter', async () => unseal(adapterShape, await readOne(adapterKey(runId)))),

    writeCheckpoint: (record, steps, checkpoint, pairs, samples = []) =>
      attempt(`save a checkpoint of the run "${record.name}"`, async () => {
        const { id } = record;
        const kept = (record.checkpoints ?? []).map((step) => checkpointKey(id, step));
        const stored = await db.keys();
        await db.setMany([
          [runPrefix + id, seal(run, record)],
          [metricsKey(id), seal(metrics, steps)],
          ...(samples.length > 0 ? [[samplesKey(id), seal(samplesShape, samples)] as const] : []),
          [checkpointKey(id, checkpoint.step), seal(checkpointShape, checkpoint)],
          // They do not change, and may be many.
          ...(stored.includes(pairsKey(id)) ? [] : [[pairsKey(id), seal(runPairsShape, pairs)] as const]),
        ]);
        await db.deleteMany(stored.filter((key) => key.startsWith(checkpointPrefix(id)) && !kept.includes(key)));
      }),

    readCheckpoint: (runId, step) =>
      attempt('read the checkpoint', async () => {
        const [checkpoint, pairs] = await db.getMany([checkpointKey(runId, step), pairsKey(runId)]);
        const [whole, of] = [unseal(checkpointShape, checkpoint), unseal(runPairsShape, pairs)];
        return whole && of && { checkpoint: whole, pairs: of };
      }),

    deleteRun: (runId) =>
      attempt('delete the run', async () => {
        const checkpoints = (await db.keys()).filter((key) => key.startsWith(checkpointPrefix(runId)));
        await db.deleteMany([
          runPrefix + runId,
          labelsKey(runId),
          metricsKey(runId),
          samplesKey(runId),
          adapterKey(runId),
          pairsKey(runId),
          ...checkpoints,
        ]);
      }),

    readJudging: () => attempt('read the round of judging', () => readStamped(judgingKey, judgingShape)),

    writeJudging: (judging, over) =>
      attempt('save the round of judging', () => writeOver(judgingKey, seal(judgingShape, judging), over)),

    readTrials: () => attempt('read the prompt set', () => readStamped(trialsKey, trialsShape)),

    writeTrials: (trials, over) =>
      attempt('save the prompt set', () => writeOver(trialsKey, seal(trialsShape, trials), over)),

    readSettings: () => attempt('read the settings', async () => unseal(settingsShape, await readOne(settingsKey))),

    writeSettings: (parts) =>
      attempt('save the settings', async () => {
        for (;;) {
          const [stored, stamp] = await db.getMany([settingsKey, stampKey(settingsKey)]);
          const whole = { ...unseal(settingsShape, stored), ...parts };
          if ((await writeOver(settingsKey, seal(settingsShape, whole), stampOf(stamp))) !== null) return;
        }
      }),
  };
}
