/**
 * @file A file's bytes -> rows of named values, whatever the format: JSON Lines, a JSON list, CSV or TSV, Parquet.
 * What the values mean is not looked at here. A broken row is reported and does not stop the others.
 */
import { message, type Message } from '../../messages/message';
import Papa from 'papaparse';
import { UserError } from '../../core/errors';
import { parseJsonLines, type JsonLine } from '../json-lines';

export type FileFormat = 'JSON Lines' | 'JSON' | 'CSV' | 'TSV' | 'Parquet';

export interface Table {
  readonly format: FileFormat;
  /**
   * 1-based rows: the line of JSON Lines, the item of a JSON list, the spreadsheet's row of a CSV (the header is 1).
   */
  readonly rows: readonly JsonLine[];
}

/** V8 holds at most half a gigacharacter in a string; this leaves room for the parsed copy. */
export const maxFileBytes = 256 * 1024 * 1024;

/** A file is hostile: a few bytes of Parquet can claim billions of rows. */
const maxRows = 2_000_000;

const maxColumns = 1000;

const endsWith = (fileName: string, ...endings: string[]) =>
  endings.some((ending) => fileName.toLowerCase().endsWith(ending));

/** The items of a file that is one JSON list, or null if it is not one. */
function readList(text: string): JsonLine[] | null {
  const body = text.replace(/^\ufeff/, '').trimStart();
  if (!body.startsWith('[')) return null;
  try {
    const list = JSON.parse(body) as unknown[];
    return list.map((value, index) => ({ row: index + 1, value }));
  } catch {
    // Perhaps each line is a list; those rows get their own sentences.
    return null;
  }
}

function headerProblem(header: readonly string[], file: string): Message | null {
  if (header.length > maxColumns) return message('tooManyColumns', { file, count: header.length, limit: maxColumns });
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) return message('columnTwice', { file, name: JSON.stringify(twice) });
  return header.length < 2 ? message('oneColumn', { file, name: JSON.stringify(header[0] ?? '') }) : null;
}

/** A cell may hold a list (of messages, of answers) as JSON; everything else is text. */
function readCell(cell: string): unknown {
  if (!/^\s*\[\s*["{]/.test(cell)) return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

function readSeparated(text: string, fileName: string, delimiter: string): JsonLine[] {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\ufeff/, ''), { delimiter, skipEmptyLines: false });
  const header = (data[0] ?? []).map((name) => name.trim());
  if (data.length === 0 || header.every((name) => name === '')) return [];
  const problem = headerProblem(header, fileName);
  if (problem !== null) throw new UserError(problem);
  const broken = new Map(
    errors.flatMap((error) => (error.row === undefined ? [] : [[error.row, error.message] as const])),
  );
  return data.slice(1).flatMap((cells, i): JsonLine[] => {
    const row = i + 2;
    if (cells.every((cell) => cell.trim() === '')) return [];
    const wrong = broken.get(i + 1);
    if (wrong !== undefined) return [{ row, error: message('fieldNotClosed', { reason: wrong }) }];
    if (cells.length !== header.length)
      return [{ row, error: message('fieldsCount', { count: cells.length, wanted: header.length }) }];
    return [{ row, value: Object.fromEntries(header.map((name, at) => [name, readCell(cells[at] ?? '')])) }];
  });
}

/** Text in any of the text formats; what the name does not tell is JSON. */
export function readTextTable(text: string, fileName: string): Table {
  if (endsWith(fileName, '.csv')) return { format: 'CSV', rows: readSeparated(text, fileName, '') };
  if (endsWith(fileName, '.tsv')) return { format: 'TSV', rows: readSeparated(text, fileName, '\t') };
  const list = readList(text);
  return list === null ? { format: 'JSON Lines', rows: parseJsonLines(text) } : { format: 'JSON', rows: list };
}

/**
 * Excel saves Unicode text as UTF-16 and, on a Korean PC, CSV as CP949 (`euc-kr` in browsers); JSON is always UTF-8.
 */
function decodeText(bytes: Uint8Array, fileName: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const encodings = endsWith(fileName, '.csv', '.tsv') ? ['utf-8', 'euc-kr'] : ['utf-8'];
  for (const encoding of encodings) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one, or the error below.
    }
  }
  throw new UserError('fileNotUtf8', { file: fileName });
}

/** Parquet's own kinds as JSON has them: a big integer as a number, a date as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

async function readParquet(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<JsonLine[]> {
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

/** @throws UserError for what concerns the whole file. */
export async function readTable(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<Table> {
  if (endsWith(fileName, '.parquet')) return { format: 'Parquet', rows: await readParquet(bytes, fileName) };
  return readTextTable(decodeText(bytes, fileName), fileName);
}
