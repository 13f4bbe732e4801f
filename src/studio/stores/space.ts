/** @file How much is stored on this PC, and whether the browser promised to keep it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Space } from '../../storage/space';

export interface SpaceState {
  /** Null until it was measured, and where the browser does not say. */
  readonly space: Space | null;
  /** Measures again after something was stored, and asks the browser to keep it until it has promised to. */
  measureStored(): Promise<void>;
  measure(): Promise<void>;
}

export type SpaceStore = StoreApi<SpaceState>;

export interface SpaceSource {
  readSpace(): Promise<Space>;
  requestPersistence(): Promise<boolean>;
}

/** Chrome answers by what it knows of the page by then: a bookmark made meanwhile changes its mind. */
export const askAgainMs = 60_000;

export function createSpaceStore({ readSpace, requestPersistence }: SpaceSource, now = Date.now): SpaceStore {
  let askedAt = -Infinity;
  return createStore<SpaceState>()((set, get) => ({
    space: null,
    async measureStored() {
      if (get().space?.persisted !== true && now() - askedAt >= askAgainMs) {
        askedAt = now();
        await requestPersistence().catch(() => false);
      }
      await get().measure();
    },
    async measure() {
      // Without an answer the bar shows nothing: no figure is better than a wrong one.
      set({ space: await readSpace().catch(() => null) });
    },
  }));
}
