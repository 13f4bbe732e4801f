/**
 * @file Notices that the database has lost something, which it does without a word: Chromium makes an empty one in the
 * place of one that it finds damaged, and drops the end of a file that was cut.
 * Each writing is counted, in its own transaction, and the count stands in a second place outside the database too,
 * once it is on the disk. So the database is never behind that place, unless it was damaged.
 */
import { UserError } from '../core/errors';
import { z } from '../core/zod';
import type { Entries, KeyValue } from './key-value';
import { isReadingError } from './unreadable';

/** What is kept, by kinds that a person counts. */
const heldSchema = z.object({
  runs: z.int(),
  datasets: z.int(),
  /** Rounds, prompt sets, a demonstration, a frontier, the starter's result. */
  others: z.int(),
  /** Of all kinds: a run has several, and the settings are one. */
  records: z.int(),
});
export type Held = Readonly<z.output<typeof heldSchema>>;

const lossSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** What was kept; null where that was not written down. */
  before: heldSchema.nullable(),
  now: heldSchema,
  /** So many of the last writings are gone, or 0 where others are; null where nobody can tell how many. */
  writes: z.int().nullable(),
  /** The browser's own words, where it said why. */
  reason: z.string().nullable(),
});
export type Loss = Readonly<z.output<typeof lossSchema>>;

/** `id` is of one database: another one in its place has another. */
const countSchema = z.object({ id: z.string(), writes: z.int().min(0) });
type Count = Readonly<z.output<typeof countSchema>>;

const noteSchema = z.object({
  count: countSchema.nullable(),
  held: heldSchema.nullable(),
  loss: lossSchema.nullable(),
});
type Note = Readonly<z.output<typeof noteSchema>>;

/** Where the count stands beside the database: the browser's local storage. */
export interface SecondPlace {
  read(): string | null;
  write(text: string): void;
}

export interface CountedKeyValue extends KeyValue {
  /** What the browser said of the database that it has just thrown away; null where it was not asked to keep one. */
  hearMade(reason: string | null): void;
  /** The loss is known, and is told no longer. */
  forgetLoss(): void;
}

const countKey = 'write-count';
const mostTries = 5;
const betweenTriesMs = 100;

export function heldIn(keys: Iterable<string>): Held {
  let [runs, datasets, others, records] = [0, 0, 0, 0];
  for (const key of keys) {
    if (key !== countKey) records++;
    if (key.startsWith('run/')) runs++;
    else if (key === 'dataset' || key.startsWith('dataset/')) datasets++;
    else if (/^(?:judging|trials|demonstration|frontier|starter-result)$/.test(key)) others++;
  }
  return { runs, datasets, others, records };
}

export const isNothing = ({ runs, datasets, others }: Held): boolean => runs + datasets + others === 0;

function readNote(text: string | null): Note | null {
  try {
    return noteSchema.safeParse(JSON.parse(text ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

/** How the database is behind the note; null where it is not. */
function lossOf(note: Note | null, count: Count | null, now: Held, reason: string | null): Loss | null {
  const at = new Date().toISOString();
  const before = note?.held ?? null;
  if (note?.count == null)
    return reason === null || note !== null ? null : { at, before: null, now, writes: null, reason };
  if (count?.id === note.count.id) {
    const writes = note.count.writes - count.writes;
    // What was held at that very writing is held still.
    const isLess = writes === 0 && before !== null && before.records > now.records;
    return writes > 0 || isLess ? { at, before, now, writes, reason } : null;
  }
  return before === null || isNothing(before) ? null : { at, before, now, writes: null, reason };
}

class WriteCount {
  private reason: string | null = null;
  private begun: Promise<void> | null = null;
  /** What this page wrote last: a damaged database may show an older entry in its place. */
  private last: Count | null = null;
  /** Keys that this page knows to be there. */
  private known = new Set<string>();

  constructor(
    private readonly db: KeyValue,
    private readonly place: SecondPlace,
    private readonly onLoss: (loss: Loss) => void,
  ) {}

  /** Once, before anything is read or written, and again where another database took the place of the one before. */
  begin(): Promise<void> {
    if (this.begun === null) {
      this.begun = this.lookUntilItCanBeRead();
      this.begun.catch(() => (this.begun = null));
    }
    return this.begun;
  }

  hearMade(reason: string | null): void {
    this.reason = reason ?? this.reason;
    // The one that is looking has not looked into it yet.
    if (this.known.size > 0) this.begun = null;
  }

  forgetLoss(): void {
    const note = readNote(this.place.read());
    if (note !== null) this.place.write(JSON.stringify({ ...note, loss: null }));
  }

  async changeMany(keys: readonly string[], change: (values: readonly unknown[]) => Entries): Promise<void> {
    await this.begin();
    let [count, written] = [null as Count | null, [] as Entries];
    await this.db.changeMany([countKey, ...keys], ([stored, ...values]) => {
      written = change(values);
      if (written.length === 0) return [];
      const before = countSchema.safeParse(stored).data ?? { id: crypto.randomUUID(), writes: 0 };
      if (before.id === this.last?.id && before.writes < this.last.writes) throw new UserError('databaseMixed');
      count = { id: before.id, writes: before.writes + 1 };
      return [...written, [countKey, count]];
    });
    // What is written is written: a place that stays behind only notices less.
    if (count === null) return;
    const { last } = this;
    this.last = last?.id === count.id && last.writes > count.writes ? last : count;
    await this.writeDown(count, written).catch(() => {});
  }

  async keys(): Promise<readonly string[]> {
    await this.begin();
    return (await this.db.keys()).filter((key) => key !== countKey);
  }

  /** Chromium finds damage as it reads, and then makes an empty database in the place of the damaged one. */
  private async lookUntilItCanBeRead(): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.look();
      } catch (error) {
        if (!isReadingError(error) || tried === mostTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
      }
    }
  }

  private async look(): Promise<void> {
    // First, for another tab may write meanwhile.
    const note = readNote(this.place.read());
    const [stored] = await this.db.getMany([countKey]);
    this.known = new Set(await this.db.keys());
    const count = countSchema.safeParse(stored).data ?? null;
    const held = heldIn(this.known);
    const loss = lossOf(note, count, held, this.reason) ?? note?.loss ?? null;
    this.reason = null;
    if (loss === null) return;
    this.place.write(JSON.stringify({ count, held, loss } satisfies Note));
    this.onLoss(loss);
  }

  private async writeDown(count: Count, written: Entries): Promise<void> {
    const isOther = written.some(([key, value]) => this.known.has(key) === (value === undefined));
    if (isOther) this.known = new Set(await this.db.keys());
    const note = readNote(this.place.read());
    // Of two writings that ended at once the later one stands there already.
    if (note?.count?.id === count.id && note.count.writes >= count.writes) return;
    this.place.write(JSON.stringify({ count, held: heldIn(this.known), loss: note?.loss ?? null } satisfies Note));
  }
}

/** @param onLoss is called before the first value is given, at each start until the loss is forgotten */
export function countWrites(db: KeyValue, place: SecondPlace, onLoss: (loss: Loss) => void): CountedKeyValue {
  const counted = new WriteCount(db, place, onLoss);
  return {
    getMany: async (keys) => {
      await counted.begin();
      return db.getMany(keys);
    },
    setMany: (entries) => counted.changeMany([], () => entries),
    changeMany: (keys, change) => counted.changeMany(keys, change),
    deleteMany: (keys) => counted.changeMany([], () => keys.map((key) => [key, undefined])),
    keys: () => counted.keys(),
    hearMade: (reason) => counted.hearMade(reason),
    forgetLoss: () => counted.forgetLoss(),
  };
}
