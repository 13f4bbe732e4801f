/** @file The studio's database in this browser, watched: faults and losses are told to the store that shows them. */
import { deleteIndexedDb, openIndexedDb } from '../../storage/indexed-db';
import type { KeyValue } from '../../storage/key-value';
import { countWrites, type Loss, type SecondPlace } from '../../storage/write-count';
import type { DatabaseFault } from '../../storage/indexed-db';

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

export function openKeptDatabase({ onFault, onLoss, onCleared }: HearsOfDatabase): KeptDatabase {
  const opened = openIndexedDb(undefined, { onFault, onCleared, onMade: (reason) => db.hearMade(reason) });
  const db = countWrites(opened, localPlace, onLoss);
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
