/** @file The library over a storage in a Map: two tabs, deletion and its undo, what is read again and what is held. */
import { beforeEach, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { SampleRound } from '../../storage/records';
import type { StepMetrics } from '../../run/metrics';
import { createStorage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import { createLibraryStore, type LibraryDependencies } from './library';
import { createNoticeStore } from './notices';
import { exampleRun } from '../plain/examples';

const runOf = (id: string, change: Partial<Run> = {}): Run => ({
  ...exampleRun,
  id,
  name: `name-of-${id}`,
  ...change,
});

const metrics: StepMetrics[] = [{ step: 1, epoch: 1, loss: 0.5, grad_norm: 1, learning_rate: 1e-4 }];
const samples: SampleRound[] = [{ step: 1, answers: [{ text: 'Hi', tokens: 1, finish: 'eos' }] }];
const adapter = { 'adapter_model.safetensors': Uint8Array.of(1, 2) };

let disk: Map<string, unknown>;
/** Runs that some tab trains. */
let running: Set<string>;

function openTab(dependencies: Partial<LibraryDependencies> = {}) {
  const storage = createStorage(mapKeyValue(disk));
  const notices = createNoticeStore();
  const told: string[] = [];
  const library = createLibraryStore({
    storage,
    notices,
    isRunning: async (id) => running.has(id),
    onStored: () => {},
    tellTabs: (id) => told.push(id),
    ...dependencies,
  });
  return {
    library: library.getState,
    told,
    messages: () => notices.getState().notices.map(({ message }) => sentenceOf(message)),
    undo: () => notices.getState().undo(notices.getState().notices[0]!.id),
    dismiss: () => notices.getState().dismiss(notices.getState().notices[0]!.id),
  };
}

beforeEach(() => {
  disk = new Map();
  running = new Set();
});

it('does not delete a run that another tab trains, and says so', async () => {
  const { library, messages, told } = openTab();
  await library().save(runOf('a', { status: 'running' }), { metrics });
  running.add('a');
  const before = new Map(disk);
  told.length = 0;
  await library().remove('a');
  expect(library().runs).toHaveLength(1);
  expect(disk).toEqual(before);
  expect(told).toEqual([]);
  expect(messages()).toEqual(['Run name-of-a is being trained in another tab; stop it there first.']);
});

it('brings a deleted run back with what was beside it, read or not, its checkpoints too', async () => {
  await openTab()
    .library()
    .save(runOf('a', { checkpoints: [1] }), {
      metrics,
      samples,
      adapter,
    });
  const { library, undo, told } = openTab();
  await library().restore();
  library().setCompared(['a']);
  await library().remove('a');
  expect(library()).toMatchObject({ runs: [], compared: [] });
  expect((await openTab().library().restore(), openTab().library().runs)).toEqual([]);
  undo();
  await vi.waitFor(() => expect(told).toEqual(['a', 'a']));
  const again = openTab().library;
  await again().restore();
  await again().loadMetrics('a');
  expect(again().runs).toMatchObject([{ id: 'a', checkpoints: [1] }]);
  expect(again().runs[0]).not.toHaveProperty('deletedAt');
  expect(again()).toMatchObject({ metrics: { a: metrics }, samples: { a: samples } });
  expect(await again().adapterOf('a')).toEqual(adapter);
});

it('takes a deleted run off the disk once it cannot be brought back, at a later visit at the latest', async () => {
  const ofRun = () => [...disk.keys()].filter((key) => key.includes('/a'));
  const { library, dismiss } = openTab();
  await library().save(runOf('a'), { metrics, adapter });
  await library().remove('a');
  dismiss();
  await vi.waitFor(() => expect(ofRun()).toEqual([]));

  const closed = openTab().library;
  await closed().save(runOf('a'), { metrics, adapter });
  await closed().remove('a');
  const later = openTab().library;
  vi.useFakeTimers({ now: Date.now() + 7_200_000, toFake: ['Date'] });
  await later().restore();
  vi.useRealTimers();
  expect(ofRun()).toEqual([]);
});

it('deletes a run from a full disk, which takes no mark', async () => {
  const { library } = openTab();
  await library().save(runOf('a'), { metrics, adapter });
  const storage = createStorage({
    ...mapKeyValue(disk),
    changeMany: () => Promise.reject(new DOMException('Quota exceeded.', 'QuotaExceededError')),
  });
  const full = openTab({ storage }).library;
  await full().restore();
  await full().remove('a');
  expect([...disk.keys()].filter((key) => key.includes('/a'))).toEqual([]);
});

it('forgets a run that another tab deleted, with all that it held of it', async () => {
  const [here, there] = [openTab(), openTab()];
  await here.library().save(runOf('a'), { metrics, samples, adapter });
  await here.library().save(runOf('b'));
  here.library().setCompared(['a', 'b']);
  await there.library().restore();
  await there.library().remove('a');
  await here.library().refresh('a');
  expect(here.library().runs.map(({ id }) => id)).toEqual(['b']);
  expect(here.library()).toMatchObject({ metrics: {}, samples: {}, compared: ['b'] });
  expect(Object.keys(here.library().metrics)).toEqual([]);
  expect(Object.keys(here.library().samples)).toEqual([]);
  there.dismiss();
  await vi.waitFor(() => expect(disk.has('adapter/a')).toBe(false));
  await expect(here.library().adapterOf('a')).rejects.toThrow('The adapter of run a is not in this browser any more');
});

it('reads metrics and adapter again after another tab has written them, if it had read them', async () => {
  const [here, there] = [openTab(), openTab()];
  await there.library().save(runOf('a'), { metrics, samples, adapter });
  await here.library().restore();
  await here.library().refresh('a');
  expect(here.library().metrics).toEqual({});
  await here.library().loadMetrics('a');
  await here.library().adapterOf('a');
  const [longer, other] = [[...metrics, ...metrics], { other: Uint8Array.of(3) }];
  await there.library().save(runOf('a', { steps: 2 }), { metrics: longer, adapter: other });
  await here.library().refresh('a');
  expect(here.library()).toMatchObject({ runs: [{ steps: 2 }], metrics: { a: longer }, samples: { a: samples } });
  expect(await here.library().adapterOf('a')).toEqual(other);
});

it('knows the run that it trains better than the storage, but not its name', async () => {
  const here = openTab({ isTrainedHere: (id) => id === 'a' });
  const there = openTab();
  running.add('a');
  await here.library().save(runOf('a', { status: 'running' }));
  await there.library().restore();
  await there.library().label('a', { name: 'polite', tags: ['x'] });
  const stored = disk.get('run/a');
  await here.library().save(runOf('a', { status: 'running', steps: 7 }));
  // Not written yet.
  disk.set('run/a', stored);
  await here.library().refresh('a');
  expect(here.library().runs).toMatchObject([{ name: 'polite', tags: ['x'], steps: 7 }]);
});

it('keeps the label that another tab has changed when it changes another', async () => {
  const [here, there] = [openTab(), openTab()];
  await here.library().save(runOf('a'));
  await there.library().restore();
  await there.library().label('a', { tags: ['tone'], notes: 'Warm.' });
  await here.library().label('a', { name: ' polite ' });
  expect(here.library().runs).toMatchObject([{ name: 'polite', tags: ['tone'], notes: 'Warm.' }]);
});

it('marks a run that was cut off, at once or when the tab that trained it ends, waiting once', async () => {
  const ends: (() => Promise<void>)[] = [];
  const { library } = openTab({ whenEnded: async (_id, work) => void ends.push(work) });
  const there = openTab();
  await there.library().save(runOf('a', { status: 'running' }));
  await there.library().save(runOf('b', { status: 'running' }));
  running.add('a');
  await library().restore();
  const statuses = () => library().runs.map(({ id, status }) => [id, status]);
  expect(statuses()).toEqual([
    ['a', 'running'],
    ['b', 'interrupted'],
  ]);
  await library().refresh('a');
  expect(ends).toHaveLength(1);
  running.delete('a');
  await ends[0]!();
  expect(statuses()).toContainEqual(['a', 'interrupted']);
  // Resumed over there: its end is waited for again.
  running.add('a');
  await there.library().save(runOf('a', { status: 'running' }));
  await library().refresh('a');
  expect(ends).toHaveLength(2);
  running.delete('a');
  await ends[1]!();
  const again = openTab().library;
  running.add('a').add('b');
  await again().restore();
  expect(again().runs.map(({ status }) => status)).toEqual(['interrupted', 'interrupted']);
});

it('takes a run that ends while it is read as it ended, and not for one that was cut off', async () => {
  const there = openTab();
  await there.library().save(runOf('a', { status: 'running' }));
  await there.library().save(runOf('b', { status: 'running' }));
  /** Both end between the reading of their records and the question whether they go on. */
  const isRunning = async (id: string) => {
    if (id === 'a') await there.library().save(runOf('a', { status: 'paused' }));
    else await createStorage(mapKeyValue(disk)).deleteRun('b');
    return false;
  };
  const { library } = openTab({ isRunning });
  await library().restore();
  expect(library().runs.map(({ id, status }) => [id, status])).toEqual([['a', 'paused']]);
  expect(await createStorage(mapKeyValue(disk)).readRun('a')).toMatchObject({ status: 'paused' });
  expect(await createStorage(mapKeyValue(disk)).readRun('b')).toBeNull();
});

it('gives the next name, lists the newest first, and tells other tabs of each write', async () => {
  const { library, told } = openTab();
  await library().save(runOf('a', { name: 'dpo-1', startedAt: '2026-01-01' }));
  await library().save(runOf('b', { name: 'dpo-3', startedAt: '2026-01-02' }));
  expect(library().nextName('dpo')).toBe('dpo-4');
  expect(library().nextName('sft')).toBe('sft-1');
  expect(library().runs.map(({ id }) => id)).toEqual(['b', 'a']);
  await library().label('a', { notes: 'n' });
  expect(told).toEqual(['a', 'b', 'a']);
});

it('gives no name again that a run ever had: one that was renamed, deleted, or of another visit', async () => {
  const { library } = openTab();
  await library().save(runOf('a', { name: library().nextName('dpo') }));
  await library().label('a', { name: 'polite' });
  expect(library().nextName('dpo')).toBe('dpo-2');
  await library().save(runOf('b', { name: 'dpo-2' }));
  await library().remove('b');
  expect(library().nextName('dpo')).toBe('dpo-3');
  const { library: later } = openTab();
  await later().restore();
  expect(later().nextName('dpo')).toBe('dpo-3');
  expect(later().nextName('sft')).toBe('sft-1');
});

it('keeps the name that a person gave a run while its trainer writes it under the old one', async () => {
  const { library } = openTab();
  await library().save(runOf('a', { status: 'running' }));
  await library().label('a', { name: 'polite' });
  await library().save(runOf('a', { steps: 2 }));
  expect(library().runs).toMatchObject([{ name: 'polite', steps: 2 }]);
});

it('deletes several runs at once, and one undo brings all of them back; pins and the choice forget them', async () => {
  const { library, undo, messages } = openTab();
  for (const id of ['a', 'b', 'c']) await library().save(runOf(id), { metrics, adapter });
  library().setPinned(['a', 'c']);
  library().setCompared(['a', 'b']);
  await library().remove('a', 'b');
  expect(library().runs.map(({ id }) => id)).toEqual(['c']);
  expect([library().pinned, library().compared]).toEqual([['c'], []]);
  expect(messages()).toEqual(['2 runs deleted.']);
  undo();
  await vi.waitFor(() => expect(library().runs).toHaveLength(3));
  await vi.waitFor(async () => expect(await openTab().library().adapterOf('b')).toEqual(adapter));
});

it('gives out no adapter whose bytes are not those that were written, and names it', async () => {
  await openTab()
    .library()
    .save(runOf('a', { name: 'dpo-1' }), { metrics, adapter });
  const [[file, bytes]] = Object.entries((disk.get('adapter/a') as { value: typeof adapter }).value) as [
    [string, Uint8Array],
  ];
  bytes[0]! ^= 1;
  expect(file).toBe(Object.keys(adapter)[0]);
  const { library, messages } = openTab();
  await library().restore();
  await expect(library().adapterOf('a')).rejects.toThrow('The adapter of run dpo-1 is not in this browser any more');
  expect(messages().join()).not.toContain('checksum');
});

it('gives no name that another run had, be that one renamed or deleted, at a later visit too', async () => {
  const { library } = openTab();
  await library().save(runOf('a', { name: 'tone' }));
  await library().save(runOf('b', { name: 'polite' }));
  await library().label('b', { name: 'tone' });
  expect(library().runs.find(({ id }) => id === 'b')?.name).toBe('polite');
  await library().label('a', { name: 'warm' });
  await library().label('a', { name: 'tone' });
  expect(library().runs.find(({ id }) => id === 'a')?.name).toBe('tone');
  await library().remove('a');
  expect(library().freeName('tone')).toBe('tone-2');
  const { library: later } = openTab();
  await later().restore();
  expect([later().freeName('warm'), later().freeName('tone'), later().freeName('new')]).toEqual([
    'warm-2',
    'tone-2',
    'new',
  ]);
  expect([later().isNameFree('polite ', 'b'), later().isNameFree('polite', 'c')]).toEqual([true, false]);
});

it('shows what was saved once it is written, and what could not be written all the same', async () => {
  let fails = false;
  /** What lets the write that waits go on. */
  const waiting: (() => void)[] = [];
  const map = mapKeyValue(disk);
  const storage = createStorage({
    ...map,
    changeMany: async (...change) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (fails) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      return map.changeMany(...change);
    },
  });
  const { library, messages } = openTab({ storage });
  const begin = async (work: Promise<void>) => {
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    return { end: () => (waiting.pop()?.(), work) };
  };
  const first = await begin(library().save(runOf('a', { name: 'dpo-1' }), { metrics, adapter }));
  expect(library()).toMatchObject({ runs: [], metrics: {} });
  expect(library().nextName('dpo')).toBe('dpo-2');
  await first.end();
  expect(library()).toMatchObject({ runs: [{ id: 'a', steps: exampleRun.steps }], metrics: { a: metrics } });

  const second = await begin(library().save(runOf('a', { name: 'dpo-1', steps: 7 })));
  expect(library().runs).toMatchObject([{ steps: exampleRun.steps }]);
  await second.end();
  expect(library().runs).toMatchObject([{ steps: 7 }]);

  const named = await begin(library().label('a', { name: 'polite' }));
  expect(library().runs).toMatchObject([{ name: 'dpo-1' }]);
  await named.end();
  expect(library().runs).toMatchObject([{ name: 'polite' }]);

  const third = await begin(library().save(runOf('a', { steps: 8 })));
  fails = true;
  expect(messages()).toEqual([]);
  await third.end();
  expect(library().runs).toMatchObject([{ steps: 8 }]);
  expect(messages()).toHaveLength(1);
});

it('leaves a run deleted that was deleted while it was written', async () => {
  const { library } = openTab();
  await library().save(runOf('a'));
  const saving = library().save(runOf('a', { steps: 7 }));
  const removing = library().remove('a');
  await Promise.all([saving, removing]);
  expect(library().runs).toEqual([]);
});
