/**
 * @file KeyValue over IndexedDB, by idb-keyval; the only importer of idb-keyval.
 * Transactions are strict: a write that was acknowledged has reached the disk, because what is written here
 * (an adapter that took an hour) is worth more than the milliseconds.
 */
import { delMany, getMany, keys, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import type { Entries, KeyValue } from './key-value';

function strictStore(databaseName: string, storeName: string, onCleared: () => void): UseStore {
  let opening: Promise<IDBDatabase> | null = null;
  let wasOpen = false;

  function open(): Promise<IDBDatabase> {
    if (opening !== null) return opening;
    const request = indexedDB.open(databaseName, 1);
    let isCleared = false;
    request.onupgradeneeded = () => {
      isCleared = wasOpen;
      request.result.createObjectStore(storeName);
    };
    opening = promisifyRequest(request);
    opening.then(
      (database) => {
        wasOpen = true;
        // The browser closes it where it clears the site's data: seen at once, by an empty one in its place.
        database.onclose = () => {
          opening = null;
          void open().catch(() => {});
        };
        // Another tab may delete it, which is then meant: the next call opens it again.
        database.onversionchange = () => {
          database.close();
          [opening, wasOpen] = [null, false];
        };
        if (isCleared) onCleared();
      },
      () => (opening = null),
    );
    return opening;
  }

  return async (mode, callback) => {
    const database = await open();
    return callback(database.transaction(storeName, mode, { durability: 'strict' }).objectStore(storeName));
  };
}

/** Reads, changes and writes in one transaction. */
function changeMany(
  store: UseStore,
  wanted: readonly string[],
  change: (values: readonly unknown[]) => Entries,
): Promise<void> {
  return store('readwrite', async (objects) => {
    // Requests of a transaction succeed in turn: when the last one has, all have.
    const values = await Promise.all(wanted.map((key) => promisifyRequest<unknown>(objects.get(key))));
    const written = promisifyRequest(objects.transaction);
    try {
      for (const [key, value] of change(values)) {
        if (value === undefined) objects.delete(key);
        else objects.put(value, key);
      }
    } catch (error) {
      written.catch(() => {});
      objects.transaction.abort();
      throw error;
    }
    return written;
  });
}

/** @param onCleared is told that the browser cleared what was stored while the page is open */
export function openIndexedDb(databaseName = 'airlock', onCleared: () => void = () => {}): KeyValue {
  const store = strictStore(databaseName, 'studio', onCleared);
  return {
    getMany: (wanted) => getMany([...wanted], store),
    setMany: (entries) =>
      setMany(
        entries.map(([key, value]) => [key, value]),
        store,
      ),
    changeMany: (wanted, change) => changeMany(store, wanted, change),
    deleteMany: (unwanted) => delMany([...unwanted], store),
    // A key that is no text is none of Airlock's.
    keys: async () => (await keys(store)).filter((key) => typeof key === 'string'),
  };
}
