/** @file How much is stored on this PC, and whether the browser promised to keep it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Space } from '../../storage/space';

export interface SpaceState {
  readonly space: Space | null;
  /** To be called after something was stored: asks for persistence (the first time) and measures again. */
  stored(): Promise<void>;
  measure(): Promise<void>;
}

export type SpaceStore = StoreApi<SpaceState>;

export interface SpaceSource {
  readSpace(): Promise<Space>;
  requestPersistence(): Promise<boolean>;
}

export function createSpaceStore({ readSpace, requestPersistence }: SpaceSource): SpaceStore {
  let asked = false;
  return createStore<SpaceState>()((set, get) => ({
    space: null,
    async stored() {
      if (!asked) {
        asked = true;
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
