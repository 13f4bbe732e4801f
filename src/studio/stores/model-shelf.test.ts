/** @file The Models screen's store over a scripted engine and a store of models in memory. */
import { sentenceOf } from '../../messages/message';
import { beforeEach, expect, it, vi } from 'vitest';
import { AbortError, UserError } from '../../core/errors';
import type { CopyOptions, CopySource } from '../../storage/models/copy-files';
import type { ModelStore as StoredModelStore } from '../../storage/models/model-store';
import type { StoredModel } from '../../storage/models/stored-model';
import type { ModelInspection, ModelSummary, RequestKind } from '../../worker/protocol';
import type { MemoryEstimate, Shortage } from '../../run/memory-plan';
import type { Engine } from '../browser/engine-client';
import { EngineTime } from './engine-time';
import { createOpenModelStore, type OpenModelStore } from './open-model';
import { createModelShelfStore, type ModelShelfStore } from './model-shelf';
import { createNoticeStore, type NoticeStore } from './notices';

const summaryOf = (name: string): ModelSummary => ({
  name,
  fingerprint: `print-of-${name}`,
  architecture: 'llama',
  parameters: 1,
  layers: 1,
  hiddenSize: 1,
  vocabularySize: 1,
  contextLength: 1,
  dtype: 'F32',
  precision: 'float32',
  tiedEmbeddings: true,
  hasChatTemplate: false,
  templateChoice: null,
  eosToken: null,
  linears: ['q_proj'],
  weightBytes: 1,
  warnings: [],
});

const estimate: MemoryEstimate = {
  device: 'wasm',
  precision: 'float32',
  max_length: 512,
  per_device_train_batch_size: 2,
  lora_r: 8,
  row_tokens: 512,
  gradient_checkpointing: false,
  weights: 4,
  adapter_and_optimizer: 3,
  activations: 2,
  answers: 0,
  answers_at_once: 0,
  ...{ judge: 0, judge_heap: 0 },
  workspace: 1,
  generation_heap: 4,
  total: 10,
  answering: 0,
  largest_tensor: 1,
};
const tooLarge: Shortage = { kind: 'memory', neededBytes: 10, grantedBytes: 8 };

let shortages: Shortage[];
let planned: MemoryEstimate['precision'];
let refusal: string | null;
let calls: { kind: RequestKind; input: { name: string } }[];
let kept: StoredModel[];
let released: string[];
let add: StoredModelStore['add'];
let check: StoredModelStore['check'];
let model: OpenModelStore;
let notices: NoticeStore;
let modelShelf: ModelShelfStore;

const engine = {
  async call(kind: RequestKind, input: { name: string }) {
    calls.push({ kind, input });
    if (kind === 'inspectModel') {
      if (refusal !== null) throw new UserError('asSaid', { sentence: refusal });
      const inspection: ModelInspection = {
        summary: summaryOf(input.name),
        plan: {
          estimate: { ...estimate, precision: planned },
          shortages,
          options: [{ estimate, shortages, fitsCheckpointed: false }],
          proposal: null,
          grants: { device: 'wasm', memoryBytes: 8, bindingBytes: null, takesFloat16: true },
        },
      };
      return inspection;
    }
    const { summary } = model.getState();
    if (kind === 'chooseTemplate') return summary;
    return kind === 'renameModel'
      ? { ...summary, name: input.name }
      : { ...summaryOf(input.name), ...('precision' in input && { precision: input.precision }) };
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
} as unknown as Engine;

const storedModel = (name: string): StoredModel => ({
  id: `id-of-${name}`,
  name,
  addedAt: '2026-01-01T00:00:00Z',
  sizeBytes: 6,
  sha256: 'ab',
  files: [],
});
const filesOf = (...paths: string[]) => paths.map((path) => ({ path, blob: new Blob(['123456']) }));
const loadedNames = () => calls.flatMap(({ kind, input }) => (kind === 'openModel' ? [input.name] : []));
const messages = () => notices.getState().notices.map(({ message }) => sentenceOf(message));

beforeEach(() => {
  planned = 'float32';
  [shortages, refusal, calls, kept, released] = [[], null, [], [], []];
  check = async () => {};
  add = async (name) => {
    kept = [storedModel(name), ...kept];
    return storedModel(name);
  };
  model = createOpenModelStore(engine, new EngineTime());
  notices = createNoticeStore();
  const stored: StoredModelStore = {
    list: async () => ({ models: kept, unfit: [] }),
    readFound: async () => null,
    clean: async () => {},
    add: (...input) => add(...input),
    open: async (id) => {
      const found = kept.find((candidate) => candidate.id === id);
      if (found === undefined) throw new UserError('modelGone');
      return { model: found, files: filesOf('config.json'), release: async () => void released.push(id) };
    },
    check: (...input) => check(...input),
    annotate: async (id, notes) => {
      kept = kept.map((candidate) => (candidate.id === id ? { ...candidate, ...notes } : candidate));
      return kept.find((candidate) => candidate.id === id)!;
    },
    remove: async (id) => void (kept = kept.filter((candidate) => candidate.id !== id)),
  };
  modelShelf = createModelShelfStore({
    engine,
    model,
    notices,
    stored,
    base: 'http://localhost/app/',
    onStored: () => {},
    keepLast: async () => {},
    now: () => Date.now(),
    getPlanSettings: () => ({
      method: 'dpo',
      gradient_checkpointing: null,
      max_length: 512,
      per_device_train_batch_size: 2,
      lora_r: 8,
      lora_target_modules: 'all-linear',
    }),
    fetchServerModels: async () => [
      { name: 'big', sizeBytes: 6, files: [{ path: 'config.json', sizeBytes: 6, sha256: null }] },
    ],
  });
});

it('keeps the files that are read of a chosen directory, and loads the model from the store', async () => {
  const seen: string[] = [];
  const original = add;
  add = (name, sources, options) => (seen.push(...sources.map(({ path }) => path)), original(name, sources, options));
  await modelShelf
    .getState()
    .addDirectory('tiny', filesOf('config.json', 'tokenizer.json', 'model.safetensors', 'pytorch_model.bin'));
  expect(seen).toEqual(['config.json', 'tokenizer.json', 'model.safetensors']);
  expect(modelShelf.getState()).toMatchObject({
    stored: [{ name: 'tiny', fingerprint: model.getState().summary?.fingerprint }],
    opened: { name: 'tiny' },
    copying: null,
    failure: null,
    candidate: { isLoaded: true },
  });
  expect(model.getState().summary?.name).toBe('tiny');
});

it('refuses what is no model before anything is copied', async () => {
  refusal = 'tiny has no tokenizer.json.';
  add = vi.fn();
  await modelShelf.getState().addDirectory('tiny', filesOf('config.json'));
  expect(sentenceOf(modelShelf.getState().failure?.sentence ?? '')).toBe('tiny has no tokenizer.json.');
  expect(add).not.toHaveBeenCalled();
});

it('shows what a model that does not fit would need, and loads it only when told to', async () => {
  shortages = [tooLarge];
  kept = [storedModel('big')];
  await modelShelf.getState().open('id-of-big');
  expect(loadedNames()).toEqual([]);
  expect(released).toEqual(['id-of-big']);
  expect(modelShelf.getState().candidate).toMatchObject({ name: 'big', isLoaded: false });
  await modelShelf.getState().loadCandidate();
  expect(loadedNames()).toEqual(['big']);
  expect(modelShelf.getState()).toMatchObject({ opened: { name: 'big' }, candidate: { isLoaded: true } });
  expect(released).toEqual(['id-of-big']);
});

it('says that the storage is full and opens the chosen files all the same', async () => {
  add = async () => {
    throw new UserError('asSaid', { sentence: "The browser's storage is full." });
  };
  await modelShelf.getState().addDirectory('tiny', filesOf('config.json'));
  expect(sentenceOf(modelShelf.getState().failure?.sentence ?? '')).toBe("The browser's storage is full.");
  expect(modelShelf.getState().opened).toBeNull();
  expect(model.getState().summary?.name).toBe('tiny');
  expect(messages()).toEqual([expect.stringContaining('this browser did not keep it')]);
});

it('shows progress and the time left, and leaves all as it was when the copy is cancelled', async () => {
  let clock = 0;
  let report: NonNullable<CopyOptions['onProgress']> = () => {};
  let signal: AbortSignal | undefined;
  vi.spyOn(Date, 'now').mockImplementation(() => clock);
  add = (_name: string, _sources: readonly CopySource[], options) =>
    new Promise((_resolve, reject) => {
      report = options?.onProgress as typeof report;
      signal = options?.signal;
      signal?.addEventListener('abort', () => reject(new AbortError()));
    });
  const adding = modelShelf
    .getState()
    .addFromServer({ name: 'big', sizeBytes: 6, files: [{ path: 'config.json', sizeBytes: 6, sha256: null }] });
  clock = 100;
  report({ path: 'config.json', doneBytes: 1, totalBytes: 6 });
  expect(modelShelf.getState().copying).toMatchObject({ name: 'big', doneBytes: 1, totalBytes: 6, secondsLeft: null });
  clock = 2000;
  report({ path: 'config.json', doneBytes: 2, totalBytes: 6 });
  expect(modelShelf.getState().copying?.secondsLeft).toBeCloseTo(4);
  modelShelf.getState().cancelCopy();
  await adding;
  vi.restoreAllMocks();
  expect(modelShelf.getState()).toMatchObject({ copying: null, failure: null, candidate: null, stored: [] });
  expect(loadedNames()).toEqual([]);
});

it('fetches a model of the server from below the page', async () => {
  let urls: string[] = [];
  const original = add;
  add = (name, sources, options) => {
    urls = sources.map((source) => ('url' in source ? source.url : ''));
    return original(name, sources, options);
  };
  await modelShelf.getState().restore();
  const [offered] = modelShelf.getState().server;
  await modelShelf.getState().addFromServer(offered!);
  expect(urls).toEqual(['http://localhost/app/models/big/config.json']);
  expect(model.getState().summary?.name).toBe('big');
});

it('keeps the chat template that was chosen with the model, and opens it with that again', async () => {
  kept = [storedModel('tiny')];
  await modelShelf.getState().open('id-of-tiny');
  await modelShelf.getState().chooseTemplate('plain');
  expect(modelShelf.getState()).toMatchObject({
    opened: { chatTemplate: 'plain' },
    stored: [{ chatTemplate: 'plain' }],
  });
  await modelShelf.getState().open('id-of-tiny');
  const given = calls.flatMap(({ kind, input }) =>
    kind === 'openModel' ? [(input as { chatTemplate?: string }).chatTemplate] : [],
  );
  expect(given).toEqual([undefined, 'plain']);
  await model.getState().restart();
  expect((calls.at(-1)?.input as { chatTemplate?: string }).chatTemplate).toBe('plain');
});

it('gives a model another name, which the open one takes at once, for its runs and at a restart too', async () => {
  kept = [storedModel('tiny'), storedModel('other')];
  await modelShelf.getState().restore();
  await modelShelf.getState().rename('id-of-other', 'second');
  expect(messages()).toEqual([]);
  await modelShelf.getState().open('id-of-tiny');
  await modelShelf.getState().rename('id-of-tiny', 'first');
  expect(
    modelShelf
      .getState()
      .stored.map(({ name }) => name)
      .sort(),
  ).toEqual(['first', 'second']);
  expect(modelShelf.getState().opened?.name).toBe('first');
  expect(messages()).toEqual([]);
  expect(model.getState().summary?.name).toBe('first');
  await model.getState().restart();
  expect(calls.findLast(({ kind }) => kind === 'openModel')?.input.name).toBe('first');
});

it('deletes the loaded model’s files and leaves it loaded', async () => {
  kept = [storedModel('tiny')];
  await modelShelf.getState().restore();
  await modelShelf.getState().open('id-of-tiny');
  await modelShelf.getState().remove('id-of-tiny');
  expect(released).toEqual(['id-of-tiny']);
  expect(modelShelf.getState()).toMatchObject({ stored: [], opened: null });
  expect(model.getState().summary?.name).toBe('tiny');
  expect(messages()).toEqual(['tiny was deleted.']);
});

it('plans at the precision that is chosen, opens a loaded model anew in it, and starts with the next model afresh', async () => {
  kept = [storedModel('big'), storedModel('other')];
  const asked = () =>
    calls.flatMap(({ kind, input }) =>
      kind === 'inspectModel' ? [(input as unknown as { settings: { precision: string } }).settings.precision] : [],
    );
  const opened = () =>
    calls.flatMap(({ kind, input }) => (kind === 'openModel' ? [(input as { precision?: string }).precision] : []));
  await modelShelf.getState().open('id-of-big');
  expect([asked().at(-1), opened()]).toEqual(['auto', ['float32']]);
  planned = 'int4';
  await modelShelf.getState().choosePrecision('int4');
  expect([asked().at(-1), opened()]).toEqual(['int4', ['float32', 'int4']]);
  expect(modelShelf.getState()).toMatchObject({
    precision: 'int4',
    candidate: { isLoaded: true },
    opened: { name: 'big' },
  });
  // A choice counts for an opening that follows at once.
  planned = 'float16';
  await Promise.all([modelShelf.getState().choosePrecision('float16'), modelShelf.getState().loadCandidate()]);
  expect(new Set(opened().slice(2))).toEqual(new Set(['float16']));
  planned = 'int4';
  await modelShelf.getState().choosePrecision('int4');
  const before = opened().length;
  // Other settings do not change how a loaded model is held.
  await modelShelf.getState().planAgain();
  expect([asked().at(-1), opened().length]).toEqual(['int4', before]);
  // What does not fit is not opened by itself.
  [planned, shortages] = ['float32', [tooLarge]];
  await modelShelf.getState().choosePrecision('float32');
  expect(opened().length).toBe(before);
  expect(modelShelf.getState().candidate).toMatchObject({ isLoaded: false });
  [shortages] = [[]];
  await modelShelf.getState().open('id-of-other');
  expect([modelShelf.getState().precision, asked().at(-1)]).toEqual(['auto', 'auto']);
});

it('opens a model only with the fingerprint that it had, and leaves that as it is where it is refused', async () => {
  kept = [{ ...storedModel('tiny'), fingerprint: 'print-of-then' }];
  await modelShelf.getState().open('id-of-tiny');
  expect(calls.at(-1)).toMatchObject({ kind: 'openModel', input: { fingerprint: 'print-of-then' } });
  expect(kept).toMatchObject([{ fingerprint: 'print-of-then' }]);
});

it('checks every byte of a model that was never opened, beside its opening, before it notes its fingerprint', async () => {
  kept = [storedModel('tiny')];
  let end = () => {};
  let progress: (done: number) => void = () => {};
  check = (_, options = {}) =>
    new Promise((resolve) => {
      end = resolve;
      progress = (doneBytes) => options.onProgress?.({ path: 'a', doneBytes, totalBytes: 6 });
    });
  await modelShelf.getState().refresh();
  await modelShelf.getState().open('id-of-tiny');
  expect(model.getState().summary?.name).toBe('tiny');
  progress(3);
  expect(modelShelf.getState().checking).toEqual({ name: 'tiny', doneBytes: 3, totalBytes: 6 });
  expect(kept).toEqual([storedModel('tiny')]);
  end();
  await vi.waitFor(() => expect(kept).toMatchObject([{ fingerprint: 'print-of-tiny' }]));
  expect(modelShelf.getState().checking).toBeNull();
});

it('says what the check found, notes nothing then, and can be cancelled', async () => {
  kept = [storedModel('tiny')];
  check = async () => {
    throw new UserError('asSaid', { sentence: 'a.json was altered.' });
  };
  await modelShelf.getState().open('id-of-tiny');
  await vi.waitFor(() => expect(messages()).toEqual(['a.json was altered.']));
  check = (_, { signal } = {}) =>
    new Promise((__, reject) => signal?.addEventListener('abort', () => reject(new AbortError())));
  const checked = modelShelf.getState().check('id-of-tiny');
  modelShelf.getState().cancelCheck();
  expect(await checked).toBe(false);
  expect(messages()).toEqual(['a.json was altered.']);
  expect(kept).toEqual([storedModel('tiny')]);
});
