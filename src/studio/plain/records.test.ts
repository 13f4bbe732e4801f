/**
 * @file Every record that the studio keeps: read as earlier versions wrote it, and damaged in many ways. What is
 * damaged is moved aside as it was found, named with the place that is wrong, and keeps nothing else from being read.
 */
import { describe, expect, it } from 'vitest';
import { mapKeyValue } from '../../storage/key-value';
import { Unreadable } from '../../storage/unreadable';
import type { SetAside } from '../../storage/set-aside';
import { whatIsSetAside, whyIsSetAside } from '../text/set-aside';
import { textIn } from '../text/text';
import { initialColumns } from './compare/columns';
import { initialDraft } from './compare/draft';
import { initialSampling } from './compare/sampling';
import { initialPromptSetForm } from './compare/prompt-set/prompt-set-form';
import { newRule } from './data/rule-form';
import { initialDemonstrationForm } from './demonstration/demonstration-form';
import { initialSweepForm } from './frontier/sweep-form';
import { initialJudgeForm } from './judge/judge-form';
import { noRunNames } from '../../storage/records';
import { createStorage, type Storage } from './records';
import { initialForm } from './train/options';

const pair = { prompt: 'Why?', chosen: 'So.', rejected: 'No.' };
const chat = {
  prompt: [{ role: 'user', content: 'Why?' }],
  chosen: [{ role: 'assistant', content: 'So.' }],
  rejected: [{ role: 'assistant', content: 'No.' }],
};
const run = {
  id: 'r',
  name: 'dpo-1',
  method: 'dpo',
  status: 'finished',
  modelName: 'm',
  modelFingerprint: 'f',
  startedAt: '2026-01-01T00:00:00Z',
  config: { method: 'dpo', loss_type: ['sigmoid'], beta: 0.1, lora_target_modules: 'all-linear', max_steps: -1 },
  pairs: 2,
  startedFrom: null,
  steps: 1,
  totalSteps: 1,
  seconds: 1.5,
  finalLoss: NaN,
  finalMargin: null,
  adapterBytes: 3,
  warnings: ['One pair is long.'],
  error: null,
};
const wholeRun = {
  ...run,
  precision: 'int4',
  reference: 'other',
  imported: { ancestors: ['sft-1'], knowsBase: true },
  start: { loss: 0.69, expectedLoss: Math.log(2), rewards: { chosen: 0, rejected: 0 } },
  lengths: { chosen: 3.5, rejected: 4 },
  evaluation: {
    pairs: 2,
    settings: {
      eval_steps: 10,
      metric_for_best_model: 'eval_loss',
      early_stopping_patience: null,
      load_best_model_at_end: true,
    },
  },
  samples: { prompts: ['Hi', chat.prompt], maxNewTokens: 48 },
  bestStep: 1,
  checkpoints: [1],
  forkedFrom: { runId: 'other', step: 1 },
  notes: 'Good.',
  tags: ['a'],
  warnings: ['One pair is long.', { code: 'long', values: { pairs: 1, of: { code: 'all', values: { none: null } } } }],
  error: { code: 'failed', values: {} },
};
const metrics = [{ step: 1, epoch: 1, loss: Infinity, grad_norm: NaN, learning_rate: 1e-4, 'rewards/margins': 0.5 }];
const samples = [{ step: 1, answers: [{ text: 'Hi', tokens: 2, finish: 'eos' }] }];
const vectors = [new Float32Array([1, 2])];
const checkpoint = {
  step: 1,
  optimizer: { parameter: vectors, mean: vectors, variance: vectors, steps: 1 },
  best: { step: 1, value: 0.5, since: 0, parameter: vectors },
};
const round = {
  name: 'judged-Kim',
  annotator: 'Kim',
  modelName: 'm',
  fingerprint: null,
  orderSeed: 5,
  voices: [{ runId: null, name: 'base' }],
  answersEach: 2,
  sampling: { temperature: 0.8, seed: 0, maxNewTokens: 128 },
  prompts: ['Why?', chat.prompt],
  answered: [{ prompt: 'Why?', answers: [{ voice: 0, text: 'So.', isCut: false }] }],
  judgements: [{ verdict: 'tie', edited: null, at: '2026-01-01T00:00:00Z' }],
};
const trial = {
  at: '2026-01-01T00:00:00Z',
  modelName: 'm',
  fingerprint: 'f',
  task: null,
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 'r', name: 'dpo-1', strength: 50, role: 'dpo' },
    { runId: null, name: 'base', strength: 100, role: 'base', best: { count: 4, reward: 'run:j', run: 'reward-1' } },
  ],
  against: 0,
  temperatures: [0, 0.7],
  sampling: { maxNewTokens: 128, topK: 0, topP: 1, seed: 0 },
  prompts: ['Why?'],
  answered: [
    [
      { text: 'So.', isCut: false },
      { text: 'No.', isCut: true },
      { text: 'Yes.', isCut: false, reward: -0.5 },
    ],
  ],
  orderSeed: 7,
  judge: 'analyst',
  judgements: [{ verdict: 'a', at: '2026-01-01T00:00:00Z' }],
  modelJudge: {
    at: '2026-01-02T00:00:00Z',
    modelName: 'other',
    fingerprint: 'o',
    runId: null,
    runName: null,
    asked: { rubric: 'Which is politer?' },
    bound: 0.6,
    verdicts: [{ choice: 'tie', preference: 0.5, ordersAgree: false, first: 0.7, letterMass: 0.9, cut: 0 }],
  },
};
const sweep = {
  at: '2026-01-01T00:00:00Z',
  modelName: 'm',
  fingerprint: 'f',
  precision: 'float32',
  datasetId: 'main',
  dataset: null,
  job: { method: 'dpo', config: { loss_type: ['sigmoid'], max_steps: 7 } },
  betas: [0.1, 0.3, 1],
  runs: ['r', null, null],
  startFrom: 's',
  reference: null,
  reward: { scorer: 'sentiment' },
  prompts: ['Why?'],
  rightAnswers: [null],
  sampling: { maxNewTokens: 64, seed: 0, answers: 2, referenceAnswers: 16 },
  answered: [[[{ text: 'So.', isCut: false, reward: null, logRatio: NaN }]]],
  judgements: [],
};
const demonstration = {
  at: '2026-01-01T00:00:00Z',
  modelName: 'm',
  fingerprint: null,
  columns: [
    { runId: null, name: 'base', role: 'base', strength: 100 },
    { runId: 'r', name: 'dpo-1', role: 'dpo', strength: 50 },
  ],
  sampling: { temperature: 0, maxNewTokens: 64, topK: 0, topP: 1 },
  script: [
    { prompt: 'Why?', seed: 3 },
    { prompt: chat.prompt, seed: 4 },
  ],
  answered: [
    [
      { text: 'So.', isCut: false, scored: null },
      { text: 'No.', isCut: true, scored: [{ text: 'No', isSpecial: false, logp: -1, reference: -2 }] },
    ],
  ],
  scoring: { column: 1, reference: null, isStandIn: false, beta: 0.1, isLossKnown: true },
  orderSeed: 7,
  judgements: [
    { prompt: 0, column: 1, at: '2026-01-01T00:00:00Z' },
    { prompt: 0, column: null, at: '2026-01-01T00:00:01Z' },
  ],
};
const review = {
  judged: {
    by: 'words',
    at: '2026-01-01T00:00:00Z',
    noise: { share: 0.1, low: 0.05, high: 0.2, scale: 1.5 },
    pairs: 1,
    margins: [{ key: 'a', margin: -0.5 }],
    labels: ['a+'],
  },
  confirmed: ['a+'],
};
const change = {
  id: 'c',
  order: 3,
  at: '2026-01-01T00:00:00Z',
  what: { kind: 'imported', number: 2, file: 'a.jsonl' },
  rows: 2,
  isUndone: false,
};
const settings = {
  device: 'wasm',
  training: initialForm,
  start: { startFrom: 'r', reference: null },
  lastModel: { id: 'm', isReopened: true },
  starterDue: 'sentiment',
  dismissed: ['r'],
  dataset: 'd',
  sampling: initialSampling,
  columns: initialColumns,
  comparison: initialDraft,
  compared: ['r'],
  table: { search: 'why', filter: 'all' },
  products: { 'amd / rdna-3 / - / Radeon': { variant: '64x64-8x8', gflops: 2100.5 } },
  imports: [{ columns: ['q', 'good', 'bad'], plan: { shape: 'pairs', prompt: 'q', chosen: 'good', rejected: 'bad' } }],
};

interface KeptRecord {
  readonly key: string;
  readonly version: number;
  readonly value: unknown;
  readonly read: (storage: Storage) => Promise<unknown>;
  /** What else reading it needs. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** What reading gives where there is nothing. */
  readonly nothing: unknown;
  /** Values that do not fit, each with the place that is said to be wrong. */
  readonly damaged: readonly (readonly [path: string, value: unknown])[];
}

const without = (value: object, key: string): unknown =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

const records: Readonly<Record<string, KeptRecord>> = {
  dataset: {
    key: 'dataset',
    version: 2,
    value: {
      rows: [
        { pair, file: 'a.jsonl', row: 1 },
        { pair: chat, file: 'a.jsonl', row: 2 },
      ],
      split: { evaluationShare: 0.1, seed: 3 },
    },
    read: async (storage) => (await storage.readDataset()).value,
    nothing: null,
    damaged: [
      ['', null],
      ['', []],
      ['rows', { split: null }],
      ['rows', { rows: 'many', split: null }],
    ],
  },
  'another data set': {
    key: 'dataset/d',
    version: 2,
    value: { rows: [{ pair, file: 'a.jsonl', row: 1 }], split: null },
    read: async (storage) => (await storage.readDataset('d')).value,
    nothing: null,
    damaged: [['rows', { split: null }]],
  },
  'the name of a data set': {
    key: 'dataset-label/d',
    version: 1,
    value: { name: 'Plant', madeAt: '2026-01-01T00:00:00Z', task: 'sentiment', shipped: 'ff', deletedAt: '2026' },
    beside: { 'dataset-size/d': { version: 1, value: { pairs: 1 } } },
    read: async (storage) => {
      const label = (await storage.listDatasets()).find(({ id }) => id === 'd')?.label;
      return label?.madeAt === '' ? null : (label ?? null);
    },
    nothing: null,
    damaged: [
      ['madeAt', { name: null }],
      ['name', { name: 3, madeAt: '' }],
      ['deletedAt', { name: null, madeAt: '', deletedAt: null }],
    ],
  },
  'a change of the data set': {
    key: 'dataset-change/d/c',
    version: 1,
    value: change,
    read: async (storage) => (await storage.readHistory('d'))[0] ?? null,
    nothing: null,
    damaged: [
      ['order', { ...change, order: -1 }],
      ['what.kind', { ...change, what: { kind: 'stolen', number: 1 } }],
      ['isUndone', without(change, 'isUndone')],
    ],
  },
  'the rows of a change': {
    key: 'dataset-change-rows/d/c',
    version: 1,
    value: { removed: [{ at: 0, row: { pair, file: 'a', row: 1 } }], added: [] },
    read: (storage) => storage.readChangedRows('d', 'c'),
    nothing: null,
    damaged: [
      ['added', { removed: [] }],
      ['removed[0].row.file', { removed: [{ at: 0, row: { pair, row: 1 } }], added: [] }],
    ],
  },
  'rules of a data set': {
    key: 'rules/d',
    version: 1,
    value: { rules: [newRule('pattern', 'a')] },
    read: async (storage) => (await storage.readRules('d')).value,
    nothing: null,
    damaged: [
      ['rules', {}],
      ['rules[0].id', { rules: [{ kind: 'json' }] }],
      ['rules[0].kind', { rules: [{ ...newRule('json', 'a'), kind: 'taste' }] }],
      ['rules[0].weight', { rules: [{ ...newRule('json', 'a'), weight: 2 }] }],
    ],
  },
  'the answers for pairs': {
    key: 'made-answers',
    version: 1,
    value: {
      ...{ kind: 'all', answered: [{ prompt: 'Why?', answers: [{ text: 'So.', reward: 1 }, { text: 'No.' }] }] },
      waiting: { judge: 'j', drawn: [{ prompt: 'How?', answers: ['So.', 'No.'] }], preferences: [] },
    },
    read: (storage) => storage.readMadeAnswers(),
    nothing: null,
    damaged: [
      ['kind', { kind: 'best', answered: [] }],
      ['answered', { kind: 'all' }],
      ['waiting.preferences', { kind: 'all', answered: [], waiting: { judge: 'j', drawn: [] } }],
      ['answered[0].answers[0].text', { kind: 'all', answered: [{ prompt: 'Why?', answers: [{ reward: 1 }] }] }],
    ],
  },
  'the review of the labels': {
    key: 'label-review/d',
    version: 1,
    value: review,
    read: async (storage) => (await storage.readLabelReview('d')).value,
    nothing: null,
    damaged: [
      ['confirmed', without(review, 'confirmed')],
      ['confirmed[0]', { ...review, confirmed: [7] }],
      ['judged.by', { ...review, judged: { ...review.judged, by: 'chance' } }],
      ['judged.noise.share', { ...review, judged: { ...review.judged, noise: { ...review.judged.noise, share: 2 } } }],
      ['judged.margins[0].margin', { ...review, judged: { ...review.judged, margins: [{ key: 'a' }] } }],
    ],
  },
  run: {
    key: 'run/r',
    version: 1,
    value: wholeRun,
    read: async (storage) => (await storage.readRuns())[0] ?? null,
    nothing: null,
    damaged: [
      ['', 'text'],
      ['id', without(run, 'id')],
      ['name', { ...run, name: null }],
      ['method', { ...run, method: 'nonsense' }],
      ['status', { ...run, status: 'lost' }],
      ['modelName', { ...run, modelName: 3 }],
      ['pairs', { ...run, pairs: '2' }],
      ['steps', { ...run, steps: -1 }],
      ['finalLoss', { ...run, finalLoss: '0.5' }],
      ['warnings[0].code', { ...run, warnings: [{ values: {} }] }],
      ['error.values.a', { ...run, error: { code: 'x', values: { a: [] } } }],
      ['config', { ...run, config: null }],
      ['config.beta', { ...run, config: { beta: 'big' } }],
      ['config.betta', { ...run, config: { betta: 1 } }],
      ['precision', { ...run, precision: 'float8' }],
      ['evaluation.settings', { ...run, evaluation: { pairs: 2 } }],
      ['checkpoints[1]', { ...run, checkpoints: [1, 'two'] }],
      ['start.rewards', { ...run, start: { loss: 1, expectedLoss: null } }],
      ['samples.prompts[0]', { ...run, samples: { prompts: [3], maxNewTokens: 4 } }],
      ['forkedFrom.step', { ...run, forkedFrom: { runId: 'x' } }],
      ['tags', { ...run, tags: 'a' }],
      ['error', { ...run, error: 3 }],
    ],
  },
  demonstration: {
    key: 'demonstration',
    version: 1,
    value: { form: initialDemonstrationForm, round: demonstration },
    read: async (storage) => (await storage.readDemonstration()).value,
    nothing: null,
    damaged: [
      ['round', { form: initialDemonstrationForm }],
      ['form.source', { form: { source: 'dream' }, round: null }],
      ['round.columns', { form: {}, round: { ...demonstration, columns: demonstration.columns.slice(1) } }],
      [
        'round.columns[0].role',
        {
          form: {},
          round: { ...demonstration, columns: demonstration.columns.map((it) => ({ ...it, role: 'boss' })) },
        },
      ],
      ['round.answered[0]', { form: {}, round: { ...demonstration, answered: [[demonstration.answered[0]![0]]] } }],
      [
        'round.scoring.column',
        { form: {}, round: { ...demonstration, scoring: { ...demonstration.scoring, column: 2 } } },
      ],
      ['round.judgements[0].prompt', { form: {}, round: { ...demonstration, judgements: [{ column: 1, at: '' }] } }],
    ],
  },
  'the starter’s result': {
    key: 'starter-result',
    version: 1,
    value: {
      task: 'sentiment',
      seconds: 90,
      runs: { sft: 's', dpo: 'd' },
      kl: { mean: 1.5, standardError: null, samples: 1 },
      prompts: [{ prompt: 'The film', answers: { base: 'was.', sft: 'is.', dpo: 'shone.' } }],
    },
    read: (storage) => storage.readStarterResult(),
    nothing: null,
    damaged: [
      ['task', { task: 'cooking', seconds: 9, kl: null, prompts: [] }],
      [
        'prompts[0].answers.dpo',
        { task: 'sentiment', seconds: 9, kl: null, prompts: [{ prompt: '', answers: { base: '', sft: '' } }] },
      ],
    ],
  },
  'the names of the runs': {
    key: 'run-numbers',
    version: 1,
    value: { ...noRunNames, dpo: 3, sft: 4, kto: 1, rloo: 2, owners: [{ name: 'tone', runId: 'a' }] },
    read: (storage) => storage.readRunNames(),
    nothing: noRunNames,
    damaged: [['dpo', { dpo: -1, sft: 0 }]],
  },
  labels: {
    key: 'labels/r',
    version: 1,
    value: { name: 'mine', notes: '', tags: ['x'] },
    beside: { 'run/r': { version: 1, value: run } },
    read: async (storage) => {
      const [read] = await storage.readRuns();
      return read?.name === 'mine' ? { name: read.name, notes: read.notes, tags: read.tags } : null;
    },
    nothing: null,
    damaged: [
      ['name', { notes: '', tags: [] }],
      ['notes', { name: 'mine', notes: 3, tags: [] }],
      ['tags[0]', { name: 'mine', notes: '', tags: [null] }],
    ],
  },
  metrics: {
    key: 'metrics/r',
    version: 1,
    value: metrics,
    read: (storage) => storage.readMetrics('r'),
    nothing: [],
    damaged: [
      ['', {}],
      ['[0]', [1]],
      ['[0].step', [{ loss: 1 }]],
      ['[0].loss', [{ ...metrics[0], loss: '0.5' }]],
      ['[0].rewards/margins', [{ ...metrics[0], 'rewards/margins': null }]],
    ],
  },
  samples: {
    key: 'samples/r',
    version: 1,
    value: samples,
    read: (storage) => storage.readSamples('r'),
    nothing: [],
    damaged: [
      ['', 'text'],
      ['[0].answers', [{ step: 1 }]],
      ['[0].answers[0].finish', [{ step: 1, answers: [{ text: '', tokens: 1, finish: 'tired' }] }]],
    ],
  },
  adapter: {
    key: 'adapter/r',
    version: 1,
    value: { 'adapter_config.json': new Uint8Array([1, 2]) },
    read: (storage) => storage.readAdapter('r'),
    nothing: null,
    damaged: [
      ['', [1]],
      ['a', { a: 'text' }],
      ['a', { a: [1, 2] }],
    ],
  },
  pairs: {
    key: 'pairs/r',
    version: 1,
    value: { train: [pair], evaluation: [chat] },
    beside: { 'checkpoint/r/1': { version: 1, value: checkpoint } },
    read: async (storage) => (await storage.readCheckpoint('r', 1))?.pairs ?? null,
    nothing: null,
    damaged: [
      ['evaluation', { train: [] }],
      ['train[0].rejected', { train: [{ prompt: '', chosen: '' }], evaluation: [] }],
      ['train[0].chosen', { train: [{ ...chat, chosen: 'text' }], evaluation: [] }],
    ],
  },
  checkpoint: {
    key: 'checkpoint/r/1',
    version: 1,
    value: checkpoint,
    beside: { 'pairs/r': { version: 1, value: { train: [], evaluation: [] } } },
    read: async (storage) => (await storage.readCheckpoint('r', 1))?.checkpoint ?? null,
    nothing: null,
    damaged: [
      ['step', { ...checkpoint, step: 1.5 }],
      ['optimizer.variance', { ...checkpoint, optimizer: without(checkpoint.optimizer, 'variance') }],
      ['optimizer.mean[0]', { ...checkpoint, optimizer: { ...checkpoint.optimizer, mean: [[1, 2]] } }],
      ['best', without(checkpoint, 'best')],
      ['best.parameter', { ...checkpoint, best: { step: 1, value: 1, since: 0 } }],
      [
        'optimizer.parameter[0][1]',
        { ...checkpoint, optimizer: { ...checkpoint.optimizer, parameter: [new Float32Array([1, NaN])] } },
      ],
      [
        'best.parameter[0][0]',
        { ...checkpoint, best: { ...checkpoint.best, parameter: [new Float32Array([-1 / 0])] } },
      ],
    ],
  },
  judging: {
    key: 'judging',
    version: 1,
    value: { form: initialJudgeForm, round },
    read: async (storage) => (await storage.readJudging()).value,
    nothing: null,
    damaged: [
      ['form', { round: null }],
      ['form.seed', { form: { seed: 7 }, round }],
      ['round', { form: initialJudgeForm }],
      ['round.voices', { form: {}, round: without(round, 'voices') }],
      ['round.prompts[1]', { form: {}, round: { ...round, prompts: ['a', 3] } }],
      ['round.judgements[0].verdict', { form: {}, round: { ...round, judgements: [{ verdict: 'c' }] } }],
      ['round.answered[0].answers[0].voice', { form: {}, round: { ...round, voices: [] } }],
    ],
  },
  trials: {
    key: 'trials',
    version: 1,
    value: { form: initialPromptSetForm, trial },
    read: async (storage) => (await storage.readPromptSet()).value,
    nothing: null,
    damaged: [
      ['form.task', { form: { task: 'chess' }, trial }],
      ['trial.judge', { form: {}, trial: { ...trial, judge: 'cat' } }],
      ['trial.against', { form: {}, trial: { ...trial, against: 3 } }],
      ['trial.columns[0].best.count', { form: {}, trial: { ...trial, columns: [{ ...trial.columns[0], best: {} }] } }],
      ['trial.modelJudge.asked', { form: {}, trial: { ...trial, modelJudge: { ...trial.modelJudge, asked: 'cat' } } }],
      ['trial.answered[0]', { form: {}, trial: { ...trial, answered: [[]] } }],
      ['trial.sampling.topP', { form: {}, trial: { ...trial, sampling: without(trial.sampling, 'topP') } }],
    ],
  },
  frontier: {
    key: 'frontier',
    version: 1,
    value: { form: initialSweepForm, sweep },
    read: async (storage) => (await storage.readSweep()).value,
    nothing: null,
    damaged: [
      ['form.labels', { form: { labels: 'soggy' }, sweep }],
      ['sweep.betas[0]', { form: {}, sweep: { ...sweep, betas: [0, 1, 2] } }],
      ['sweep.runs', { form: {}, sweep: { ...sweep, runs: ['r'] } }],
      ['sweep.prompts', { form: {}, sweep: { ...sweep, prompts: [] } }],
      ['sweep.reward', { form: {}, sweep: { ...sweep, reward: 'weather' } }],
      ['sweep.job.method', { form: {}, sweep: { ...sweep, job: { method: 'prayer', config: {} } } }],
      ['sweep.answered[0][0][0].isCut', { form: {}, sweep: { ...sweep, answered: [[[{ text: '', reward: 1 }]]] } }],
    ],
  },
  settings: {
    key: 'settings',
    version: 1,
    value: settings,
    read: (storage) => storage.readSettings(),
    nothing: null,
    damaged: [
      ['', null],
      ['', [1]],
    ],
  },
};

async function read({ key, read: readRecord, beside = {} }: KeptRecord, stored: unknown) {
  const disk = new Map<string, unknown>([[key, stored], ...Object.entries(beside)]);
  const storage = createStorage(mapKeyValue(disk));
  const heard: SetAside[] = [];
  storage.onSetAside((aside) => heard.push(aside));
  return { value: await readRecord(storage), disk, storage, heard };
}

describe.each(Object.entries(records))('the record "%s"', (_, record) => {
  const { key, version, value, nothing, damaged } = record;

  it('is read as it was written, with fields that this Airlock does not know', async () => {
    const opened = await read(record, { version, value });
    expect(opened.value).toEqual(value);
    expect(opened.heard).toEqual([]);
  });

  it.each(damaged)('is set aside where %s is wrong: %j', async (path, broken) => {
    const stored = { version, value: broken };
    const { value: got, disk, storage, heard } = await read(record, stored);
    expect(got).toEqual(nothing);
    const [aside, ...more] = await storage.listSetAside();
    expect(more).toEqual([]);
    expect(heard).toEqual([aside]);
    expect(aside).toMatchObject({ from: key, part: null, misfit: { reason: 'wrong', path } });
    expect((await storage.readSetAside(aside!)).found).toEqual(stored);
    for (const language of ['en', 'ko'] as const) {
      const words = textIn(language).setAside;
      const sentence = words.item(
        whatIsSetAside(words, aside!, (id) => id),
        whyIsSetAside(words, aside!.misfit),
      );
      expect(sentence).toContain(path === '' ? words.why.whole : `\`${path}\``);
      expect(sentence).not.toMatch(/undefined|\[object/);
    }
    await storage.deleteSetAside(aside!);
    expect([...disk.keys()].filter((each) => each.startsWith('set-aside'))).toEqual([]);
  });

  it.each([null, 'text', 3, [], {}, { value }, { version: '1', value }, { version: -1, value }])(
    'is set aside without a version: %j',
    async (stored) => {
      const { value: got, storage } = await read(record, stored);
      expect(got).toEqual(nothing);
      const [aside] = await storage.listSetAside();
      expect(aside).toMatchObject({ from: key, misfit: { reason: 'noVersion' } });
      expect((await storage.readSetAside(aside!)).found).toEqual(stored);
    },
  );

  it('is told once and left where the disk does not give it, and another takes its place', async () => {
    const { value: got, disk, storage, heard } = await read(record, new Unreadable('Data lost'));
    expect(got).toEqual(nothing);
    await record.read(storage);
    expect(heard).toMatchObject([{ from: key, part: null, misfit: { reason: 'unreadable', why: 'Data lost' } }]);
    expect(await storage.listSetAside()).toEqual(heard);
    expect(disk.get(key)).toBeInstanceOf(Unreadable);
    for (const language of ['en', 'ko'] as const)
      expect(whyIsSetAside(textIn(language).setAside, heard[0]!.misfit)).toContain('Data lost');
    disk.set(key, { version, value });
    expect(await record.read(storage)).toEqual(value);
    expect(await storage.listSetAside()).toEqual([]);
    disk.set(key, new Unreadable('Data lost'));
    await storage.deleteSetAside(heard[0]!);
  });

  it('is told, not used and left in its place where a full disk takes no copy', async () => {
    const stored = { version, value: 'nothing of the kind' };
    const disk = new Map<string, unknown>([[key, stored], ...Object.entries(record.beside ?? {})]);
    const full = async () => Promise.reject(new DOMException('Quota exceeded.', 'QuotaExceededError'));
    const storage = createStorage({ ...mapKeyValue(disk), changeMany: full, setMany: full });
    const heard: SetAside[] = [];
    storage.onSetAside((aside) => heard.push(aside));
    expect(await record.read(storage)).toEqual(nothing);
    expect(await record.read(storage)).toEqual(nothing);
    expect(heard).toMatchObject([{ from: key, misfit: { reason: 'wrong' } }]);
    expect((await storage.readSetAside(heard[0]!)).found).toEqual(stored);
    await storage.deleteSetAside(heard[0]!);
    expect(disk.has(key)).toBe(false);
    expect(await storage.listSetAside()).toEqual([]);
  });

  it('of a newer Airlock is kept safe, and goes back when an Airlock that reads it finds its place free', async () => {
    const stored = { version: version + 1, value: { something: 'new' } };
    const { value: got, disk, storage } = await read(record, stored);
    expect(got).toEqual(nothing);
    const [aside] = await storage.listSetAside();
    expect(aside?.misfit).toEqual({ reason: 'newer', version: version + 1, limit: version });
    expect(disk.get(`set-aside/${aside!.id}`)).toEqual(stored);
    // As a newer Airlock would see it: what is there fits.
    disk.set(`set-aside/${aside!.id}`, { version, value });
    disk.delete(key);
    const later = createStorage(mapKeyValue(disk));
    expect(await record.read(later)).toEqual(value);
    expect(await later.listSetAside()).toEqual([]);
  });
});

describe('records of earlier versions', () => {
  it('are read: a run of the first Airlock, a data set without a split, forms with fewer fields', async () => {
    const disk = new Map<string, unknown>([
      ['run/r', { version: 1, value: run }],
      ['dataset', { version: 1, value: { rows: [{ pair, file: 'a', row: 1 }] } }],
      ['judging', { version: 1, value: { form: { prompts: 'x' }, round: null } }],
      ['trials', { version: 1, value: { form: { count: '3' }, trial: without(trial, 'modelJudge') } }],
      ['settings', { version: 1, value: { training: { beta: '0.5' }, sampling: { topK: '3' }, table: {}, start: {} } }],
    ]);
    const storage = createStorage(mapKeyValue(disk));
    expect(await storage.readRuns()).toEqual([run]);
    expect((await storage.readDataset()).value).toEqual({ rows: [{ pair, file: 'a', row: 1 }], split: null });
    expect((await storage.readJudging()).value?.form).toEqual({ ...initialJudgeForm, prompts: 'x' });
    expect((await storage.readPromptSet()).value).toEqual({
      form: { ...initialPromptSetForm, count: '3' },
      trial: { ...trial, modelJudge: null },
    });
    expect(await storage.readSettings()).toEqual({
      training: { ...initialForm, beta: '0.5' },
      sampling: { ...initialSampling, topK: '3' },
      table: { search: '', filter: 'all' },
      start: { startFrom: null, reference: null },
    });
    expect(await storage.listSetAside()).toEqual([]);
  });
});

describe('what stands alone in a record', () => {
  const rowOf = (row: number, change: object = {}) => ({ pair, file: 'a.jsonl', row, ...change });

  it('of the data set are the rows: those that fit stay, the others are set aside together', async () => {
    const bad = [rowOf(2, { pair: { ...pair, chosen: 3 } }), rowOf(4, { row: 'four' }), null];
    const value = { rows: [rowOf(1), bad[0], rowOf(3), bad[1], bad[2]], split: null };
    const { value: got, disk, storage } = await read(records['dataset']!, { version: 2, value });
    expect(got).toEqual({ rows: [rowOf(1), rowOf(3)], split: null });
    expect(disk.get('dataset')).toMatchObject({ version: 2, value: got });
    const [aside] = await storage.listSetAside();
    expect(aside).toMatchObject({
      part: 'rows',
      count: 3,
      misfit: { path: 'rows[1].pair.chosen', seen: '3', expected: [{ kind: 'text' }] },
    });
    expect((await storage.readSetAside(aside!)).found).toEqual({ version: 2, value: bad });
  });

  it('of the data set are rows whose bytes changed on the disk, by their check sums', async () => {
    const disk = new Map<string, unknown>();
    const rows = Array.from({ length: 50 }, (_, n) => rowOf(n, { scores: { chosen: n / 3, rejected: -0 } }));
    const db = mapKeyValue(disk);
    await createStorage(db).writeDataset({ rows, split: null }, undefined);
    const reread = await createStorage(db).readDataset();
    expect(reread.value?.rows).toHaveLength(50);
    const stored = disk.get('dataset') as { value: { rows: { pair: { chosen: string } }[] }; sums: Uint32Array };
    const [{ pair: first }] = stored.value.rows.slice(7) as [{ pair: { chosen: string } }];
    stored.value.rows[7] = {
      ...stored.value.rows[7],
      pair: { ...first, chosen: `${first.chosen.slice(0, -1)}\u0000` },
    };
    const storage = createStorage(db);
    expect((await storage.readDataset()).value?.rows).toEqual(rows.filter((_, n) => n !== 7));
    const [aside] = await storage.listSetAside();
    expect(aside).toMatchObject({ from: 'dataset', part: 'rows', count: 1, misfit: { reason: 'altered' } });
    expect((await storage.readSetAside(aside!)).found).toMatchObject({ value: [{ row: 7 }] });
    // What is left has sums of its own, and sums of other rows mean nothing.
    expect((await createStorage(db).readDataset()).value?.rows).toHaveLength(49);
    disk.set('dataset', { ...stored, sums: new Uint32Array(3) });
    expect((await createStorage(db).readDataset()).value?.rows).toHaveLength(50);
  });

  it('of the data set is the split, which does not take the rows with it', async () => {
    const value = { rows: [rowOf(1)], split: { evaluationShare: 2, seed: 1 } };
    const { value: got, storage } = await read(records['dataset']!, { version: 2, value });
    expect(got).toEqual({ rows: [rowOf(1)], split: null });
    expect(await storage.listSetAside()).toMatchObject([{ part: 'split', misfit: { path: 'split.evaluationShare' } }]);
  });

  it.each<readonly [keyof typeof settings, string, unknown]>([
    ['device', 'device', 'tpu'],
    ['training', 'training.seed', { ...initialForm, seed: 7 }],
    ['start', 'start.reference', { reference: 3 }],
    ['lastModel', 'lastModel.isReopened', { id: 'm' }],
    ['starterDue', 'starterDue', 7],
    ['dismissed', 'dismissed', 'r'],
    ['dataset', 'dataset', 3],
    ['sampling', 'sampling.topP', { topP: 1 }],
    ['columns', 'columns[0].strength', [{ id: 'column-1', choice: 'base', strength: 'x' }]],
    ['comparison', 'comparison.shading', { shading: 'rainbow' }],
    ['compared', 'compared[0]', [null]],
    ['table', 'table.filter', { filter: 'odd' }],
    ['products', 'products.gpu.gflops', { gpu: { variant: '64x64-8x8', gflops: 'fast' } }],
  ])('of the settings is each one: %s', async (part, path, broken) => {
    const value = { ...settings, [part]: broken };
    const { value: got, storage } = await read(records['settings']!, { version: 1, value });
    expect(got).toEqual(without(settings, part));
    const [aside, ...more] = await storage.listSetAside();
    expect(more).toEqual([]);
    expect(aside).toMatchObject({ from: 'settings', part, misfit: { path } });
    expect((await storage.readSetAside(aside!)).found).toEqual({ version: 1, value: broken });
  });
});

describe('a record that was set aside', () => {
  it('of a run is given out and deleted with all that is kept beside it', async () => {
    const { disk, storage } = await read(records['run']!, { version: 1, value: { ...run, method: 'nonsense' } });
    disk.set('adapter/r', { version: 1, value: { a: new Uint8Array([7]) } });
    disk.set('checkpoint/r/1', { version: 1, value: checkpoint });
    disk.set('adapter/other', { version: 1, value: {} });
    const [aside] = await storage.listSetAside();
    expect(aside?.name).toBe('dpo-1');
    expect(Object.keys((await storage.readSetAside(aside!)).beside)).toEqual(['adapter/r', 'checkpoint/r/1']);
    await storage.deleteSetAside(aside!);
    expect([...disk.keys()]).toEqual(['adapter/other']);
  });

  it('does not stand in the way of what is kept in its place afterwards, nor is it lost by that', async () => {
    const { disk, storage } = await read(records['dataset']!, { version: 3, value: {} });
    const stamp = await storage.writeDataset({ rows: [], split: null }, undefined);
    expect(stamp).not.toBeNull();
    const later = createStorage(mapKeyValue(disk));
    expect((await later.readDataset()).value).toEqual({ rows: [], split: null });
    expect(await later.listSetAside()).toHaveLength(1);
  });

  it('is left where it is where a newer Airlock in another tab wrote it while this page was open', async () => {
    const { disk, storage } = await read(records['dataset']!, { version: 2, value: { rows: [], split: null } });
    const newer = { version: 3, value: { rows: {} } };
    disk.set('dataset', newer);
    await expect(storage.readDataset()).rejects.toThrow(
      'The data set was stored by a newer Airlock (format 3; this one reads up to 2). Open the newer Airlock to use it.',
    );
    expect(disk.get('dataset')).toEqual(newer);
    expect(await storage.listSetAside()).toEqual([]);
  });

  it('is listed though its note is damaged, by what its key tells', async () => {
    const disk = new Map<string, unknown>([
      ['set-aside/run/r/2026-01-01T00:00:00.000Z', { version: 9 }],
      ['set-aside-note/run/r/2026-01-01T00:00:00.000Z', 'text'],
    ]);
    const [aside] = await createStorage(mapKeyValue(disk)).listSetAside();
    expect(aside).toMatchObject({ from: 'run/r', at: '2026-01-01T00:00:00.000Z', misfit: null });
  });

  it('a damaged stamp keeps nothing from being written', async () => {
    const disk = new Map<string, unknown>([['stamp/settings', 5]]);
    const storage = createStorage(mapKeyValue(disk));
    await storage.writeSettings({ device: 'wasm' });
    expect(await storage.readSettings()).toEqual({ device: 'wasm' });
  });
});
