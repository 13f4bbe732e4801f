/**
 * @file The little that Airlock asks of a database: keys, values and atomic writes of several at once.
 * The studio's storage is written against this interface; indexed-db.ts is the real one, tests use a Map.
 */

export interface KeyValue {
  getMany(keys: readonly string[]): Promise<readonly unknown[]>;
  /** All or none. */
  setMany(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  keys(): Promise<readonly string[]>;
}
