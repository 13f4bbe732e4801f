/** @file What is written down of an export, and what an office demands before it. */
import { describe, expect, it } from 'vitest';
import { createAuditLog } from '../../storage/audit/audit-log';
import { mapKeyValue } from '../../storage/key-value';
import { sha256Hex } from '../../core/sha256';
import { readOffice } from '../plain/audit/office';
import { createAuditStore } from './audit';
import { createStorage } from '../plain/records';
import { createNoticeStore } from './notices';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';

function storeFor(office: string | null) {
  const log = createAuditLog(mapKeyValue(new Map()), { read: () => null, write: () => {} });
  const audit = createAuditStore({
    ...{ log, notices: createNoticeStore(), office: readOffice(office), who: 'Kim' },
    storage: { writeSettings: async () => {} },
  });
  return { log, audit };
}

const file = { name: 'pairs.jsonl', content: '{"a":1}\n', type: 'application/jsonl' };

describe('a file that leaves', () => {
  it('is written down with its hash, and asks nothing where nothing is demanded', async () => {
    const { log, audit } = storeFor(null);
    expect(await audit.getState().letOut(file)).toEqual(file);
    const [entry] = (await log.read()).entries;
    const sha256 = await sha256Hex(new TextEncoder().encode(file.content));
    expect(entry?.entry).toMatchObject({ who: 'Kim', action: 'export', what: 'pairs.jsonl', sha256, reason: null });
  });

  it('waits for reason and approver where they are demanded, is labelled, and stays where nobody gives them', async () => {
    const { log, audit } = storeFor('{"label":"대외비","exports":{"reason":true,"approver":true}}');
    const refused = audit.getState().letOut(file);
    audit.getState().asking?.answer(null);
    expect(await refused).toBeNull();
    expect((await log.read()).entries).toEqual([]);
    const leaving = audit.getState().letOut(file);
    audit.getState().asking?.answer({ reason: ' for the server ', approver: 'Lee' });
    const left = await leaving;
    expect(left).toMatchObject({ name: 'pairs [대외비].jsonl', content: '{"grade":"대외비","a":1}\n' });
    const [entry] = (await log.read()).entries;
    const sha256 = await sha256Hex(new TextEncoder().encode(String(left?.content)));
    expect(entry?.entry).toMatchObject({ reason: 'for the server', approver: 'Lee', sha256 });
    expect(audit.getState().asking).toBeNull();
  });

  it('that is asked for while another one waits puts that one away', async () => {
    const { audit } = storeFor('{"exports":{"reason":true}}');
    const first = audit.getState().letOut(file);
    const second = audit.getState().letOut({ ...file, name: 'b.jsonl' });
    expect(await first).toBeNull();
    expect(audit.getState().asking?.name).toBe('b.jsonl');
    audit.getState().asking?.answer({ reason: 'x', approver: '' });
    expect((await second)?.name).toBe('b.jsonl');
  });
});

describe('pairs', () => {
  const idleEngine = {
    call: () => new Promise<never>(() => {}),
    onDown: () => () => {},
    onSilence: () => () => {},
    restart: () => {},
  };
  const hashOf = (text: string) => sha256Hex(new TextEncoder().encode(text));
  const lineOf = (prompt: string) => `${JSON.stringify({ prompt, chosen: 'yes', rejected: 'no' })}\n`;

  it('that were imported and deleted are written down with the hash of the file that holds them', async () => {
    const { log } = storeFor(null);
    const { dataset } = await openTestStudio({
      engine: idleEngine,
      storage: createStorage(mapKeyValue(new Map())),
      auditLog: log,
    });
    const file = lineOf('one') + lineOf('two') + lineOf('three');
    await dataset.getState().importFile('a.jsonl', new Blob([file]));
    await dataset.getState().removeRows(new Set(dataset.getState().rows.slice(1)));
    await dataset.getState().removeAll();
    await eventually(async () => expect((await log.read()).entries).toHaveLength(3));
    const { entries } = await log.read();
    const of = (action: string) => entries.map(({ entry }) => entry).filter((entry) => entry.action === action);
    expect(of('import')).toMatchObject([{ what: 'a.jsonl: 3', sha256: await hashOf(file) }]);
    expect(of('deletion')).toMatchObject([
      { what: '2 pairs', sha256: await hashOf(lineOf('two') + lineOf('three')) },
      { what: '1 pair', sha256: await hashOf(lineOf('one')) },
    ]);
  });

  it('of a data set that is not open have their hash as well, and a record that was set aside that of its file', async () => {
    const { log } = storeFor(null);
    const map = new Map<string, unknown>([['run/r', { version: 1, value: { name: 'dpo-1', steps: 'many' } }]]);
    const storage = createStorage(mapKeyValue(map));
    const row = { pair: { prompt: 'one', chosen: 'yes', rejected: 'no' }, file: 'a', row: 1 };
    await storage.writeDataset({ rows: [row], split: null }, undefined, 'other');
    await storage.writeDatasetLabel('other', { name: 'Pumps', madeAt: '2026-01-01' });
    const { dataset, setAside } = await openTestStudio({ engine: idleEngine, storage, auditLog: log });
    await dataset.getState().deleteSet('other');
    await setAside.getState().refresh();
    const [record] = setAside.getState().records;
    const file = record && (await setAside.getState().fileOf(record));
    if (record !== undefined) await setAside.getState().remove(record);
    const { entries } = await log.read();
    expect(entries.map(({ entry }) => entry)).toMatchObject([
      { action: 'deletion', what: 'Pumps: 1', sha256: await hashOf(lineOf('one')) },
      { action: 'deletion', sha256: await sha256Hex(file?.bytes ?? new Uint8Array()) },
    ]);
    expect(new TextDecoder().decode(file?.bytes)).toContain('"steps": "many"');
  });
});
