import { describe, expect, it } from 'vitest';
import { mapKeyValue, type KeyValue } from './key-value';
import { noRunNames, type RunRecord } from './records';
import { z } from '../core/zod';
import { createStudioStorage, type StudioStorage } from './studio-storage';
import { readSealed, seal, type Shape } from './versioned';

interface Forms {
  readonly judgeForm: { readonly count: string };
  readonly promptSetForm: { readonly count: string };
  readonly demonstrationForm: { readonly count: string };
  readonly sweepForm: { readonly count: string };
  readonly rules: { readonly count: string };
  readonly starterResult: { readonly count: string };
  readonly settings: { readonly training: { readonly beta: string }; readonly device: string };
}

function openStorage(db: KeyValue): StudioStorage<Forms> {
  const form = z.object({ count: z.string().default('2') });
  const settings = { training: z.object({ beta: z.string() }), device: z.string() };
  return createStudioStorage<Forms>(db, {
    judgeForm: form,
    promptSetForm: form,
    demonstrationForm: form,
    sweepForm: form,
    rules: form,
    starterResult: form,
    settings,
  });
}

function runNamed(id: string, startedAt: string): RunRecord {
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
    const storage = openStorage(mapKeyValue(new Map()));
    await storage.writeRun(runNamed('old', '2026-01-01T00:00:00Z'));
    const metrics = [{ step: 1, epoch: 1, loss: 0.69, grad_norm: 1, learning_rate: 1e-4 }];
    const adapter = { 'adapter_config.json': new Uint8Array([1, 2, 3]) };
    await storage.writeRun(runNamed('new', '2026-02-01T00:00:00Z'), { metrics, adapter });
    expect((await storage.readRuns()).map(({ id }) => id)).toEqual(['new', 'old']);
    expect(await storage.listSetAside()).toEqual([]);
    expect(await storage.readMetrics('new')).toEqual(metrics);
    expect(await storage.readAdapter('new')).toEqual(adapter);
    expect(await storage.readMetrics('old')).toEqual([]);
    expect(await storage.readAdapter('old')).toBeNull();
  });

  it('knows the names of runs that are deleted, renamed, or of before names were noted', async () => {
    const map = new Map<string, unknown>();
    const storage = openStorage(mapKeyValue(map));
    expect(await storage.readRunNames()).toEqual(noRunNames);
    await storage.writeRun({ ...runNamed('a', '2026-01-01T00:00:00Z'), name: 'dpo-2' });
    await storage.writeLabels('a', { name: 'sft-7', notes: '', tags: [] });
    await storage.writeLabels('a', { name: 'online_dpo-3', notes: '', tags: [] });
    await storage.writeLabels('a', { name: 'best', notes: '', tags: [] });
    await storage.deleteRun('a');
    expect(await storage.readRunNames()).toEqual({
      ...{ ...noRunNames, dpo: 2, sft: 7, online_dpo: 3 },
      owners: ['dpo-2', 'sft-7', 'online_dpo-3', 'best'].map((name) => ({ name, runId: 'a' })),
    });
    map.delete('run-numbers');
    map.set('run/b', { version: 1, value: { ...runNamed('b', '2026-01-01T00:00:00Z'), name: 'dpo-4' } });
    map.set('labels/b', { version: 1, value: { name: 'renamed', notes: '', tags: [] } });
    expect(await storage.readRunNames()).toEqual({
      ...{ ...noRunNames, dpo: 4 },
      owners: [{ name: 'dpo-4', runId: 'b' }],
    });
  });

  it('deletes every part of a run', async () => {
    const map = new Map<string, unknown>();
    const storage = openStorage(mapKeyValue(map));
    await storage.writeRun(runNamed('a', '2026-01-01T00:00:00Z'), { metrics: [], adapter: {} });
    await storage.deleteRun('a');
    expect([...map.keys()]).toEqual(['run-numbers']);
  });

  it('reads pairs stored before there was a split', async () => {
    const old = { rows: [{ pair: { prompt: 'p', chosen: 'c', rejected: 'r' }, file: 'a', row: 1 }] };
    const storage = openStorage(mapKeyValue(new Map([['dataset', { version: 1, value: old }]])));
    expect(await storage.readDataset()).toEqual({ value: { ...old, split: null }, stamp: undefined });
  });

  it('writes the data set over what was read alone, not over what another tab wrote since', async () => {
    const [here, there] = [new Map<string, unknown>()].flatMap((map) => [
      openStorage(mapKeyValue(map)),
      openStorage(mapKeyValue(map)),
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
    const storage = openStorage(mapKeyValue(new Map()));
    await storage.writeSettings({ training: { beta: '0.5' }, device: 'wasm' });
    await storage.writeSettings({ device: 'auto' });
    expect(await storage.readSettings()).toEqual({ training: { beta: '0.5' }, device: 'auto' });
  });

  it('reads the runs that are whole and names the damaged ones', async () => {
    const map = new Map<string, unknown>([
      ['run/broken', { version: 1, value: { id: 'broken' } }],
      ['run/alien', 'text'],
    ]);
    const storage = openStorage(mapKeyValue(map));
    await storage.writeRun(runNamed('good', '2026-01-01T00:00:00Z'));
    expect((await storage.readRuns()).map(({ id }) => id)).toEqual(['good']);
    const aside = await storage.listSetAside();
    expect(aside.map(({ from, misfit }) => ({ from, misfit }))).toEqual(
      expect.arrayContaining([
        {
          from: 'run/broken',
          misfit: { reason: 'wrong', path: 'name', seen: null, expected: [{ kind: 'text' }] },
        },
        { from: 'run/alien', misfit: { reason: 'noVersion' } },
      ]),
    );
    expect(aside).toHaveLength(2);
  });

  it('says in a sentence that the storage is full', async () => {
    const full: KeyValue = {
      ...mapKeyValue(new Map()),
      changeMany: async () => {
        throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      },
    };
    await expect(
      openStorage(full).writeDataset(
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
    schema: z.object({ text: z.string() }),
  };

  it('lifts an old value through every version', () => {
    const whole = { value: { text: 'hello' }, unfit: [] };
    expect(readSealed(shape, { version: 1, value: 'hello' })).toEqual(whole);
    expect(readSealed(shape, { version: 2, value: { words: 'hello' } })).toEqual(whole);
    expect(readSealed(shape, seal(shape, { text: 'hello' }))).toEqual(whole);
  });

  it('is null where nothing is stored', () => {
    expect(readSealed(shape, undefined)).toEqual({ value: null, unfit: [] });
  });

  it('refuses a newer format, one without a way up, and a damaged value', () => {
    const refused = (stored: unknown) => {
      const { value, unfit } = readSealed(shape, stored);
      expect(value).toBeNull();
      expect(unfit.map((each) => each.stored)).toEqual([stored]);
      return unfit[0]?.misfit;
    };
    expect(refused({ version: 4, value: {} })).toEqual({ reason: 'newer', version: 4, limit: 3 });
    expect(refused({ version: 0, value: {} })).toEqual({ reason: 'older', version: 0 });
    expect(refused({ version: 2, value: null })).toMatchObject({ reason: 'wrong' });
    expect(refused({ version: 3, value: { text: 1 } })).toEqual({
      reason: 'wrong',
      path: 'text',
      seen: '1',
      expected: [{ kind: 'text' }],
    });
    for (const stored of [null, 'text', 3, [], {}, { version: '3', value: {} }, { version: NaN }, { version: 1.5 }])
      expect(refused(stored)).toEqual({ reason: 'noVersion' });
  });
});
