/**
 * @file The little that Airlock asks of a database: keys, values and atomic changes of several at once.
 * The studio's storage is written against this interface; indexed-db.ts is the real one; mapKeyValue is for tests.
 */

import { Unreadable } from './unreadable';

/** What is to stand under a key; undefined deletes it. */
export type Entries = readonly (readonly [key: string, value: unknown])[];

export interface KeyValue {
  /** All as they stood at one moment; an Unreadable in the place of a value that the disk does not give. */
  getMany(keys: readonly string[]): Promise<readonly unknown[]>;
  /** All or none. */
  setMany(entries: Entries): Promise<void>;
  /**
   * Reads the keys as `getMany` does and writes what `change` makes of their values, with nobody writing between;
   * nothing where it gives no entries, or throws.
   */
  changeMany(keys: readonly string[], change: (values: readonly unknown[]) => Entries): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<readonly string[]>;
}

/** A KeyValue over a Map, for tests: values are copied in and out as a database does it, but for an Unreadable. */
export function mapKeyValue(map: Map<string, unknown>): KeyValue {
  const put = (entries: Entries) =>
    entries.forEach(([key, value]) => (value === undefined ? map.delete(key) : map.set(key, structuredClone(value))));
  const copy = (value: unknown) => (value instanceof Unreadable ? value : structuredClone(value));
  const read = (keys: readonly string[]) => keys.map((key) => copy(map.get(key)));
  return {
    getMany: async (keys) => read(keys),
    setMany: async (entries) => put(entries),
    changeMany: async (keys, change) => put(change(read(keys))),
    deleteMany: async (keys) => keys.forEach((key) => map.delete(key)),
    keys: async () => [...map.keys()],
  };
}
