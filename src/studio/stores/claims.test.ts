/** @file The check of the pairs gives way to every foreground use of the engine, and is made up for after each. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mapKeyValue } from '../../storage/key-value';
import type { ModelStore as StoredModels } from '../../storage/models/model-store';
import { createStorage } from '../plain/records';
import type { ModelSummary, RequestKind, Requests } from '../../worker/protocol';
import { EngineError, type CallOptions, type Engine } from '../browser/engine-client';
import { eventually } from './eventually';
import { noStoredModels } from './no-stored-models';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { exampleRun } from '../plain/examples';

const summary = {
  name: 'tiny',
  fingerprint: 'print',
  hasChatTemplate: false,
  weightBytes: 1,
  linears: ['q_proj'],
  precision: 'float32',
} as unknown as ModelSummary;

type Answers = {
  [K in RequestKind]?: (input: Requests[K]['in'], onProgress?: CallOptions['onProgress']) => unknown;
};

/** Answers at once what `answers` says; a check ends only where the test lets it, or by its signal. */
class SlowChecks implements Engine {
  checks = 0;
  letEnd = false;
  readonly answers: Answers = {
    openDevice: () => ({ device: 'wasm', reason: '', description: '' }),
    openModel: () => ({ ...summary }),
    chooseTemplate: () => summary,
    renameModel: () => summary,
    inspectModel: () => ({ plan: { shortages: [], estimate: { precision: 'float32' } } }),
    countTokens: () => 1,
    modelTokens: () => ({ specialTokens: [], eosToken: null }),
    probe: () => ({
      totalSteps: 1,
      secondsPerStep: 1,
      seconds: 1,
      evaluationSeconds: 0,
      peakBytes: 1,
      wasmHeapBytes: 1,
    }),
    train: () => ({ adapter: {}, steps: 1, totalSteps: 1, stopped: false, bestStep: null, warnings: [], seconds: 1 }),
    generate: ({ variants }) =>
      variants.map(({ label }) => ({ label, text: 'Hi', tokens: 1, ids: [1], finish: 'eos', secondsPerToken: 1 })),
    answerAll: ({ asked, variants }, onProgress) => {
      for (const index of asked.keys())
        onProgress?.({
          kind: 'answers',
          asked: index,
          generations: variants.map(({ label }) => ({
            label,
            text: 'Hi',
            tokens: 1,
            ids: [1],
            finish: 'eos',
            secondsPerToken: 1,
          })),
        });
      return null;
    },
    scoreTokens: ({ answers }) =>
      answers.map((ids) => ids.map(() => ({ text: 'x', isSpecial: false, logp: -1, reference: -1 }))),
  };

  call<K extends RequestKind>(kind: K, input: Requests[K]['in'], { signal, onProgress }: CallOptions = {}) {
    return new Promise<Requests[K]['out']>((resolve, reject) => {
      if (kind !== 'checkPairs')
        return resolve((this.answers[kind]?.(input, onProgress) ?? null) as Requests[K]['out']);
      this.checks++;
      const { pairs } = input as Requests['checkPairs']['in'];
      const reports = pairs.map((_, index) => ({ index, warnings: [], faults: [], problem: null }));
      if (this.letEnd) return resolve(reports as unknown as Requests[K]['out']);
      signal?.addEventListener('abort', () =>
        reject(new EngineError({ name: 'AbortError', message: 'Stopped.', stack: '' })),
      );
    });
  }
  onDown = () => () => {};
  onSilence = () => () => {};
  restart = () => {};
}

const storedTiny: StoredModels = {
  ...noStoredModels,
  open: async (id) => ({
    model: { id, name: 'tiny', addedAt: '', sizeBytes: 1, sha256: '', files: [] },
    files: [],
    release: async () => {},
  }),
  annotate: async (id) => ({ id, name: 'tiny', addedAt: '', sizeBytes: 1, sha256: '', files: [] }),
};

const lines = ['one', 'two'].map((prompt) => JSON.stringify({ prompt, chosen: 'c', rejected: 'r' }));
const manifest = JSON.stringify({
  model: ['config.json'],
  tasks: [{ id: 'sentiment', title: 'T', description: 'D', train: 'train.jsonl', eval: 'eval.jsonl' }],
});
let engine: SlowChecks;
let studio: Studio;

const settle = () => vi.advanceTimersByTimeAsync(500);
const isChecking = () => studio.dataset.getState().checking !== null;

/** Imports the pairs, whose check is then under way. */
async function importPairs(): Promise<void> {
  await studio.dataset.getState().importFile('a.jsonl', new Blob([lines.join('\n')]));
  await settle();
  expect({ checks: engine.checks, isChecking: isChecking() }).toEqual({ checks: 1, isChecking: true });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  engine = new SlowChecks();
  studio = await openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(new Map())),
    storedModels: storedTiny,
    // Its manifest alone: the starter begins, and fails for want of its files.
    fetchStarterFile: async (path) => (path === 'manifest.json' ? new Blob([manifest]) : null),
  });
  await eventually(() => expect(studio.starter.getState().manifest).not.toBeNull());
  await studio.model.getState().openDirectory('tiny', []);
});
afterEach(() => {
  vi.useRealTimers();
});

async function answer(): Promise<void> {
  studio.compare.getState().setPrompt('Hello');
  await studio.compare.getState().generate();
}

async function keepAdapter(): Promise<void> {
  await studio.library.getState().save(exampleRun, { adapter: { a: new Uint8Array([1]) } });
}

async function score(): Promise<void> {
  studio.compare.getState().setShading('tokens');
  await eventually(() => expect(studio.compare.getState().scoring).toBe(false));
}

async function judge(): Promise<void> {
  studio.judge.getState().setForm({ prompts: 'Hello', count: '1' });
  await studio.judge.getState().start();
}

async function answerPromptSet(): Promise<void> {
  studio.promptSet.getState().setForm({ source: 'typed', prompts: 'Hello', temperatures: '0' });
  await studio.promptSet.getState().start();
}

function failWith(kind: RequestKind): void {
  engine.answers[kind] = () => {
    throw new EngineError({ name: 'UserError', message: 'The device is gone.', stack: '' });
  };
}

interface Case {
  readonly name: string;
  /** Before the check is under way. */
  readonly prepare?: () => Promise<void>;
  readonly work: () => Promise<unknown>;
  /** True where the work was done, or failed as it was to fail. */
  readonly isDone: () => boolean;
}

const cases: readonly Case[] = [
  {
    name: 'training',
    work: () => studio.training.getState().start(),
    isDone: () => studio.training.getState().last?.failure === null,
  },
  {
    name: 'training that fails',
    work: () => (failWith('train'), studio.training.getState().start()),
    isDone: () => studio.training.getState().last?.failure !== null,
  },
  {
    name: 'a probe',
    work: () => studio.training.getState().startProbe(),
    isDone: () => studio.training.getState().probe?.reports.length === 1,
  },
  {
    name: 'a probe that fails',
    work: () => (failWith('probe'), studio.training.getState().startProbe()),
    isDone: () => studio.training.getState().probe?.failure !== null,
  },
  {
    name: 'answers side by side',
    work: answer,
    isDone: () => Object.keys(studio.compare.getState().answers).length > 0,
  },
  {
    name: 'scoring the tokens of answers',
    prepare: () => keepAdapter().then(answer),
    work: score,
    isDone: () => studio.compare.getState().scores !== null,
  },
  {
    name: 'answers for judging',
    work: judge,
    isDone: () => studio.judge.getState().round?.answered.length === 1,
  },
  {
    name: 'a prompt set',
    prepare: keepAdapter,
    work: answerPromptSet,
    isDone: () => studio.promptSet.getState().round?.answered.length === 1,
  },
  {
    name: 'a starter that fails',
    work: () => studio.starter.getState().start(),
    isDone: () => studio.starter.getState().failure !== null,
  },
  {
    name: 'another chat template',
    work: () => studio.modelShelf.getState().chooseTemplate({ source: '', file: '' }),
    isDone: () => studio.model.getState().refusal === null,
  },
  {
    name: 'opening a model',
    work: () => studio.modelShelf.getState().open('kept'),
    isDone: () => studio.modelShelf.getState().opened?.id === 'kept',
  },
  {
    name: 'opening a model that is refused',
    work: () => (failWith('openModel'), studio.modelShelf.getState().open('kept')),
    isDone: () => studio.model.getState().refusal !== null,
  },
];

it.each(cases)('the check is made up for after $name', async ({ prepare, work, isDone }) => {
  await prepare?.();
  await importPairs();
  engine.letEnd = true;
  await work();
  expect(isDone()).toBe(true);
  await settle();
  expect(studio.dataset.getState()).toMatchObject({ check: { reports: { length: 2 } }, checking: null });
});
