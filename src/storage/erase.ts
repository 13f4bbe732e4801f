/**
 * @file Counts and erases whatever the browser keeps for this address, by what kind of storage it lies in and not by
 * what Airlock knows of it, so that nothing of an older or newer version stays behind.
 */
export const keptKinds = ['databases', 'files', 'caches', 'entries', 'workers'] as const;
export type KeptKind = (typeof keptKinds)[number];

export interface Kept {
  /** Databases of IndexedDB, and the records in all of them; a damaged one that cannot be opened has none. */
  readonly databases: number;
  readonly records: number;
  /** Files of the private file system (OPFS). */
  readonly files: number;
  readonly fileBytes: number;
  /** Caches of the service worker, and the answers in them. */
  readonly caches: number;
  readonly answers: number;
  /** Entries of local and session storage. */
  readonly entries: number;
  /** Registrations of service workers. */
  readonly workers: number;
}

export interface EraseProblem {
  readonly kind: KeptKind;
  /** The browser's own words. */
  readonly reason: string;
}

const names = async (): Promise<string[]> =>
  (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]));

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function countRecords(name: string): Promise<number> {
  const database = await settle(indexedDB.open(name)).catch(() => null);
  if (database === null) return 0;
  try {
    const stores = [...database.objectStoreNames];
    if (stores.length === 0) return 0;
    const transaction = database.transaction(stores);
    const counts = await Promise.all(stores.map((store) => settle(transaction.objectStore(store).count())));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    database.close();
  }
}

async function countFiles(folder: FileSystemDirectoryHandle): Promise<Pick<Kept, 'files' | 'fileBytes'>> {
  let [files, fileBytes] = [0, 0];
  for await (const entry of folder.values()) {
    if (entry.kind === 'directory') {
      const inside = await countFiles(entry as FileSystemDirectoryHandle);
      [files, fileBytes] = [files + inside.files, fileBytes + inside.fileBytes];
    } else {
      // One that is being written may not be read; it is there all the same.
      const file = await (entry as FileSystemFileHandle).getFile().catch(() => null);
      [files, fileBytes] = [files + 1, fileBytes + (file?.size ?? 0)];
    }
  }
  return { files, fileBytes };
}

/** @param ownEntry an entry of session storage that does not count */
export async function countKept(ownEntry: string): Promise<Kept> {
  const databases = await names();
  const records = await Promise.all(databases.map(countRecords));
  const cacheNames = await caches.keys();
  const answers = await Promise.all(cacheNames.map(async (name) => (await (await caches.open(name)).keys()).length));
  const own = sessionStorage.getItem(ownEntry) === null ? 0 : 1;
  return {
    databases: databases.length,
    records: records.reduce((sum, count) => sum + count, 0),
    ...(await countFiles(await navigator.storage.getDirectory())),
    caches: cacheNames.length,
    answers: answers.reduce((sum, count) => sum + count, 0),
    entries: localStorage.length + sessionStorage.length - own,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  };
}

function deleteDatabase(name: string, onBlocked: (database: string) => void): Promise<unknown> {
  const request = indexedDB.deleteDatabase(name);
  request.onblocked = () => onBlocked(name);
  return settle(request);
}

const scratchName = 'airlock-erasing';
/** Several times what LevelDB keeps in memory; in records that Chrome does not put into files of their own. */
const scratch = { records: 1024, recordBytes: 32 * 1024, inTransaction: 64 };

/**
 * Chrome's databases are LevelDB, which marks what is deleted and drops it when newer records push it through its
 * files: here as many random ones as make it do so at once. Newer Chromes that use SQLite do not need it.
 */
async function pushOutDeleted(): Promise<void> {
  const request = indexedDB.open(scratchName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('scratch');
  const database = await settle(request);
  for (let at = 0; at < scratch.records; at += scratch.inTransaction) {
    const transaction = database.transaction('scratch', 'readwrite');
    for (let n = at; n < at + scratch.inTransaction; n++) {
      const bytes = crypto.getRandomValues(new Uint8Array(scratch.recordBytes));
      transaction.objectStore('scratch').put(bytes, n);
    }
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }
  database.close();
  await settle(indexedDB.deleteDatabase(scratchName));
}

const fileTries = 5;
const betweenTriesMs = 400;

/** What a worker wrote a moment ago may still be open. */
async function removeEntry(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await folder.removeEntry(name, { recursive: true });
    } catch (error) {
      if (tried === fileTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
    }
  }
}

async function removeFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await removeEntry(root, name);
}

/**
 * Erases all of it, one kind after the other; what fails does not keep the rest.
 * @param onBlocked is told of a database that another tab holds open; its deletion waits for that tab
 * @param ownEntry the entry of session storage that stays
 */
export async function eraseKept(onBlocked: (database: string) => void, ownEntry: string): Promise<EraseProblem[]> {
  const work: Readonly<Record<KeptKind, () => Promise<unknown>>> = {
    // First, since a worker fills caches anew.
    workers: async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    },
    caches: async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))),
    databases: async () => {
      await Promise.all((await names()).map((name) => deleteDatabase(name, onBlocked)));
      await pushOutDeleted();
    },
    files: removeFiles,
    entries: async () => {
      const own = sessionStorage.getItem(ownEntry);
      localStorage.clear();
      sessionStorage.clear();
      if (own !== null) sessionStorage.setItem(ownEntry, own);
    },
  };
  const problems: EraseProblem[] = [];
  for (const [kind, erase] of Object.entries(work) as [KeptKind, () => Promise<unknown>][])
    await erase().catch((error: unknown) =>
      problems.push({ kind, reason: error instanceof Error ? error.message || error.name : String(error) }),
    );
  return problems;
}
