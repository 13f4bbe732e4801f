/**
 * @file Has Chromium begin a new log for its databases. After a crash in the middle of a writing it goes on in the log
 * whose last entry is torn, and at the start after that it takes the whole log for damaged and throws all databases of
 * the site away, with what was written and acknowledged in between (docs/log.md, 2026-11-29). More than its buffer
 * holds makes it write what it has into a table and begin another log.
 */
import { promisifyRequest } from 'idb-keyval';

/** Apart, so that no reading of Airlock's waits for it; the browser keeps all of a site in the same files. */
const databaseName = 'airlock-new-log';
/** Of LevelDB, as Chromium sets it. */
const bufferBytes = 4 * 2 ** 20;
/** A value of more than 64 KiB would become a file of its own. */
const valueBytes = 60_000;

/** Fills the buffer once, with what cannot be packed. */
async function fill(database: IDBDatabase): Promise<void> {
  const transaction = database.transaction('filler', 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore('filler');
  for (let written = 0; written < 1.1 * bufferBytes; written += valueBytes)
    store.put(crypto.getRandomValues(new Uint8Array(valueBytes)), written);
  await promisifyRequest(transaction);
}

/** Resolves when nothing written from now on follows what a crash may have torn. */
export async function beginNewLog(): Promise<void> {
  const request = indexedDB.open(databaseName);
  request.onupgradeneeded = () => request.result.createObjectStore('filler');
  const database = await promisifyRequest(request);
  try {
    // The second waits until the first one's table is on the disk.
    for (let times = 0; times < 2; times++) await fill(database);
  } finally {
    database.close();
    // Nobody waits for that.
    promisifyRequest(indexedDB.deleteDatabase(databaseName)).catch(() => {});
  }
}
