/** @file Import in the studio: every file of fixtures/data gives its right pairs, and what is asked is asked. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { AbortError } from '../../core/errors';
import { dataCases } from '../../data/import/cases';
import { oddFiles, wordsOf } from '../../data/import/odd-files';
import { planFrom } from '../../data/import/plan';
import { toChatPair } from '../../data/pair-form';
import { sentenceOf } from '../../messages/message';
import { rowSchema } from '../../storage/records';
import { turnedRound } from '../plain/data/label-review';
import { writePairs } from '../plain/data/pair-text';
import { data as english } from '../text/en/data';
import { data as korean } from '../text/ko/data';
import { writeWorkbook } from '../../data/import/workbook';
import { readTableHere, type ReadTableFile } from '../browser/table-reader';
import { importing } from './dataset-import';
import type { DatasetState } from './dataset-state';

/** The import over a data set that is kept nowhere. */
function studio(hasTemplate = false, readTable: ReadTableFile = readTableHere) {
  const model = { hasTemplate };
  const store = createStore<DatasetState>()((set, _get, api) => ({
    ...({
      rows: [],
      previews: [],
      rememberedPlans: [],
      sets: [],
      openId: '',
      importMode: 'append',
      lastImport: null,
    } as unknown as DatasetState),
    ...importing(api, { readTable, hasTemplate: () => model.hasTemplate }, (next) => {
      const changed = next({ rows: api.getState().rows, split: null });
      if (changed !== null) set({ rows: changed.rows });
      return Promise.resolve(changed && { id: '', what: changed.what, isWritten: true });
    }),
  }));
  const read = async (name: string, content: string | Uint8Array<ArrayBuffer>) => {
    await store.getState().importFile(name, new Blob([content]));
    return store.getState().previews[0];
  };
  return { store, read, model, pairs: () => store.getState().rows.map(({ pair }) => pair) };
}

it.each(dataCases)('$file', async ({ file, pairs, leftOver = [] }) => {
  const { store, read, pairs: imported } = studio();
  const preview = await read(file, Uint8Array.from(readFileSync(`fixtures/data/${file}`)));
  if (leftOver.length > 0) expect(preview?.filled).toEqual(expect.arrayContaining([...leftOver]));
  if (preview !== undefined) await store.getState().confirmImport();
  expect(imported()).toEqual(pairs);
});

it.each(oddFiles)('%s', async (_, name, content, wanted) => {
  const { store, read, pairs: imported } = studio();
  if ((await read(name, content)) !== undefined) await store.getState().confirmImport();
  expect(imported().map(wordsOf)).toEqual(wanted);
});

it('texts are proposed as chat messages where the open model has a template, in every shape', async () => {
  for (const { file, pairs } of dataCases) {
    const { store, read, pairs: imported } = studio(true);
    const preview = await read(file, Uint8Array.from(readFileSync(`fixtures/data/${file}`)));
    const isText = pairs.some(({ prompt }) => typeof prompt === 'string');
    if (isText) expect(preview?.plan.as, file).toBe('chat');
    if (preview !== undefined) await store.getState().confirmImport();
    if (file.startsWith('jsonl-gz')) expect(imported()).toMatchObject([{ prompt: [{ role: 'user', content: 'Hi' }] }]);
    else expect(imported(), file).toEqual(pairs.map(toChatPair));
  }
});

it('a file whose columns are chosen by hand becomes messages too, and so does one that was there before the model', async () => {
  const plan = planFrom('pairs', { prompt: 'frage', chosen: 'gut', rejected: 'schlecht' });
  const { store, read, model, pairs: imported } = studio(true);
  await read('a.csv', 'frage,gut,schlecht\nWer?,Du.,Ich.\n');
  store.getState().planImport(plan);
  expect(store.getState().previews[0]).toMatchObject({ plan: { as: 'chat' }, isFormChosen: false });
  model.hasTemplate = false;
  store.getState().formImports();
  expect(store.getState().previews[0]?.plan.as).toBeUndefined();
  model.hasTemplate = true;
  store.getState().formImports();
  await store.getState().confirmImport();
  expect(imported()).toMatchObject([{ prompt: [{ role: 'user', content: 'Wer?' }] }]);

  // What the model asked for is not remembered with the columns; what a person chose is.
  model.hasTemplate = false;
  expect((await read('b.csv', 'frage,gut,schlecht\nWo?,Da.,Dort.\n'))?.plan).toEqual(plan);
  store.getState().chooseImportForm('text');
  model.hasTemplate = true;
  store.getState().formImports();
  expect(store.getState().previews[0]?.plan.as).toBe('text');
  await store.getState().confirmImport();
  expect((await read('c.csv', 'frage,gut,schlecht\nWann?,Jetzt.,Nie.\n'))?.plan.as).toBe('text');
});

it('nothing is asked of a file with the own columns alone; anything else is', async () => {
  const own = '{"prompt":"p","chosen":"a","rejected":"b"}';
  expect(await studio().read('a.jsonl', own)).toBeUndefined();
  expect(await studio().read('a.jsonl', own.replace('}', ',"id":1}'))).toMatchObject({ origin: 'recognised' });
  expect(await studio().read('a.jsonl', own.replace('}', ',"system":"s"}'))).toMatchObject({
    plan: { system: 'system' },
  });
  const unsure = Uint8Array.from([
    ...new TextEncoder().encode('prompt,chosen,rejected\na '),
    0xb0,
    0xa1,
    0x20,
    0x8c,
    0x63,
  ]);
  expect(
    await studio().read('a.csv', Uint8Array.from([...unsure, ...new TextEncoder().encode(',b,c\n')])),
  ).toBeDefined();
});

it('another encoding reads the file again; one that does not do is said, and the table stays', async () => {
  const { store, read } = studio();
  await read('x.csv', Uint8Array.from(readFileSync('fixtures/data/excel/cp949.csv')));
  await store.getState().decodeImport('Windows-1252');
  expect(store.getState().previews[0]?.table.decoded).toEqual({ encoding: 'Windows-1252', isSure: true });
  await store.getState().decodeImport('UTF-8');
  const { undecoded, table } = store.getState().previews[0] ?? {};
  expect(sentenceOf(undecoded ?? '')).toBe('x.csv is no text in UTF-8; choose another encoding, or save it as UTF-8.');
  expect(table?.decoded?.encoding).toBe('Windows-1252');
});

it('another encoding keeps the columns and the form that were chosen, under the names that it gives the columns', async () => {
  const { store, read, pairs: imported } = studio(true);
  const cp949 = Uint8Array.from(readFileSync('fixtures/data/excel/cp949.csv'));
  const before = await read('x.csv', cp949);
  const [, prompt = '', chosen = '', rejected = ''] = before?.columns ?? [];
  const isAscii = (name: string) => [...name].every((letter) => letter < '\x80');
  expect([prompt, chosen, rejected].every(isAscii)).toBe(false);
  await store.getState().decodeImport('Windows-1252');
  const [, one = '', two = '', three = ''] = store.getState().previews[0]?.columns ?? [];
  store.getState().planImport(planFrom('pairs', { prompt: one, chosen: three, rejected: two }));
  store.getState().chooseImportForm('text');
  await store.getState().decodeImport('CP949');
  expect(store.getState().previews[0]).toMatchObject({
    plan: { prompt, chosen: rejected, rejected: chosen, as: 'text' },
    isFormChosen: true,
  });
  await store.getState().confirmImport();
  expect(typeof imported()[0]?.prompt).toBe('string');
});

it('what the content speaks against is not preselected, and can be said', async () => {
  const { store, read } = studio();
  const rows = [1, 2, 3].map((n) =>
    JSON.stringify({ prompt: `p ${n}`, chosen: 'a', rejected: 'b', score_chosen: 1, score_rejected: 5 }),
  );
  const preview = await read('a.jsonl', rows.join('\n'));
  expect(preview).toMatchObject({ plan: { prompt: '', chosen: '', rejected: '' }, parsed: null });
  expect(sentenceOf(preview?.doubt ?? '')).toMatch(/may be the wrong way round/);
  store.getState().planImport({ shape: 'pairs', prompt: 'prompt', chosen: 'rejected', rejected: 'chosen' });
  expect(store.getState().previews[0]).toMatchObject({ doubt: null, parsed: { errors: [] } });
});

it('scores are kept beside their pair, and written again', async () => {
  const { store, read } = studio();
  await read('a.jsonl', '{"prompt":"p","chosen":"a","rejected":"b","chosen_score":4,"rejected_score":1}');
  await store.getState().confirmImport();
  expect(store.getState().rows).toMatchObject([{ scores: { chosen: 4, rejected: 1 } }]);
  expect(JSON.parse(writePairs(store.getState().rows))).toMatchObject({ chosen_score: 4, rejected_score: 1 });
});

it('a margin is kept with its pair, as text and as a chat, and written again', async () => {
  const { store, read } = studio();
  await read('a.jsonl', '{"prompt":"p","chosen":"a","rejected":"b","margin":0.5}');
  await store.getState().confirmImport();
  const [row] = store.getState().rows;
  expect(row?.pair.margin).toBe(0.5);
  expect(rowSchema.parse(row)).toEqual(row);
  expect(toChatPair(row!.pair).margin).toBe(0.5);
  expect(turnedRound(row!).pair.margin).toBeUndefined();
  expect(JSON.parse(writePairs(store.getState().rows))).toEqual({
    ...{ prompt: 'p', chosen: 'a', rejected: 'b', margin: 0.5 },
  });
});

it.each([english, korean])('the Excel template is read as what it says', async ({ template }) => {
  const bytes = await writeWorkbook(template.sheet, [template.columns, ...template.rows]);
  const { store, read } = studio();
  expect(await read(template.fileName, bytes)).toMatchObject({
    origin: 'recognised',
    plan: { prompt: template.columns[0] },
  });
  await store.getState().confirmImport();
  expect(store.getState().rows.map(({ pair }) => [pair.prompt, pair.chosen, pair.rejected])).toEqual(template.rows);
});

it('a file that is given up while it is read leaves nothing behind, and the next one is read', async () => {
  const shares: (number | null)[] = [];
  const endless: ReadTableFile = (_, __, { signal, onProgress } = {}) =>
    new Promise((_resolve, reject) => {
      onProgress?.(0.25);
      signal?.addEventListener('abort', () => reject(new AbortError()));
    });
  let readTable = endless;
  const { store, read } = studio(false, (...args) => readTable(...args));
  store.subscribe(({ readShare }) => shares.push(readShare));
  const reading = read('bomb.parquet', 'x');
  await Promise.resolve();
  expect(store.getState()).toMatchObject({ importing: 'bomb.parquet', readShare: 0.25 });
  store.getState().cancelReading();
  await reading;
  expect(store.getState()).toMatchObject({
    importing: null,
    readShare: null,
    lastImport: null,
    rows: [],
    previews: [],
  });
  readTable = readTableHere;
  await read('a.jsonl', '{"prompt":"p","chosen":"a","rejected":"b"}');
  expect(store.getState().rows).toHaveLength(1);
});
