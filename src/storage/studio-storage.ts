/**
 * @file Which records the studio keeps under which keys of a KeyValue. Each failure is a UserError with a sentence: no
 * write is lost in silence; a record that does not fit is set aside (kept-records.ts).
 */
import { message } from '../messages/message';
import type { z } from '../core/zod';
import type { StepMetrics } from '../run/metrics';
import { attempt } from './attempt';
import { createRecordUnits, type RecordUnits } from './backup/record-units';
import {
  createDatasetStorage,
  datasetShapes,
  datasetWrite,
  labelReviewKey,
  rulesKey,
  type DatasetStorage,
  type DatasetWrite,
} from './dataset-storage';
import { demonstrationShape, type KeptDemonstration } from './demonstration-record';
import { judgingShape, type Judging } from './judging-record';
import { KeptRecords, type Stamp, type Stamped } from './kept-records';
import type { Entries, KeyValue } from './key-value';
import {
  adapterShape,
  checkpointShape,
  labelsShape,
  metricsShape,
  noRunNames,
  noteName,
  runNamesShape,
  runPairsShape,
  runShape,
  samplesShape,
  type RunLabels,
  type RunNames,
  type RunPairs,
  type RunRecord,
  type SampleRound,
  type StoredCheckpoint,
  type StoredFiles,
} from './records';
import { labelReviewShape, type LabelReview } from './label-review-record';
import { madeAnswersShape, type MadeAnswers } from './made-answers-record';
import type { SetAside } from './set-aside';
import { settingsShape, type KeptSettings, type SettingSchemas } from './settings-record';
import { rulesShape } from './rules-record';
import { starterResultShape } from './starter-result-record';
import { promptSetShape, type KeptPromptSet } from './prompt-set-record';
import { sweepShape, type KeptSweep } from './sweep-record';
import { readSealed, type Shape } from './versioned';

export type { Stamp, Stamped } from './kept-records';

/** The types of the studio's forms, which the storage does not know itself. */
export interface FormTypes {
  readonly judgeForm: unknown;
  readonly promptSetForm: unknown;
  readonly demonstrationForm: unknown;
  readonly sweepForm: unknown;
  readonly rules: unknown;
  readonly starterResult: unknown;
  readonly settings: object;
}

/** The schemas of the studio's forms, and of the starter's result. */
export interface FormSchemas<K extends FormTypes> {
  readonly judgeForm: z.ZodType<K['judgeForm']>;
  readonly promptSetForm: z.ZodType<K['promptSetForm']>;
  readonly demonstrationForm: z.ZodType<K['demonstrationForm']>;
  readonly sweepForm: z.ZodType<K['sweepForm']>;
  readonly rules: z.ZodType<K['rules']>;
  readonly starterResult: z.ZodType<K['starterResult']>;
  readonly settings: SettingSchemas<K['settings']>;
}

/** What is written of a run beside its record. */
export interface RunParts {
  readonly metrics?: readonly StepMetrics[];
  readonly samples?: readonly SampleRound[];
  readonly adapter?: StoredFiles;
  /** What the run trains on, where it must be known before there is a checkpoint. */
  readonly pairs?: RunPairs;
}

interface RunStorage {
  /** Newest first. */
  readRuns(): Promise<readonly RunRecord[]>;
  /** One run as it stands now, or null where it is gone. */
  readRun(runId: string): Promise<RunRecord | null>;
  /** The names that runs ever had, of runs too that were renamed or deleted. */
  readRunNames(): Promise<RunNames>;
  /** Writes a run's name, notes and tags, which win over those of its record. */
  writeLabels(runId: string, labels: RunLabels): Promise<void>;
  /** Writes what is given of one run, all or nothing. */
  writeRun(run: RunRecord, parts?: RunParts): Promise<void>;
  readMetrics(runId: string): Promise<readonly StepMetrics[]>;
  readSamples(runId: string): Promise<readonly SampleRound[]>;
  readAdapter(runId: string): Promise<StoredFiles | null>;
  /** What the run trained on, where that is kept. */
  readRunPairs(runId: string): Promise<RunPairs | null>;
  /** Deletes a run so that it can be brought back whole; null brings it back. False where it is not there. */
  putRunAway(runId: string, deletedAt: string | null): Promise<boolean>;
  /** Takes a run away for good. */
  deleteRun(runId: string): Promise<void>;
  /** Takes away for good the runs that were deleted before this moment (ISO 8601). */
  purgeRuns(deletedBefore: string): Promise<void>;
}

interface CheckpointStorage {
  /**
   * Writes a run with its metrics and checkpoint, all or nothing, and forgets the checkpoints that its record no longer
   * names.
   */
  writeCheckpoint(
    run: RunRecord,
    metrics: readonly StepMetrics[],
    checkpoint: StoredCheckpoint,
    pairs: RunPairs,
    samples?: readonly SampleRound[],
  ): Promise<void>;
  readCheckpoint(
    runId: string,
    step: number,
  ): Promise<{ readonly checkpoint: StoredCheckpoint; readonly pairs: RunPairs } | null>;
}

/** Values beside the data sets that several tabs show and change. */
interface SharedStorage<K extends FormTypes> {
  readJudging(): Promise<Stamped<Judging<K['judgeForm']> | null>>;
  /**
   * Writes over what was read or written under the stamp; null, with nothing written, where another tab has written
   * since.
   */
  writeJudging(judging: Judging<K['judgeForm']>, over: Stamp): Promise<Stamp | null>;
  /**
   * Writes the round and the pairs that follow from it, all or nothing; null for that over which another tab has
   * written since.
   */
  writeJudgement(
    judging: Judging<K['judgeForm']>,
    over: Stamp,
    pairs: DatasetWrite,
  ): Promise<{ readonly judging: string | null; readonly pairs: string | null }>;
  readPromptSet(): Promise<Stamped<KeptPromptSet<K['promptSetForm']> | null>>;
  /** As `writeJudging` does. */
  writePromptSet(promptSet: KeptPromptSet<K['promptSetForm']>, over: Stamp): Promise<Stamp | null>;
  readDemonstration(): Promise<Stamped<KeptDemonstration<K['demonstrationForm']> | null>>;
  /** As `writeJudging` does. */
  writeDemonstration(value: KeptDemonstration<K['demonstrationForm']>, over: Stamp): Promise<Stamp | null>;
  readSweep(): Promise<Stamped<KeptSweep<K['sweepForm']> | null>>;
  /** As `writeJudging` does. */
  writeSweep(value: KeptSweep<K['sweepForm']>, over: Stamp): Promise<Stamp | null>;
  /** The rules by which the answers of a data set are judged. */
  readRules(datasetId: string): Promise<Stamped<K['rules'] | null>>;
  /** As `writeJudging` does. */
  writeRules(datasetId: string, rules: K['rules'], over: Stamp): Promise<Stamp | null>;
  /** What judged the labels of a data set, and which of them a person let stand. */
  readLabelReview(datasetId: string): Promise<Stamped<LabelReview | null>>;
  /** As `writeJudging` does. */
  writeLabelReview(datasetId: string, review: LabelReview, over: Stamp): Promise<Stamp | null>;
}

interface StarterStorage<K extends FormTypes> {
  /** The starter's last result. */
  readStarterResult(): Promise<K['starterResult'] | null>;
  /** Null forgets it. */
  writeStarterResult(result: K['starterResult'] | null): Promise<void>;
}

interface MadeAnswersStorage {
  /** The answers of which pairs are to be made. */
  readMadeAnswers(): Promise<MadeAnswers | null>;
  /** Null forgets them. */
  writeMadeAnswers(answers: MadeAnswers | null): Promise<void>;
}

interface SettingsStorage<K extends FormTypes> {
  readSettings(): Promise<KeptSettings<K['settings']> | null>;
  /** Writes the given parts and leaves the others, which another tab may have written. */
  writeSettings(parts: KeptSettings<K['settings']>): Promise<void>;
}

export interface SetAsideStorage {
  /** Hears of each record at the moment it is set aside. */
  onSetAside(listener: (aside: SetAside) => void): void;
  /** Hears of an adapter, checkpoint or a run's pairs that an earlier Airlock kept without a hash, when it is read. */
  onUnchecked(listener: (key: string) => void): void;
  listSetAside(): Promise<readonly SetAside[]>;
  /** The record as it was found; of a run also what is kept beside it, by keys. */
  readSetAside(
    aside: SetAside,
  ): Promise<{ readonly found: unknown; readonly beside: Readonly<Record<string, unknown>> }>;
  /** Deletes what was set aside for good; of a run also what is kept beside it. */
  deleteSetAside(aside: SetAside): Promise<void>;
}

export type StudioStorage<K extends FormTypes> = RunStorage &
  CheckpointStorage &
  DatasetStorage &
  SharedStorage<K> &
  StarterStorage<K> &
  MadeAnswersStorage &
  SettingsStorage<K> &
  SetAsideStorage & {
    /** All of it as backup and restore see it. */
    readonly units: RecordUnits;
  };

const judgingKey = 'judging';
const promptSetKey = 'trials';
const demonstrationKey = 'demonstration';
const sweepKey = 'frontier';
const settingsKey = 'settings';
const starterResultKey = 'starter-result';
const madeAnswersKey = 'made-answers';
const runPrefix = 'run/';
const runNamesKey = 'run-numbers';
const labelsKey = (runId: string) => `labels/${runId}`;
const metricsKey = (runId: string) => `metrics/${runId}`;
const samplesKey = (runId: string) => `samples/${runId}`;
const adapterKey = (runId: string) => `adapter/${runId}`;
const pairsKey = (runId: string) => `pairs/${runId}`;
const checkpointPrefix = (runId: string) => `checkpoint/${runId}/`;
const checkpointKey = (runId: string, step: number) => `${checkpointPrefix(runId)}${step}`;

/** What is kept of a run beside its record. */
const keysBeside = (runId: string, keys: readonly string[]): readonly string[] =>
  keys.filter(
    (key) =>
      [labelsKey, metricsKey, samplesKey, adapterKey, pairsKey].some((keyOf) => key === keyOf(runId)) ||
      key.startsWith(checkpointPrefix(runId)),
  );

/** Writes the entries and notes the run's name, all or none. */
function writeNaming(
  db: KeyValue,
  kept: KeptRecords,
  run: Pick<RunRecord, 'id' | 'name'>,
  entries: Entries,
): Promise<void> {
  return db.changeMany([runNamesKey], ([stored]) => {
    const names = readSealed(runNamesShape, stored).value ?? noRunNames;
    return [...entries, kept.entry(runNamesShape, runNamesKey, noteName(names, run))];
  });
}

function createRunStorage(db: KeyValue, kept: KeptRecords): RunStorage {
  const readMany = async (runIds: readonly string[]): Promise<readonly (RunRecord | null)[]> => {
    const records = await kept.readMany(
      runShape,
      runIds.map((id) => runPrefix + id),
    );
    const labels = await kept.readMany(labelsShape, runIds.map(labelsKey));
    return records.map((record, index) =>
      record === null || record.deletedAt !== undefined ? null : { ...record, ...labels[index] },
    );
  };
  async function deleteRun(runId: string): Promise<void> {
    await db.deleteMany([runPrefix + runId, ...keysBeside(runId, await db.keys())]);
  }

  return {
    readRuns: () =>
      attempt(message('doReadRuns'), async () => {
        const keys = (await kept.keys()).filter((key) => key.startsWith(runPrefix));
        const runs = await readMany(keys.map((key) => key.slice(runPrefix.length)));
        return runs.filter((record) => record !== null).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
      }),

    readRun: (runId) => attempt(message('doReadRun'), async () => (await readMany([runId]))[0] ?? null),

    readRunNames: () =>
      attempt(message('doReadRuns'), async () => {
        const keys = (await kept.keys()).filter((key) => key.startsWith(runPrefix));
        // Runs of before their names were noted.
        const runs = (await kept.readMany(runShape, keys)).filter((run) => run !== null);
        return runs.reduce(noteName, (await kept.read(runNamesShape, runNamesKey)) ?? noRunNames);
      }),

    writeLabels: (runId, labels) =>
      attempt(message('doSaveNotes', { name: labels.name }), () =>
        writeNaming(db, kept, { id: runId, name: labels.name }, [kept.entry(labelsShape, labelsKey(runId), labels)]),
      ),

    writeRun: (record, parts = {}) =>
      attempt(message('doSaveRun', { name: record.name }), async () =>
        writeNaming(db, kept, record, [
          kept.entry(runShape, runPrefix + record.id, record),
          ...(parts.metrics ? [kept.entry(metricsShape, metricsKey(record.id), parts.metrics)] : []),
          ...(parts.samples ? [kept.entry(samplesShape, samplesKey(record.id), parts.samples)] : []),
          ...(parts.adapter ? [await kept.hashedEntry(adapterShape, adapterKey(record.id), parts.adapter)] : []),
          ...(parts.pairs ? [await kept.hashedEntry(runPairsShape, pairsKey(record.id), parts.pairs)] : []),
        ]),
      ),

    readMetrics: (runId) =>
      attempt(message('doReadMetrics'), async () => (await kept.read(metricsShape, metricsKey(runId))) ?? []),

    readSamples: (runId) =>
      attempt(message('doReadAnswers'), async () => (await kept.read(samplesShape, samplesKey(runId))) ?? []),

    readAdapter: (runId) => attempt(message('doReadAdapter'), () => kept.readChecked(adapterShape, adapterKey(runId))),

    readRunPairs: (runId) =>
      attempt(message('doReadCheckpoint'), () => kept.readChecked(runPairsShape, pairsKey(runId))),

    putRunAway: (runId, deletedAt) =>
      attempt(message('doDeleteRun'), async () => {
        let isThere = false;
        await db.changeMany([runPrefix + runId], ([stored]) => {
          const { value } = readSealed(runShape, stored);
          isThere = value !== null;
          if (value === null) return [];
          const run = { ...value, ...(deletedAt !== null && { deletedAt }) };
          if (deletedAt === null) delete run.deletedAt;
          return [kept.entry(runShape, runPrefix + runId, run)];
        });
        return isThere;
      }),

    deleteRun: (runId) => attempt(message('doDeleteRun'), () => deleteRun(runId)),

    purgeRuns: (deletedBefore) =>
      attempt(message('doDeleteRun'), async () => {
        const keys = (await kept.keys()).filter((key) => key.startsWith(runPrefix));
        for (const run of await kept.readMany(runShape, keys))
          if (run?.deletedAt !== undefined && run.deletedAt < deletedBefore) await deleteRun(run.id);
      }),
  };
}

function createCheckpointStorage(db: KeyValue, kept: KeptRecords): CheckpointStorage {
  return {
    writeCheckpoint: (record, metrics, checkpoint, pairs, samples = []) =>
      attempt(message('doSaveCheckpoint', { name: record.name }), async () => {
        const { id } = record;
        const named = (record.checkpoints ?? []).map((step) => checkpointKey(id, step));
        const stored = await db.keys();
        await db.setMany([
          kept.entry(runShape, runPrefix + id, record),
          kept.entry(metricsShape, metricsKey(id), metrics),
          ...(samples.length > 0 ? [kept.entry(samplesShape, samplesKey(id), samples)] : []),
          await kept.hashedEntry(checkpointShape, checkpointKey(id, checkpoint.step), checkpoint),
          // They do not change, and may be many.
          ...(stored.includes(pairsKey(id)) ? [] : [await kept.hashedEntry(runPairsShape, pairsKey(id), pairs)]),
        ]);
        await db.deleteMany(stored.filter((key) => key.startsWith(checkpointPrefix(id)) && !named.includes(key)));
      }),

    readCheckpoint: (runId, step) =>
      attempt(message('doReadCheckpoint'), async () => {
        const checkpoint = await kept.readChecked(checkpointShape, checkpointKey(runId, step));
        const pairs = await kept.readChecked(runPairsShape, pairsKey(runId));
        return checkpoint && pairs && { checkpoint, pairs };
      }),
  };
}

function createSharedStorage<K extends FormTypes>(kept: KeptRecords, forms: FormSchemas<K>): SharedStorage<K> {
  const judging = judgingShape(forms.judgeForm);
  const promptSet = promptSetShape(forms.promptSetForm);
  const demonstration = demonstrationShape(forms.demonstrationForm);
  const sweep = sweepShape(forms.sweepForm);
  const rules = rulesShape(forms.rules);
  return {
    readJudging: () => attempt(message('doReadJudging'), () => kept.readStamped(judging, judgingKey)),
    writeJudging: (value, over) =>
      attempt(message('doSaveJudging'), () => kept.writeOver(judging, judgingKey, value, over)),
    writeJudgement: (value, over, pairs) =>
      attempt(message('doSaveJudging'), async () => {
        const [round = null, dataset = null] = await kept.writeAllOver([
          { entry: kept.entry(judging, judgingKey, value), over },
          datasetWrite(kept, pairs),
        ]);
        return { judging: round, pairs: dataset };
      }),
    readPromptSet: () => attempt(message('doReadPromptSet'), () => kept.readStamped(promptSet, promptSetKey)),
    writePromptSet: (value, over) =>
      attempt(message('doSavePromptSet'), () => kept.writeOver(promptSet, promptSetKey, value, over)),
    readDemonstration: () =>
      attempt(message('doReadDemonstration'), () => kept.readStamped(demonstration, demonstrationKey)),
    writeDemonstration: (value, over) =>
      attempt(message('doSaveDemonstration'), () => kept.writeOver(demonstration, demonstrationKey, value, over)),
    readSweep: () => attempt(message('doReadSweep'), () => kept.readStamped(sweep, sweepKey)),
    writeSweep: (value, over) => attempt(message('doSaveSweep'), () => kept.writeOver(sweep, sweepKey, value, over)),
    readRules: (id) => attempt(message('doReadRules'), () => kept.readStamped(rules, rulesKey(id))),
    writeRules: (id, value, over) =>
      attempt(message('doSaveRules'), () => kept.writeOver(rules, rulesKey(id), value, over)),
    readLabelReview: (id) =>
      attempt(message('doReadLabelReview'), () => kept.readStamped(labelReviewShape, labelReviewKey(id))),
    writeLabelReview: (id, value, over) =>
      attempt(message('doSaveLabelReview'), () => kept.writeOver(labelReviewShape, labelReviewKey(id), value, over)),
  };
}

function createStarterStorage<K extends FormTypes>(
  db: KeyValue,
  kept: KeptRecords,
  forms: FormSchemas<K>,
): StarterStorage<K> {
  const shape = starterResultShape(forms.starterResult);
  return {
    readStarterResult: () => attempt(message('doReadStarterResult'), () => kept.read(shape, starterResultKey)),
    writeStarterResult: (result) =>
      attempt(message('doSaveStarterResult'), () =>
        result === null ? db.deleteMany([starterResultKey]) : db.setMany([kept.entry(shape, starterResultKey, result)]),
      ),
  };
}

function createMadeAnswersStorage(db: KeyValue, kept: KeptRecords): MadeAnswersStorage {
  return {
    readMadeAnswers: () => attempt(message('doReadMadeAnswers'), () => kept.read(madeAnswersShape, madeAnswersKey)),
    writeMadeAnswers: (answers) =>
      attempt(message('doSaveMadeAnswers'), () =>
        answers === null
          ? db.deleteMany([madeAnswersKey])
          : db.setMany([kept.entry(madeAnswersShape, madeAnswersKey, answers)]),
      ),
  };
}

function createSettingsStorage<K extends FormTypes>(kept: KeptRecords, forms: FormSchemas<K>): SettingsStorage<K> {
  const shape = settingsShape<K['settings']>(forms.settings);
  return {
    readSettings: () =>
      attempt(message('doReadSettings'), async () => (await kept.readStamped(shape, settingsKey)).value),

    writeSettings: (parts) =>
      attempt(message('doSaveSettings'), async () => {
        for (;;) {
          const { value, stamp } = await kept.readStamped(shape, settingsKey);
          if ((await kept.writeOver(shape, settingsKey, { ...value, ...parts }, stamp)) !== null) return;
        }
      }),
  };
}

function createSetAsideStorage(db: KeyValue, kept: KeptRecords): SetAsideStorage {
  /** Of a run that was set aside and is not there again. */
  const besideOf = async ({ from, misfit }: SetAside): Promise<readonly string[]> => {
    const keys = await db.keys();
    const isGone = !keys.includes(from) || misfit?.reason === 'unreadable';
    return from.startsWith(runPrefix) && isGone ? keysBeside(from.slice(runPrefix.length), keys) : [];
  };
  return {
    onSetAside: (listener) => kept.listen(listener),
    onUnchecked: (listener) => kept.listenUnchecked(listener),
    listSetAside: () => attempt(message('doListSetAside'), () => kept.listSetAside()),
    readSetAside: (aside) =>
      attempt(message('doReadSetAside'), async () => {
        const keys = await besideOf(aside);
        const values = await db.getMany(keys);
        return {
          found: await kept.readSetAside(aside.id),
          beside: Object.fromEntries(keys.map((key, index) => [key, values[index]])),
        };
      }),
    deleteSetAside: (aside) =>
      attempt(message('doDeleteSetAside'), async () => {
        await db.deleteMany(await besideOf(aside));
        await kept.deleteSetAside(aside.id);
      }),
  };
}

/** The shape of what is kept under a key; null for keys of no record. */
function shapeAt<K extends FormTypes>(forms: FormSchemas<K>): (key: string) => Shape<unknown> | null {
  const shapes: readonly (readonly [RegExp, Shape<unknown>])[] = [
    ...datasetShapes,
    [/^judging$/, judgingShape(forms.judgeForm)],
    [/^trials$/, promptSetShape(forms.promptSetForm)],
    [/^demonstration$/, demonstrationShape(forms.demonstrationForm)],
    [/^frontier$/, sweepShape(forms.sweepForm)],
    [/^rules\//, rulesShape(forms.rules)],
    [/^label-review\//, labelReviewShape],
    [/^made-answers$/, madeAnswersShape],
    [/^starter-result$/, starterResultShape(forms.starterResult)],
    [/^settings$/, settingsShape(forms.settings)],
    [/^run\//, runShape],
    [/^run-numbers$/, runNamesShape],
    [/^labels\//, labelsShape],
    [/^metrics\//, metricsShape],
    [/^samples\//, samplesShape],
    [/^adapter\//, adapterShape],
    [/^pairs\//, runPairsShape],
    [/^checkpoint\//, checkpointShape],
  ];
  return (key) => shapes.find(([pattern]) => pattern.test(key))?.[1] ?? null;
}

export function createStudioStorage<K extends FormTypes>(db: KeyValue, forms: FormSchemas<K>): StudioStorage<K> {
  const shapes = shapeAt(forms);
  const kept = new KeptRecords(db, shapes);
  return {
    ...createRunStorage(db, kept),
    ...createCheckpointStorage(db, kept),
    ...createDatasetStorage(db, kept),
    ...createSharedStorage(kept, forms),
    ...createStarterStorage(db, kept, forms),
    ...createMadeAnswersStorage(db, kept),
    ...createSettingsStorage(kept, forms),
    ...createSetAsideStorage(db, kept),
    units: createRecordUnits(db, shapes),
  };
}
