/**
 * @file A SHA-256 of what is kept, so that a record whose bytes changed on the disk is known though it still has the
 * right form: a flipped bit in an adapter is a number like any other.
 */
import { sha256Hex } from '../core/sha256';

/** The value as JSON can write it: bytes and floats by their hash, numbers that JSON lacks by their name. */
async function hashable(value: unknown): Promise<unknown> {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
    return [value.constructor.name, await sha256Hex(bytes)];
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return Promise.all(value.map(hashable));
  if (typeof value !== 'object' || value === null) return value;
  // What is undefined is absent.
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  const entries = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(entries.map(async ([key, each]) => [key, await hashable(each)]));
}

/**
 * Hashes a value that a database can hold: mappings, lists, numbers, texts, bytes. The order of a mapping's names
 * does not matter.
 * @returns 64 lower-case hexadecimal digits
 */
export async function digestOf(value: unknown): Promise<string> {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(await hashable(value))));
}
