/** @file The studio's storage (IndexedDB, one store of keys and values) past the studio, read and written by a test. */
import type { Page } from '@playwright/test';

/** Runs in the page. Writes `values`, where there are any, and answers with what then lies under `key`. */
function useStorage({
  values,
  key,
}: {
  readonly values: Readonly<Record<string, unknown>>;
  readonly key: string | null;
}) {
  return new Promise<unknown>((resolve, reject) => {
    const opening = indexedDB.open('airlock');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const name = database.objectStoreNames[0] as string;
      const transaction = database.transaction(name, 'readwrite');
      const store = transaction.objectStore(name);
      for (const [each, value] of Object.entries(values)) store.put(value, each);
      const reading = key === null ? null : store.get(key);
      transaction.onerror = () => reject(transaction.error);
      transaction.oncomplete = () => (database.close(), resolve(reading?.result));
    };
  });
}

/** Writes values as a defect, another program or a half-written disk might leave them. */
export async function writeStored(page: Page, values: Readonly<Record<string, unknown>>): Promise<void> {
  await page.evaluate(useStorage, { values, key: null });
}

/** Reads what is stored under a key, with its version: `{ version, value }`. */
export function readStored(page: Page, key: string): Promise<unknown> {
  return page.evaluate(useStorage, { values: {}, key });
}

/**
 * Loads the page anew once the disk has all that was being written: a transaction on the same store waits for those
 * before it. What a person sees may be a moment ahead of a slow disk, and who leaves then is asked; a test is not.
 */
export async function reload(page: Page): Promise<void> {
  await page.evaluate(useStorage, { values: {}, key: null });
  await page.reload();
}
