/** @file The studio's database in this browser, watched: faults and losses are told to the store that shows them. */
import { beginNewLog } from '../../storage/new-log';
import { deleteIndexedDb, openIndexedDb, type DatabaseFault } from '../../storage/indexed-db';
import type { KeyValue } from '../../storage/key-value';
import { countWrites, type Loss, type SecondPlace } from '../../storage/write-count';

const placeKey = 'airlock-write-count';

/** A browser that refuses to write here notices less. */
const localPlace: SecondPlace = {
  read: () => localStorage.getItem(placeKey),
  write: (text) => {
    try {
      localStorage.setItem(placeKey, text);
    } catch {
      // Full: the note before stays.
    }
  },
};

export interface KeptDatabase {
  readonly db: KeyValue;
  /** Something is on its way to the disk, where a slow one has not taken it yet. */
  isWriting(): boolean;
  /** Deletes the database, whatever is in it, and opens an empty one. */
  makeAnew(): Promise<void>;
  forgetLoss(): void;
}

export interface HearsOfDatabase {
  onFault(fault: DatabaseFault | null): void;
  onLoss(loss: Loss): void;
  /** The browser cleared it while the page is open. */
  onCleared(): void;
}

/** Writes nothing before `settled`, and counts what is being written; what is read does not wait. */
function writingAfter(
  settled: Promise<void>,
  db: KeyValue,
): { readonly db: KeyValue; readonly isWriting: () => boolean } {
  let underWay = 0;
  async function counted(write: () => Promise<void>): Promise<void> {
    underWay++;
    try {
      await settled;
      await write();
    } finally {
      underWay--;
    }
  }
  return {
    db: {
      ...db,
      setMany: (entries) => counted(() => db.setMany(entries)),
      changeMany: (keys, change) => counted(() => db.changeMany(keys, change)),
      deleteMany: (keys) => counted(() => db.deleteMany(keys)),
    },
    isWriting: () => underWay > 0,
  };
}

export function openKeptDatabase({ onFault, onLoss, onCleared }: HearsOfDatabase): KeptDatabase {
  const opened = openIndexedDb(undefined, { onFault, onCleared, onMade: (reason) => db.hearMade(reason) });
  // Where nothing was kept yet, nothing was torn. It is opened first, since the first is told of what was thrown away.
  // A full disk takes no filler, and all is as it was.
  const isFirstVisit = localPlace.read() === null;
  const settled = isFirstVisit
    ? Promise.resolve()
    : opened
        .keys()
        .then(beginNewLog, () => {})
        .catch(() => {});
  const writing = writingAfter(settled, opened);
  const db = countWrites(writing.db, localPlace, onLoss);
  return {
    db,
    isWriting: writing.isWriting,
    forgetLoss: () => db.forgetLoss(),
    async makeAnew() {
      await deleteIndexedDb();
      // It is known to be gone, and no loss.
      localStorage.removeItem(placeKey);
      await db.keys();
    },
  };
}
