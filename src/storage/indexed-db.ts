/**
 * @file KeyValue over IndexedDB, by idb-keyval.
 * Transactions are strict: a write that was acknowledged has reached the disk, because what is written here
 * (an adapter that took an hour) is worth more than the milliseconds. A database that cannot be used is an error with a
 * sentence; a single value that cannot be read is an Unreadable, and the others are given.
 */
import { getMany, keys, promisifyRequest, type UseStore } from 'idb-keyval';
import { UserError } from '../core/errors';
import type { Entries, KeyValue } from './key-value';
import { isReadingError, Unreadable, wordsOf } from './unreadable';

/** Why the database cannot be used. */
export type DatabaseFault =
  /** A newer Airlock arranged it otherwise. */
  | { readonly kind: 'newer'; readonly version: number }
  /** It has not the store that Airlock's has. */
  | { readonly kind: 'foreign' }
  /** A new one has old entries in it: what is written now would be hidden by them at the next start. */
  | { readonly kind: 'mixed' }
  /** The browser cannot open it. */
  | { readonly kind: 'closed'; readonly reason: string };

export interface DatabaseWatch {
  /** It cannot be opened; null once it could be again. */
  onFault?(fault: DatabaseFault | null): void;
  /** There was none, so an empty one was made. @param reason why the browser threw the one before away, if it did */
  onMade?(reason: string | null): void;
  /** The browser cleared what was stored while the page is open. */
  onCleared?(): void;
}

const version = 1;

/**
 * Milliseconds that an empty database in the place of one that the browser closed waits to be made: Chromium closes
 * first and deletes then, and deletes a new one too that was made in between, without a word.
 */
const afterClearing = 300;

export function errorOf(fault: DatabaseFault): UserError {
  switch (fault.kind) {
    case 'newer':
      return new UserError('databaseNewer', { version: fault.version, limit: version });
    case 'foreign':
      return new UserError('databaseForeign');
    case 'mixed':
      return new UserError('databaseMixed');
    case 'closed':
      return new UserError('databaseClosed', { reason: fault.reason });
  }
}

/** Chromium tells in the event why the database before is lost. */
type VersionChange = IDBVersionChangeEvent & { readonly dataLoss?: string; readonly dataLossMessage?: string };

function reasonOf({ dataLoss = 'none', dataLossMessage = '' }: VersionChange): string | null {
  return dataLoss === 'none' ? null : dataLossMessage;
}

function faultOf(database: IDBDatabase, storeName: string): DatabaseFault | null {
  if (database.version > version) return { kind: 'newer', version: database.version };
  return database.objectStoreNames.contains(storeName) ? null : { kind: 'foreign' };
}

/** Opens it in whatever version it is, and makes it where there is none. */
async function openDatabase(name: string, storeName: string, onMade: (event: VersionChange) => void) {
  const request = indexedDB.open(name);
  let isMixed = false;
  request.onupgradeneeded = (event) => {
    onMade(event);
    const counting = request.result.createObjectStore(storeName).count();
    counting.onsuccess = () => {
      isMixed = counting.result > 0;
      // So that it is found again at the next start.
      if (isMixed) request.transaction?.abort();
    };
  };
  const database = await promisifyRequest(request).catch((error: unknown): DatabaseFault => {
    if (isMixed) return { kind: 'mixed' };
    return { kind: 'closed', reason: error instanceof Error ? wordsOf(error) : String(error) };
  });
  if ('kind' in database) return database;
  const fault = faultOf(database, storeName);
  if (fault !== null) database.close();
  return fault ?? database;
}

function strictStore(databaseName: string, storeName: string, watch: DatabaseWatch): UseStore {
  let opening: Promise<IDBDatabase> | null = null;
  let wasOpen = false;
  let hadFault = false;

  async function openAnew(): Promise<IDBDatabase> {
    let isMade = false;
    const opened = await openDatabase(databaseName, storeName, (event) => {
      isMade = true;
      watch.onMade?.(reasonOf(event));
    });
    if ('kind' in opened) {
      hadFault = true;
      watch.onFault?.(opened);
      throw errorOf(opened);
    }
    if (hadFault) watch.onFault?.(null);
    hadFault = false;
    const isCleared = isMade && wasOpen;
    wasOpen = true;
    // The browser closes it where it clears the site's data: seen at once, by an empty one in its place.
    opened.onclose = () => {
      opening = null;
      void open(afterClearing).catch(() => {});
    };
    // Another tab may delete it, which is then meant: the next call opens it again.
    opened.onversionchange = () => {
      opened.close();
      [opening, wasOpen] = [null, false];
    };
    if (isCleared) watch.onCleared?.();
    return opened;
  }

  function open(wait = 0): Promise<IDBDatabase> {
    if (opening === null) {
      opening = wait === 0 ? openAnew() : new Promise((resolve) => setTimeout(resolve, wait)).then(openAnew);
      opening.catch(() => (opening = null));
    }
    return opening;
  }

  return async (mode, callback) => {
    const database = await open();
    return callback(database.transaction(storeName, mode, { durability: 'strict' }).objectStore(storeName));
  };
}

/** Each value by itself: a value that cannot be read ends the transaction in which it is asked for. */
async function readSingly(store: UseStore, wanted: readonly string[]): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (const key of wanted) {
    const value = await getMany([key], store).catch((error: unknown) => {
      if (!isReadingError(error)) throw error;
      return [new Unreadable(wordsOf(error))];
    });
    values.push(value[0]);
  }
  // Where nothing can be read any more, it is not a value that is damaged.
  await keys(store);
  return values;
}

/** Reads, changes and writes in one transaction; `known` are values that it must not ask for. */
function changeMany(
  store: UseStore,
  wanted: readonly string[],
  change: (values: readonly unknown[]) => Entries,
  known: ReadonlyMap<string, Unreadable> = new Map(),
): Promise<void> {
  return store('readwrite', async (objects) => {
    const written = promisifyRequest(objects.transaction);
    written.catch(() => {});
    // Requests of a transaction succeed in turn: when the last one has, all have.
    const values = await Promise.all(
      wanted.map((key) => known.get(key) ?? promisifyRequest<unknown>(objects.get(key))),
    );
    try {
      for (const [key, value] of change(values)) {
        if (value === undefined) objects.delete(key);
        else objects.put(value, key);
      }
      // At once, not when the page next looks: what is asked for so is written though the page is left meanwhile.
      objects.transaction.commit();
    } catch (error) {
      objects.transaction.abort();
      throw error;
    }
    return written;
  });
}

async function changeReadable(
  store: UseStore,
  wanted: readonly string[],
  change: (values: readonly unknown[]) => Entries,
): Promise<void> {
  try {
    await changeMany(store, wanted, change);
  } catch (error) {
    if (!isReadingError(error)) throw error;
    const values = await readSingly(store, wanted);
    const known = new Map(
      wanted.flatMap((key, index) => {
        const value = values[index];
        return value instanceof Unreadable ? [[key, value] as const] : [];
      }),
    );
    if (known.size === 0) throw error;
    await changeMany(store, wanted, change, known);
  }
}

export function openIndexedDb(databaseName = 'airlock', watch: DatabaseWatch = {}): KeyValue {
  const store = strictStore(databaseName, 'studio', watch);
  return {
    getMany: (wanted) =>
      getMany([...wanted], store).catch((error: unknown) => {
        if (!isReadingError(error)) throw error;
        return readSingly(store, wanted);
      }),
    setMany: (entries) => changeMany(store, [], () => entries),
    changeMany: (wanted, change) => changeReadable(store, wanted, change),
    deleteMany: (unwanted) => changeMany(store, [], () => unwanted.map((key) => [key, undefined])),
    // A key that is no text is none of Airlock's.
    keys: async () => (await keys(store)).filter((key) => typeof key === 'string'),
  };
}

/** @throws UserError where the browser cannot delete it either */
export async function deleteIndexedDb(databaseName = 'airlock'): Promise<void> {
  await promisifyRequest(indexedDB.deleteDatabase(databaseName)).catch((error: unknown) => {
    throw new UserError('databaseNotDeleted', { reason: error instanceof Error ? wordsOf(error) : String(error) });
  });
}
