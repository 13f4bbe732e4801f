/** @file Data sets with names and their history over a storage in a Map: nothing that a person has is ever lost. */
import { beforeEach, expect, it } from 'vitest';
import { splitPairs } from '../../data/split';
import { firstDatasetId } from '../../storage/dataset-record';
import { mapKeyValue, type KeyValue } from '../../storage/key-value';
import type { Engine } from '../browser/engine-client';
import { createStorage } from '../plain/records';
import { readTableHere } from '../browser/table-reader';
import { createDatasetStore, type DatasetStore } from './dataset';
import { maxChangedRows, maxChanges } from './dataset-history';
import { createNoticeStore, type NoticeStore } from './notices';

let disk: Map<string, unknown>;
let isFull: boolean;
let notices: NoticeStore;

const engine: Engine = {
  call: () => Promise.reject(new Error('No engine is needed here.')),
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

/** The store as a visit finds it. */
async function visit(openId?: string): Promise<DatasetStore> {
  const whole = mapKeyValue(disk);
  const refuseFull = () => {
    if (isFull) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
  };
  const db: KeyValue = {
    ...whole,
    setMany: async (entries) => (refuseFull(), whole.setMany(entries)),
    changeMany: async (keys, change) => (refuseFull(), whole.changeMany(keys, change)),
  };
  notices = createNoticeStore();
  const storage = createStorage(db);
  const dataset = createDatasetStore({
    engine,
    storage,
    notices,
    readTable: readTableHere,
    onStored: () => {},
    ...(openId && { openId }),
  });
  await dataset.getState().restore();
  return dataset;
}

const pair = { prompt: 'p', chosen: 'c', rejected: 'r' };
const fileOf = (...prompts: string[]) =>
  new Blob([prompts.map((prompt) => JSON.stringify({ ...pair, prompt })).join('\n')]);
const promptsOf = (dataset: DatasetStore) => dataset.getState().rows.map((row) => row.pair.prompt);
const liveNames = (dataset: DatasetStore) =>
  dataset
    .getState()
    .sets.filter(({ label }) => label.deletedAt === undefined)
    .map(({ label, pairs }) => [label.name, pairs] as const)
    .sort(([a, pairsOfA], [b, pairsOfB]) => String(a).localeCompare(String(b)) || pairsOfA - pairsOfB);
const errors = () => notices.getState().notices.filter(({ tone }) => tone === 'error').length;

beforeEach(() => {
  disk = new Map();
  isFull = false;
});

it('takes the pairs of before there were data sets for the first one, whichever Airlock wrote them', async () => {
  const rows = ['one', 'two'].map((prompt, i) => ({ pair: { ...pair, prompt }, file: 'old.jsonl', row: i + 1 }));
  disk.set('dataset', { version: 1, value: { rows } });
  disk.set('stamp/dataset', 'written');
  const dataset = await visit();
  expect(promptsOf(dataset)).toEqual(['one', 'two']);
  expect(dataset.getState().sets).toEqual([{ id: firstDatasetId, label: { name: null, madeAt: '' }, pairs: 2 }]);
  await dataset.getState().newSet('Next');
  await dataset.getState().importFile('new.jsonl', fileOf('three'));
  expect(disk.get('dataset')).toEqual({ version: 1, value: { rows } });
  await dataset.getState().openSet(firstDatasetId);
  await dataset.getState().remove(0);
  expect(promptsOf(await visit())).toEqual(['two']);
  expect(errors()).toBe(0);
});

it('undoes and does again every change at a later visit, deletion of all of them too', async () => {
  const first = await visit();
  await first.getState().importFile('a.jsonl', fileOf('one', 'two', 'three'));
  await first.getState().edit(first.getState().rows[1]!, { ...pair, prompt: 'TWO' });
  await first.getState().remove(0);
  await first.getState().removeAll();
  expect(promptsOf(await visit())).toEqual([]);

  const later = await visit();
  const [imported, edited] = later.getState().history;
  await later.getState().undo();
  expect(promptsOf(later)).toEqual(['TWO', 'three']);
  await later.getState().undo();
  expect(promptsOf(later)).toEqual(['one', 'TWO', 'three']);
  await later.getState().redo();
  expect(promptsOf(await visit())).toEqual(['TWO', 'three']);
  const again = await visit();
  await again.getState().goBackTo(edited!.id);
  expect(promptsOf(again)).toEqual(['one', 'two', 'three']);
  await again.getState().goBackTo(imported!.id);
  expect(promptsOf(again)).toEqual([]);
  await again.getState().goBackTo(edited!.id);
  expect(promptsOf(again)).toEqual(['one', 'TWO', 'three']);
  // What was undone cannot be done again after another change.
  await again.getState().importFile('b.jsonl', fileOf('four'));
  await again.getState().redo();
  expect(promptsOf(again)).toEqual(['one', 'TWO', 'three', 'four']);
  expect(again.getState().history.map(({ what: { kind } }) => kind)).toEqual(['imported', 'edited', 'imported']);
  expect(errors()).toBe(0);
});

it('undoes two changes at once without losing either', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('a.jsonl', fileOf('one', 'two', 'three'));
  await dataset.getState().remove(2);
  await dataset.getState().remove(0);
  const [, last, first] = dataset.getState().history;
  await Promise.all([dataset.getState().undo(last!.id), dataset.getState().undo(first!.id)]);
  expect(promptsOf(await visit())).toEqual(['one', 'two', 'three']);
});

it('keeps a history of limited size, and the newest change whatever it holds', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('a.jsonl', fileOf('one'));
  for (let i = 0; i <= maxChanges; i++)
    await dataset.getState().edit(dataset.getState().rows[0]!, { ...pair, prompt: String(i) });
  expect(dataset.getState().history).toHaveLength(maxChanges);
  const many = Array.from({ length: maxChangedRows + 1 }, (_, i) => ({ pair, file: 'm', row: i }));
  await dataset.getState().change(() => ({ rows: many, what: { kind: 'fixed', number: 1 } }));
  expect(dataset.getState().history).toHaveLength(1);
  expect([...disk.keys()].filter((key) => key.startsWith('dataset-change'))).toHaveLength(2);
  await dataset.getState().undo();
  expect(promptsOf(await visit())).toEqual([String(maxChanges)]);
});

it('names, renames, duplicates and deletes data sets, and brings a deleted one back with its history', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('a.jsonl', fileOf('one', 'two'));
  await dataset.getState().renameSet(firstDatasetId, ' Plant ');
  await dataset.getState().duplicateSet('Plant');
  await dataset.getState().remove(0);
  expect(liveNames(await visit())).toEqual([
    ['Plant', 2],
    ['Plant 2', 1],
  ]);
  await dataset.getState().deleteSet(dataset.getState().openId);
  expect(dataset.getState().openId).toBe(firstDatasetId);
  expect(promptsOf(dataset)).toEqual(['one', 'two']);

  const later = await visit('gone');
  expect(liveNames(later)).toEqual([['Plant', 2]]);
  expect(later.getState().openId).toBe(firstDatasetId);
  await later.getState().bringBackSet(later.getState().sets.find(({ label }) => label.deletedAt)!.id);
  expect(promptsOf(later)).toEqual(['two']);
  await later.getState().undo();
  expect(promptsOf(later)).toEqual(['one', 'two']);

  for (const { id } of later.getState().sets) await later.getState().deleteSet(id);
  expect(liveNames(later)).toEqual([[null, 0]]);
  expect(promptsOf(await visit())).toEqual([]);
});

it('takes a deleted data set away for good after its time', async () => {
  const dataset = await visit();
  await dataset.getState().newSet('Old');
  await dataset.getState().importFile('a.jsonl', fileOf('one'));
  const id = dataset.getState().openId;
  await dataset.getState().deleteSet(id);
  const { version, value } = disk.get(`dataset-label/${id}`) as { version: number; value: object };
  disk.set(`dataset-label/${id}`, { version, value: { ...value, deletedAt: '2020-01-01T00:00:00Z' } });
  await visit();
  expect([...disk.keys()].filter((key) => key.includes(id))).toEqual([]);
});

it('does not leave pairs that it cannot store, and says so', async () => {
  const dataset = await visit();
  await dataset.getState().newSet('Other');
  await dataset.getState().openSet(firstDatasetId);
  isFull = true;
  await dataset.getState().importFile('a.jsonl', fileOf('one'));
  const other = dataset.getState().sets.find(({ label }) => label.name === 'Other');
  expect(await dataset.getState().openSet(other!.id)).toBe(false);
  expect(dataset.getState().openId).toBe(firstDatasetId);
  expect(promptsOf(dataset)).toEqual(['one']);
  expect(errors()).toBe(1);
  await dataset.getState().removeAll();
  await dataset.getState().undo();
  expect(promptsOf(dataset)).toEqual(['one']);
  isFull = false;
  expect(await dataset.getState().openSet(other!.id)).toBe(true);
  expect(promptsOf(await visit())).toEqual(['one']);
});

it('gives the starter a data set of its own, a new one where a person has changed the old', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('mine.jsonl', fileOf('mine'));
  expect(await dataset.getState().openStarterSet('sentiment', 'hash')).toBe('empty');
  await dataset.getState().importFile('starter.jsonl', fileOf('one', 'two'), 'append');
  await dataset.getState().openSet(firstDatasetId);
  expect(promptsOf(dataset)).toEqual(['mine']);
  expect(await dataset.getState().openStarterSet('sentiment', 'hash')).toBe('ready');
  expect(promptsOf(dataset)).toEqual(['one', 'two']);

  // A file of the person's own goes beside the starter's pairs, not among them.
  await dataset.getState().importFile('plant.csv.jsonl', fileOf('own'));
  expect(promptsOf(dataset)).toEqual(['own']);
  await dataset.getState().openStarterSet('sentiment', 'hash');
  await dataset.getState().add({ pair: { ...pair, prompt: 'judged' }, file: 'round', row: 1 });
  expect(await dataset.getState().openStarterSet('sentiment', 'hash')).toBe('empty');
  expect(promptsOf(dataset)).toEqual([]);
  expect(liveNames(dataset)).toEqual([
    [null, 0],
    [null, 1],
    ['plant.csv', 1],
    ['Starter: Positive reviews (changed)', 3],
  ]);
  // A judgement taken back takes its pair back where it is now.
  await dataset.getState().takeBack({ file: 'round', row: 1 });
  expect(liveNames(await visit())).toContainEqual(['Starter: Positive reviews (changed)', 2]);
});

it('takes new pairs of the starter in the place of those that ship no more', async () => {
  const dataset = await visit();
  await dataset.getState().openStarterSet('sentiment', 'hash');
  await dataset.getState().importFile('starter.jsonl', fileOf('one', 'two'), 'append');
  expect(await dataset.getState().openStarterSet('sentiment', 'other pairs')).toBe('empty');
  await dataset.getState().importFile('starter.jsonl', fileOf('three'), 'append');
  const starters = dataset.getState().sets.filter(({ label }) => label.task === 'sentiment');
  expect(new Map(starters.map(({ label, pairs }) => [label.deletedAt === undefined, pairs]))).toEqual(
    new Map([
      [false, 2],
      [true, 0],
    ]),
  );
  expect(promptsOf(dataset)).toEqual(['three']);
});

it('deletes and moves several pairs together, and takes that back at a later visit too', async () => {
  const first = await visit();
  await first.getState().importFile('a.jsonl', fileOf('one', 'two', 'three', 'four'));
  const [one, two, three] = first.getState().rows;
  await first.getState().removeRows(new Set([one!, three!]));
  expect(promptsOf(first)).toEqual(['two', 'four']);
  await first.getState().moveRows(new Set([two!]), 'evaluation');
  expect(splitPairs(first.getState().rows, first.getState().split).evaluation).toEqual([two]);
  await first.getState().moveRows(new Set(first.getState().rows), 'evaluation');
  expect(notices.getState().notices.at(-1)).toMatchObject({ tone: 'error' });
  expect(splitPairs(first.getState().rows, first.getState().split).train).toHaveLength(1);

  const second = await visit();
  expect(splitPairs(second.getState().rows, second.getState().split).evaluation.map(({ row }) => row)).toEqual([2]);
  await second.getState().undo();
  expect(second.getState().split).toBeNull();
  await second.getState().undo();
  expect(promptsOf(second)).toEqual(['one', 'two', 'three', 'four']);
  await second.getState().redo();
  await second.getState().redo();
  expect(splitPairs(second.getState().rows, second.getState().split).evaluation.map(({ row }) => row)).toEqual([2]);
});

it('adds a pair that was written by hand, with an undo', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('a.jsonl', fileOf('one'));
  await dataset.getState().write({ ...pair, prompt: 'mine' });
  expect(promptsOf(dataset)).toEqual(['one', 'mine']);
  await dataset.getState().undo();
  expect(promptsOf(dataset)).toEqual(['one']);
});

it('keeps the scores of a pair that is edited, takes new ones, and takes them away', async () => {
  const dataset = await visit();
  await dataset.getState().importFile('a.jsonl', fileOf('one'));
  const scoresNow = async () => (await visit()).getState().rows[0]?.scores;
  const editFirst = (...scores: readonly ({ chosen: number; rejected: number } | null)[]) =>
    dataset.getState().edit(dataset.getState().rows[0]!, { ...pair, prompt: 'ONE' }, ...scores);
  await editFirst({ chosen: 1, rejected: 0.5 });
  expect(await scoresNow()).toEqual({ chosen: 1, rejected: 0.5 });
  await editFirst();
  expect(await scoresNow()).toEqual({ chosen: 1, rejected: 0.5 });
  await dataset.getState().flip(dataset.getState().rows[0]!);
  expect(await scoresNow()).toEqual({ chosen: 0.5, rejected: 1 });
  await editFirst(null);
  expect((await visit()).getState().rows[0]).not.toHaveProperty('scores');
});
