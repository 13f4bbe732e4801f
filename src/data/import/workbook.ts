/**
 * @file A spreadsheet's file (.xlsx, .xls) -> the lines of its first sheet that holds anything, and a small one
 * written.
 */
import { unzipSync } from 'fflate';
import { UserError } from '../../core/errors';
import type { TableLine } from './separated';
import { beginsWith } from './unpack';

/** Bytes that a workbook may be unpacked. */
const maxUnpackedBytes = 512 * 1024 * 1024;

const zipMagic = [0x50, 0x4b, 0x03, 0x04];
const oleMagic = [0xd0, 0xcf, 0x11, 0xe0];

/** Whether the bytes are a zip or an old Office file, as workbooks are. */
export const isWorkbook = (bytes: Uint8Array): boolean => beginsWith(bytes, zipMagic) || beginsWith(bytes, oleMagic);

/** The names of an archive's files. */
function namesOf(bytes: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
  return names;
}

/** Adds up what the archive says of its files, without unpacking one. */
function unpackedBytes(bytes: Uint8Array): number {
  let sum = 0;
  unzipSync(bytes, {
    filter: ({ originalSize }) => {
      sum += originalSize;
      return false;
    },
  });
  return sum;
}

/** Numbers and dates as a person would type them. */
const textOfCell = (value: unknown): string =>
  value === null || value === undefined ? '' : value instanceof Date ? value.toISOString().slice(0, 10) : String(value);

/**
 * Reads a workbook.
 * @throws UserError where it cannot be read
 */
export async function readWorkbook(bytes: Uint8Array, file: string): Promise<readonly TableLine[]> {
  // Loaded when the first such file comes.
  const { readXlsx, readXls } = await import('hucre/xlsx');
  try {
    const isZip = beginsWith(bytes, zipMagic);
    if (isZip && unpackedBytes(bytes) > maxUnpackedBytes)
      throw new UserError('unpackedTooLarge', { file, limit: maxUnpackedBytes / 1024 / 1024 });
    if (isZip && !namesOf(bytes).includes('[Content_Types].xml')) throw new UserError('zipArchive', { file });
    const { sheets } = isZip ? await readXlsx(bytes) : await readXls(bytes);
    const lines = sheets.map(({ rows }) => rows.map((cells, i) => ({ row: i + 1, cells: cells.map(textOfCell) })));
    return lines.find((sheet) => sheet.some(({ cells }) => cells.some((cell) => cell.trim() !== ''))) ?? [];
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('workbookUnreadable', { file, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Characters of a column's width in a workbook that people write in. */
const columnWidth = 48;

/** Writes a workbook of one sheet, its first line the names of the columns. */
export async function writeWorkbook(
  sheet: string,
  lines: readonly (readonly string[])[],
): Promise<Uint8Array<ArrayBuffer>> {
  const { writeXlsx } = await import('hucre/xlsx');
  const columns = (lines[0] ?? []).map(() => ({ width: columnWidth }));
  return Uint8Array.from(
    await writeXlsx({ sheets: [{ name: sheet, columns, rows: lines.map((cells) => [...cells]) }] }),
  );
}
