/**
 * @file What the page says is kept is kept: nothing is shown or said before the transaction that writes it has ended, a
 * judgement and its pair are one transaction, and what could not be written is written as soon as it can be.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue, type KeyValue } from '../../storage/key-value';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import { retryEveryMs } from './pending-writes';
import type { Studio } from './studio-stores';
import { writeAllAnew } from './write-anew';

/** A disk whose writes end when they are let go. */
class SlowDisk {
  readonly map = new Map<string, unknown>();
  isHeld = false;
  isFull = false;
  /** Keys of each write that has ended. */
  readonly written: (readonly string[])[] = [];
  private readonly waiting: (() => void)[] = [];

  /** Lets all writes end that have begun. */
  letGo(): void {
    this.isHeld = false;
    for (const go of this.waiting.splice(0)) go();
  }

  get waits(): boolean {
    return this.waiting.length > 0;
  }

  keyValue(): KeyValue {
    const map = mapKeyValue(this.map);
    const ending = async (): Promise<void> => {
      if (this.isFull) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      if (this.isHeld) await new Promise<void>((go) => this.waiting.push(go));
    };
    return {
      ...map,
      setMany: async (entries) => {
        await ending();
        await map.setMany(entries);
        this.written.push(entries.map(([key]) => key));
      },
      changeMany: async (keys, change) => {
        await ending();
        await map.changeMany(keys, (values) => {
          const entries = change(values);
          this.written.push(entries.map(([key]) => key));
          return entries;
        });
      },
    };
  }
}

const pairOf = (prompt: string) => ({ prompt, chosen: 'yes', rejected: 'no' });
const fileOf = (...prompts: string[]) => new Blob([prompts.map((prompt) => JSON.stringify(pairOf(prompt))).join('\n')]);
const judgements = ['p', 'q', 'r'].map((prompt) => JSON.stringify({ prompt, a: 'x', b: 'y', verdict: 'a' })).join('\n');

let disk: SlowDisk;
/** Time stands still until it is told to pass. */
let timers: { readonly at: number; readonly work: () => void }[];

async function open(disks = disk): Promise<Studio> {
  return openTestStudio({
    engine: { call: () => new Promise(() => {}), onDown: () => () => {}, onSilence: () => () => {}, restart: () => {} },
    storage: createStorage(disks.keyValue()),
    clock: {
      now: () => 0,
      after: (at, work) => {
        const timer = { at, work };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
  });
}

function pass(): void {
  for (const { work } of timers.splice(0).filter(({ at }) => at === retryEveryMs)) work();
}

const promptsOf = ({ dataset }: Studio) => dataset.getState().rows.map(({ pair: { prompt } }) => prompt);
const saidBy = ({ notices }: Studio) => notices.getState().notices.map(({ message }) => sentenceOf(message));

beforeEach(() => {
  disk = new SlowDisk();
  timers = [];
});

describe('pairs', () => {
  it('are said to be imported when they are written, and not before', async () => {
    const studio = await open();
    disk.isHeld = true;
    const imported = studio.dataset.getState().importFile('a.jsonl', fileOf('one', 'two'));
    await eventually(() => expect(disk.waits).toBe(true));
    expect(studio.dataset.getState()).toMatchObject({ importing: 'a.jsonl', lastImport: null, rows: [], history: [] });
    disk.letGo();
    await imported;
    expect(studio.dataset.getState()).toMatchObject({ importing: null, lastImport: { imported: 2, isKept: true } });
    expect(promptsOf(await open())).toEqual(['one', 'two']);
  });

  it('are shown as changed and as undone when that is written', async () => {
    const studio = await open();
    const { dataset } = studio;
    await dataset.getState().importFile('a.jsonl', fileOf('one', 'two'));
    disk.isHeld = true;
    const removed = dataset.getState().remove(0);
    // The second one waits for the first, and takes the pair back that is shown by then.
    const undone = dataset.getState().undo();
    await eventually(() => expect(disk.waits).toBe(true));
    expect([promptsOf(studio), dataset.getState().history.length, saidBy(studio)]).toEqual([['one', 'two'], 1, []]);
    disk.letGo();
    disk.isHeld = true;
    await removed;
    await eventually(() => expect(disk.waits).toBe(true));
    expect(promptsOf(studio)).toEqual(['two']);
    expect(promptsOf(await open())).toEqual(['two']);
    disk.letGo();
    await undone;
    expect(promptsOf(studio)).toEqual(['one', 'two']);
    expect(promptsOf(await open())).toEqual(['one', 'two']);
  });

  it('that could not be written are written when they can be, and that is said', async () => {
    const studio = await open();
    disk.isFull = true;
    await studio.dataset.getState().importFile('a.jsonl', fileOf('one'));
    expect(studio.dataset.getState().lastImport).toMatchObject({ imported: 1, isKept: false });
    expect(studio.pending.getState().unwritten).toBe(1);
    pass();
    await eventually(() => expect(timers.some(({ at }) => at === retryEveryMs)).toBe(true));
    disk.isFull = false;
    pass();
    await eventually(() => expect(studio.pending.getState().unwritten).toBe(0));
    expect(studio.dataset.getState().lastImport).toMatchObject({ isKept: true });
    expect(saidBy(studio).at(-1)).toMatch(/on the disk now/);
    expect(promptsOf(await open())).toEqual(['one']);
  });
});

it('a run that the full disk refused keeps its adapter in the page, over news of other tabs, until it is written', async () => {
  const { library, pending } = await open();
  const adapter = { 'adapter_model.safetensors': new Uint8Array([7]) };
  disk.isFull = true;
  const run = { ...exampleRun, checkpoints: [] };
  const checkpoint = { step: 4, optimizer: { parameter: [], mean: [], variance: [], steps: 4 }, best: null };
  const pairs = { train: [pairOf('one')], evaluation: [] };
  const made = { metrics: [], samples: [] };
  expect(await library.getState().saveCheckpoint(run, checkpoint, pairs, made)).toEqual([]);
  await library.getState().save(run, { ...made, adapter });
  await library.getState().save({ ...run, status: 'paused' });
  await library.getState().refresh(run.id);
  expect(await library.getState().adapterOf(run.id)).toEqual(adapter);
  expect(pending.getState().unwritten).toBe(1);
  disk.isFull = false;
  pass();
  await eventually(() => expect(pending.getState().unwritten).toBe(0));
  const later = (await open()).library;
  expect(later.getState().runs).toMatchObject([{ id: run.id, status: 'paused', checkpoints: [4] }]);
  expect(await later.getState().adapterOf(run.id)).toEqual(adapter);
  expect(await later.getState().checkpointOf(run.id, 4)).toEqual({ checkpoint, pairs });
});

it('what the page holds is written again into a storage that was cleared', async () => {
  const studio = await open();
  await studio.dataset.getState().importFile('a.jsonl', fileOf('one', 'two'));
  await studio.judge.getState().importRound({ name: 'round.jsonl', text: judgements });
  await studio.judge.getState().judge('a');
  const adapter = { 'adapter_model.safetensors': new Uint8Array([7]) };
  await studio.library.getState().save({ ...exampleRun, checkpoints: [1] }, { adapter });
  disk.map.clear();
  await writeAllAnew(studio);
  expect(saidBy(studio).slice(-2)).toEqual([
    expect.stringMatching(/was cleared/),
    expect.stringMatching(/is in the browser’s storage again/),
  ]);
  const later = await open();
  expect(promptsOf(later)).toHaveLength(3);
  expect(later.judge.getState().round?.judgements).toHaveLength(1);
  expect(later.library.getState().runs).toMatchObject([{ id: exampleRun.id, checkpoints: [] }]);
  expect(await later.library.getState().adapterOf(exampleRun.id)).toEqual(adapter);
  // It goes on from there.
  await studio.judge.getState().judge('b');
  expect((await open()).judge.getState().round?.judgements).toHaveLength(2);
});

it('a deleted run that could not be written before does not come back', async () => {
  const { library, pending } = await open();
  disk.isFull = true;
  await library.getState().save(exampleRun);
  await library.getState().remove(exampleRun.id);
  disk.isFull = false;
  pass();
  await eventually(() => expect(pending.getState().unwritten).toBe(0));
  expect((await open()).library.getState().runs).toEqual([]);
});

describe('a judgement', () => {
  it('is counted when it and its pair are written, in one transaction, and taken back so', async () => {
    const studio = await open();
    const { judge } = studio;
    await judge.getState().importRound({ name: 'round.jsonl', text: judgements });
    const counted = () => [judge.getState().round?.judgements.length, studio.dataset.getState().rows.length];
    for (const [act, before, after] of [
      [() => judge.getState().judge('a'), 0, 1],
      [() => judge.getState().undo(), 1, 0],
    ] as const) {
      disk.isHeld = true;
      const judged = act();
      await eventually(() => expect(disk.waits).toBe(true));
      expect(counted()).toEqual([before, before]);
      disk.letGo();
      await judged;
      expect(counted()).toEqual([after, after]);
      expect(disk.written.at(-1)).toEqual(expect.arrayContaining(['judging', 'dataset']));
    }
  });

  it('counts once where two tabs judge the same comparison, with one pair', async () => {
    const [one, other] = [await open(), await open()];
    await one.judge.getState().importRound({ name: 'round.jsonl', text: judgements });
    await other.judge.getState().refresh();
    for (let n = 1; n <= 3; n++) {
      await Promise.all([one.judge.getState().judge('a'), other.judge.getState().judge('b')]);
      await Promise.all(
        [one, other].map(({ judge, dataset }) => [judge.getState().refresh(), dataset.getState().refresh()]).flat(),
      );
      for (const studio of [one, other, await open()])
        expect([studio.judge.getState().round?.judgements.length, studio.dataset.getState().rows.length]).toEqual([
          n,
          n,
        ]);
    }
    expect(saidBy(other)).toContainEqual(expect.stringContaining('was not counted'));
  });
});
