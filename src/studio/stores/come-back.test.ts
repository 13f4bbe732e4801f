/** @file The studio at the next visit: the model of the last one, and a run that was cut off. */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { UserError } from '../../core/errors';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import type { RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import { exampleModel, exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import { starterModelName as nameOf } from '../plain/starter/recipe';
import { cutOffRun } from '../plain/runs/going-on';
import { eventually } from './eventually';
import { memoryModels } from './memory-models';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';

let disk: Map<string, unknown>;
let kept: StoredModel[];
let calls: { readonly kind: RequestKind; readonly input: unknown }[];
/** Runs that another tab trains. */
let alive: Set<string>;
/** What opening a model comes to. */
let opening: (options: CallOptions) => Promise<void>;
let shortages: readonly unknown[];
let shipped: boolean;

const answer = async (kind: RequestKind, input: unknown, options: CallOptions): Promise<unknown> => {
  calls.push({ kind, input });
  const {
    name = '',
    precision,
    settings,
  } = input as {
    readonly name?: string;
    readonly precision?: string;
    readonly settings?: { readonly precision: string };
  };
  const asked = settings?.precision === 'auto' ? 'float32' : settings?.precision;
  switch (kind) {
    case 'openDevice':
      return { device: 'wasm', reason: '', description: '' };
    case 'inspectModel':
      return { plan: { shortages, estimate: { precision: asked } } };
    case 'openModel':
      await opening(options);
      return { ...exampleModel, name, fingerprint: `print-of-${name}`, precision };
    case 'modelTokens':
      return { specialTokens: [], eosToken: null };
    case 'train':
      return {
        adapter: {},
        steps: 9,
        totalSteps: 9,
        stopped: false,
        bestStep: null,
        endedEarly: false,
        warnings: [],
        seconds: 1,
      };
    default:
      return [];
  }
};

const engine: Engine = {
  call: async <K extends RequestKind>(kind: K, input: Requests[K]['in'], options: CallOptions = {}) =>
    (await answer(kind, input, options)) as Requests[K]['out'],
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

function visit(): Promise<Studio> {
  return openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(disk)),
    storedModels: memoryModels(kept),
    isRunning: async (id) => alive.has(id),
    fetchStarterFile: async (path) => {
      if (!shipped) return null;
      const manifest = { model: ['config.json'], tasks: [{ id: 'sentiment', train: 't', eval: 'e' }] };
      return new Blob([path === 'manifest.json' ? JSON.stringify(manifest) : '{}']);
    },
  });
}

const nameOfOpen = (studio: Studio) => studio.model.getState().summary?.name ?? null;
const warnings = (studio: Studio) =>
  studio.notices.getState().notices.flatMap(({ tone, message }) => (tone === 'error' ? [sentenceOf(message)] : []));
const opened = () =>
  calls.flatMap(({ kind, input }) => (kind === 'openModel' ? [(input as { name: string }).name] : []));
/** Waits until nothing more will be opened by itself. */
async function settle(studio: Studio): Promise<void> {
  await eventually(() => expect(studio.model.getState()).toMatchObject({ starting: false, loading: null }));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve));
  await eventually(() => expect(studio.comeBack.getState().isReopening).toBe(false));
}

async function firstVisit(): Promise<Studio> {
  const studio = await visit();
  await eventually(() => expect(studio.model.getState().device).not.toBeNull());
  await studio.modelShelf.getState().addDirectory('tiny', [{ path: 'config.json', blob: new Blob() }]);
  calls = [];
  return studio;
}

const cutOff: Run = {
  ...exampleRun,
  id: 'cut',
  name: 'dpo-3',
  status: 'running',
  modelName: 'tiny',
  modelFingerprint: 'print-of-tiny',
  config: { method: 'dpo' },
  steps: 5,
  totalSteps: 9,
  checkpoints: [4],
};

async function keepRun(studio: Studio, run: Run): Promise<void> {
  const checkpoint = { step: 4, optimizer: { parameter: [], mean: [], variance: [], steps: 4 }, best: null };
  const pairs = { train: [{ prompt: 'p', chosen: 'c', rejected: 'r' }], evaluation: [] };
  await studio.library
    .getState()
    .saveCheckpoint({ ...run, checkpoints: [] }, checkpoint, pairs, { metrics: [], samples: [] });
}

beforeEach(() => {
  [disk, kept, calls, alive, shortages, shipped] = [new Map(), [], [], new Set(), [], false];
  opening = async () => {};
});

it('opens the model of the last visit again', async () => {
  await firstVisit();
  const studio = await visit();
  // The page is there before the model is.
  expect(nameOfOpen(studio)).toBeNull();
  await eventually(() => expect(nameOfOpen(studio)).toBe('tiny'));
  expect(studio.modelShelf.getState().opened?.name).toBe('tiny');
  await studio.modelShelf.getState().remove('id-of-tiny');
  const later = await visit();
  await settle(later);
  expect(nameOfOpen(later)).toBeNull();
  expect(warnings(later)).toEqual([]);
});

it('says why it could not, and offers it without trying again by itself', async () => {
  await firstVisit();
  opening = () => Promise.reject(new UserError('asSaid', { sentence: 'The memory is full.' }));
  const studio = await visit();
  await eventually(() => expect(warnings(studio)).toEqual(['The memory is full.']));
  const later = await visit();
  await settle(later);
  expect(opened()).toEqual(['tiny']);
  expect(later.modelShelf.getState().last).toEqual({ id: 'id-of-tiny', isReopened: false });
  opening = async () => {};
  await later.modelShelf.getState().open('id-of-tiny');
  await eventually(async () => expect(nameOfOpen(await visit().then(async (s) => (await settle(s), s)))).toBe('tiny'));
});

it('says that it does not fit any more', async () => {
  await firstVisit();
  shortages = [{ kind: 'memory', neededBytes: 2, grantedBytes: 1 }];
  const studio = await visit();
  await eventually(() =>
    expect(warnings(studio).join()).toContain('tiny, the model of your last visit, was not opened'),
  );
});

it('is cancelled by a person, and not tried again then', async () => {
  await firstVisit();
  opening = ({ signal }) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new DOMException('Stopped.', 'AbortError')));
    });
  const studio = await visit();
  await eventually(() => expect(studio.model.getState().loading).not.toBeNull());
  expect(studio.comeBack.getState().isReopening).toBe(true);
  studio.comeBack.getState().cancelReopening();
  await settle(studio);
  expect(warnings(studio)).toEqual([]);
  const later = await visit();
  await settle(later);
  expect(opened()).toEqual(['tiny']);
});

it('does not try again by itself what ended the page, nor beside a tab that trains', async () => {
  const first = await firstVisit();
  opening = () => new Promise(() => {});
  const ended = await visit();
  await eventually(() => expect(ended.model.getState().loading).not.toBeNull());
  opening = async () => {};
  const later = await visit();
  await settle(later);
  expect(opened()).toEqual(['tiny']);
  await later.modelShelf.getState().open('id-of-tiny');
  alive.add('cut');
  await keepRun(first, cutOff);
  const second = await visit();
  await settle(second);
  expect(nameOfOpen(second)).toBeNull();
});

it('goes on with a run that was cut off, after it has opened its model as it was held', async () => {
  const first = await firstVisit();
  await keepRun(first, { ...cutOff, precision: 'int4' });
  shortages = [{ kind: 'memory', neededBytes: 2, grantedBytes: 1 }];
  const studio = await visit();
  await settle(studio);
  shortages = [];
  const run = cutOffRun(studio.library.getState().runs, []);
  expect(run).toMatchObject({ name: 'dpo-3', status: 'interrupted', steps: 5, totalSteps: 9 });
  await studio.comeBack.getState().goOn('cut');
  expect(studio.model.getState().summary).toMatchObject({ name: 'tiny', precision: 'int4' });
  // Not first in another form, which the device may have no room for.
  expect(opened()).toEqual(['tiny']);
  expect(calls.find(({ kind }) => kind === 'train')?.input).toMatchObject({ resume: { step: 4 } });
  expect(cutOffRun(studio.library.getState().runs, [])).toBeNull();
});

it('says which model it needs where that is not kept, and keeps a run away that was put away', async () => {
  const first = await firstVisit();
  await keepRun(first, { ...cutOff, modelName: 'other', modelFingerprint: 'print-of-other' });
  const studio = await visit();
  await settle(studio);
  await studio.comeBack.getState().goOn('cut');
  expect(warnings(studio).join()).toContain('dpo-3 was trained on other');
  expect(calls.some(({ kind }) => kind === 'train')).toBe(false);
  studio.comeBack.getState().dismiss('cut');
  await eventually(() => expect(JSON.stringify(disk.get('settings'))).toContain('"dismissed":["cut"]'));
  const later = await visit();
  expect(cutOffRun(later.library.getState().runs, later.comeBack.getState().dismissed)).toBeNull();
});

const starterModelName = nameOf({ id: 'sentiment' });

it('opens the starter’s model for its runs, at a visit that has never opened it, and keeps it', async () => {
  shipped = true;
  const studio = await visit();
  await eventually(() => expect(studio.starter.getState().manifest).not.toBeNull());
  const print = `print-of-${starterModelName}`;
  expect(await studio.comeBack.getState().openModelOf({ modelName: starterModelName, modelFingerprint: print })).toBe(
    true,
  );
  expect(kept).toMatchObject([{ name: starterModelName, fingerprint: print }]);
  const later = await visit();
  await eventually(() => expect(nameOfOpen(later)).toBe(starterModelName));
});
