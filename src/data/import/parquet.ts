/** @file A Parquet file -> rows of values as JSON has them. */
import { UserError } from '../../core/errors';
import type { JsonLine } from '../json-lines';

/** A file is hostile: a few bytes of Parquet can claim billions of rows. */
const maxRows = 2_000_000;

/** Parquet's own kinds as JSON has them: a big integer as a number, a date as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/**
 * Reads all rows.
 * @throws UserError where the file cannot be read or says it has too many
 */
export async function readParquet(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<JsonLine[]> {
  // Loaded when the first such file comes.
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    const metadata = await parquetMetadataAsync(file);
    if (metadata.num_rows > maxRows)
      throw new UserError('tooManyRows', { file: fileName, rows: String(metadata.num_rows), limit: maxRows });
    // Snappy is hyparquet's own.
    const { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW } = compressors;
    const rows = await parquetReadObjects({
      file,
      metadata,
      compressors: { GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW } as typeof compressors,
    });
    return rows.map((value, index) => ({ row: index + 1, value: plain(value) }));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('parquetUnreadable', {
      file: fileName,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
