/**
 * @file The database that all is kept in, as a whole: that it cannot be opened, or that it has lost something. It is
 * made before the other stores, which read from it. What of a single record is damaged is in set-aside.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatabaseFault } from '../../storage/indexed-db';
import type { Loss } from '../../storage/write-count';

export interface DatabaseState {
  /** Why it cannot be used; null while it can. */
  readonly fault: DatabaseFault | null;
  /** What it has lost; null where nothing, or where that was put away. */
  readonly loss: Loss | null;

  hearFault(fault: DatabaseFault | null): void;
  hearLoss(loss: Loss): void;
  /** Deletes what cannot be used; what is in the page is written into the empty one. Rejects where that fails. */
  beginAnew(): Promise<void>;
  putLossAway(): void;
}

export type DatabaseStore = StoreApi<DatabaseState>;

export interface DatabaseDependencies {
  /** Deletes the database and opens an empty one. */
  readonly makeAnew: () => Promise<void>;
  readonly forgetLoss: () => void;
}

export function createDatabaseStore({ makeAnew, forgetLoss }: DatabaseDependencies): DatabaseStore {
  return createStore<DatabaseState>()((set) => ({
    fault: null,
    loss: null,
    hearFault: (fault) => set({ fault }),
    hearLoss: (loss) => set({ loss }),
    beginAnew: makeAnew,
    putLossAway: () => {
      forgetLoss();
      set({ loss: null });
    },
  }));
}

/** Of a storage that is no database. */
export const createNoDatabase = (): DatabaseStore =>
  createDatabaseStore({ makeAnew: async () => {}, forgetLoss: () => {} });
