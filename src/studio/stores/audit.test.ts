/** @file What is written down of an export, and what an office demands before it. */
import { describe, expect, it } from 'vitest';
import { createAuditLog } from '../../storage/audit/audit-log';
import { mapKeyValue } from '../../storage/key-value';
import { sha256Hex } from '../../core/sha256';
import { readOffice } from '../plain/audit/office';
import { createAuditStore } from './audit';
import { createNoticeStore } from './notices';

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
