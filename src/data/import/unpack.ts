/** @file A gzip file -> what is in it, with a limit: a few kilobytes can claim to be gigabytes. */
import { Gunzip } from 'fflate';
import { UserError } from '../../core/errors';
import { maxFileBytes } from './table-limits';

/** Compressed bytes that are unpacked at a time, so that the limit stops a bomb early. */
const slice = 64 * 1024;

/** The first bytes of other packed files, to name them. */
const otherPacked: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf]],
];

/** The first bytes of files that are no table, to name them. */
const noTable: readonly (readonly [name: string, magic: string])[] = [
  ['PDF', '%PDF-'],
  ['SQLite', 'SQLite format 3'],
  ['Arrow', 'ARROW1'],
  ['NumPy', '\x93NUMPY'],
  ['pickle', '\x80\x04\x95'],
  ['PNG', '\x89PNG'],
  ['JPEG', '\xff\xd8\xff'],
];

/** Whether a file begins with these bytes. */
export const beginsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

function gunzip(bytes: Uint8Array, file: string, limit: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let isEnded = false;
  const stream = new Gunzip((part, isLast) => {
    size += part.length;
    if (size > limit) throw new UserError('unpackedTooLarge', { file, limit: limit / 1024 / 1024 });
    parts.push(part);
    isEnded ||= isLast;
  });
  try {
    for (let at = 0; at < bytes.length; at += slice)
      stream.push(bytes.subarray(at, at + slice), at + slice >= bytes.length);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('gzipUnreadable', { file, reason: error instanceof Error ? error.message : String(error) });
  }
  if (!isEnded) throw new UserError('gzipUnreadable', { file, reason: 'unexpected end of file' });
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export interface UnpackedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Without `.gz`, so that its ending tells the format. */
  readonly name: string;
}

/**
 * Unpacks a gzip file, however it is named; any other file is returned as it is.
 * @param limit bytes that it may hold
 * @throws UserError where it is broken, larger than that, or packed otherwise
 */
export function unpack(bytes: Uint8Array<ArrayBuffer>, name: string, limit = maxFileBytes): UnpackedFile {
  if (beginsWith(bytes, [0x1f, 0x8b]))
    return { bytes: gunzip(bytes, name, limit), name: name.replace(/\.(gz|gzip)$/i, '') };
  const other = otherPacked.find(([, magic]) => beginsWith(bytes, magic));
  if (other !== undefined) throw new UserError('packedOtherwise', { file: name, format: other[0] });
  const document = noTable.find(([, magic]) =>
    beginsWith(
      bytes,
      Array.from(magic, (sign) => sign.charCodeAt(0)),
    ),
  );
  if (document !== undefined) throw new UserError('fileNoTable', { file: name, kind: document[0] });
  return { bytes, name };
}
