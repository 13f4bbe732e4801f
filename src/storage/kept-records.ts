/**
 * @file Reads and writes records of a KeyValue by their shapes. What does not fit is moved aside in the same
 * transaction that finds it, so that it is neither trusted nor lost, and all else works on. What cannot be moved, since
 * the disk does not give it or is full, is left in its place, told in the same way, and not used either.
 * A record of a newer Airlock is set aside too, and goes back to its place when a newer Airlock comes; but where this
 * page knew the record before, another tab runs the newer Airlock now, and its record is left where it is.
 */
import { digestOf } from './digest';
import type { Entries, KeyValue } from './key-value';
import { asideKey, idsOf, noteKey, noteOf, readNote, type SetAside } from './set-aside';
import { Unreadable } from './unreadable';
import { readSealed, refuseMisfit, seal, type Reading, type Sealed, type Shape } from './versioned';

/** Names one writing of a value that tabs share; undefined before the first. */
export type Stamp = string | undefined;

export interface Stamped<T> {
  readonly value: T;
  readonly stamp: Stamp;
}

/** A value to be written over what was read or written under the stamp. */
export interface OverWrite {
  readonly entry: readonly [string, Sealed];
  readonly over: Stamp;
  /** What is written with it. */
  readonly beside?: Entries;
}

const stampKey = (key: string) => `stamp/${key}`;
const stampOf = (stored: unknown): Stamp => (typeof stored === 'string' ? stored : undefined);

export class KeptRecords {
  readonly #db: KeyValue;
  readonly #shapeAt: (key: string) => Shape<unknown> | null;
  readonly #listeners = new Set<(aside: SetAside) => void>();
  readonly #uncheckedListeners = new Set<(key: string) => void>();
  /** What does not fit and could not be moved, by its id. */
  readonly #inPlace = new Map<string, SetAside>();
  /** Keys that this page has read or written. */
  readonly #known = new Set<string>();
  #begun: Promise<void> | null = null;

  /** @param shapeAt the shape of what is kept under a key */
  constructor(db: KeyValue, shapeAt: (key: string) => Shape<unknown> | null) {
    this.#db = db;
    this.#shapeAt = shapeAt;
  }

  /** Hears of each record at the moment it is set aside. */
  listen(listener: (aside: SetAside) => void): void {
    this.#listeners.add(listener);
  }

  async read<T>(shape: Shape<T>, key: string): Promise<T | null> {
    const [value = null] = await this.readMany(shape, [key]);
    return value;
  }

  /** In the order of the keys; null where there is none, or none that fits. */
  async readMany<T>(shape: Shape<T>, keys: readonly string[]): Promise<readonly (T | null)[]> {
    await this.#begin();
    const stored = await this.#db.getMany(keys);
    return Promise.all(keys.map((key, index) => this.#read(shape, key, stored[index])));
  }

  /** Hears of each record that should carry a hash and does not, when it is first read. */
  listenUnchecked(listener: (key: string) => void): void {
    this.#uncheckedListeners.add(listener);
  }

  /** Reads a record whose every byte counts: one that is not as it was written is set aside. */
  async readChecked<T>(shape: Shape<T>, key: string): Promise<T | null> {
    await this.#begin();
    const [stored] = await this.#db.getMany([key]);
    const isFirst = !this.#known.has(key);
    const value = await this.#read(shape, key, stored);
    if (value === null) return null;
    const { sha256, value: written } = stored as Sealed;
    if (sha256 === undefined) {
      if (isFirst) for (const listener of this.#uncheckedListeners) listener(key);
      return value;
    }
    if ((await digestOf(written)) === sha256) return value;
    return this.#moveAside(shape, key, sha256);
  }

  async readStamped<T>(shape: Shape<T>, key: string): Promise<Stamped<T | null>> {
    await this.#begin();
    const [stored, stamp] = await this.#db.getMany([key, stampKey(key)]);
    return { value: await this.#read(shape, key, stored), stamp: stampOf(stamp) };
  }

  /** Null, with nothing written, where another tab has written since `over`. */
  async writeOver<T>(shape: Shape<T>, key: string, value: T, over: Stamp): Promise<string | null> {
    const [stamp = null] = await this.writeAllOver([{ entry: this.entry(shape, key, value), over }]);
    return stamp;
  }

  /** All, or nothing where another tab has written over one of them since: that one gets null, and none is written. */
  async writeAllOver(writes: readonly OverWrite[]): Promise<readonly (string | null)[]> {
    const stamps = writes.map(() => crypto.randomUUID());
    let areWritten: readonly boolean[] = [];
    await this.#db.changeMany(
      writes.map(({ entry: [key] }) => stampKey(key)),
      (stored) => {
        areWritten = writes.map(({ over }, index) => stampOf(stored[index]) === over);
        if (areWritten.includes(false)) return [];
        return writes.flatMap(({ entry, beside = [] }, index): Entries => [
          entry,
          [stampKey(entry[0]), stamps[index]],
          ...beside,
        ]);
      },
    );
    return stamps.map((stamp, index) => (areWritten[index] === true ? stamp : null));
  }

  /** To be written with others, all or none. */
  entry<T>(shape: Shape<T>, key: string, value: T): readonly [string, Sealed] {
    this.#known.add(key);
    return [key, seal(shape, value)];
  }

  /** As `entry`, with the hash by which `readChecked` knows it. */
  async hashedEntry<T>(shape: Shape<T>, key: string, value: T): Promise<readonly [string, Sealed]> {
    const sha256 = await digestOf(value);
    const [, sealed] = this.entry(shape, key, value);
    return [key, { ...sealed, sha256 }];
  }

  async keys(): Promise<readonly string[]> {
    await this.#begin();
    return this.#db.keys();
  }

  /** What was set aside and neither deleted nor put back, the newest first. */
  async listSetAside(): Promise<readonly SetAside[]> {
    await this.#begin();
    return this.#list();
  }

  /** Before anything is read. */
  #begin(): Promise<void> {
    return (this.#begun ??= this.#putBack());
  }

  async #list(): Promise<readonly SetAside[]> {
    const ids = idsOf(await this.#db.keys());
    const notes = await this.#db.getMany(ids.map(noteKey));
    const moved = ids.map((id, index) => readNote(id, notes[index]));
    return [...moved, ...(await this.#listInPlace())].sort((a, b) => b.at.localeCompare(a.at));
  }

  /** Without those in whose place something was written since. */
  async #listInPlace(): Promise<readonly SetAside[]> {
    const records = [...this.#inPlace.values()];
    const stored = await this.#db.getMany(records.map(({ from }) => from));
    for (const [index, { id, from }] of records.entries()) {
      const shape = this.#shapeAt(from);
      if (shape === null || readSealed(shape, stored[index]).unfit.length === 0) this.#inPlace.delete(id);
    }
    return [...this.#inPlace.values()];
  }

  /** The record as it was found. */
  async readSetAside(id: string): Promise<unknown> {
    return (await this.#db.getMany([this.#inPlace.get(id)?.from ?? asideKey(id)]))[0];
  }

  async deleteSetAside(id: string): Promise<void> {
    const from = this.#inPlace.get(id)?.from;
    await this.#db.deleteMany(from === undefined ? [asideKey(id), noteKey(id)] : [from]);
    this.#inPlace.delete(id);
  }

  async #read<T>(shape: Shape<T>, key: string, stored: unknown): Promise<T | null> {
    const reading = readSealed(shape, stored);
    const isKnown = this.#known.has(key);
    this.#known.add(key);
    if (reading.unfit.length === 0) return reading.value;
    for (const { misfit } of reading.unfit) if (misfit.reason === 'newer' && isKnown) refuseMisfit(shape, misfit);
    if (stored instanceof Unreadable) return this.#leaveInPlace(key, reading);
    try {
      return await this.#moveAside(shape, key);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error;
      return this.#leaveInPlace(key, reading);
    }
  }

  /** Tells of it once a page, as of one that was moved. */
  #leaveInPlace<T>(key: string, { value, unfit }: Reading<T>): T | null {
    const known = new Set([...this.#inPlace.values()].map(({ from, part }) => `${from}/${part}`));
    const at = new Date().toISOString();
    for (const aside of unfit.map((each) => noteOf(key, each, at))) {
      if (known.has(`${aside.from}/${aside.part}`)) continue;
      this.#inPlace.set(aside.id, aside);
      for (const listener of this.#listeners) listener(aside);
    }
    return value;
  }

  /**
   * Looks again within the transaction: another tab may have moved or written it.
   * @param notOf the hash that a record of the right form carries and that is not its own
   */
  async #moveAside<T>(shape: Shape<T>, key: string, notOf?: string): Promise<T | null> {
    const at = new Date().toISOString();
    let moved: readonly SetAside[] = [];
    let reading: Reading<T> = { value: null, unfit: [] };
    await this.#db.changeMany([key], ([stored]) => {
      reading = readSealed(shape, stored);
      if (notOf !== undefined && (stored as Partial<Sealed> | undefined)?.sha256 === notOf)
        reading = { value: null, unfit: [{ part: null, count: 1, misfit: { reason: 'altered' }, stored }] };
      moved = reading.unfit.map((unfit) => noteOf(key, unfit, at));
      const entries: Entries = reading.unfit.flatMap((unfit, index) => {
        const { id, ...note } = moved[index] as SetAside;
        const { version } = (stored ?? {}) as Partial<Sealed>;
        const found = unfit.part === null ? unfit.stored : { version, value: unfit.stored };
        return [
          [asideKey(id), found],
          [noteKey(id), note],
        ] as const;
      });
      const rest = reading.value === null ? undefined : seal(shape, reading.value);
      return moved.length === 0 ? [] : [...entries, [key, rest]];
    });
    for (const aside of moved) for (const listener of this.#listeners) listener(aside);
    return reading.value;
  }

  /** Puts back what fits this Airlock, where its place is free: an older one had set it aside. */
  async #putBack(): Promise<void> {
    for (const { id, from, part, misfit } of await this.#list()) {
      const shape = this.#shapeAt(from);
      if (part !== null || shape === null || misfit?.reason === 'altered') continue;
      await this.#db.changeMany([asideKey(id), from], ([aside, place]) => {
        const reading = readSealed(shape, aside);
        if (place !== undefined || reading.value === null || reading.unfit.length > 0) return [];
        return [
          [from, aside],
          [asideKey(id), undefined],
          [noteKey(id), undefined],
        ];
      });
    }
  }
}
