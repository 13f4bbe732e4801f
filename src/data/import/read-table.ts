/**
 * @file A file's bytes -> rows of named values, whatever the format: the one reading path of the studio and the command
 * line. What the values mean is not looked at here. A broken row is reported and does not stop the others.
 */
import { UserError } from '../../core/errors';
import type { JsonLine } from '../json-lines';
import { decodeText, type Encoding } from './encoding';
import { flattenArgilla } from './argilla';
import { readJsonText } from './json-text';
import { flattenLabelStudio } from './label-studio';
import { readParquet } from './parquet';
import { flattenProdigy } from './prodigy';
import { readSeparated, readTableLines } from './separated';
import { checkSize } from './check-size';
import { maxFileBytes } from './table-limits';
import { unpack } from './unpack';
import { isWorkbook, readWorkbook } from './workbook';

export type FileFormat = 'JSON Lines' | 'JSON' | 'CSV' | 'TSV' | 'Parquet' | 'Excel';

/** How a file's text was decoded; null for files that are no text. */
export interface TextFacts {
  readonly encoding: Encoding;
  /** False where the bytes allow another encoding too. */
  readonly isSure: boolean;
}

export interface Table {
  readonly format: FileFormat;
  readonly decoded: TextFacts | null;
  /**
   * 1-based rows: the line of JSON Lines, the item of a JSON list, the spreadsheet's row of a table (the header is 1).
   */
  readonly rows: readonly JsonLine[];
}

const endsWith = (fileName: string, ...endings: string[]) =>
  endings.some((ending) => fileName.toLowerCase().endsWith(ending));

/** Tables are told by the name; a .txt, or a file without an ending, by a tab in its first line. */
function isSeparated(text: string, fileName: string): boolean {
  if (endsWith(fileName, '.csv', '.tsv', '.tab')) return true;
  if (/\.(jsonl|ndjson|json)$/i.test(fileName)) return false;
  return !/^\s*[[{]/.test(text);
}

/** Text in any of the text formats; what the name does not tell is JSON. */
export function readTextTable(
  text: string,
  fileName: string,
  decoded: TextFacts | null = null,
  onProgress?: (share: number) => void,
): Table {
  const body = text.replace(/^\ufeff/, '');
  if (!isSeparated(body, fileName)) {
    const { format, rows } = readJsonText(body, fileName, onProgress);
    return { format, decoded, rows: flattenProdigy(flattenArgilla(flattenLabelStudio(rows))) };
  }
  const isTabs = endsWith(fileName, '.tsv', '.tab') || (!endsWith(fileName, '.csv') && /^\s*[^\n]*\t/.test(body));
  return { format: isTabs ? 'TSV' : 'CSV', decoded, rows: readSeparated(body, fileName, isTabs ? '\t' : '') };
}

/**
 * Reads a file of any format.
 * @param encoding the encoding that a person chose for it; by evidence without it
 * @param onProgress called with the share that has been read, where that is known
 * @throws UserError for what concerns the whole file
 */
export async function readTable(
  bytes: Uint8Array<ArrayBuffer>,
  fileName: string,
  encoding?: Encoding | undefined,
  onProgress?: (share: number) => void,
): Promise<Table> {
  if (bytes.length > maxFileBytes)
    throw new UserError('unpackedTooLarge', { file: fileName, limit: maxFileBytes / 1024 / 1024 });
  const { bytes: unpacked, name } = unpack(bytes, fileName);
  const table = await readUnpacked(unpacked, name, encoding, onProgress);
  checkSize(table.rows, fileName);
  return table;
}

async function readUnpacked(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  encoding?: Encoding,
  onProgress?: (share: number) => void,
): Promise<Table> {
  if (endsWith(name, '.parquet')) return { format: 'Parquet', decoded: null, rows: await readParquet(bytes, name) };
  if (isWorkbook(bytes))
    return { format: 'Excel', decoded: null, rows: readTableLines(await readWorkbook(bytes, name), name) };
  const { text, ...decoded } = decodeText(bytes, name, encoding);
  return readTextTable(text, name, decoded, onProgress);
}
