/**
 * @file What Airlock keeps in the browser of the data set and of runs: a schema each, and the types that follow from
 * them.
 */
import { isJsonObject } from '../core/json';
import { precisions } from '../core/dtype';
import { z } from '../core/zod';
import type { PreferencePair, ScoredPair } from '../data/preference-pair';
import type { Sayable } from '../messages/message';
import { methods, runSettingsSchema } from '../run/config';
import { evaluationSettingsSchema } from '../run/evaluation';
import type { StepMetrics } from '../run/metrics';
import { misfitOf } from './misfit';
import { chosenTemplateSchema } from './models/stored-model';
import { quickList } from './quick-list';
import { count, mapping, maybe, measured, type Kept, type Separated, type Shape, type Unfit } from './versioned';

const messages = z.array(mapping({ role: z.string(), content: z.string() }));

/** A prompt: plain text, or messages of a chat. */
export const promptSchema = z.union([z.string(), messages]);

const margin = z.number().optional();
const textPair = mapping({ prompt: z.string(), chosen: z.string(), rejected: z.string(), margin });
const chatPair = mapping({ prompt: messages, chosen: messages, rejected: messages, margin });

export const pairSchema: z.ZodType<PreferencePair> = z.union([textPair, chatPair]);

/** Scores of the two answers, where the file has them. */
const scores = maybe(mapping({ chosen: z.number(), rejected: z.number() }));

const scoredPairSchema: z.ZodType<ScoredPair> = z.union([
  mapping({ ...textPair.shape, scores }),
  mapping({ ...chatPair.shape, scores }),
]);

/** One pair and where it came from, so that a message can name the row of the file. */
export const rowSchema = mapping({
  pair: pairSchema,
  file: z.string(),
  /** 1-based row of that file. */
  row: z.int(),
  scores,
});
export type DatasetRow = Kept<typeof rowSchema>;

export const splitSchema = mapping({
  evaluationShare: z.number().min(0).lt(1),
  seed: z.int(),
  /** Prompts that a person moved, by their hashes. */
  moved: maybe(mapping({ train: z.array(z.string()), evaluation: z.array(z.string()) })),
});

const datasetSchema = mapping({
  rows: quickList(rowSchema),
  /** Which prompts are kept for evaluation; null where all are trained on. */
  split: splitSchema.nullable(),
});
export type Dataset = Kept<typeof datasetSchema>;

/** Rows that do not fit are taken out together, and the others stay; so do the rows where the split does not fit. */
function separateDataset(value: unknown): Separated {
  if (!isJsonObject(value) || !Array.isArray(value['rows'])) return { rest: value, unfit: [] };
  const rows: readonly unknown[] = value['rows'];
  const errors = new Map<number, z.core.$ZodError>();
  for (const [index, row] of rows.entries()) {
    const { error } = rowSchema.safeParse(row);
    if (error !== undefined) errors.set(index, error);
  }
  const unfit: Unfit[] = [];
  const [first] = errors;
  if (first !== undefined) {
    const misfit = misfitOf(first[1], rows[first[0]], ['rows', first[0]]);
    unfit.push({ part: 'rows', count: errors.size, misfit, stored: rows.filter((_, index) => errors.has(index)) });
  }
  const { error } = splitSchema.nullable().safeParse(value['split']);
  if (error !== undefined)
    unfit.push({
      part: 'split',
      count: 1,
      misfit: misfitOf(error, value['split'], ['split']),
      stored: value['split'],
    });
  return {
    rest: {
      ...value,
      rows: rows.filter((_, index) => !errors.has(index)),
      split: error === undefined ? value['split'] : null,
    },
    unfit,
  };
}

export const datasetShape: Shape<Dataset> = {
  name: 'The data set',
  version: 2,
  // 1: rows alone.
  migrations: { 1: (value) => (isJsonObject(value) ? { ...value, split: null } : value) },
  schema: datasetSchema,
  separate: separateDataset,
  parts: {
    name: 'rows',
    of: ({ rows }) => rows,
    without: (value, places) => ({ ...value, rows: value.rows.filter((_, at) => !places.has(at)) }),
  },
};

/** What was held out and scored as a run trained, with how it was used. */
const evaluationSchema = mapping({
  pairs: count,
  settings: evaluationSettingsSchema,
});

/** Words as they are said, or a message, whose code may be one of another version. */
const messageSchema = mapping({
  code: z.string(),
  values: z.record(
    z.string(),
    z.lazy((): z.ZodType => z.union([z.string(), measured, z.null(), messageSchema])),
  ),
});
const sayableSchema = z.union([z.string(), messageSchema]) as unknown as z.ZodType<Sayable>;

const intervalSchema = mapping({ low: measured, high: measured });

const rewardsSchema = mapping({ chosen: measured, rejected: measured });

/** A run that is still to be trained, as the form asked for it. */
export const plannedRunSchema = mapping({
  method: z.enum(methods),
  config: runSettingsSchema,
  /** Whether it goes on from the adapter of the run before. */
  continuesPrevious: maybe(z.boolean()),
  evaluation: maybe(mapping({ settings: evaluationSettingsSchema, share: measured })),
  samples: maybe(mapping({ prompts: z.array(z.string()), maxNewTokens: count })),
  save_steps: maybe(count),
});
export type PlannedRunRecord = Kept<typeof plannedRunSchema>;

const runSchema = mapping({
  id: z.string(),
  name: z.string(),
  method: z.enum(methods),
  /** `running` in storage means: going in some tab, or that tab was closed; the studio tells which. */
  status: z.enum(['running', 'finished', 'paused', 'stopped', 'failed', 'interrupted']),
  modelName: z.string(),
  modelFingerprint: z.string(),
  /** How the base's weights were held; float32 where absent. */
  precision: maybe(z.enum(precisions)),
  /** ISO 8601. */
  startedAt: z.string(),
  config: runSettingsSchema,
  pairs: count,
  /** The run whose adapter this one continued, or null for a fresh adapter. */
  startedFrom: z.string().nullable(),
  /** The run whose adapter was the frozen reference, or `base`; absent where that was the start as it was. */
  reference: maybe(z.string()),
  /**
   * The kept model that compares the answers it draws, where that is of another base, as it was opened at the
   * beginning: a run that goes on has the same.
   */
  judge: maybe(
    mapping({
      name: z.string(),
      /** SHA-256 (hex) over its files, as its record has it. */
      sha256: z.string(),
      precision: z.enum(precisions),
      chatTemplate: maybe(chosenTemplateSchema),
    }),
  ),
  /** An adapter that was trained elsewhere and brought here, with the names of those behind it, oldest first. */
  imported: maybe(
    mapping({
      ancestors: z.array(z.string()),
      knowsBase: z.boolean(),
      /** Whether it says by which method it was trained; `method` is else a place among the adapters, not a fact. */
      knowsMethod: maybe(z.boolean()),
    }),
  ),
  /** Step 0, where the policy is its own reference: loss, what it must be, rewards. */
  start: maybe(mapping({ loss: measured, expectedLoss: measured.nullable(), rewards: rewardsSchema.nullable() })),
  steps: count,
  totalSteps: count,
  seconds: measured,
  finalLoss: measured.nullable(),
  finalMargin: measured.nullable(),
  /** Mean reward of the answers drawn in the last steps, of a run that draws its own. */
  finalReward: maybe(measured),
  /** Loss on the held-out pairs, of the step whose adapter is kept or else of the last evaluation. */
  finalEvalLoss: maybe(measured),
  /** Share of the held-out pairs whose chosen answer has the higher reward, of the same evaluation. */
  finalEvalAccuracy: maybe(measured),
  /** The loss over the run in few points. */
  curve: maybe(z.array(measured)),
  /** What the data set was called. */
  dataset: maybe(z.string()),
  /** The chat template of the pairs: `none` for plain text, `own` for the model's, or the one that was chosen. */
  template: maybe(z.string()),
  /** 0 where there is no adapter. */
  adapterBytes: count,
  warnings: z.array(sayableSchema),
  /** Mean tokens of the answers; absent until they are encoded, and from runs of before this was kept. */
  lengths: maybe(mapping({ chosen: measured, rejected: measured })),
  evaluation: maybe(evaluationSchema),
  /** What it was asked at every evaluation. */
  samples: maybe(mapping({ prompts: z.array(promptSchema), maxNewTokens: count })),
  /** Of a reward model: how often it was right on the held-out pairs and how sure it was (evaluation/choices.ts). */
  calibration: maybe(
    mapping({
      pairs: count,
      accuracy: measured,
      interval: intervalSchema,
      calibrationError: measured,
      calibration: z.array(
        mapping({
          ...{ from: measured, to: measured, pairs: count, predicted: measured, right: measured },
          interval: intervalSchema,
        }),
      ),
    }),
  ),
  /** The step of the best evaluation, where the adapter is that one. */
  bestStep: maybe(count),
  /** What it trains on is kept from its beginning, so that it can begin again where it was cut off early. */
  keepsPairs: maybe(z.boolean()),
  /** Steps of the checkpoints kept, the oldest first. */
  checkpoints: maybe(z.array(count)),
  /** Its place among the runs of one start: those before it and those to follow; absent where it is alone. */
  plan: maybe(
    mapping({
      before: z.array(z.string()),
      after: z.array(plannedRunSchema),
      /** The starter's task that they belong to. */
      starter: maybe(z.string()),
    }),
  ),
  /** The run and step whose checkpoint this one went on from. */
  forkedFrom: maybe(mapping({ runId: z.string(), step: count })),
  /** What a person wrote beside it; absent where nothing was. */
  notes: maybe(z.string()),
  tags: maybe(z.array(z.string())),
  /** When it was deleted, ISO 8601; absent while it is not. It can be brought back until it is taken away for good. */
  deletedAt: maybe(z.string()),
  /** Why it failed. */
  error: sayableSchema.nullable(),
});
export type RunRecord = Kept<typeof runSchema>;

export const runShape: Shape<RunRecord> = {
  name: 'A run',
  version: 1,
  migrations: {},
  schema: runSchema,
  fillsIn: true,
};

const runNamesSchema = mapping({
  /** The highest number that a name of each method ever had: `dpo-7`. No run is called so again. */
  dpo: count.default(0),
  sft: count.default(0),
  kto: count.default(0),
  reward: count.default(0),
  rloo: count.default(0),
  online_dpo: count.default(0),
  ppo: count.default(0),
  /** Which run had each other name: those that people gave, and those of adapters that were brought here. */
  owners: z.array(mapping({ name: z.string(), runId: z.string() })).default([]),
});
/** The names that runs ever had, of renamed and deleted ones too: their files lie about under these names. */
export type RunNames = Kept<typeof runNamesSchema>;

export const noRunNames: RunNames = {
  ...{ dpo: 0, sft: 0, kto: 0, reward: 0, rloo: 0, online_dpo: 0, ppo: 0 },
  owners: [],
};

export const runNamesShape: Shape<RunNames> = {
  name: 'The names of the runs',
  version: 1,
  migrations: {},
  schema: runNamesSchema,
  fillsIn: true,
};

/** The names, with that of a run. */
export function noteName(names: RunNames, { id, name }: Pick<RunRecord, 'id' | 'name'>): RunNames {
  const [, called = '', digits = ''] = /^([a-z_]+)-(\d{1,9})$/.exec(name) ?? [];
  const method = methods.find((each) => each === called);
  const owners = names.owners.some((owner) => owner.name === name)
    ? names.owners
    : [...names.owners, { name, runId: id }];
  if (method === undefined) return { ...names, owners };
  return { ...names, owners, [method]: Math.max(names[method], Number(digits)) };
}

/** Whether no other run has or ever had the name. */
export const isNameFree = ({ owners }: RunNames, name: string, runId: string | null): boolean =>
  owners.every((owner) => owner.name !== name || owner.runId === runId);

/** What a person calls a run and writes beside it; kept apart from the record, which belongs to the tab that trains. */
const labelsSchema = mapping({ name: z.string(), notes: z.string(), tags: z.array(z.string()) });
export type RunLabels = Kept<typeof labelsSchema>;

export const labelsShape: Shape<RunLabels> = {
  name: "A run's notes",
  version: 1,
  migrations: {},
  schema: labelsSchema,
};

/** Numbers under TRL's names; those that a newer Airlock has more are numbers too. */
const metricsSchema = z.array(
  z
    .looseObject({ step: count, epoch: measured, loss: measured, grad_norm: measured, learning_rate: measured })
    .catchall(measured),
) as unknown as z.ZodType<readonly StepMetrics[]>;

export const metricsShape: Shape<readonly StepMetrics[]> = {
  name: "A run's metrics",
  version: 1,
  migrations: {},
  schema: metricsSchema,
};

const answerSchema = mapping({
  text: z.string(),
  tokens: count,
  finish: z.enum(['eos', 'length', 'stopped']),
  /** What judged it gave it, where it was judged. */
  reward: maybe(measured.nullable()),
});

/**
 * The answers of one evaluation, in the order of the run's prompts; or of a step that drew answers to learn from, those
 * to one `prompt`.
 */
const sampleRoundSchema = mapping({ step: count, prompt: maybe(promptSchema), answers: z.array(answerSchema) });
export type SampleRound = Kept<typeof sampleRoundSchema>;

export const samplesShape: Shape<readonly SampleRound[]> = {
  name: "A run's answers",
  version: 1,
  migrations: {},
  schema: z.array(sampleRoundSchema),
};

/** Training ends before a number that is none comes into a checkpoint, so such a one was damaged. */
const finiteVector = (z.instanceof(Float32Array) as z.ZodType<Float32Array>).superRefine((vector, { addIssue }) => {
  const at = vector.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) addIssue({ code: 'custom', params: { expected: 'finite' }, path: [at] });
});
const vectors = z.array(finiteVector);

/** Where a run stood: what training needs to take its next step as if it had not stopped. */
const checkpointSchema = mapping({
  step: count,
  optimizer: mapping({ parameter: vectors, mean: vectors, variance: vectors, steps: count }),
  best: mapping({ step: count, value: measured, since: count, parameter: vectors }).nullable(),
});
export type StoredCheckpoint = Kept<typeof checkpointSchema>;

export const checkpointShape: Shape<StoredCheckpoint> = {
  name: 'A checkpoint',
  version: 1,
  migrations: {},
  schema: checkpointSchema,
};

/** What a run trains and is evaluated on, kept with its checkpoints: the data set may change before it goes on. */
const runPairsSchema = mapping({ train: quickList(scoredPairSchema), evaluation: quickList(scoredPairSchema) });
export type RunPairs = Kept<typeof runPairsSchema>;

export const runPairsShape: Shape<RunPairs> = {
  name: "A run's pairs",
  version: 1,
  migrations: {},
  schema: runPairsSchema,
};

/** The files of an adapter by their names. */
const filesSchema = z.record(z.string(), z.instanceof(Uint8Array) as z.ZodType<Uint8Array>);
export type StoredFiles = Readonly<Record<string, Uint8Array>>;

export const adapterShape: Shape<StoredFiles> = {
  name: 'An adapter',
  version: 1,
  migrations: {},
  schema: filesSchema,
};
