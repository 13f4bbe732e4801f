/**
 * @file A backup of everything that is kept and its restoring: to the byte in an empty browser, merged in one that has
 * work of its own, and nothing at all where the file is not as it was written.
 */
import { describe, expect, it } from 'vitest';
import { planRestore, restoreUnit, type RestorePlan } from '../../../storage/backup/restore';
import { readContainer } from '../../../storage/backup/container-reader';
import { joinBytes, encodeValue } from '../../../storage/backup/encoded-value';
import { writeBackup } from '../../../storage/backup/write-backup';
import { unitKinds } from '../../../storage/backup/record-units';
import { mapKeyValue } from '../../../storage/key-value';
import type { StoredModel } from '../../../storage/models/stored-model';
import { createStorage, type Storage } from '../records';
import { newRule } from '../data/rule-form';
import { initialDemonstrationForm } from '../demonstration/demonstration-form';
import { initialSweepForm } from '../frontier/sweep-form';
import { initialForm } from '../train/options';
import { initialJudgeForm } from '../judge/judge-form';
import { initialPromptSetForm } from '../compare/prompt-set/prompt-set-form';

type Bytes = Uint8Array<ArrayBuffer>;

const rowOf = (prompt: string, row: number) => ({ pair: { prompt, chosen: 'So.', rejected: 'No.' }, file: 'a', row });
const run = {
  ...{ id: 'r', name: 'dpo-1', method: 'dpo' as const, status: 'finished' as const, modelName: 'm' },
  ...{ modelFingerprint: 'f', startedAt: '2026-01-01T00:00:00Z', config: { beta: 0.1 }, pairs: 2, startedFrom: null },
  ...{ steps: 1, totalSteps: 1, seconds: 1.5, finalLoss: NaN, finalMargin: null, adapterBytes: 3, warnings: [] },
  ...{ error: null, checkpoints: [1] },
};
const vectors = [new Float32Array([1, -0, 3e-39])];
const pairs = { train: [rowOf('a', 1).pair], evaluation: [] };
const settings = { device: 'wasm' as const, training: initialForm, lastModel: { id: 'm', isReopened: true } };
const round = {
  ...{ name: 'judged-Kim', annotator: 'Kim', modelName: 'm', fingerprint: null, orderSeed: 5 },
  ...{
    voices: [{ runId: null, name: 'base' }],
    answersEach: 2,
    sampling: { temperature: 1, seed: 0, maxNewTokens: 8 },
  },
  ...{ prompts: ['Why?'], answered: [], judgements: [] },
};

/** A browser with a record of every kind. */
async function fullBrowser(): Promise<{ readonly map: Map<string, unknown>; readonly storage: Storage }> {
  const map = new Map<string, unknown>();
  const storage = createStorage(mapKeyValue(map));
  await storage.writeDataset({ rows: [rowOf('a', 1), rowOf('b', 2)], split: null }, undefined);
  const change = { kind: 'imported' as const, number: 2, file: 'a' };
  await storage.writeDataset({ rows: [rowOf('c', 1)], split: { evaluationShare: 0.1, seed: 3 } }, undefined, 'other', [
    {
      id: 'c1',
      change: { id: 'c1', order: 1, at: '2026-01-01', what: change, rows: 1, isUndone: false },
      rows: { removed: [], added: [{ at: 0, row: rowOf('c', 1) }] },
    },
  ]);
  await storage.writeDatasetLabel('other', { name: 'Pumps', madeAt: '2026-01-01' });
  const metrics = [{ step: 1, epoch: 1, loss: Infinity, grad_norm: NaN, learning_rate: 1e-4 }];
  const checkpoint = {
    step: 1,
    optimizer: { parameter: vectors, mean: vectors, variance: vectors, steps: 1 },
    best: { step: 1, value: 0.5, since: 0, parameter: vectors },
  };
  await storage.writeCheckpoint(run, metrics, checkpoint, pairs, [{ step: 1, answers: [] }]);
  await storage.writeRun(run, { adapter: { 'adapter_model.safetensors': new Uint8Array([1, 2, 255]) } });
  await storage.writeLabels('r', { name: 'best', notes: 'Good.', tags: ['a'] });
  await storage.writeJudging({ form: initialJudgeForm, round }, undefined);
  await storage.writePromptSet({ form: initialPromptSetForm, trial: null }, undefined);
  await storage.writeDemonstration({ form: initialDemonstrationForm, round: null }, undefined);
  await storage.writeSweep({ form: initialSweepForm, sweep: null }, undefined);
  await storage.writeRules('main', { rules: [newRule('json', 'x')] }, undefined);
  await storage.writeMadeAnswers({ kind: 'all', answered: [] });
  await storage.writeLabelReview('main', { judged: null, confirmed: ['a+'] }, undefined);
  await storage.writeSettings(settings);
  await storage.writeStarterResult({ task: 'sentiment', seconds: 1, kl: null, prompts: [] });
  map.set('set-aside/run/x/2026', { version: 1, value: { id: 7, what: new Map([['a', undefined]]) } });
  map.set('set-aside-note/run/x/2026', { from: 'run/x', part: null, count: 1, name: null, at: '2026', misfit: null });
  return { map, storage };
}

const noModels = { list: async () => ({ models: [], unfit: [] }), open: () => Promise.reject(new Error('none')) };

async function backUp(storage: Storage, passphrase: string | null = null): Promise<Bytes> {
  const parts: Bytes[] = [];
  const sink = { write: async (bytes: Bytes) => void parts.push(bytes.slice()) };
  const options = { madeAt: '2026-11-29T00:00:00Z', label: null, passphrase, withModels: false };
  const { leftOut } = await writeBackup(sink, storage.units, noModels, options);
  expect(leftOut).toEqual([]);
  return joinBytes(parts);
}

async function planOf(file: Bytes, storage: Storage, passphrase: string | null = null): Promise<RestorePlan> {
  const opened = await (await readContainer('x.airlock', new Blob([file]))).open(passphrase);
  return planRestore(opened, storage.units, []);
}

async function accept(plan: RestorePlan, storage: Storage, takesTheirs = false): Promise<void> {
  for (const unit of plan.units)
    await restoreUnit(plan.container, unit, storage.units, { file: 'x.airlock', takesTheirs });
}

/** What is kept, each value as its bytes, without what tells tabs apart and what is of one browser alone. */
function bytesOf(map: ReadonlyMap<string, unknown>): Record<string, string> {
  const kept = [...map].filter(([key]) => !key.startsWith('stamp/')).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const parts = { ...(value as { value?: Record<string, unknown> }).value };
      delete parts['lastModel'];
      const same = key === 'settings' ? { ...(value as object), value: parts } : value;
      return [key, Buffer.from(joinBytes(encodeValue(key, same))).toString('hex')];
    }),
  );
}

const fates = (plan: RestorePlan) => Object.fromEntries(plan.units.map(({ unit, fate }) => [unit, fate]));

function emptyBrowser() {
  const map = new Map<string, unknown>();
  return { map, storage: createStorage(mapKeyValue(map)) };
}

describe('a backup of everything', () => {
  it('is the same to the byte in an empty browser, for every kind of record', async () => {
    const { map, storage } = await fullBrowser();
    for (const passphrase of [null, '비밀']) {
      const file = await backUp(storage, passphrase);
      const there = emptyBrowser();
      const plan = await planOf(file, there.storage, passphrase);
      expect([...there.map.keys()]).toEqual([]);
      const kinds = unitKinds.filter((kind) => kind !== 'other');
      expect(new Set(plan.units.map(({ kind }) => kind))).toEqual(new Set(kinds));
      const others = Object.entries(fates(plan)).filter(([, fate]) => fate !== 'added');
      expect(Object.fromEntries(others)).toEqual({ 'run-numbers': 'merged' });
      await accept(plan, there.storage);
      expect(bytesOf(there.map)).toEqual(bytesOf(map));
      expect((await there.storage.readRuns()).map(({ name }) => name)).toEqual(['best']);
      expect(await there.storage.readCheckpoint('r', 1)).toEqual(await storage.readCheckpoint('r', 1));
      expect(await there.storage.listSetAside()).toHaveLength(1);
    }
  });

  it('names what this Airlock cannot read, and leaves it out', async () => {
    const { map, storage } = await fullBrowser();
    map.set('starter-result', { version: 1, value: { task: 7 } });
    map.set('metrics/r', { version: 99, value: [] });
    map.set('unheard-of', { version: 1, value: 1 });
    const there = emptyBrowser();
    const plan = await planOf(await backUp(storage), there.storage);
    const unfit = plan.units.filter(({ fate }) => fate === 'unfit');
    expect(unfit.map(({ unit, misfit }) => [unit, misfit?.reason])).toEqual([
      ['run/r', 'newer'],
      ['starter-result', 'wrong'],
      ['unheard-of', undefined],
    ]);
    await accept(plan, there.storage, true);
    expect([...there.map.keys()].filter((key) => /^run.r$|^metrics|starter|unheard/.test(key))).toEqual([]);
  });

  it('finds everything there again where it came from, and writes nothing', async () => {
    const { map, storage } = await fullBrowser();
    const before = structuredClone(map);
    const plan = await planOf(await backUp(storage), storage);
    expect(new Set(plan.units.map(({ fate }) => fate))).toEqual(new Set(['same']));
    await accept(plan, storage, true);
    expect(map).toEqual(before);
  });
});

describe('restoring where there is work already', () => {
  it('adds the rows that are new to a data set, as a change that can be undone, and loses none', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const there = emptyBrowser();
    const own = { rows: [rowOf('mine', 1), rowOf('b', 2)], split: null };
    await there.storage.writeDataset(own, undefined);
    const stamp = there.map.get('stamp/dataset');
    const plan = await planOf(file, there.storage);
    expect(plan.units.find(({ unit }) => unit === 'dataset/main')).toMatchObject({ fate: 'merged', rows: 1 });
    await accept(plan, there.storage);
    const { value } = await there.storage.readDataset();
    expect(value?.rows.map((row) => row.pair.prompt).sort()).toEqual(['a', 'b', 'mine']);
    const [change, ...more] = await there.storage.readHistory('main');
    expect(more).toEqual([]);
    expect(change).toMatchObject({ what: { kind: 'restored', number: 1, file: 'x.airlock' }, rows: 1, order: 1 });
    const rows = await there.storage.readChangedRows('main', change?.id ?? '');
    expect(rows?.added.map(({ row }) => row)).toEqual([rowOf('a', 1)]);
    // Another tab's write over what it had read before is refused.
    expect(await there.storage.writeDataset(own, stamp as string)).toBeNull();
    await accept(await planOf(file, there.storage), there.storage);
    expect((await there.storage.readDataset()).value?.rows).toHaveLength(3);
  });

  it('adds to a history that is here one entry more, though all rows were deleted, and keeps what it had', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const there = emptyBrowser();
    const gone = [rowOf('mine', 1)];
    await there.storage.writeDataset({ rows: [], split: null }, undefined, 'other', [
      {
        id: 'own',
        change: {
          ...{ id: 'own', order: 4, at: '2026-02-01', rows: 1, isUndone: false },
          what: { kind: 'deletedAll', number: 1 },
        },
        rows: { removed: [{ at: 0, row: gone[0] as (typeof gone)[number] }], added: [] },
      },
    ]);
    await there.storage.writeDatasetLabel('other', { name: 'Pumps', madeAt: '2026-01-01' });
    const plan = await planOf(file, there.storage);
    expect(fates(plan)['dataset/other']).toBe('merged');
    await accept(plan, there.storage);
    const [own, restored, ...more] = await there.storage.readHistory('other');
    expect(more).toEqual([]);
    expect([own?.id, restored?.order]).toEqual(['own', 5]);
    expect((await there.storage.readChangedRows('other', 'own'))?.removed).toEqual([{ at: 0, row: gone[0] }]);
    // To undo it takes back the split that came along as well.
    const split = { before: null, after: { evaluationShare: 0.1, seed: 3 } };
    expect(restored?.what).toEqual({ kind: 'restored', number: 1, file: 'x.airlock', split });
    const { value } = await there.storage.readDataset('other');
    const rows = await there.storage.readChangedRows('other', restored?.id ?? '');
    expect(rows).toEqual({ removed: [], added: [{ at: 0, row: rowOf('c', 1) }] });
    expect([value?.rows, value?.split]).toEqual([[rowOf('c', 1)], split.after]);
  });

  it('leaves a run, a round and settings that are others here, unless the file’s are wanted', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const there = emptyBrowser();
    await there.storage.writeRun({ ...run, name: 'dpo-9', checkpoints: [7] }, { metrics: [] });
    there.map.set('checkpoint/r/7', { version: 1, value: null });
    await there.storage.writeJudging({ form: initialJudgeForm, round: { ...round, name: 'mine' } }, undefined);
    await there.storage.writeSettings({ device: 'auto', dataset: 'main', lastModel: { id: 'own', isReopened: true } });
    const before = bytesOf(there.map);
    const plan = await planOf(file, there.storage);
    const differing = plan.units.filter(({ fate }) => fate === 'differs').map(({ unit }) => unit);
    expect(differing).toEqual(['run/r', 'judging', 'settings']);

    await accept(plan, there.storage);
    const { 'run/r': record, judging, 'checkpoint/r/7': own } = bytesOf(there.map);
    expect([record, judging, own]).toEqual([before['run/r'], before['judging'], before['checkpoint/r/7']]);
    expect(await there.storage.readSettings()).toMatchObject({ device: 'auto', dataset: 'main' });

    await accept(await planOf(file, there.storage), there.storage, true);
    expect((await there.storage.readRun('r'))?.checkpoints).toEqual([1]);
    expect(there.map.has('checkpoint/r/7')).toBe(false);
    expect((await there.storage.readJudging()).value?.round?.name).toBe('judged-Kim');
    const { device, lastModel } = (await there.storage.readSettings()) ?? {};
    expect([device, lastModel?.id]).toEqual(['wasm', 'own']);
    expect((await there.storage.readRunNames()).dpo).toBe(9);
  });

  it('does not bring back a deleted data set without being asked', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const label = { name: 'Pumps', madeAt: '2026-01-01' };
    const own = { rows: [rowOf('c', 1), rowOf('later', 2)], split: null };
    const history = await storage.readHistory('other');
    await storage.writeDataset(own, (await storage.readDataset('other')).stamp, 'other');
    await storage.writeDatasetLabel('other', { ...label, deletedAt: '2026-02-01' });
    await accept(await planOf(file, storage), storage);
    expect((await storage.listDatasets()).find(({ id }) => id === 'other')?.label.deletedAt).toBe('2026-02-01');
    const plan = await planOf(file, storage);
    expect(fates(plan)['dataset/other']).toBe('differs');
    await accept(plan, storage, true);
    expect((await storage.listDatasets()).find(({ id }) => id === 'other')?.label).toEqual(label);
    // With what came after the backup.
    expect((await storage.readDataset('other')).value?.rows).toEqual(own.rows);
    expect(await storage.readHistory('other')).toEqual(history);
  });
});

describe('a backup that is not as it was written', () => {
  it('changes nothing, whatever byte is another one or where it is cut', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const there = await fullBrowser();
    const before = structuredClone(there.map);
    for (let at = 0; at < file.length; at += 37) {
      const altered = file.slice();
      altered[at] = (altered[at] as number) ^ 0x40;
      await expect(planOf(altered, there.storage), `byte ${at}`).rejects.toThrow(/\.$/);
      await expect(planOf(file.slice(0, at), there.storage), `cut at ${at}`).rejects.toThrow(/\.$/);
    }
    expect(there.map).toEqual(before);
  });

  it('changes nothing where it was altered after the preview', async () => {
    const { storage } = await fullBrowser();
    const file = await backUp(storage);
    const there = emptyBrowser();
    const plan = await planOf(file, there.storage);
    const altered = file.slice();
    const { offset, bytes } = plan.units[0]?.places[0] ?? { offset: 0, bytes: 0 };
    const start = file.length - plan.container.body.size;
    altered[start + offset + bytes - 3] = 'x'.charCodeAt(0);
    const container = { ...plan.container, body: new Blob([altered.slice(start)]) };
    await expect(accept({ ...plan, container }, there.storage)).rejects.toThrow('a hash differs');
    expect([...there.map.keys()]).toEqual([]);
  });
});

describe('models', () => {
  const model: StoredModel = {
    ...{ id: 'one', name: 'tiny', addedAt: '2026', sizeBytes: 5, sha256: 'hash' },
    files: [{ path: 'config.json', sizeBytes: 5, sha256: 'of it' }],
  };

  it('are named with their hashes, or written whole and found by their place', async () => {
    const { storage } = emptyBrowser();
    const blob = new Blob(['{"a"}']);
    let released = 0;
    const models = {
      list: async () => ({ models: [model], unfit: [] }),
      open: async () => ({ model, files: [{ path: 'config.json', blob }], release: async () => void released++ }),
    };
    for (const withModels of [false, true]) {
      const parts: Bytes[] = [];
      const sink = { write: async (bytes: Bytes) => void parts.push(bytes.slice()) };
      const options = { madeAt: '2026', label: '대외비', passphrase: null, withModels };
      await writeBackup(sink, storage.units, models, options);
      const opened = await (await readContainer('x', new Blob(parts))).open(null);
      expect(opened.header.label).toBe('대외비');
      const [plan] = (await planRestore(opened, storage.units, [])).models;
      expect(plan).toMatchObject({ model, fate: withModels ? 'included' : 'named' });
      const [file] = plan?.files ?? [];
      const start = new Blob(parts).size - opened.body.size;
      const text = await new Blob(parts)
        .slice(start + (file?.offset ?? 0))
        .slice(0, file?.bytes ?? 0)
        .text();
      expect(text).toBe(withModels ? '{"a"}' : '');
      expect((await planRestore(opened, storage.units, [{ ...model, id: 'other' }])).models[0]?.fate).toBe('here');
    }
    expect(released).toBe(1);
  });
});
