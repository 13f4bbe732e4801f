/** @file How sure a reward model is, measured over an engine that scores by a script: kept, stopped, refused. */
import { beforeEach, expect, it } from 'vitest';
import { reportChoices } from '../../evaluation/choices';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { ModelSummary, RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';

const run: Run = { ...exampleRun, id: 'judge', name: 'reward-1', method: 'reward', config: { max_length: 96 } };
const adapter = { a: new Uint8Array([1]) };
const pairsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ prompt: `p${index}`, chosen: 'c', rejected: 'r' }));
/** Right in three of four, and as sure each time. */
const scoresOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ chosen: index % 4 === 0 ? -1 : 1, rejected: 0 }));

let studio: Studio;
let asked: Requests['scorePairs']['in'][];
let scored: number;
let stopAt: number;
let disk: Map<string, unknown>;

const engine: Engine = {
  async call<K extends RequestKind>(kind: K, input: Requests[K]['in'], { signal, onProgress }: CallOptions = {}) {
    const out = (value: unknown) => value as Requests[K]['out'];
    if (kind === 'openModel') return out({ name: 'tiny', fingerprint: 'print' } as ModelSummary);
    if (kind !== 'scorePairs') return out({ device: 'wasm', reason: '', description: '' });
    asked.push(input as Requests['scorePairs']['in']);
    onProgress?.({ kind: 'reference', done: 1, total: 50 });
    if (studio.calibration.getState().measuring?.done === stopAt) studio.calibration.getState().stop();
    signal?.throwIfAborted();
    return out(scoresOf(scored));
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

const open = () => openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
const kept = (from = studio) => from.library.getState().runs.find(({ id }) => id === 'judge')?.calibration;

beforeEach(async () => {
  [asked, scored, stopAt, disk] = [[], 50, -1, new Map()];
  studio = await open();
  await studio.library.getState().save(run, { adapter, pairs: { train: pairsOf(2), evaluation: pairsOf(50) } });
});

it('scores the pairs that were held out, and keeps what comes of it in the record', async () => {
  await studio.calibration.getState().measure('judge');
  expect(asked).toEqual([{ pairs: pairsOf(50), rewardModel: adapter, maxLength: 96 }]);
  expect(studio.calibration.getState()).toMatchObject({ measuring: null, failed: null });
  expect(kept()).toEqual(reportChoices(scoresOf(50)));
  expect(kept(await open())).toEqual(kept());
});

it('keeps nothing of what was stopped', async () => {
  stopAt = 1;
  await studio.calibration.getState().measure('judge');
  expect(kept()).toBeUndefined();
  expect(studio.calibration.getState()).toMatchObject({ measuring: null, isStopping: false, failed: null });
});

it('says that too few pairs tell nothing, before they are scored and after', async () => {
  const failure = () => sentenceOf(studio.calibration.getState().failed!.failure.sentence);
  scored = 39;
  await studio.calibration.getState().measure('judge');
  expect(failure()).toMatch(/^reward-1 has 39 held-out pairs that can be scored, and fewer than 40 tell nothing/);
  await studio.library.getState().save(run, { pairs: { train: pairsOf(2), evaluation: pairsOf(7) } });
  await studio.calibration.getState().measure('judge');
  expect(failure()).toContain('reward-1 has 7 held-out pairs');
  expect(asked).toHaveLength(1);
  expect(kept()).toBeUndefined();
});
