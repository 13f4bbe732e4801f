/**
 * @file A stored value as bytes and back, the same to the byte: JSON, and behind it the bytes of its arrays as they lie
 * in memory. What JSON lacks is a mapping with the one key `$` and its kind. Equal values that were made in the same
 * order have equal bytes, so that two records are compared by them.
 */
import { UserError } from '../../core/errors';
import { isJsonObject } from '../../core/json';

type Bytes = Uint8Array<ArrayBuffer>;

/** Deeper mappings are nobody's record. */
const maxDepth = 100;

const arrayKinds = {
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;
type ArrayKind = keyof typeof arrayKinds;

const isArrayKind = (name: string): name is ArrayKind => Object.hasOwn(arrayKinds, name);

/** A mapping that stands for what JSON lacks, or for a mapping that has a key `$` itself. */
const special = (kind: string, value?: unknown) => ({ $: value === undefined ? [kind] : [kind, value] });

class Writing {
  readonly parts: Bytes[] = [];
  private at = 0;

  constructor(private readonly name: string) {}

  private refuse(kind: string): never {
    throw new UserError('backupValueUnknown', { name: this.name, kind });
  }

  private list(items: Iterable<unknown>, depth: number): unknown[] {
    return Array.from(items, (item) => this.write(item, depth + 1));
  }

  private writeBytes(kind: string, buffer: ArrayBuffer, offset: number, length: number): unknown {
    this.parts.push(new Uint8Array(buffer, offset, length));
    const at = this.at;
    this.at += length;
    return special(kind, [at, length]);
  }

  write(value: unknown, depth = 0): unknown {
    if (depth > maxDepth) return this.refuse('too deep');
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return special('undefined');
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : special('number', Object.is(value, -0) ? '-0' : String(value));
    if (typeof value === 'bigint') return special('bigint', String(value));
    if (typeof value !== 'object') return this.refuse(typeof value);
    return this.writeObject(value, depth);
  }

  private writeObject(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.list(value, depth);
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (value instanceof ArrayBuffer) return this.writeBytes('ArrayBuffer', value, 0, value.byteLength);
    if (ArrayBuffer.isView(value) && isArrayKind(kind))
      return this.writeBytes(kind, value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
    if (value instanceof Date) return special('Date', this.write(value.getTime()));
    if (value instanceof Map) return special('Map', this.list([...value].flat(), depth));
    if (value instanceof Set) return special('Set', this.list(value, depth));
    if (kind !== 'Object') return this.refuse(kind);
    const fields = Object.entries(value).map(([key, item]) => [key, this.write(item, depth + 1)] as const);
    const mapping: unknown = Object.fromEntries(fields);
    return Object.hasOwn(value, '$') ? special('mapping', mapping) : mapping;
  }
}

/**
 * Writes a value of IndexedDB: a uint32 with the length of the JSON, the JSON, the arrays' bytes.
 * @param name names the value in an error
 * @returns parts to be written one after another; the arrays' are views of the value's own
 * @throws UserError for what no record holds: a blob, a key, a function
 */
export function encodeValue(name: string, value: unknown): readonly Bytes[] {
  const writing = new Writing(name);
  const json = new TextEncoder().encode(JSON.stringify(writing.write(value)));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return [length, json, ...writing.parts];
}

const numbers: Readonly<Record<string, number>> = { '-0': -0, NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };

function readSpecial(kind: unknown, value: unknown, bytes: Bytes, read: (value: unknown) => unknown): unknown {
  if (typeof kind !== 'string') throw new RangeError();
  if (kind === 'undefined') return undefined;
  if (kind === 'number' && typeof value === 'string' && Object.hasOwn(numbers, value)) return numbers[value];
  if (kind === 'bigint' && typeof value === 'string' && /^-?\d{1,400}$/.test(value)) return BigInt(value);
  if (kind === 'Date') return new Date(read(value) as number);
  if (kind === 'mapping' && isJsonObject(value)) return readFields(value, read);
  if (!Array.isArray(value)) throw new RangeError();
  const items: readonly unknown[] = value;
  if (kind === 'Set') return new Set(items.map(read));
  if (kind === 'Map') {
    const flat = items.map(read);
    return new Map(flat.flatMap((key, index) => (index % 2 === 0 ? [[key, flat[index + 1]] as const] : [])));
  }
  const [at, length] = items as readonly number[];
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(length)) throw new RangeError();
  const [from, to] = [at as number, (at as number) + (length as number)];
  if (from < 0 || to < from || to > bytes.length) throw new RangeError();
  const buffer = bytes.slice(from, to).buffer;
  if (kind === 'ArrayBuffer') return buffer;
  if (!isArrayKind(kind)) throw new RangeError();
  return new (arrayKinds[kind] as new (buffer: ArrayBuffer) => unknown)(buffer);
}

/** `fromEntries` makes `__proto__` a field like any other. */
const readFields = (value: Readonly<Record<string, unknown>>, read: (value: unknown) => unknown): unknown =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]));

function readValue(value: unknown, bytes: Bytes, depth: number): unknown {
  if (depth > maxDepth) throw new RangeError();
  const read = (item: unknown) => readValue(item, bytes, depth + 1);
  if (Array.isArray(value)) return value.map(read);
  if (!isJsonObject(value)) return value;
  const marked = Object.hasOwn(value, '$') ? value['$'] : undefined;
  if (marked === undefined) return readFields(value, read);
  if (!Array.isArray(marked)) throw new RangeError();
  return readSpecial(marked[0], marked[1], bytes, read);
}

/**
 * Reads what `encodeValue` wrote.
 * @throws UserError for bytes that it never writes
 */
export function decodeValue(name: string, bytes: Bytes): unknown {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice(4, 4 + length));
    return readValue(JSON.parse(json), bytes.subarray(4 + length), 0);
  } catch {
    throw new UserError('backupValueBad', { name });
  }
}

/** One array of several parts. */
export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
