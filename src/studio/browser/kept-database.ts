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

/** Writes nothing before `settled`; what is read does not wait. */
function writingAfter(settled: Promise<void>, db: KeyValue): KeyValue {
  return {
    ...db,
    setMany: (entries) => settled.then(() => db.setMany(entries)),
    changeMany: (keys, change) => settled.then(() => db.changeMany(keys, change)),
    deleteMany: (keys) => settled.then(() => db.deleteMany(keys)),
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
  const db = countWrites(writingAfter(settled, opened), localPlace, onLoss);
  return {
    db,
    forgetLoss: () => db.forgetLoss(),
    async makeAnew() {
      await deleteIndexedDb();
      // It is known to be gone, and no loss.
      localStorage.removeItem(placeKey);
      await db.keys();
    },
  };
}
