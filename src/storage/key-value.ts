/**
 * @file The little that Airlock asks of a database: keys, values and atomic writes of several at once.
 * The studio's storage is written against this interface; indexed-db.ts is the real one; mapKeyValue is for tests.
 */

export type Entries = readonly (readonly [key: string, value: unknown])[];

/** The value, compared by ===, that a key must still hold; undefined where there must be none. */
export interface Guard {
  readonly key: string;
  readonly value: unknown;
}

export interface KeyValue {
  /** All as they stood at one moment. */
  getMany(keys: readonly string[]): Promise<readonly unknown[]>;
  /** All or none. */
  setMany(entries: Entries): Promise<void>;
  /** None, and false, where the guard's key holds another value than it says: somebody has written since. */
  setManyIf(guard: Guard, entries: Entries): Promise<boolean>;
  deleteMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<readonly string[]>;
}

/** A KeyValue over a Map, for tests: values are copied in and out as a database does it. */
export function mapKeyValue(map: Map<string, unknown>): KeyValue {
  const put = (entries: Entries) => entries.forEach(([key, value]) => map.set(key, structuredClone(value)));
  return {
    getMany: async (keys) => keys.map((key) => structuredClone(map.get(key))),
    setMany: async (entries) => put(entries),
    setManyIf: async (guard, entries) => {
      if (map.get(guard.key) !== guard.value) return false;
      put(entries);
      return true;
    },
    deleteMany: async (keys) => keys.forEach((key) => map.delete(key)),
    keys: async () => [...map.keys()],
  };
}
