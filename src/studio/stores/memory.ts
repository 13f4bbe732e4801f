/** @file What the engine holds in memory, asked for now and then. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MemoryReport } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';

export interface MemoryState {
  /** Null until the engine has told, and while it is down. */
  readonly report: MemoryReport | null;
  /** Asks the engine, unless it is being asked. */
  measure(): Promise<void>;
}

export type MemoryStore = StoreApi<MemoryState>;

export function createMemoryStore(engine: Engine): MemoryStore {
  let isAsking = false;
  return createStore<MemoryState>()((set) => ({
    report: null,
    async measure() {
      if (isAsking) return;
      isAsking = true;
      try {
        set({ report: await engine.call('memory', {}) });
      } catch {
        // An engine that is down says so itself; the bar shows no figure rather than an old one.
        set({ report: null });
      } finally {
        isAsking = false;
      }
    },
  }));
}

/** What the page can be held to: tensors and the WebAssembly heap. */
export function heldBytes({ deviceBytes, wasmHeapBytes }: MemoryReport): number {
  return deviceBytes + wasmHeapBytes;
}
