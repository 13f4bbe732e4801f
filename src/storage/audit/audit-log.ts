/**
 * @file The audit log: what was imported, trained, exported, deleted, backed up and restored, by whom and why, in a
 * database of its own. Entries are only ever added. Each holds the SHA-256 of the one before, and the newest hash
 * stands in a second place outside the database, so that an entry that was changed, taken out or cut off is found.
 */
import { z } from '../../core/zod';
import { toHex } from '../../core/sha256';
import { openHash, type RunningHash } from '../backup/container';
import type { KeyValue } from '../key-value';

export const auditActions = ['import', 'training', 'trained', 'export', 'deletion', 'backup', 'restore'] as const;
export type AuditAction = (typeof auditActions)[number];

const entrySchema = z.object({
  /** 1 for the first. */
  n: z.int().min(1),
  /** ISO 8601. */
  at: z.string(),
  /** The name that stands in the settings; empty where none does. */
  who: z.string(),
  action: z.enum(auditActions),
  what: z.string(),
  /** SHA-256 (hex) of what it was done to, where that has one. */
  sha256: z.string().nullable(),
  reason: z.string().nullable(),
  approver: z.string().nullable(),
  /** SHA-256 (hex) of the entry before; of the first one, empty. */
  previous: z.string(),
});
export type AuditEntry = Readonly<z.output<typeof entrySchema>>;
export type NewAuditEntry = Omit<AuditEntry, 'n' | 'previous'>;

/** The newest entry. */
const headSchema = z.object({ count: z.int().min(0), hash: z.string() });
type Head = Readonly<z.output<typeof headSchema>>;
const noHead: Head = { count: 0, hash: '' };

/** An entry as it is kept: its JSON, whose SHA-256 the next one holds. */
export interface KeptEntry {
  readonly entry: AuditEntry;
  readonly text: string;
  readonly hash: string;
}

export interface AuditReading {
  /** Those that fit, the oldest first. */
  readonly entries: readonly KeptEntry[];
  /** The number of the first entry that is missing or not as it was written; null where all are. */
  readonly firstUnfit: number | null;
}

export interface AuditLog {
  append(entry: NewAuditEntry): Promise<void>;
  /** Reads and verifies the whole log. */
  read(): Promise<AuditReading>;
}

/** A second place for the newest hash. */
export interface AuditAnchor {
  read(): string | null;
  write(text: string): void;
}

const headKey = 'head';
const entryPrefix = 'entry/';
const entryKey = (n: number): string => entryPrefix + String(n).padStart(12, '0');

function hashText(hash: RunningHash, text: string): string {
  hash.update(new TextEncoder().encode(text));
  return toHex(hash.take());
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

const readHead = (value: unknown): Head => headSchema.safeParse(value).data ?? noHead;

/** The entries from the first on, as long as each fits the one before. */
function entriesThatFit(hash: RunningHash, texts: readonly unknown[]): readonly KeptEntry[] {
  const entries: KeptEntry[] = [];
  for (const [index, text] of texts.entries()) {
    const entry = typeof text === 'string' ? entrySchema.safeParse(parse(text)).data : undefined;
    if (entry?.n !== index + 1 || entry.previous !== (entries.at(-1)?.hash ?? '')) break;
    entries.push({ entry, text: text as string, hash: hashText(hash, text as string) });
  }
  return entries;
}

export function createAuditLog(db: KeyValue, anchor: AuditAnchor): AuditLog {
  const opened = openHash();
  return {
    async append(given) {
      const hash = await opened;
      let head = noHead;
      await db.changeMany([headKey], ([stored]) => {
        const before = readHead(stored);
        const text = JSON.stringify({ n: before.count + 1, ...given, previous: before.hash });
        head = { count: before.count + 1, hash: hashText(hash, text) };
        return [
          [entryKey(head.count), text],
          [headKey, head],
        ];
      });
      anchor.write(JSON.stringify(head));
    },

    async read() {
      const hash = await opened;
      const keys = (await db.keys()).filter((key) => key.startsWith(entryPrefix));
      const stored = await db.getMany([headKey, ...keys]);
      const [head, anchored] = [readHead(stored[0]), readHead(parse(anchor.read()))];
      const texts = new Map(keys.map((key, index) => [key, stored[index + 1]]));
      const count = Math.max(head.count, anchored.count, keys.length);
      const all = Array.from({ length: count }, (_, index) => texts.get(entryKey(index + 1)));
      const entries = entriesThatFit(hash, all);
      if (entries.length < count) return { entries, firstUnfit: entries.length + 1 };
      const isAt = ({ count: n, hash: wanted }: Head) => n === 0 || entries[n - 1]?.hash === wanted;
      const unfit = [anchored, head].find((place) => !isAt(place));
      // The last one that is written down elsewhere has another hash: it was changed, and nothing follows to show it.
      return unfit === undefined
        ? { entries, firstUnfit: head.count === count ? null : head.count + 1 }
        : { entries: entries.slice(0, unfit.count - 1), firstUnfit: unfit.count };
    },
  };
}

/** One line an entry, with its hash at the end: without `,"hash":"…"` it is the text that was hashed. */
export function writeAuditLines(entries: readonly KeptEntry[]): string {
  return entries.map(({ text, hash }) => `${text.slice(0, -1)},"hash":"${hash}"}\n`).join('');
}

const columns = ['n', 'at', 'who', 'action', 'what', 'sha256', 'reason', 'approver', 'previous'] as const;

/** A spreadsheet must not take a text for a formula. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function writeAuditTable(entries: readonly KeptEntry[]): string {
  const rows = entries.map(({ entry, hash }) => [...columns.map((name) => entry[name]), hash].map(cell).join(','));
  return `\ufeff${[[...columns, 'hash'].join(','), ...rows].join('\r\n')}\r\n`;
}
