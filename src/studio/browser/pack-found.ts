/**
 * @file A record as it was found in storage, as a file: JSON, or a zip of JSON and what it holds of bytes and numbers,
 * each in a file of its own that the JSON names.
 */
import { zipSync, type Zippable } from 'fflate';
import { toFileName } from './download';

/** Of all files in a zip, so that the same record is the same file whenever it is given out. */
const filedAt = new Date(2026, 0, 1);

export interface PackedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** Writes what was found as JSON; a value that JSON does not know becomes an object with `$` and its kind. */
function writeJson(content: unknown, keepBytes: (bytes: ArrayBufferView) => string): string {
  return JSON.stringify(
    content,
    (_, value: unknown) => {
      if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
        return { $number: String(value) };
      if (ArrayBuffer.isView(value)) return { [`$${value.constructor.name}`]: keepBytes(value) };
      if (value instanceof Map || value instanceof Set) return [...value];
      return value;
    },
    2,
  );
}

/**
 * Packs a record that was set aside as a file to take away.
 * @param id names the record: `run/ID/TIME`
 */
export function packFound(
  id: string,
  { found, beside }: { readonly found: unknown; readonly beside: Readonly<Record<string, unknown>> },
): PackedFile {
  const parts: Zippable = {};
  const text = writeJson(Object.keys(beside).length === 0 ? found : { found, beside }, (bytes) => {
    const name = `part-${Object.keys(parts).length + 1}.bin`;
    parts[name] = [new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), { level: 0 }];
    return name;
  });
  const json = new TextEncoder().encode(text ?? 'null');
  const name = toFileName(`airlock-${id}`);
  return Object.keys(parts).length === 0
    ? { name: `${name}.json`, bytes: json, type: 'application/json' }
    : {
        name: `${name}.zip`,
        bytes: zipSync({ 'record.json': json, ...parts }, { mtime: filedAt }) as Uint8Array<ArrayBuffer>,
        type: 'application/zip',
      };
}
