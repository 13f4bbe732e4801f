/** @file Pause, reload, resume and fork of the studio's runs, over the real trainer and a storage in a Map. */
import { sentenceOf } from '../../messages/message';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Random } from '../../core/random';
import type { LoadedModel } from '../../engine/loaded-model';
import { buildRandomModel } from '../../engine/random-model';
import type { Executor } from '../../runtime/executor';
import { openWasmExecutor } from '../../runtime/ort';
import { mapKeyValue } from '../../storage/key-value';
import { createStorage } from '../plain/records';
import { parseRunConfig } from '../../run/config';
import { train } from '../../training/trainer';
import type { ModelSummary, Requests } from '../../worker/protocol';
import type { PreferencePair } from '../../data/preference-pair';
import type { StepMetrics } from '../../run/metrics';
import type { CallOptions, Engine } from '../browser/engine-client';
import { cutOffRun, goingOn, pausedRun } from '../plain/runs/going-on';
import type { Run } from '../plain/runs/run';
import { initialForm } from '../plain/train/options';
import { eventually } from './eventually';
import { EngineTime } from './engine-time';
import { createLibraryStore } from './library';
import { noStoredModels } from './no-stored-models';
import { createNoticeStore } from './notices';
import { createTrainingStore } from './training';
import type { TrainingStore } from './training-state';

const summary: ModelSummary = {
  name: 'tiny',
  fingerprint: 'print',
  architecture: 'llama',
  parameters: 1,
  layers: 1,
  hiddenSize: 1,
  vocabularySize: 1,
  contextLength: 1,
  precision: 'float32' as const,
  dtype: 'F32',
  tiedEmbeddings: true,
  hasChatTemplate: false,
  eosToken: null,
  linears: ['q_proj'],
  weightBytes: 1,
  warnings: [],
  templateChoice: null,
};

const pairs = Array.from({ length: 9 }, (_, i): PreferencePair => ({
  prompt: `p${i}`,
  chosen: `c${i}`,
  rejected: `r${i}`,
}));
const form = {
  ...initialForm,
  duration: 'steps',
  max_steps: '8',
  save_steps: '2',
  evaluate: true,
  eval_steps: '4',
  eval_share: '0.3',
} as const;

let executor: Executor;
let model: LoadedModel;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
  model = await buildRandomModel('tiny', executor);
});
afterAll(() => executor.close());

/** The trainer without a tokenizer: a pair's tokens follow from its text. */
function encode(pair: PreferencePair) {
  const random = new Random(
    [...JSON.stringify(pair)].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0,
  );
  const tokens = (count: number) => Array.from({ length: count }, () => random.integer(512));
  return { promptIds: tokens(4), chosenIds: tokens(5), rejectedIds: tokens(3), warnings: [], faults: [] };
}

async function runTrain(
  input: Requests['train']['in'],
  { signal, onProgress }: CallOptions,
  written: (step: number) => Promise<void>,
): Promise<Requests['train']['out']> {
  const { metrics, ...result } = await train(model, {
    config: parseRunConfig(input.config),
    pairs: input.pairs.map(encode),
    resume: input.resume ?? null,
    signal,
    evaluation: input.evaluation
      ? { settings: input.evaluation.settings, pairs: input.evaluation.pairs.map(encode) }
      : null,
    checkpoints:
      input.save_steps == null
        ? null
        : {
            save_steps: input.save_steps,
            // The tiny model's steps are faster than a write, and of those that wait only the newest is written.
            onCheckpoint: (checkpoint) => {
              onProgress?.({ kind: 'checkpoint', checkpoint });
              return written(checkpoint.step);
            },
          },
    onEvent: (event) => onProgress?.(event),
  });
  return {
    ...result,
    adapter: { 'adapter_model.safetensors': new Uint8Array([1]) },
    steps: metrics.at(-1)!.step,
    warnings: [],
    seconds: 1,
  };
}

/** A page over a disk; a new one is a reload. */
async function openPage(
  disk: Map<string, unknown>,
  onStep?: (step: number, training: TrainingStore) => void,
  getModel = () => summary,
  getPairs = () => pairs,
) {
  const notices = createNoticeStore();
  const storage = createStorage(mapKeyValue(disk));
  const library = createLibraryStore({ storage, notices, isRunning: async () => false, onStored: () => {} });
  const isWritten = (step: number) =>
    vi
      .waitFor(() => {
        const { runs } = library.getState();
        if (!runs.some((run) => run.status === 'running' && run.checkpoints?.includes(step))) throw new Error();
      })
      // A test's disk may be full.
      .catch(() => {});
  const engine = {
    call: (_kind: string, input: unknown, options: CallOptions = {}) =>
      runTrain(
        input as Requests['train']['in'],
        {
          ...options,
          onProgress: (event) => {
            options.onProgress?.(event);
            if (event.kind === 'step') onStep?.(event.metrics.step, training);
          },
        },
        isWritten,
      ),
    onDown: () => () => {},
    onSilence: () => () => {},
    restart: () => {},
  } as unknown as Engine;
  const training: TrainingStore = createTrainingStore({
    engine,
    storedModels: noStoredModels,
    library,
    getModel,
    getPairs,
    getSplit: () => null,
    getReports: () => null,
    engineTime: new EngineTime(),
    markRunning: () => () => {},
    form,
  });
  await library.getState().restore();
  return { training, library, notices, storage };
}

/** Without what no two runs have in common. */
const timeless = (metrics: readonly StepMetrics[]) => metrics.map((step) => ({ ...step, tokens_per_second: 0 }));

const checkpointsOn = (disk: Map<string, unknown>) =>
  [...disk.keys()].filter((key) => key.startsWith('checkpoint/')).length;

it('paused, reloaded and resumed, a run ends as one that was never paused; a fork goes its own way', async () => {
  const unbroken = await openPage(new Map());
  await unbroken.training.getState().start();
  const [whole] = unbroken.library.getState().runs;
  expect(whole).toMatchObject({
    status: 'finished',
    steps: 8,
    checkpoints: [4, 6, 8],
    evaluation: { settings: { eval_steps: 4 } },
  });
  expect(whole!.pairs + whole!.evaluation!.pairs).toBe(pairs.length);

  const disk = new Map<string, unknown>();
  const first = await openPage(disk, (step, training) => step === 3 && training.getState().pause());
  await first.training.getState().start();
  expect(first.library.getState().runs).toMatchObject([{ status: 'paused', steps: 3, checkpoints: [2, 3] }]);

  const second = await openPage(disk);
  const { id } = second.library.getState().runs[0]!;
  // The form for a new run shows it; one that goes on by itself it is not.
  expect(pausedRun(second.library.getState().runs)?.id).toBe(id);
  expect(cutOffRun(second.library.getState().runs, [])).toBeNull();
  await second.training.getState().resume(id);
  expect(pausedRun(second.library.getState().runs)).toBeNull();
  await second.library.getState().loadMetrics(id);
  const [resumed] = second.library.getState().runs;
  expect(resumed).toMatchObject({ id, status: 'finished', steps: 8, checkpoints: [4, 6, 8], error: null });
  expect(timeless(second.library.getState().metrics[id]!)).toEqual(
    timeless(unbroken.library.getState().metrics[whole!.id]!),
  );
  expect(checkpointsOn(disk)).toBe(3);

  second.training.getState().setForm({ max_steps: '10', beta: '0.5' });
  await second.training.getState().fork(id, 6);
  const fork = second.library.getState().runs.find(({ forkedFrom }) => forkedFrom !== undefined)!;
  expect(fork).toMatchObject({
    status: 'finished',
    steps: 10,
    totalSteps: 10,
    forkedFrom: { runId: id, step: 6 },
    config: { beta: 0.5 },
  });
  const [own, parents] = [second.library.getState().metrics[fork.id]!, second.library.getState().metrics[id]!];
  expect(own.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(own.slice(0, 6)).toEqual(parents.slice(0, 6));
  expect(own[6]!.loss).not.toBe(parents[6]!.loss);

  // What was deleted can be brought back while the notice stands, checkpoints and all.
  await second.library.getState().remove(id);
  expect(checkpointsOn(disk)).toBe(3 + fork.checkpoints!.length);
  for (const notice of second.notices.getState().notices) second.notices.getState().dismiss(notice.id);
  await vi.waitFor(() => expect(checkpointsOn(disk)).toBe(fork.checkpoints!.length));
  expect(second.notices.getState().notices.filter(({ tone }) => tone !== 'info')).toEqual([]);
});

const summaryOf = ({ method, status, steps, pairs: count }: Run) => ({ method, status, steps, pairs: count });
const oldestFirst = (runs: readonly Run[]) => runs.toReversed();

describe('a twin run goes on to its end', () => {
  const twin = { method: 'both', budget: 'steps' } as const;

  async function unbroken() {
    const page = await openPage(new Map());
    page.training.getState().setForm(twin);
    await page.training.getState().start();
    return page;
  }

  it.each([
    ['in its first half', 'sft', 3, 'paused'],
    ['in its second half', 'dpo', 3, 'paused'],
    ['too late for its first half', 'sft', 8, 'finished'],
  ] as const)('when it was paused %s, the page reloaded and other pairs imported', async (_, method, at, status) => {
    const { library } = await unbroken();
    const whole = oldestFirst(library.getState().runs);
    expect(whole.map(summaryOf)).toMatchObject([{ method: 'sft' }, { method: 'dpo', status: 'finished', steps: 8 }]);
    const disk = new Map<string, unknown>();
    const first = await openPage(disk, (step, training) => {
      if (step === at && training.getState().active?.method === method) training.getState().pause();
    });
    first.training.getState().setForm(twin);
    await first.training.getState().start();
    const paused = first.library.getState().runs[0]!;
    expect(paused).toMatchObject({ method, status });
    expect(goingOn(paused, first.library.getState().runs)).toEqual({
      step: status === 'paused' ? 3 : null,
      then: method === 'sft' ? ['dpo'] : [],
    });

    const second = await openPage(disk, undefined, undefined, () => pairs.slice(0, 2));
    await second.training.getState().resume(paused.id);
    const runs = oldestFirst(second.library.getState().runs);
    expect(runs.map(summaryOf)).toEqual(whole.map(summaryOf));
    expect(runs.map((run) => goingOn(run, runs))).toEqual([null, null]);
    expect(second.training.getState().last).toEqual({
      runIds: runs.map(({ id }) => id),
      stopped: false,
      failure: null,
    });
    expect(second.library.getState().compared).toEqual(runs.map(({ id }) => id));
    const [dpo, wholeDpo] = [runs[1]!.id, whole[1]!.id];
    await second.library.getState().loadMetrics(dpo);
    expect(timeless(second.library.getState().metrics[dpo]!)).toEqual(timeless(library.getState().metrics[wholeDpo]!));
  });

  it('when its page was closed in its first half', async () => {
    const disk = new Map<string, unknown>();
    let asLeft: Map<string, unknown> | null = null;
    const page = await openPage(disk, (step, training) => {
      if (step === 6 && training.getState().active?.method === 'sft') asLeft ??= structuredClone(disk);
    });
    page.training.getState().setForm(twin);
    await page.training.getState().start();
    const again = await openPage(asLeft!);
    const [cut] = again.library.getState().runs;
    expect(cut).toMatchObject({ method: 'sft', status: 'interrupted' });
    await again.training.getState().resume(cut!.id);
    expect(oldestFirst(again.library.getState().runs).map(summaryOf)).toEqual(
      oldestFirst(page.library.getState().runs).map(summaryOf),
    );
  });
});

it.each([
  ['from its last checkpoint', 6],
  ['from the beginning, over its own pairs, where it was left before the first', 1],
])('resumes what a closed page left %s', async (_, at) => {
  const disk = new Map<string, unknown>();
  let asLeft: Map<string, unknown> | null = null;
  const page = await openPage(disk, (step) => {
    if (step === at) asLeft = structuredClone(disk);
  });
  await page.training.getState().start();
  const again = await openPage(asLeft!, undefined, undefined, () => pairs.slice(0, 2));
  await eventually(() => expect(again.library.getState().runs[0]?.status).toBe('interrupted'));
  const { id, checkpoints = [] } = again.library.getState().runs[0]!;
  expect(checkpoints.length > 0).toBe(at > 1);
  expect(cutOffRun(again.library.getState().runs, [])?.id).toBe(id);
  await again.training.getState().resume(id);
  const run = page.library.getState().runs[0]!;
  await again.library.getState().loadMetrics(id);
  expect(timeless(again.library.getState().metrics[id]!)).toEqual(timeless(page.library.getState().metrics[run.id]!));
});

interface KeptCheckpoint {
  sha256?: string;
  value: { optimizer: { parameter: Float32Array[]; mean: Float32Array[] } };
}

/** A run that was paused at step 7, with checkpoints of steps 4, 6 and 7. */
async function pausedDisk() {
  const disk = new Map<string, unknown>();
  const first = await openPage(disk, (step, training) => step === 7 && training.getState().pause());
  await first.training.getState().start();
  const run = first.library.getState().runs[0]!;
  expect(run.checkpoints).toEqual([4, 6, 7]);
  const at = (step: number) => disk.get(`checkpoint/${run.id}/${step}`) as KeptCheckpoint;
  return { disk, run, at, remove: (step: number) => disk.delete(`checkpoint/${run.id}/${step}`) };
}

const warningsOf = ({ notices }: Awaited<ReturnType<typeof openPage>>) =>
  notices
    .getState()
    .notices.filter(({ tone }) => tone === 'error')
    .map(({ message }) => sentenceOf(message));

function flipBit({ buffer }: Float32Array): void {
  new Uint8Array(buffer)[1]! ^= 4;
}

describe('where its last checkpoint is damaged, a run goes on from the newest one that is whole, and says so', () => {
  type Damage = (kept: Awaited<ReturnType<typeof pausedDisk>>) => void;
  it.each<readonly [string, number, Damage]>([
    ['a flipped bit', 6, ({ at }) => flipBit(at(7).value.optimizer.mean[0]!)],
    ['a number that is none', 6, ({ at }) => (at(7).value.optimizer.parameter[0]![3] = NaN)],
    [
      'a number that is none, and no hash',
      6,
      ({ at }) => {
        at(7).value.optimizer.parameter[0]![3] = Infinity;
        delete at(7).sha256;
      },
    ],
    ['nothing in its place', 6, ({ remove }) => remove(7)],
    ['a damaged hash', 6, ({ at }) => (at(7).sha256 = 'ff')],
    [
      'two of them damaged',
      4,
      ({ at }) => {
        flipBit(at(7).value.optimizer.mean[0]!);
        flipBit(at(6).value.optimizer.parameter[0]!);
      },
    ],
  ])('%s: from step %i', async (_, step, damage) => {
    const kept = await pausedDisk();
    damage(kept);
    const whole = await openPage(new Map());
    await whole.training.getState().start();
    const page = await openPage(kept.disk);
    const { id, name } = kept.run;
    await page.training.getState().resume(id);
    expect(page.library.getState().runs[0]).toMatchObject({ status: 'finished', steps: 8, checkpoints: [4, 6, 8] });
    expect(warningsOf(page)).toEqual([
      `The checkpoint of step 7 of run ${name} is damaged or gone; it goes on from step ${step}, the newest one that is whole.`,
    ]);
    await page.library.getState().loadMetrics(id);
    expect(timeless(page.library.getState().metrics[id]!)).toEqual(
      timeless(whole.library.getState().metrics[whole.library.getState().runs[0]!.id]!),
    );
  });

  it('none is whole: it does not begin, and says what is left to do', async () => {
    const { disk, run, at } = await pausedDisk();
    for (const step of [4, 6, 7]) flipBit(at(step).value.optimizer.mean[0]!);
    const page = await openPage(disk);
    await page.training.getState().resume(run.id);
    const { failure } = page.training.getState().last!;
    expect(sentenceOf(failure!.sentence)).toContain(`Run ${run.name} has no checkpoint that is whole`);
    expect(page.library.getState().runs[0]).toMatchObject({ status: 'paused' });
  });

  it('a fork, which is from one step, is refused where that one is damaged', async () => {
    const { disk, run, at } = await pausedDisk();
    flipBit(at(6).value.optimizer.mean[0]!);
    const page = await openPage(disk);
    await page.training.getState().fork(run.id, 6);
    expect(sentenceOf(page.training.getState().last!.failure!.sentence)).toContain('no checkpoint of step 6');
    expect(page.library.getState().runs).toHaveLength(1);
  });

  it('one of before there were hashes is gone on from, and that it cannot be checked is heard', async () => {
    const { disk, run, at } = await pausedDisk();
    delete at(7).sha256;
    const heard: string[] = [];
    const page = await openPage(disk);
    page.storage.onUnchecked((key) => heard.push(key));
    await page.training.getState().resume(run.id);
    expect(page.library.getState().runs[0]).toMatchObject({ status: 'finished', steps: 8 });
    expect(heard).toEqual([`checkpoint/${run.id}/7`]);
  });
});

it('goes on with no run whose model is another, or is held at another precision', async () => {
  const disk = new Map<string, unknown>();
  const first = await openPage(disk, (step, training) => step === 3 && training.getState().pause());
  await first.training.getState().start();
  const { id } = first.library.getState().runs[0]!;
  for (const other of [{ precision: 'float16' as const }, { fingerprint: 'other' }]) {
    const page = await openPage(disk, undefined, () => ({ ...summary, ...other }));
    await page.training.getState().resume(id);
    await page.training.getState().fork(id, 2);
    expect(page.training.getState().last).toBeNull();
    expect(page.library.getState().runs).toMatchObject([{ id, status: 'paused', steps: 3 }]);
  }
});

it('says so when nothing is held out', async () => {
  const { training } = await openPage(new Map(), undefined, undefined, () => pairs.slice(0, 1));
  await training.getState().start();
  expect(sentenceOf(training.getState().last?.failure?.sentence ?? '')).toMatch(/^No pair is held out/);
});
