/** @file The stores over a scripted engine and a storage in a Map: what the screens rely on, without a browser. */
import { message, sentenceOf } from '../../messages/message';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { maxFileBytes } from '../../data/import/table-limits';
import { firstDatasetId } from '../../storage/dataset-record';
import { mapKeyValue, type KeyValue } from '../../storage/key-value';
import { methods } from '../../run/config';
import { createStorage } from '../plain/records';
import type { DeviceReport, ModelSummary, Progress, RequestKind, Requests, TrainResult } from '../../worker/protocol';
import type { StepMetrics } from '../../run/metrics';
import type { DownCause } from '../plain/engine/recovery';
import { EngineError, type CallOptions, type Engine } from '../browser/engine-client';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import type { TabNews } from '../browser/tab-news';
import { visibleRows } from './quality';
import { exampleModel } from '../plain/examples';
import { rewardOfRun } from '../plain/compare/best-of';
import { withMethod } from '../plain/train/options';

const device: DeviceReport = { device: 'wasm', reason: 'No GPU.', description: '2 threads' };

function summaryOf(name: string): ModelSummary {
  return {
    ...exampleModel,
    name,
    fingerprint: `print-of-${name}`,
    linears: ['q_proj'],
  };
}

const stepOf = (step: number): StepMetrics => ({
  step,
  epoch: step,
  loss: 0.7 - step / 10,
  grad_norm: 1,
  learning_rate: 1e-4,
  'rewards/margins': step,
});

const resultOf = (stopped = false): TrainResult => ({
  adapter: { 'adapter_model.safetensors': new Uint8Array([1, 2, 3]) },
  steps: 2,
  totalSteps: 2,
  stopped,
  bestStep: null,
  endedEarly: false,
  warnings: ['One row was left out.'],
  seconds: 4,
});

interface Call {
  readonly kind: RequestKind;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly report: (event: Progress) => void;
  readonly resolve: (out: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Answers devices, models and checks by itself; leaves training and generation to the test. */
class ScriptedEngine implements Engine {
  readonly calls: Call[] = [];
  readonly auto: { [K in RequestKind]?: (input: Requests[K]['in']) => Requests[K]['out'] } = {
    adapterShape: () => ({
      ...{ lora_r: 16, lora_alpha: 32, lora_target_modules: ['q_proj'], layers_to_transform: null },
    }),
    openDevice: () => device,
    openModel: ({ name }) => summaryOf(name),
    countTokens: () => 1,
    modelTokens: () => ({ specialTokens: ['<s>'], eosToken: null }),
    checkPairs: ({ pairs }) =>
      pairs.map((_, index) => ({
        index,
        promptTokens: 1,
        chosenTokens: 2,
        rejectedTokens: 3,
        pieceTokens: 0,
        warnings: [],
        faults: [],
        problem: null,
      })),
  };
  private readonly listeners: ((error: Error, cause: DownCause) => void)[] = [];

  call<K extends RequestKind>(
    kind: K,
    input: Requests[K]['in'],
    options: CallOptions = {},
  ): Promise<Requests[K]['out']> {
    return new Promise((resolve, reject) => {
      this.calls.push({
        kind,
        input,
        signal: options.signal,
        report: (event) => options.onProgress?.(event),
        resolve: resolve as (out: unknown) => void,
        reject,
      });
      const answer = this.auto[kind] as ((input: unknown) => Requests[K]['out']) | undefined;
      if (answer === undefined) return;
      try {
        resolve(answer(input));
      } catch (error) {
        reject(error as Error);
      }
    });
  }
  down(error: Error, cause: DownCause): void {
    for (const listener of this.listeners) listener(error, cause);
  }
  onDown(listener: (error: Error, cause: DownCause) => void): () => void {
    this.listeners.push(listener);
    return () => {};
  }
  onSilence(): () => void {
    return () => {};
  }
  restart(): void {
    this.calls.length = 0;
  }
  async last(kind: RequestKind): Promise<Call> {
    return eventually(() => {
      const call = this.calls.findLast((candidate) => candidate.kind === kind);
      if (call === undefined) throw new Error(`There was no call of ${kind}.`);
      return call;
    });
  }
}

const pair = { prompt: 'p', chosen: 'c', rejected: 'r' };

/** One pair a prompt; "bad" is a broken line. */
const linesOf = (...prompts: string[]) =>
  new Blob([prompts.map((prompt) => (prompt === 'bad' ? '{"bad"' : JSON.stringify({ ...pair, prompt }))).join('\n')]);

let engine: ScriptedEngine;
let disk: Map<string, unknown>;
let isFull: boolean;
let alive: Set<string>;

async function reopen(news?: TabNews): Promise<Studio> {
  // A timer of the test before must not write to this test's disk.
  const ownDisk = disk;
  const whole = mapKeyValue(ownDisk);
  const refuseFull = () => {
    if (isFull) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
  };
  const db: KeyValue = {
    ...whole,
    setMany: async (entries) => (refuseFull(), whole.setMany(entries)),
    changeMany: async (keys, change) => (refuseFull(), whole.changeMany(keys, change)),
  };
  return openTestStudio({
    engine,
    storage: createStorage(db),
    space: {
      readSpace: async () => ({ usedBytes: disk.size, roomBytes: 0, persisted: false }),
      requestPersistence: async () => false,
    },
    isRunning: async (id) => alive.has(id),
    markRunning: (id) => {
      alive.add(id);
      return () => alive.delete(id);
    },
    ...(news && { news }),
  });
}

async function withModelAndPairs(): Promise<Studio> {
  const studio = await reopen();
  await studio.model.getState().openDirectory('tiny', []);
  await studio.dataset.getState().importFile('a.jsonl', linesOf('one', 'two'));
  return studio;
}

const messages = (studio: Studio) => studio.notices.getState().notices.map(({ message }) => sentenceOf(message));

beforeEach(() => {
  engine = new ScriptedEngine();
  disk = new Map();
  isFull = false;
  alive = new Set();
});

describe('damaged records', () => {
  it('are set aside and said, and all else works', async () => {
    const first = await withModelAndPairs();
    first.training.getState().setForm({ beta: '0.5' });
    await eventually(() => expect(disk.get('settings')).toBeDefined());
    const { version, value } = disk.get('dataset') as { version: number; value: { rows: object[] } };
    disk.set('dataset', { version, value: { ...value, rows: [...value.rows, { pair: { prompt: 3 } }] } });
    disk.set('run/r', { version: 1, value: { id: 'r', name: 'dpo-1', method: 'evolution' } });
    disk.set('judging', { version: 7, value: {} });
    disk.set('settings', { version: 1, value: { training: { beta: '0.5' }, device: 'tpu' } });

    const studio = await reopen();
    expect(studio.dataset.getState().rows).toHaveLength(2);
    expect(studio.training.getState().form.beta).toBe('0.5');
    expect(messages(studio).sort()).toEqual(
      [
        'the choice of a device, and set it aside: `device` is "tpu", where one of auto, webgpu, wasm belongs',
        '1 pair of the data set, and set it aside: `rows[2].pair.prompt` is 3, where text or a list belongs',
        'the run “dpo-1”, and set it aside: `method` is "evolution", where one of ' + `${methods.join(', ')} belongs`,
        'the round of judging and its form, and set it aside: a newer Airlock wrote it (format 7; this one reads up to 1) and will read it again where this one keeps nothing in its place',
      ]
        .map((said) => `Airlock could not read ${said}. Download or delete it under Storage, at the top of the page.`)
        .sort(),
    );
    const { setAside } = studio;
    await setAside.getState().refresh();
    expect(
      setAside
        .getState()
        .records.map(({ from }) => from)
        .sort(),
    ).toEqual(['dataset', 'judging', 'run/r', 'settings']);

    const again = await reopen();
    expect(messages(again)).toEqual([]);
    expect(again.dataset.getState().rows).toHaveLength(2);
    await again.setAside.getState().refresh();
    for (const record of again.setAside.getState().records) await again.setAside.getState().remove(record);
    expect(again.setAside.getState().records).toEqual([]);
    expect([...disk.keys()].filter((key) => key.startsWith('set-aside'))).toEqual([]);
  });
});

describe('two tabs', () => {
  const promptsOf = ({ dataset }: Studio) => dataset.getState().rows.map((row) => row.pair.prompt);
  const stored = async () => promptsOf(await reopen());

  /** Tabs that hear of each other's writes only when told to. */
  function twoTabs(): { readonly news: [TabNews, TabNews]; readonly deliver: () => void } {
    const listeners: ((topic: string) => void)[] = [];
    const waiting: (() => void)[] = [];
    const tab = (own: number): TabNews => ({
      tellTabs: (topic) => waiting.push(() => listeners[1 - own]?.(topic)),
      listen: (listener) => (listeners[own] = listener),
    });
    return { news: [tab(0), tab(1)], deliver: () => waiting.splice(0).forEach((send) => send()) };
  }

  it('keep the changes of both where both write at once', async () => {
    const {
      news: [first, second],
    } = twoTabs();
    const here = await reopen(first);
    await here.dataset.getState().importFile('a.jsonl', linesOf('one', 'two', 'three'));
    const there = await reopen(second);
    await Promise.all([
      here.dataset.getState().remove(0),
      there.dataset.getState().edit(there.dataset.getState().rows[1]!, { ...pair, prompt: 'TWO' }),
      there.dataset.getState().importFile('b.jsonl', linesOf('four')),
    ]);
    expect(await stored()).toEqual(['TWO', 'three', 'four']);
    expect(promptsOf(there)).toEqual(['TWO', 'three', 'four']);
    expect([...messages(here), ...messages(there)].join(' ')).toContain('the changes of both tabs are kept');
  });

  it('hear of each other, and an undo spares what the other tab did since', async () => {
    const {
      news: [first, second],
      deliver,
    } = twoTabs();
    const here = await reopen(first);
    await here.dataset.getState().importFile('a.jsonl', linesOf('one', 'two', 'three'));
    const there = await reopen(second);
    await here.dataset.getState().edit(here.dataset.getState().rows[0]!, { ...pair, prompt: 'ONE' });
    deliver();
    await eventually(() => expect(promptsOf(there)).toEqual(['ONE', 'two', 'three']));
    await there.dataset.getState().remove(2);
    await there.dataset.getState().setSplit({ evaluationShare: 0.5, seed: 3 });
    await there.dataset.getState().setSplit(null);
    deliver();
    await eventually(() => expect(promptsOf(here)).toEqual(['ONE', 'two']));
    expect(here.dataset.getState().split).toBeNull();
    const undo = here.notices.getState().notices.find(({ message }) => message === 'Pair 1 changed.');
    here.notices.getState().undo(undo!.id);
    await eventually(async () => expect(await stored()).toEqual(['one', 'two']));
  });

  it('do not save what the other tab has changed under an open pair', async () => {
    const {
      news: [first, second],
      deliver,
    } = twoTabs();
    const here = await reopen(first);
    await here.dataset.getState().importFile('a.jsonl', linesOf('one', 'two'));
    const opened = here.dataset.getState().rows[1]!;
    const there = await reopen(second);
    await there.dataset.getState().edit(there.dataset.getState().rows[1]!, { ...pair, prompt: 'TWO' });
    deliver();
    await eventually(() => expect(promptsOf(here)).toEqual(['one', 'TWO']));
    expect(await here.dataset.getState().edit(opened, { ...pair, prompt: 'lost?' })).toBe(false);
    expect(await stored()).toEqual(['one', 'TWO']);
  });

  it('keep each its own settings in storage', async () => {
    const {
      news: [first, second],
    } = twoTabs();
    const [here, there] = [await reopen(first), await reopen(second)];
    here.training.getState().setForm({ beta: '0.3' });
    await eventually(() => expect(JSON.stringify(disk.get('settings'))).toContain('"beta":"0.3"'));
    there.compare.getState().setSampling({ temperature: '0.9' });
    there.quality.getState().setSearch('pump');
    await eventually(() => expect(JSON.stringify(disk.get('settings'))).toContain('"search":"pump"'));
    const again = await reopen();
    expect(again.training.getState().form.beta).toBe('0.3');
    expect(again.compare.getState().sampling.temperature).toBe('0.9');
    expect(again.quality.getState().search).toBe('pump');
  });
});

describe('model', () => {
  it('keeps the model it has when another is refused', async () => {
    const { model } = await reopen();
    await model.getState().openDirectory('tiny', []);
    engine.auto.openModel = () => {
      throw new EngineError({ name: 'UserError', message: 'The directory has no weights.', stack: '' });
    };
    await model.getState().openDirectory('broken', []);
    expect(model.getState().summary?.name).toBe('tiny');
    expect(model.getState().refusal?.sentence).toBe('The directory has no weights.');
    expect(model.getState().loading).toBeNull();
  });

  it('opens the model again, from the same files, after the engine went down', async () => {
    const { model } = await reopen();
    const files = [{ path: 'config.json', blob: new Blob() }];
    await model.getState().openDirectory('tiny', files);
    engine.down(new EngineError({ name: 'UserError', message: 'The device is gone.', stack: '' }), 'failed');
    expect(model.getState().down?.sentence).toBe('The device is gone.');
    await eventually(() =>
      expect(engine.calls.map(({ kind }) => kind).slice(0, 2)).toEqual(['openDevice', 'openModel']),
    );
    expect((await engine.last('openModel')).input).toEqual({ name: 'tiny', files });
    await eventually(() =>
      expect(model.getState()).toMatchObject({ down: null, device, summary: { name: 'tiny' }, loading: null }),
    );
  });

  it('has a GPU measured when a model is first opened on it, and what was found is there at the next visit', async () => {
    const choice = { variant: '64x64-8x8', gflops: 2100 };
    engine.auto.openDevice = () => ({ ...device, device: 'webgpu', adapter: 'a GPU' });
    engine.auto.tuneProducts = () => choice;
    const { model } = await reopen();
    await model.getState().openDirectory('tiny', [{ path: 'config.json', blob: new Blob() }]);
    expect((await engine.last('tuneProducts')).input).toEqual({ kept: null });
    expect(model.getState()).toMatchObject({ products: { 'a GPU': choice }, loading: null });
    await eventually(() => expect(disk.get('settings')).toMatchObject({ value: { products: { 'a GPU': choice } } }));
    const again = await reopen();
    await again.model.getState().openDirectory('tiny', [{ path: 'config.json', blob: new Blob() }]);
    expect((await engine.last('tuneProducts')).input).toEqual({ kept: choice });
  });

  it('opens a model on a GPU that cannot be measured', async () => {
    engine.auto.openDevice = () => ({ ...device, device: 'webgpu', adapter: 'a GPU' });
    engine.auto.tuneProducts = () => {
      throw new Error('no clock');
    };
    const { model } = await reopen();
    await model.getState().openDirectory('tiny', [{ path: 'config.json', blob: new Blob() }]);
    expect(model.getState()).toMatchObject({ products: {}, refusal: null, summary: { name: 'tiny' }, loading: null });
  });

  it('says why the engine did not start', async () => {
    engine.auto.openDevice = () => {
      throw new Error('wasm is broken');
    };
    const { model } = await reopen();
    await eventually(() =>
      expect(model.getState().down?.sentence).toBe('Something failed inside Airlock: wasm is broken'),
    );
    expect(model.getState().down?.details).not.toBeNull();
  });
});

describe('data', () => {
  it('imports good rows, lists refused ones, and has the pairs after a reload', async () => {
    const { dataset } = await reopen();
    await dataset.getState().importFile('a.jsonl', linesOf('one', 'bad', 'three'));
    expect(dataset.getState().lastImport).toEqual({
      file: 'a.jsonl',
      imported: 2,
      refused: [
        {
          row: 2,
          message: message('rowHas', {
            row: 2,
            file: 'a.jsonl',
            problem: message('rowInvalid', { format: 'JSON', reason: expect.stringMatching(/JSON/) as string }),
          }),
        },
      ],
      isKept: true,
      failure: null,
    });
    const again = await reopen();
    expect(again.dataset.getState().rows.map(({ pair: { prompt }, row }) => [prompt, row])).toEqual([
      ['one', 1],
      ['three', 3],
    ]);
  });

  it('reads nothing of a file that is above the limit, and says so', async () => {
    const { dataset } = await reopen();
    const arrayBuffer = vi.fn(() => Promise.resolve(new ArrayBuffer(0)));
    const file = { size: maxFileBytes + 1, arrayBuffer } as unknown as Blob;
    await dataset.getState().importFile('large.jsonl', file);
    expect(arrayBuffer).not.toHaveBeenCalled();
    expect(dataset.getState()).toMatchObject({ rows: [], lastImport: { file: 'large.jsonl', imported: 0 } });
    expect(dataset.getState().lastImport?.failure).toMatch(/^large\.jsonl/);
    await dataset.getState().importFile('full.jsonl', { size: maxFileBytes, arrayBuffer } as unknown as Blob);
    expect(arrayBuffer).toHaveBeenCalledOnce();
  });

  it('shows what it recognised before it imports another shape, and takes columns by hand', async () => {
    const { dataset } = await reopen();
    const file = new Blob(['frage,x,y\nWhy?,Because.,No.\nWhen?,Now.,\n']);
    await dataset.getState().importFile('a.csv', file);
    expect(dataset.getState()).toMatchObject({
      rows: [],
      previews: [{ file: 'a.csv', origin: 'unknown', plan: { prompt: '', chosen: '' }, parsed: null }],
    });
    const plan = { shape: 'pairs', prompt: 'frage', chosen: 'x', rejected: 'y' } as const;
    dataset.getState().planImport(plan);
    expect(
      dataset.getState().previews[0]?.parsed?.errors.map(({ row, message }) => ({ row, message: sentenceOf(message) })),
    ).toEqual([{ row: 3, message: 'Row 3 of a.csv has an empty `y`; write the answer.' }]);
    await dataset.getState().confirmImport();
    expect(dataset.getState().previews).toEqual([]);
    expect(dataset.getState().rows).toEqual([
      { pair: { prompt: 'Why?', chosen: 'Because.', rejected: 'No.' }, file: 'a.csv', row: 2 },
    ]);
    await dataset.getState().importFile('b.csv', file);
    expect(dataset.getState().previews[0]).toMatchObject({ origin: 'remembered', plan });
    dataset.getState().cancelImport();
    expect(dataset.getState()).toMatchObject({ previews: [], importing: null });
    expect(dataset.getState().rows).toHaveLength(1);
  });

  it('runs the checks with the tokens of the model, fixes what they found, and takes it back', async () => {
    const studio = await withModelAndPairs();
    const { dataset, quality, notices } = studio;
    await dataset.getState().importFile('b.jsonl', linesOf('one', '<s>three'));
    await quality.getState().checkRows();
    expect(quality.getState().found?.report).toMatchObject({ exactDuplicate: [2], specialTokens: [3] });
    expect(visibleRows(dataset.getState().rows, 'specialTokens', '', quality.getState().found!.report, null)).toEqual([
      3,
    ]);
    expect(visibleRows(dataset.getState().rows, 'all', ' TWO', {}, null)).toEqual([1]);
    quality.getState().setFilter('exactDuplicate');
    await quality.getState().fix('exactDuplicate');
    expect(dataset.getState().rows).toHaveLength(3);
    expect(quality.getState().filter).toBe('all');
    // The report is of the rows before: nothing is done with it.
    await quality.getState().fix('specialTokens');
    expect(dataset.getState().rows).toHaveLength(3);
    notices.getState().undo(notices.getState().notices.at(-1)!.id);
    await eventually(() => expect(dataset.getState().rows).toHaveLength(4));
  });

  it('edits and changes rows, keeps the split, and takes a change back around later ones', async () => {
    const { dataset, notices } = await reopen();
    const prompts = () => dataset.getState().rows.map(({ pair: { prompt } }) => prompt);
    await dataset.getState().importFile('a.jsonl', linesOf('one', 'two', 'three'));
    await dataset.getState().setSplit({ evaluationShare: 0.5, seed: 1 });
    await dataset.getState().edit(dataset.getState().rows[0]!, { ...pair, prompt: 'ONE' });
    await dataset.getState().change(({ rows }) => ({ rows: rows.slice(0, 1), what: { kind: 'fixed', number: 2 } }));
    const { id } = notices.getState().notices.at(-1)!;
    await dataset.getState().importFile('b.jsonl', linesOf('four'));
    await dataset.getState().remove(0);
    notices.getState().undo(id);
    await eventually(() => expect(prompts()).toEqual(['two', 'three', 'four']));
    expect((await reopen()).dataset.getState().split).toEqual({ evaluationShare: 0.5, seed: 1 });
  });

  it('stores nothing of a wholly bad file', async () => {
    const { dataset } = await reopen();
    await dataset.getState().importFile('a.jsonl', linesOf('bad', 'bad'));
    expect(sentenceOf(dataset.getState().lastImport?.failure ?? '')).toMatch(/^a\.jsonl has no line of valid JSON/);
    expect(dataset.getState().rows).toEqual([]);
    expect(disk.size).toBe(0);
  });

  it('adds a file, or gives it a data set of its own, and takes both kinds of deletion back', async () => {
    const { dataset, notices } = await reopen();
    const prompts = () => dataset.getState().rows.map(({ pair: { prompt } }) => prompt);
    const undo = () => notices.getState().undo(notices.getState().notices.at(-1)!.id);
    await dataset.getState().importFile('a.jsonl', linesOf('one', 'two', 'three'));
    await dataset.getState().remove(1);
    expect(prompts()).toEqual(['one', 'three']);
    undo();
    await eventually(() => expect(prompts()).toEqual(['one', 'two', 'three']));
    await dataset.getState().removeAll();
    expect(prompts()).toEqual([]);
    undo();
    await eventually(() => expect(prompts()).toEqual(['one', 'two', 'three']));
    dataset.getState().setImportMode('ownSet');
    await dataset.getState().importFile('b.jsonl', linesOf('four'));
    expect(prompts()).toEqual(['four']);
    await dataset.getState().openSet(firstDatasetId);
    expect(prompts()).toEqual(['one', 'two', 'three']);
  });

  it('keeps the pairs in use and says so when they cannot be written', async () => {
    isFull = true;
    const studio = await reopen();
    await studio.dataset.getState().importFile('a.jsonl', linesOf('one'));
    expect(studio.dataset.getState().rows).toHaveLength(1);
    expect(messages(studio)[0]).toMatch(
      /^Could not save the pairs: the browser's storage is full.*gone after a reload\.$/,
    );
  });

  it('checks the pairs with the model, and forgets the check when the pairs change', async () => {
    const { dataset } = await withModelAndPairs();
    await eventually(() => expect(dataset.getState().check?.reports).toHaveLength(2));
    expect(dataset.getState().check).toMatchObject({ fingerprint: 'print-of-tiny', maxLength: 512 });
    await dataset.getState().remove(0);
    expect(dataset.getState().check).toBeNull();
    await eventually(() => expect(dataset.getState().check?.reports).toHaveLength(1));
  });
});

describe('training', () => {
  it('stores the run, its metrics and its adapter, there again after a reload', async () => {
    const studio = await withModelAndPairs();
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    expect(studio.training.getState().active).toMatchObject({ name: 'dpo-1', totalSteps: 3 });
    call.report({ kind: 'reference', done: 1, total: 2 });
    call.report({ kind: 'step', metrics: stepOf(1), totalSteps: 2, secondsPerStep: 1, secondsLeft: 1 });
    call.report({ kind: 'step', metrics: stepOf(2), totalSteps: 2, secondsPerStep: 1, secondsLeft: 0 });
    await eventually(() => expect(studio.training.getState().active?.metrics).toHaveLength(2));
    expect(studio.training.getState().active?.phase.kind).toBe('training');
    call.resolve(resultOf());
    await started;
    expect(studio.training.getState()).toMatchObject({ active: null, last: { failure: null, stopped: false } });

    const { library } = await reopen();
    const [run] = library.getState().runs;
    expect(run).toMatchObject({
      name: 'dpo-1',
      status: 'finished',
      method: 'dpo',
      modelName: 'tiny',
      modelFingerprint: 'print-of-tiny',
      steps: 2,
      pairs: 1,
      evaluation: { pairs: 1 },
      finalMargin: 2,
      adapterBytes: 3,
      warnings: ['One row was left out.'],
    });
    expect(run!.finalLoss).toBeCloseTo(0.5);
    await library.getState().loadMetrics(run!.id);
    expect(library.getState().metrics[run!.id]).toHaveLength(2);
    expect(await library.getState().adapterOf(run!.id)).toEqual(resultOf().adapter);
    expect(alive.size).toBe(0);
  });

  it('has the answers of a run judged by the reward model of another, which its record names', async () => {
    const { training, library } = await withModelAndPairs();
    training.getState().setForm({ method: 'reward' });
    const judge = training.getState().start();
    (await engine.last('train')).resolve(resultOf());
    await judge;
    const [{ id } = { id: '' }] = library.getState().runs;
    training.getState().setForm({ ...withMethod(training.getState().form, 'rloo'), reward: rewardOfRun(id) });
    training.getState().setForm({ per_device_train_batch_size: '4' });
    const started = training.getState().start();
    const { input, resolve } = await eventually(() => {
      const call = engine.calls.filter(({ kind }) => kind === 'train')[1];
      if (call === undefined) throw new Error('The second run has not begun.');
      return call;
    });
    expect(input).toMatchObject({
      config: { method: 'rloo', reward: { model: id } },
      rewardModel: { name: 'reward-1', files: resultOf().adapter },
    });
    resolve(resultOf());
    await started;
    const again = (await reopen()).library.getState().runs.find(({ method }) => method === 'rloo');
    expect(again?.config.reward).toEqual({ model: id });
  });

  it('trains SFT, then DPO, each from a fresh adapter', async () => {
    const studio = await withModelAndPairs();
    studio.training.getState().setForm({ method: 'both' });
    const started = studio.training.getState().start();
    const first = await engine.last('train');
    expect(first.input).toMatchObject({ config: { method: 'sft', learning_rate: 2e-4 }, initAdapter: null });
    first.resolve(resultOf());
    await eventually(() => expect(engine.calls.filter(({ kind }) => kind === 'train')).toHaveLength(2));
    const second = await engine.last('train');
    expect(second.input).toMatchObject({ config: { method: 'dpo', learning_rate: 1e-4 }, initAdapter: null });
    second.resolve(resultOf());
    await started;
    expect(
      studio.library
        .getState()
        .runs.map(({ name }) => name)
        .sort(),
    ).toEqual(['dpo-1', 'sft-1']);
  });

  it('keeps an imported adapter as a run, trains against it as the reference, and keeps what step 0 showed', async () => {
    const studio = await withModelAndPairs();
    const files = { 'adapter_config.json': Uint8Array.of(1, 2) };
    const report = {
      lora_r: 4,
      lora_alpha: 8,
      target_modules: ['q_proj'],
      ancestors: ['older'],
      basePrecision: null,
      knowsBase: true,
      method: null,
    };
    engine.auto.checkAdapter = () => ({ report, files });
    expect(await studio.training.getState().importAdapter('tone', [])).toBeNull();
    expect(await studio.training.getState().importAdapter('tone', [])).toBeNull();
    const runs = studio.library.getState().runs;
    expect(runs.map(({ name }) => name).sort()).toEqual(['tone', 'tone-2']);
    const tone = runs.find(({ name }) => name === 'tone')!;
    expect(tone).toMatchObject({
      method: 'sft',
      adapterBytes: 2,
      imported: { ancestors: ['older'], knowsBase: true, knowsMethod: false },
    });
    studio.training.getState().setForm({ method: 'dpo' });
    studio.training.getState().setReference(tone.id);
    studio.training.getState().setStartFrom('a run that was deleted');
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    expect(call.input).toMatchObject({ initAdapter: null, refAdapter: { name: 'tone', files } });
    const start = { loss: Math.LN2, expectedLoss: Math.LN2, rewards: { chosen: 0, rejected: 0 } };
    call.report({ kind: 'start', ...start });
    call.resolve(resultOf());
    await started;
    expect(studio.library.getState().runs.find(({ name }) => name === 'dpo-1')).toMatchObject({
      reference: tone.id,
      start,
    });

    // From the adapter, against the base.
    studio.training.getState().setStartFrom(tone.id);
    studio.training.getState().setReference('base');
    const again = studio.training.getState().start();
    const next = await eventually(() => {
      const last = engine.calls.findLast(({ kind }) => kind === 'train');
      if (last === undefined || last === call) throw new Error('There was no second run.');
      return last;
    });
    expect(next.input).toMatchObject({ initAdapter: { name: 'tone' }, refAdapter: 'base' });
    next.resolve(resultOf());
    await again;
    const second = studio.library.getState().runs.find(({ name }) => name === 'dpo-2');
    expect(second).toMatchObject({ startedFrom: tone.id, reference: 'base' });
  });

  it('keeps the adapter of a stopped run and starts no second one', async () => {
    const studio = await withModelAndPairs();
    studio.training.getState().setForm({ method: 'both' });
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    studio.training.getState().stop();
    expect(call.signal?.aborted).toBe(true);
    expect(studio.training.getState().active?.stopping).toBe(true);
    call.resolve(resultOf(true));
    await started;
    expect(studio.library.getState().runs).toMatchObject([{ name: 'sft-1', status: 'stopped', adapterBytes: 3 }]);
    expect(studio.training.getState().last).toMatchObject({ stopped: true, failure: null });
  });

  it('marks a run as paused only where it was paused, not where one before it was', async () => {
    const studio = await withModelAndPairs();
    studio.training.getState().setForm({ save_steps: '0' });
    const ends = [
      ['pause', 'paused'],
      ['stop', 'stopped'],
    ] as const;
    // The settings are checked a moment after they were changed, perhaps after training has begun.
    const trainings = () => engine.calls.filter(({ kind }) => kind === 'train');
    for (const [index, [action, status]] of ends.entries()) {
      const started = studio.training.getState().start();
      await eventually(() => expect(trainings()).toHaveLength(index + 1));
      studio.training.getState()[action]();
      expect(studio.training.getState().active).toMatchObject({ stopping: true, pausing: action === 'pause' });
      trainings().at(-1)!.resolve(resultOf(true));
      await started;
      expect(
        studio.library.getState().runs.find(({ id }) => id === studio.training.getState().last?.runIds[0]),
      ).toMatchObject({ status });
    }
  });

  it('continues a chosen adapter', async () => {
    const studio = await withModelAndPairs();
    const first = studio.training.getState().start();
    (await engine.last('train')).resolve(resultOf());
    await first;
    const [run] = studio.library.getState().runs;
    const shape = { lora_r: 5, lora_alpha: 9, lora_target_modules: ['q_proj'], layers_to_transform: [0] };
    engine.auto.adapterShape = () => shape;
    studio.training.getState().setForm({ lora_r: '16' });
    studio.training.getState().setStartFrom(run!.id);
    await eventually(() => expect(studio.training.getState().startShape).toEqual({ runId: run!.id, shape }));
    const second = studio.training.getState().start();
    await eventually(() => expect(engine.calls.filter(({ kind }) => kind === 'train')).toHaveLength(2));
    const call = await engine.last('train');
    // The adapter's shape, whatever the form says; the form is as it was typed for the next fresh one.
    expect(call.input).toMatchObject({ initAdapter: { files: resultOf().adapter } });
    expect((call.input as Requests['train']['in']).config).toMatchObject({ lora_r: 5, lora_alpha: 9 });
    expect(studio.training.getState().form.lora_r).toBe('16');
    studio.training.getState().setStartFrom(null);
    await eventually(() => expect(studio.training.getState().startShape).toBeNull());
    call.resolve(resultOf());
    await second;
    expect(studio.library.getState().runs[0]).toMatchObject({ name: 'dpo-2', startedFrom: run!.id });
  });

  it('records why a run failed, with the steps it made', async () => {
    const studio = await withModelAndPairs();
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    call.report({ kind: 'step', metrics: stepOf(1), totalSteps: 2, secondsPerStep: 1, secondsLeft: 1 });
    call.reject(new EngineError({ name: 'UserError', message: 'The device is gone.', stack: '' }));
    await started;
    expect(studio.library.getState().runs[0]).toMatchObject({
      status: 'failed',
      error: 'The device is gone.',
      steps: 1,
      adapterBytes: 0,
    });
    expect(studio.training.getState().last?.failure?.sentence).toBe('The device is gone.');
  });

  it('keeps an adapter in memory when it cannot be written, and says to download it', async () => {
    const studio = await withModelAndPairs();
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    isFull = true;
    call.resolve(resultOf());
    await started;
    expect(messages(studio).at(-1)).toMatch(/storage is full.*Download its adapter now/);
    expect(await studio.library.getState().adapterOf(studio.library.getState().runs[0]!.id)).toEqual(
      resultOf().adapter,
    );
  });

  it('shows a run as interrupted after its tab was closed, not while another tab trains it', async () => {
    const studio = await withModelAndPairs();
    void studio.training.getState().start();
    await engine.last('train');
    expect((await reopen()).library.getState().runs[0]?.status).toBe('running');
    alive.clear();
    expect((await reopen()).library.getState().runs[0]?.status).toBe('interrupted');
  });

  it('does not start without a model, without pairs, or with a wrong setting', async () => {
    const studio = await reopen();
    await studio.training.getState().start();
    await studio.model.getState().openDirectory('tiny', []);
    await studio.training.getState().start();
    await studio.dataset.getState().importFile('a.jsonl', linesOf('one'));
    studio.training.getState().setForm({ beta: 'much' });
    await studio.training.getState().start();
    expect(engine.calls.filter(({ kind }) => kind === 'train')).toEqual([]);
  });
});

describe('runs', () => {
  it('renames, deletes and takes the deletion back with metrics and adapter', async () => {
    const studio = await withModelAndPairs();
    const started = studio.training.getState().start();
    const call = await engine.last('train');
    call.report({ kind: 'step', metrics: stepOf(1), totalSteps: 1, secondsPerStep: 1, secondsLeft: 0 });
    call.resolve(resultOf());
    await started;
    const { library, notices } = await reopen();
    const { id } = library.getState().runs[0]!;
    await library.getState().label(id, { name: '  polite  ' });
    await library.getState().label(id, { name: ' ' });
    expect(library.getState().runs[0]?.name).toBe('polite');
    await library.getState().remove(id);
    expect((await reopen()).library.getState().runs).toEqual([]);
    notices.getState().undo(notices.getState().notices.at(-1)!.id);
    await eventually(() => expect(library.getState().runs[0]?.name).toBe('polite'));
    const later = (await reopen()).library;
    expect(later.getState().runs).toMatchObject([{ id, name: 'polite' }]);
    expect(await later.getState().adapterOf(id)).toEqual(resultOf().adapter);
  });
});

describe('comparison', () => {
  async function trained(): Promise<Studio> {
    const studio = await withModelAndPairs();
    const started = studio.training.getState().start();
    (await engine.last('train')).resolve(resultOf());
    await started;
    return studio;
  }

  const [base, sft, dpo] = ['column-1', 'column-2', 'column-3'] as const;
  const generated = (label: string, text: string, ids = [1, 2]) => ({
    label,
    text,
    tokens: ids.length,
    ids,
    finish: 'eos' as const,
    secondsPerToken: 0.1,
  });

  it('streams base and the newest adapter of this model side by side', async () => {
    const { compare } = await trained();
    compare.getState().setPrompt('Hello');
    const answered = compare.getState().generate();
    const call = await engine.last('generate');
    expect(call.input).toEqual({
      prompt: 'Hello',
      variants: [
        { label: base, adapter: null, strength: 1 },
        { label: dpo, adapter: resultOf().adapter, strength: 1 },
      ],
      options: { maxNewTokens: 128, temperature: 0, topK: 0, topP: 1, seed: 0 },
    });
    call.report({ kind: 'token', variant: 1, text: 'Good', tokens: 1 });
    expect(compare.getState().answers[dpo]).toMatchObject({
      text: 'Good',
      tokens: 1,
      finish: null,
      run: { name: 'dpo-1' },
    });
    call.resolve([generated(base, 'Hi', [1]), { ...generated(dpo, 'Good day'), finish: 'length' }]);
    await answered;
    expect(compare.getState().answers).toMatchObject({
      [base]: { text: 'Hi', finish: 'eos', ids: [1] },
      [dpo]: { text: 'Good day', finish: 'length' },
    });
    expect(compare.getState().answers).not.toHaveProperty(sft);
  });

  it('answers a column again at another strength, to what the others answered, and ends the answer that it replaces', async () => {
    const { compare } = await trained();
    compare.getState().setPrompt('Hello');
    engine.auto.generate = ({ variants }) => variants.map(({ label, strength }) => generated(label, `at ${strength}`));
    await compare.getState().generate();
    compare.getState().setPrompt('Another prompt');
    compare.getState().setSampling({ temperature: '1' });
    delete engine.auto.generate;
    engine.restart();
    compare.getState().setStrength(dpo, 52);
    const first = compare.getState().answerAgain(dpo);
    const replaced = await engine.last('generate');
    expect(replaced.input).toMatchObject({
      prompt: 'Hello',
      options: { temperature: 0 },
      variants: [{ label: dpo, strength: 0.5 }],
    });
    compare.getState().setStrength(dpo, 150);
    const second = compare.getState().answerAgain(dpo);
    expect(replaced.signal?.aborted).toBe(true);
    replaced.resolve([{ ...generated(dpo, 'half'), finish: 'stopped' }]);
    engine.restart();
    await first;
    const call = await engine.last('generate');
    expect(call.input).toMatchObject({ variants: [{ label: dpo, strength: 1.5 }] });
    call.resolve([generated(dpo, 'at 1.5')]);
    await second;
    expect(compare.getState().answers).toMatchObject({
      [base]: { text: 'at 1' },
      [dpo]: { text: 'at 1.5', strength: 150 },
    });
    expect(compare.getState()).toMatchObject({ generating: false, answering: [] });
  });

  it('scores the tokens of every answer under an adapter and what it was trained against', async () => {
    const { compare, library } = await trained();
    engine.auto.generate = ({ variants }) => variants.map(({ label }) => generated(label, 'Hi'));
    engine.auto.scoreTokens = ({ answers }) =>
      answers.map((ids) => ids.map(() => ({ text: 'x', isSpecial: false, logp: -1, reference: -1.5 })));
    compare.getState().setPrompt('Hello');
    await compare.getState().generate();
    expect(engine.calls.some(({ kind }) => kind === 'scoreTokens')).toBe(false);
    compare.getState().setShading('tokens');
    await eventually(() => expect(compare.getState().scores).not.toBeNull());
    expect((await engine.last('scoreTokens')).input).toEqual({
      prompt: 'Hello',
      answers: [
        [1, 2],
        [1, 2],
      ],
      policy: { adapter: resultOf().adapter, strength: 1 },
      reference: { adapter: null, strength: 1 },
    });
    expect(compare.getState().scores).toMatchObject({
      policy: { run: 'dpo-1', strength: 100 },
      reference: null,
      isStandIn: false,
      beta: 0.1,
    });
    expect(Object.keys(compare.getState().scores?.answers ?? {})).toEqual([base, dpo]);

    const [run] = library.getState().runs;
    await library.getState().save({ ...run!, reference: 'deleted', config: { ...run!.config, loss_type: ['simpo'] } });
    compare.getState().setScoredBy(dpo);
    await eventually(() => expect(compare.getState().scores).toMatchObject({ isStandIn: true, beta: null }));
  });

  it('sends a user message to a chat model, or plain text if asked to', async () => {
    engine.auto.openModel = ({ name }) => ({ ...summaryOf(name), hasChatTemplate: true });
    engine.auto.generate = () => [];
    const { compare } = await withModelAndPairs();
    compare.getState().setPrompt('Hello');
    await compare.getState().generate();
    expect((await engine.last('generate')).input).toMatchObject({ prompt: [{ role: 'user', content: 'Hello' }] });
    compare.getState().setPlainText(true);
    await compare.getState().generate();
    expect((await engine.last('generate')).input).toMatchObject({ prompt: 'Hello' });
  });

  it('has no answers of a model that is no longer open', async () => {
    const { compare, model } = await trained();
    engine.auto.generate = ({ variants }) => variants.map(({ label }) => generated(label, 'Hi'));
    compare.getState().setPrompt('Hello');
    await compare.getState().generate();
    expect(Object.keys(compare.getState().answers)).toHaveLength(2);
    await model.getState().openDirectory('other', []);
    expect(compare.getState()).toMatchObject({ answers: {}, asked: null, scores: null, prompt: '' });
  });

  it('leaves out adapters of other models', async () => {
    const { compare, model } = await trained();
    await model.getState().openDirectory('other', []);
    engine.auto.generate = () => [];
    compare.getState().setPrompt('Hello');
    await compare.getState().generate();
    expect((await engine.last('generate')).input).toMatchObject({ variants: [{ label: base }] });
  });

  it('keeps what was written when it is stopped or fails', async () => {
    const { compare } = await trained();
    compare.getState().setPrompt('Hello');
    const answered = compare.getState().generate();
    const call = await engine.last('generate');
    call.report({ kind: 'token', variant: 0, text: 'Half an', tokens: 2 });
    call.reject(new EngineError({ name: 'UserError', message: 'The device is gone.', stack: '' }));
    await answered;
    expect(compare.getState()).toMatchObject({ generating: false, failure: { sentence: 'The device is gone.' } });
    expect(compare.getState().answers[base]).toMatchObject({ text: 'Half an', finish: 'stopped' });
  });
});

it('remembers the settings of training and sampling', async () => {
  const { training, compare } = await reopen();
  training.getState().setForm({ beta: '0.25' });
  compare.getState().setSampling({ temperature: '0.7' });
  compare.getState().removeColumn('column-2');
  await eventually(() => expect(disk.has('settings')).toBe(true));
  const again = await reopen();
  expect(again.training.getState().form.beta).toBe('0.25');
  expect(again.compare.getState().sampling.temperature).toBe('0.7');
  expect(again.compare.getState().columns.map(({ id }) => id)).toEqual(['column-1', 'column-3']);
});
