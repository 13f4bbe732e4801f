/** @file JSON objects as the readers of foreign files meet them: string keys and values of which nothing is known. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells an object from null, lists and plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
