/** @file The hand-over's store: what is asked of the engine, what becomes of it, and what the audit log holds then. */
import { describe, expect, it } from 'vitest';
import { AbortError, UserError } from '../../core/errors';
import { createAuditLog } from '../../storage/audit/audit-log';
import { mapKeyValue } from '../../storage/key-value';
import type { LeakReport } from '../../run/hand-over';
import type { RunPairs } from '../../storage/records';
import type { SigningKeys } from '../../storage/signing-keys';
import type { HandedOver, HandOverPlan, HandOverRequest, Progress, RequestKind } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import type { ExportPlaces } from '../browser/export-places';
import { readOffice } from '../plain/audit/office';
import type { Run } from '../plain/runs/run';
import { createAuditStore } from './audit';
import { EngineTime } from './engine-time';
import { withServer } from '../plain/hand-over/form';
import { createHandOverStore } from './hand-over';
import type { LibraryStore } from './library';
import { createNoticeStore } from './notices';

const plan: HandOverPlan = { files: [{ path: 'a', sizeBytes: 3 }], rank: 8, findings: [], warnings: [] };
const out: HandedOver = {
  ...{ name: 'dpo-1-20261129', files: [{ path: 'a', sha256: 'a1' }], sizeBytes: 3, sumsSha256: 'b2', said: [] },
};
const why = { reason: 'for the help desk', approver: '' };

type Answer = (input: unknown, options: CallOptions) => unknown;

const report = { count: 8, source: 'answers', meanDifference: 0.25, largestDifference: 1, tellsApart: false } as const;
const leaks: LeakReport = { asked: 2, tooShort: 0, adapter: 1, base: 0, recited: [], searched: 2, found: [] };
const usual: Partial<Record<RequestKind, Answer>> = {
  signingKey: () => ({ pair: 'a pair', publicKey: 'PEM', fingerprint: 'c3' }),
  canaries: () => ({ texts: [{ path: 'canaries.json', text: '{}' }], report: { ...report, precision: 'float32' } }),
  leakCheck: () => leaks,
};

const won = { metric: 'win rate', value: 0.7, on: '40 prompts', interval: { low: 0.5, high: 0.8 } };

function setUp(answers: Partial<Record<RequestKind, Answer>>, office = '{}') {
  const calls: { kind: string; input: Record<string, unknown> }[] = [];
  const told: string[] = [];
  let now = Date.parse('2026-11-29T00:00:00Z');
  const engine = {
    call: async (kind: RequestKind, input: Record<string, unknown>, options: CallOptions = {}) => {
      calls.push({ kind, input });
      return (answers[kind] ?? usual[kind])?.(input, options);
    },
  } as unknown as Engine;
  const run = {
    id: 'r1',
    name: 'dpo-1',
    modelName: 'base',
    modelFingerprint: 'f',
    adapterBytes: 3,
    method: 'dpo',
    config: {},
  } as Run;
  let pairs: RunPairs | null = null;
  const parts = { loadMetrics: async () => {}, metrics: {}, pairsOf: async () => pairs };
  const library = { getState: () => ({ ...parts, runs: [run], adapterOf: async () => ({ a: new Uint8Array(3) }) }) };
  const place = (kind: string) => ({
    target: { kind } as never,
    done: async () => void told.push(`${kind} done`),
    discard: async () => void told.push(`${kind} discarded`),
  });
  const places: ExportPlaces = {
    canChooseFolder: () => true,
    folder: async () => place('folder'),
    zip: async (name) => place(`zip ${name}`),
  };
  const log = createAuditLog(mapKeyValue(new Map()), { read: () => null, write: () => {} });
  const given = { notices: createNoticeStore(), office: readOffice(office), who: 'Kim' };
  const audit = createAuditStore({ ...given, log, storage: { writeSettings: async () => {} } });
  const keys: SigningKeys = { read: async () => null, keep: async (pair) => pair };
  const engineTime = new EngineTime();
  const store = createHandOverStore({
    ...{ engine, engineTime, audit, places, keys, library: library as unknown as LibraryStore },
    winRatesOf: (runId) => (runId === run.id ? [won] : []),
    clock: { now: () => (now += 2000), after: () => () => {} },
  });
  const entries = async () => (await log.read()).entries.map(({ entry }) => entry);
  const keepPairs = () => (pairs = { train: [{ prompt: 'a', chosen: 'b', rejected: 'c' }], evaluation: [] });
  return { store, calls, told, entries, keepPairs };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('handing over', () => {
  it('plans what is chosen, and drops the plan of what was chosen before', async () => {
    const waiting: ((plan: HandOverPlan) => void)[] = [];
    const { store, calls } = setUp({ planHandOver: () => new Promise((resolve) => waiting.push(resolve)) });
    store.getState().open('r1');
    await settle();
    store.getState().setForm({ ...store.getState().form, maxLoraRank: 64 });
    await settle();
    waiting[0]?.({ ...plan, rank: 1 });
    await settle();
    expect(store.getState().plan).toBeNull();
    waiting[1]?.(plan);
    await settle();
    expect(store.getState().plan).toEqual(plan);
    const plans = calls.filter(({ kind }) => kind === 'planHandOver');
    expect(plans.map(({ input }) => input['maxLoraRank'])).toEqual([16, 64]);
  });

  it('writes with the label and how it is served, and then into the audit log', async () => {
    const { store, calls, told, entries } = setUp(
      { planHandOver: () => plan, handOver: () => out },
      '{"label":"대외비"}',
    );
    store.getState().open('r1');
    await settle();
    await store.getState().write('zip', why);
    expect(store.getState()).toMatchObject({ written: { name: out.name, isZip: true }, doing: null, failure: null });
    expect(told).toEqual(['zip dpo-1-20261129 done']);
    const texts = calls.at(-1)?.input['texts'] as { path: string; text: string }[];
    expect(texts.map(({ path }) => path)).toEqual(['SERVE.txt', 'GRADE.txt', 'canaries.json']);
    expect(texts[0]?.text).toContain('vllm serve base --enable-lora');
    expect(store.getState().written?.said).toMatchObject([{ code: 'canariesMade' }, { code: 'canariesTooAlike' }]);
    expect(calls.at(-1)?.input).toMatchObject({ signingKey: 'a pair', origin: { run: null, results: [won] } });
    expect(await entries()).toMatchObject([
      { who: 'Kim', action: 'export', sha256: 'b2', reason: 'for the help desk', approver: null },
    ]);
  });

  it('tells how far it is and how long it takes, and stops', async () => {
    const seen: unknown[] = [];
    const { store, told, entries } = setUp({
      planHandOver: () => plan,
      handOver: (_, { signal, onProgress }) => {
        for (const done of [25, 50]) onProgress?.({ kind: 'writing', done, total: 100 } satisfies Progress);
        seen.push(store.getState().doing);
        store.getState().stop();
        seen.push(store.getState().doing?.isStopping, signal?.aborted);
        throw new AbortError();
      },
    });
    store.getState().open('r1');
    await store.getState().write('folder', why);
    expect(seen).toEqual([{ kind: 'writing', done: 50, total: 100, secondsLeft: 4, isStopping: false }, true, true]);
    expect(store.getState()).toMatchObject({ doing: null, written: null, wasStopped: true, failure: null });
    expect(told).toEqual(['folder discarded']);
    expect(await entries()).toEqual([]);
  });

  it('refuses a zip of more than 4 GB before canaries are made, and writes the same to a folder', async () => {
    const large = { ...plan, files: ['a', 'b', 'c'].map((path) => ({ path, sizeBytes: 1.5 * 2 ** 30 })) };
    const { store, calls, told } = setUp({ planHandOver: () => large, handOver: () => out });
    store.getState().open('r1');
    await settle();
    await store.getState().write('zip', why);
    expect(store.getState().failure).toMatchObject({
      sentence: { code: 'exportZipTooLarge', values: { bytes: 4.5 * 2 ** 30 } },
    });
    expect([calls.map(({ kind }) => kind), told]).toEqual([['signingKey', 'planHandOver'], []]);
    await store.getState().write('folder', why);
    expect(told).toEqual(['folder done']);
  });

  it('is stopped before the engine has heard of it', async () => {
    const { store } = setUp({
      planHandOver: () => plan,
      handOver: (_, { signal }) => (signal?.aborted ? Promise.reject(new AbortError()) : out),
    });
    store.getState().open('r1');
    const unsubscribe = store.subscribe(({ doing }) => {
      if (doing === null) return;
      unsubscribe();
      queueMicrotask(() => store.getState().stop());
    });
    await store.getState().write('folder', why);
    expect(store.getState()).toMatchObject({ wasStopped: true, written: null });
  });

  it('signs nothing, and asks for no canaries, where that is chosen', async () => {
    const { store, calls } = setUp({ planHandOver: () => plan, handOver: () => out });
    store.getState().open('r1');
    await settle();
    store.getState().setForm({ ...store.getState().form, isSigned: false, canaries: 'none' });
    await store.getState().write('folder', why);
    expect(calls.at(-1)?.input).toMatchObject({ signingKey: null });
    expect(calls.map(({ kind }) => kind)).not.toContain('canaries');
  });

  it('gives a bundle the run with its pairs, and says where they are gone', async () => {
    const { store, calls, keepPairs } = setUp({ planHandOver: () => plan, handOver: () => out });
    store.getState().open('r1');
    store.getState().setForm(withServer(store.getState().form, 'cluster', 'dpo'));
    await settle();
    const planned = () =>
      calls.filter(({ kind }) => kind === 'planHandOver').at(-1)?.input as unknown as HandOverRequest;
    expect(planned().repeated).toBeUndefined();
    keepPairs();
    await store.getState().look();
    expect(planned()).toMatchObject({ format: 'bundle', server: 'transformers' });
    expect(planned().repeated).toMatchObject({
      pairs: [{ prompt: 'a' }],
      config: { method: 'dpo' },
      initAdapter: null,
    });
    await store.getState().write('folder', why);
    const { run } = (calls.at(-1)?.input as unknown as HandOverRequest).origin ?? {};
    expect(run).toMatchObject({
      method: 'dpo (sigmoid)',
      dataSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(calls.map(({ kind }) => kind)).not.toContain('canaries');
  });

  it('looks for what is given away in the pairs of the run, or says that they are gone', async () => {
    const { store, calls, keepPairs } = setUp({ planHandOver: () => plan });
    store.getState().open('r1');
    await store.getState().lookForLeaks();
    expect(store.getState().leakFailure?.sentence).toMatchObject({ code: 'pairsNotKept', values: { run: 'dpo-1' } });
    store.getState().setForm({ ...store.getState().form, canaries: 'pairs' });
    await store.getState().write('folder', why);
    expect(store.getState().failure?.sentence).toMatchObject({ code: 'pairsNotKept' });
    keepPairs();
    await store.getState().lookForLeaks();
    expect(store.getState()).toMatchObject({ leaks, leakFailure: null, doing: null });
    expect(calls.at(-1)?.input).toMatchObject({ pairs: [{ chosen: 'b' }], answers: 64 });
  });

  it('writes nothing as long as something is not given that the office demands', async () => {
    const answers = { planHandOver: () => plan, handOver: () => out };
    const { store, calls, entries } = setUp(answers, '{"exports":{"reason":true,"approver":true}}');
    store.getState().open('r1');
    await store.getState().write('folder', why);
    expect(calls.map(({ kind }) => kind)).not.toContain('handOver');
    await store.getState().write('folder', { ...why, approver: 'Lee' });
    expect(store.getState().written).toMatchObject({ name: out.name });
    expect(await entries()).toMatchObject([{ reason: 'for the help desk', approver: 'Lee' }]);
  });

  it('says what failed, and writes nothing down of it', async () => {
    const { store, told, entries } = setUp({
      planHandOver: () => plan,
      handOver: () => {
        throw new UserError('exportDiskFull', { file: 'a' });
      },
    });
    store.getState().open('r1');
    await store.getState().write('zip', why);
    expect(store.getState().failure?.sentence).toMatchObject({ code: 'exportDiskFull' });
    expect(told).toEqual(['zip dpo-1-20261129 discarded']);
    expect(await entries()).toEqual([]);
  });

  it('stays open while it is written', async () => {
    const { store } = setUp({
      planHandOver: () => plan,
      handOver: () => {
        store.getState().close();
        return out;
      },
    });
    store.getState().open('r1');
    await store.getState().write('folder', why);
    expect(store.getState().written).toMatchObject({ name: out.name });
    store.getState().close();
    expect(store.getState().runId).toBeNull();
  });
});
