import { describe, expect, it } from 'vitest';
import { mapKeyValue, type KeyValue } from './key-value';
import type { RunRecord } from './records';
import { createStudioStorage } from './studio-storage';
import { seal, unseal, type Shape } from './versioned';

type Metric = { readonly step: number; readonly loss: number };

function runNamed(id: string, startedAt: string): RunRecord<{ beta: number }> {
  return {
    id,
    name: id,
    method: 'dpo',
    status: 'finished',
    modelName: 'm',
    modelFingerprint: 'f',
    startedAt,
    config: { beta: 0.1 },
    pairs: 2,
    startedFrom: null,
    steps: 1,
    totalSteps: 1,
    seconds: 1,
    finalLoss: 0.5,
    finalMargin: 1,
    adapterBytes: 3,
    warnings: [],
    error: null,
  };
}

describe('studio storage', () => {
  it('gives back a run with its metrics and adapter, newest run first', async () => {
    const storage = createStudioStorage<{ beta: number }, Metric>(mapKeyValue(new Map()));
    await storage.writeRun(runNamed('old', '2026-01-01T00:00:00Z'));
    const metrics = [{ step: 1, loss: 0.69 }];
    const adapter = { 'adapter_config.json': new Uint8Array([1, 2, 3]) };
    await storage.writeRun(runNamed('new', '2026-02-01T00:00:00Z'), { metrics, adapter });
    const { runs, problems } = await storage.readRuns();
    expect(runs.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(problems).toEqual([]);
    expect(await storage.readMetrics('new')).toEqual(metrics);
    expect(await storage.readAdapter('new')).toEqual(adapter);
    expect(await storage.readMetrics('old')).toEqual([]);
    expect(await storage.readAdapter('old')).toBeNull();
  });

  it('deletes every part of a run', async () => {
    const map = new Map<string, unknown>();
    const storage = createStudioStorage<{ beta: number }, Metric>(mapKeyValue(map));
    await storage.writeRun(runNamed('a', '2026-01-01T00:00:00Z'), { metrics: [], adapter: {} });
    await storage.deleteRun('a');
    expect(map.size).toBe(0);
  });

  it('reads pairs stored before there was a split', async () => {
    const old = { rows: [{ pair: { prompt: 'p', chosen: 'c', rejected: 'r' }, file: 'a', row: 1 }] };
    const storage = createStudioStorage(mapKeyValue(new Map([['dataset', { version: 1, value: old }]])));
    expect(await storage.readDataset()).toEqual({ value: { ...old, split: null }, stamp: undefined });
  });

  it('writes the data set over what was read alone, not over what another tab wrote since', async () => {
    const [here, there] = [new Map<string, unknown>()].flatMap((map) => [
      createStudioStorage(mapKeyValue(map)),
      createStudioStorage(mapKeyValue(map)),
    ]);
    const datasetOf = (...prompts: string[]) => ({
      rows: prompts.map((prompt, i) => ({ pair: { prompt, chosen: 'c', rejected: 'r' }, file: 'a.jsonl', row: i + 1 })),
      split: null,
    });
    const first = await here!.writeDataset(datasetOf('one'), undefined);
    expect(first).toEqual(expect.any(String));
    expect(await there!.writeDataset(datasetOf('other'), undefined)).toBeNull();
    expect(await there!.readDataset()).toEqual({ value: datasetOf('one'), stamp: first });
    const second = await there!.writeDataset(datasetOf('one', 'two'), first ?? undefined);
    expect(await here!.writeDataset(datasetOf(), first ?? undefined)).toBeNull();
    expect(await here!.readDataset()).toEqual({ value: datasetOf('one', 'two'), stamp: second });
  });

  it('writes the settings that are given and leaves those of another tab', async () => {
    const storage = createStudioStorage(mapKeyValue(new Map()));
    await storage.writeSettings({ training: { beta: '0.5' }, device: 'wasm' });
    await storage.writeSettings({ device: 'auto' });
    expect(await storage.readSettings()).toEqual({ training: { beta: '0.5' }, device: 'auto' });
  });

  it('reads the runs that are whole and names the damaged ones', async () => {
    const map = new Map<string, unknown>([
      ['run/broken', { version: 1, value: { id: 'broken' } }],
      ['run/alien', 'text'],
    ]);
    const storage = createStudioStorage<{ beta: number }, Metric>(mapKeyValue(map));
    await storage.writeRun(runNamed('good', '2026-01-01T00:00:00Z'));
    const { runs, problems } = await storage.readRuns();
    expect(runs.map(({ id }) => id)).toEqual(['good']);
    expect(problems).toEqual([
      "A run in this browser's storage is damaged.",
      "A run in this browser's storage is damaged: it has no version.",
    ]);
  });

  it('says in a sentence that the storage is full', async () => {
    const full: KeyValue = {
      ...mapKeyValue(new Map()),
      setManyIf: async () => {
        throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      },
    };
    await expect(
      createStudioStorage(full).writeDataset(
        { rows: [{ pair: { prompt: '', chosen: '', rejected: '' }, file: '', row: 1 }], split: null },
        undefined,
      ),
    ).rejects.toThrow("Could not save the pairs: the browser's storage is full.");
  });
});

describe('versions of stored shapes', () => {
  const shape: Shape<{ readonly text: string }> = {
    name: 'The note',
    version: 3,
    migrations: { 1: (value) => ({ words: value }), 2: (value) => ({ text: (value as { words: string }).words }) },
    isValid: (value): value is { text: string } => typeof (value as { text?: unknown }).text === 'string',
  };

  it('lifts an old value through every version', () => {
    expect(unseal(shape, { version: 1, value: 'hello' })).toEqual({ text: 'hello' });
    expect(unseal(shape, { version: 2, value: { words: 'hello' } })).toEqual({ text: 'hello' });
    expect(unseal(shape, seal(shape, { text: 'hello' }))).toEqual({ text: 'hello' });
  });

  it('is null where nothing is stored', () => {
    expect(unseal(shape, undefined)).toBeNull();
  });

  it('refuses a newer format, one without a way up, and a damaged value', () => {
    expect(() => unseal(shape, { version: 4, value: {} })).toThrow(
      'The note was stored by a newer Airlock (format 4; this one reads up to 3).',
    );
    expect(() => unseal(shape, { version: 0, value: {} })).toThrow('format 0, which this Airlock can no longer read');
    expect(() => unseal(shape, { version: 3, value: { text: 1 } })).toThrow(
      "The note in this browser's storage is damaged.",
    );
  });
});
