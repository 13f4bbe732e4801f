/** @file A Parquet file -> rows of values as JSON has them. */
import { UserError } from '../../core/errors';
import { message, type Sayable } from '../../messages/message';
import type { JsonLine } from '../json-lines';

/** Parquet's own kinds as JSON has them: a big integer as a number, a date as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** The library's own sentences begin so; anything else it throws is what a damaged page did to it. */
const reasonOf = (error: unknown): Sayable =>
  error instanceof Error && /^(parquet|thrift) /.test(error.message) ? error.message : message('parquetDamaged');

/**
 * Reads all rows.
 * @throws UserError where the file cannot be read or holds more than the limits
 */
export async function readParquet(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<JsonLine[]> {
  // Loaded when the first such file comes.
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }, { checkFooter, checkPages }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors'), import('./parquet-check')]);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  // Snappy is hyparquet's own.
  const { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW } = compressors;
  const used = { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW } as typeof compressors;
  try {
    checkFooter(file);
    const metadata = await parquetMetadataAsync(file, { geoparquet: false });
    checkPages(file, metadata, used, fileName);
    const rows = await parquetReadObjects({ file, metadata, compressors: used });
    return rows.map((value, index) => ({ row: index + 1, value: plain(value) }));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('parquetUnreadable', { file: fileName, reason: reasonOf(error) });
  }
}
