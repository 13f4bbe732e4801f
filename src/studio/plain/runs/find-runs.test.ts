import { expect, it } from 'vitest';
import { exampleRun } from '../examples';
import { startingRuns } from './answering-runs';
import { findRuns, runFilters, type RunFilter, type RunSearch } from './find-runs';
import { adapterFileName, type Run } from './run';
import { firstOrder } from './sort-runs';

const run = (name: string, change: Partial<Run> = {}): Run => ({ ...exampleRun, id: `id-${name}`, name, ...change });

const runs = [
  run('dpo-1', { notes: 'Erste Übung mit der Pumpe', dataset: 'Beschwerden', startedAt: '2026-01-03' }),
  run('sft-1', { method: 'sft', tags: ['기준', 'short'], status: 'paused', startedAt: '2026-01-02' }),
  run('tone', {
    method: 'sft',
    imported: { ancestors: [], knowsBase: false, knowsMethod: false },
    modelFingerprint: 'other',
    startedAt: '2026-01-01',
  }),
  run('thumbs', { method: 'kto', modelFingerprint: 'other', startedAt: '2025-12-31' }),
];
const found = (change: Partial<RunSearch>, order = firstOrder) =>
  findRuns(runs, { words: '', filter: 'all', pinned: [], fingerprint: 'print', ...change }, order).map(
    ({ name }) => name,
  );

it('finds each word in name, notes, tags, method, data set or model, however it is composed', () => {
  expect(found({ words: 'übung PUMPE' })).toEqual(['dpo-1']);
  expect(found({ words: '기준'.normalize('NFD') })).toEqual(['sft-1']);
  expect(found({ words: 'sft' })).toEqual(['sft-1']);
  expect(found({ words: ' beschwerden ' })).toEqual(['dpo-1']);
  expect(found({ words: 'pumpe short' })).toEqual([]);
});

it('filters by model, method, end and pin; a method that nobody told is none', () => {
  const names = Object.fromEntries(runFilters.map((filter) => [filter, found({ filter, pinned: ['id-tone'] })]));
  expect(names).toEqual({
    all: ['tone', 'dpo-1', 'sft-1', 'thumbs'],
    model: ['dpo-1', 'sft-1'],
    dpo: ['dpo-1'],
    sft: ['sft-1'],
    kto: ['thumbs'],
    reward: [],
    rloo: [],
    online_dpo: [],
    ppo: [],
    unfinished: ['sft-1'],
    pinned: ['tone'],
  } satisfies Record<RunFilter, string[]>);
});

it('puts pinned runs first in any order, and keeps the order among them', () => {
  expect(found({ pinned: ['id-tone', 'id-sft-1'] })).toEqual(['sft-1', 'tone', 'dpo-1', 'thumbs']);
  expect(found({ pinned: ['id-sft-1'] }, { by: 'name', isDescending: false })).toEqual([
    'sft-1',
    'dpo-1',
    'thumbs',
    'tone',
  ]);
});

it('offers the adapter of every method that answers to go on from, SFT’s first', () => {
  const judge = run('judge', { method: 'reward', modelFingerprint: 'print' });
  const made = [...runs, judge].map((each) => ({ ...each, modelFingerprint: 'print', adapterBytes: 1 }));
  expect(startingRuns(made, 'print').map(({ name }) => name)).toEqual(['sft-1', 'tone', 'dpo-1', 'thumbs']);
});

it('names an adapter’s file by model, run and day', () => {
  expect(adapterFileName(run('tone', { modelName: 'llama', startedAt: '2026-01-02T03:04:05Z' }))).toBe(
    'llama-tone-2026-01-02',
  );
});
