/** @file The audit log finds whatever was changed, taken out or cut off, and says the first entry that does not fit. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mapKeyValue } from '../key-value';
import { createAuditLog, writeAuditLines, writeAuditTable, type AuditLog, type NewAuditEntry } from './audit-log';

const entry = (what: string): NewAuditEntry => ({
  ...{ at: '2026-01-01T00:00:00Z', who: '김', action: 'export', what, sha256: 'ab' },
  ...{ reason: 'for the server, "soon"', approver: null },
});

interface Opened {
  readonly log: AuditLog;
  readonly map: Map<string, unknown>;
  readonly anchor: { text: string | null };
}

async function logOf(count: number): Promise<Opened> {
  const map = new Map<string, unknown>();
  const anchor = { text: null as string | null };
  const log = createAuditLog(mapKeyValue(map), {
    read: () => anchor.text,
    write: (text) => (anchor.text = text),
  });
  for (let n = 1; n <= count; n++) await log.append(entry(`file ${n}`));
  return { log, map, anchor };
}

const keyOf = (n: number) => `entry/${String(n).padStart(12, '0')}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the audit log', () => {
  it('gives back what was added, each entry with the hash of the one before', async () => {
    const { log } = await logOf(3);
    const { entries, firstUnfit } = await log.read();
    expect(firstUnfit).toBeNull();
    expect(entries.map(({ entry: { n, what } }) => [n, what])).toEqual([1, 2, 3].map((n) => [n, `file ${n}`]));
    for (const [index, { text, hash, entry: kept }] of entries.entries()) {
      expect(hash).toBe(sha256(text));
      expect(kept.previous).toBe(index === 0 ? '' : sha256(entries[index - 1]?.text ?? ''));
    }
    expect(await (await logOf(0)).log.read()).toEqual({ entries: [], firstUnfit: null });
  });

  it('says which entry was changed first, whatever was changed in it', async () => {
    for (const n of [1, 2, 3]) {
      const { log, map } = await logOf(3);
      const text = map.get(keyOf(n)) as string;
      for (let at = 0; at < text.length; at += 5) {
        map.set(keyOf(n), `${text.slice(0, at)}~${text.slice(at + 1)}`);
        const { entries, firstUnfit } = await log.read();
        expect([n, n + 1], `byte ${at} of entry ${n}`).toContain(firstUnfit);
        expect(entries.length).toBe((firstUnfit ?? 0) - 1);
      }
    }
  });

  it('notices entries that were taken out, at the beginning, in the middle, at the end, or all of them', async () => {
    for (const gone of [[1], [2], [3], [2, 3], [1, 2, 3]]) {
      const { log, map } = await logOf(3);
      for (const n of gone) map.delete(keyOf(n));
      expect((await log.read()).firstUnfit).toBe(gone[0]);
    }
    const { log, map } = await logOf(3);
    map.clear();
    expect((await log.read()).firstUnfit).toBe(1);
  });

  it('notices a log that was cut and written on consistently, by its second place', async () => {
    const { log, map, anchor } = await logOf(3);
    const kept = anchor.text;
    map.delete(keyOf(3));
    map.set('head', { count: 2, hash: sha256(map.get(keyOf(2)) as string) });
    expect((await log.read()).firstUnfit).toBe(3);
    await log.append(entry('another third'));
    anchor.text = kept;
    expect((await log.read()).firstUnfit).toBe(3);
  });

  it('is exported so that others can verify it, and without formulas', async () => {
    const { log } = await logOf(1);
    await log.append({ ...entry('=SUM(A1)'), who: '@x' });
    const { entries } = await log.read();
    for (const line of writeAuditLines(entries).trim().split('\n')) {
      const { hash } = JSON.parse(line) as { readonly hash: string };
      expect(sha256(line.replace(/,"hash":"[0-9a-f]{64}"}$/, '}'))).toBe(hash);
    }
    const [head, first, second] = writeAuditTable(entries).split('\r\n');
    expect(head).toBe('\ufeffn,at,who,action,what,sha256,reason,approver,previous,hash');
    expect(first).toContain('"for the server, ""soon"""');
    expect(second).toContain("'@x,export,'=SUM(A1)");
  });
});
