/**
 * @file What Airlock keeps in the browser: the data set, runs with their metrics and adapters, and settings.
 * The storage does not look into a run's configuration or metrics: their types belong to training and come in as
 * type parameters.
 */
import type { Precision } from '../core/dtype';
import type { PreferencePair } from '../data/preference-pair';
import type { Sayable } from '../messages/message';
import { isSplit, type Split } from '../data/split';
import { isRecord, type Shape } from './versioned';

/** One pair and where it came from, so that a message can name the row of the file. */
export interface DatasetRow {
  readonly pair: PreferencePair;
  readonly file: string;
  /** 1-based row of that file. */
  readonly row: number;
}

export interface Dataset {
  readonly rows: readonly DatasetRow[];
  /** Which prompts are kept for evaluation; null where all are trained on. */
  readonly split: Split | null;
}

/** `running` in storage means: going in some tab, or that tab was closed; the studio tells which. */
export type RunStatus = 'running' | 'finished' | 'paused' | 'stopped' | 'failed' | 'interrupted';

/** What a person calls a run and writes beside it; kept apart from the record, which belongs to the tab that trains. */
export interface RunLabels {
  readonly name: string;
  readonly notes: string;
  readonly tags: readonly string[];
}

export interface RunRecord<Config> {
  readonly id: string;
  readonly name: string;
  readonly method: 'dpo' | 'sft';
  readonly status: RunStatus;
  readonly modelName: string;
  readonly modelFingerprint: string;
  /** How the base's weights were held; float32 where absent. */
  readonly precision?: Precision;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly config: Config;
  readonly pairs: number;
  /** The run whose adapter this one continued, or null for a fresh adapter. */
  readonly startedFrom: string | null;
  /** The run whose adapter was the frozen reference; absent where that was the start as it was. */
  readonly reference?: string;
  /** An adapter that was trained elsewhere and brought here, with the names of those behind it, oldest first. */
  readonly imported?: { readonly ancestors: readonly string[]; readonly knowsBase: boolean };
  /** Step 0, where the policy is its own reference: loss, what it must be, rewards. */
  readonly start?: {
    readonly loss: number;
    readonly expectedLoss: number | null;
    readonly rewards: { readonly chosen: number; readonly rejected: number } | null;
  };
  readonly steps: number;
  readonly totalSteps: number;
  readonly seconds: number;
  readonly finalLoss: number | null;
  readonly finalMargin: number | null;
  /** 0 where there is no adapter. */
  readonly adapterBytes: number;
  readonly warnings: readonly Sayable[];
  /** Mean tokens of the answers; absent until they are encoded, and from runs of before this was kept. */
  readonly lengths?: { readonly chosen: number; readonly rejected: number };
  /** What was held out and scored as it trained, with how it was used. */
  readonly evaluation?: EvaluationRecord;
  /** What it was asked at every evaluation. */
  readonly samples?: { readonly prompts: readonly PreferencePair['prompt'][]; readonly maxNewTokens: number };
  /** The step of the best evaluation, where the adapter is that one. */
  readonly bestStep?: number;
  /** Steps of the checkpoints kept, the oldest first. */
  readonly checkpoints?: readonly number[];
  /** The run and step whose checkpoint this one went on from. */
  readonly forkedFrom?: { readonly runId: string; readonly step: number };
  /** What a person wrote beside it; absent where nothing was. */
  readonly notes?: string;
  readonly tags?: readonly string[];
  /** Why it failed. */
  readonly error: Sayable | null;
}

export interface EvaluationRecord {
  readonly pairs: number;
  readonly settings: {
    readonly eval_steps: number;
    readonly metric_for_best_model: 'eval_loss' | 'eval_rewards/accuracies';
    readonly early_stopping_patience: number | null;
    readonly load_best_model_at_end: boolean;
  };
}

/** The answers of one evaluation, in the order of the run's prompts. */
export interface SampleRound {
  readonly step: number;
  readonly answers: readonly {
    readonly text: string;
    readonly tokens: number;
    readonly finish: 'eos' | 'length' | 'stopped';
  }[];
}

type Vectors = readonly Float32Array[];

/** Where a run stood: what training needs to take its next step as if it had not stopped. */
export interface StoredCheckpoint {
  readonly step: number;
  readonly optimizer: {
    readonly parameter: Vectors;
    readonly mean: Vectors;
    readonly variance: Vectors;
    readonly steps: number;
  };
  readonly best: {
    readonly step: number;
    readonly value: number;
    readonly since: number;
    readonly parameter: Vectors;
  } | null;
}

/** What a run trains and is evaluated on, kept with its checkpoints: the data set may change before it goes on. */
export interface RunPairs {
  readonly train: readonly PreferencePair[];
  readonly evaluation: readonly PreferencePair[];
}

export type StoredFiles = Readonly<Record<string, Uint8Array>>;

export type Settings = Readonly<Record<string, unknown>>;

function isDataset(value: unknown): value is Dataset {
  return (
    isRecord(value) &&
    Array.isArray(value['rows']) &&
    value['rows'].every((row) => isRecord(row) && isRecord(row['pair'])) &&
    (value['split'] === null || isSplit(value['split']))
  );
}

function isFiles(value: unknown): value is StoredFiles {
  return isRecord(value) && Object.values(value).every((bytes) => bytes instanceof Uint8Array);
}

export const datasetShape: Shape<Dataset> = {
  name: 'The data set',
  version: 2,
  // 1: rows alone.
  migrations: { 1: (value) => ({ ...(value as object), split: null }) },
  isValid: isDataset,
};

const isVectors = (value: unknown): value is Vectors =>
  Array.isArray(value) && value.every((each) => each instanceof Float32Array);

function isCheckpoint(value: unknown): value is StoredCheckpoint {
  if (!isRecord(value) || !Number.isInteger(value['step'])) return false;
  const { optimizer, best } = value;
  const isWhole =
    isRecord(optimizer) &&
    Number.isInteger(optimizer['steps']) &&
    ['parameter', 'mean', 'variance'].every((key) => isVectors(optimizer[key]));
  return isWhole && (best === null || (isRecord(best) && isVectors(best['parameter'])));
}

const isPairs = (value: unknown): boolean => Array.isArray(value) && value.every(isRecord);

export const checkpointShape: Shape<StoredCheckpoint> = {
  name: 'A checkpoint',
  version: 1,
  migrations: {},
  isValid: isCheckpoint,
};

export const runPairsShape: Shape<RunPairs> = {
  name: "A run's pairs",
  version: 1,
  migrations: {},
  isValid: (value): value is RunPairs => isRecord(value) && isPairs(value['train']) && isPairs(value['evaluation']),
};

export const adapterShape: Shape<StoredFiles> = { name: 'An adapter', version: 1, migrations: {}, isValid: isFiles };

export const labelsShape: Shape<RunLabels> = {
  name: "A run's notes",
  version: 1,
  migrations: {},
  isValid: (value): value is RunLabels =>
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    typeof value['notes'] === 'string' &&
    Array.isArray(value['tags']) &&
    value['tags'].every((tag) => typeof tag === 'string'),
};

export const samplesShape: Shape<readonly SampleRound[]> = {
  name: "A run's answers",
  version: 1,
  migrations: {},
  isValid: (value): value is readonly SampleRound[] =>
    Array.isArray(value) &&
    value.every((round) => isRecord(round) && Number.isInteger(round['step']) && Array.isArray(round['answers'])),
};

export const settingsShape: Shape<Settings> = { name: 'The settings', version: 1, migrations: {}, isValid: isRecord };

export function runShape<Config>(): Shape<RunRecord<Config>> {
  return {
    name: 'A run',
    version: 1,
    migrations: {},
    isValid: (value): value is RunRecord<Config> =>
      isRecord(value) &&
      ['id', 'name', 'method', 'status', 'modelFingerprint', 'startedAt'].every(
        (key) => typeof value[key] === 'string',
      ) &&
      isRecord(value['config']),
  };
}

export function metricsShape<Metrics>(): Shape<readonly Metrics[]> {
  return {
    name: "A run's metrics",
    version: 1,
    migrations: {},
    isValid: (value): value is readonly Metrics[] => Array.isArray(value) && value.every(isRecord),
  };
}
