/**
 * @file KeyValue over IndexedDB, by idb-keyval; the only importer of idb-keyval.
 * Transactions are strict: a write that was acknowledged has reached the disk, because what is written here
 * (an adapter that took an hour) is worth more than the milliseconds.
 */
import { delMany, getMany, keys, promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import type { Entries, Guard, KeyValue } from './key-value';

function strictStore(databaseName: string, storeName: string): UseStore {
  let opening: Promise<IDBDatabase> | null = null;

  function open(): Promise<IDBDatabase> {
    if (opening !== null) return opening;
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    opening = promisifyRequest(request);
    opening.then(
      (database) => {
        // Another tab may delete the database, or the browser close it: the next call opens it again.
        database.onclose = () => (opening = null);
        database.onversionchange = () => {
          database.close();
          opening = null;
        };
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

/** Looks at the guard and writes in one transaction, so that nobody writes between. */
function setManyIf(store: UseStore, guard: Guard, entries: Entries): Promise<boolean> {
  return store('readwrite', (objects) => {
    let isAsSaid = false;
    const looking = objects.get(guard.key);
    looking.onsuccess = () => {
      isAsSaid = looking.result === guard.value;
      if (isAsSaid) entries.forEach(([key, value]) => objects.put(value, key));
    };
    return promisifyRequest(objects.transaction).then(() => isAsSaid);
  });
}

export function openIndexedDb(databaseName = 'airlock'): KeyValue {
  const store = strictStore(databaseName, 'studio');
  return {
    getMany: (wanted) => getMany([...wanted], store),
    setMany: (entries) =>
      setMany(
        entries.map(([key, value]) => [key, value]),
        store,
      ),
    setManyIf: (guard, entries) => setManyIf(store, guard, entries),
    deleteMany: (unwanted) => delMany([...unwanted], store),
    keys: () => keys<string>(store),
  };
}
