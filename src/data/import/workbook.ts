/**
 * @file A spreadsheet's file (.xlsx, .xls) -> the lines of the sheet that holds the pairs, and a small one written.
 */
import { Unzip, UnzipInflate, unzipSync, zipSync, type Zippable } from 'fflate';
import { UserError } from '../../core/errors';
import { namesParts, type TableLine } from './separated';
import { maxFileBytes, maxRows } from './table-limits';
import { beginsWith } from './unpack';

/** Sheets that are looked through; people put theirs first. */
const maxSheets = 16;

/** Compressed bytes that are unpacked at a time, so that the limit stops a bomb early. */
const slice = 64 * 1024;

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

/** Joins the parts of a file. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Unpacks an archive by what its files hold, whatever it says of them, and packs it anew without compression: what
 * reads the workbook then takes up no more than what was counted here.
 * @throws UserError where it holds more than a file may
 */
function repacked(bytes: Uint8Array, file: string): Uint8Array {
  const files = new Map<string, Uint8Array[]>();
  let size = 0;
  const unzip = new Unzip((entry) => {
    const parts: Uint8Array[] = [];
    files.set(entry.name, parts);
    entry.ondata = (error, part) => {
      if (error) throw error;
      size += part.length;
      if (size > maxFileBytes) throw new UserError('unpackedTooLarge', { file, limit: maxFileBytes / 2 ** 20 });
      parts.push(part);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < bytes.length; at += slice)
    unzip.push(bytes.subarray(at, at + slice), at + slice >= bytes.length);
  const whole: Zippable = Object.fromEntries([...files].map(([name, parts]) => [name, [joined(parts), { level: 0 }]]));
  return zipSync(whole);
}

/** The columns and rows that a table may have and one more of each, to see that there is one: every row is as wide. */
const tableRange = `A1:ALM${maxRows + 2}`;

/** Numbers and dates as a person would type them. */
const textOfCell = (value: unknown): string =>
  value === null || value === undefined ? '' : value instanceof Date ? value.toISOString().slice(0, 10) : String(value);

interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly unknown[])[];
  readonly hidden?: boolean | undefined;
  readonly veryHidden?: boolean | undefined;
  readonly merges?: readonly MergedCells[] | undefined;
}

/** From 0, the ends included. */
interface MergedCells {
  readonly startRow: number;
  readonly startCol: number;
  readonly endRow: number;
}

/**
 * The cells of a sheet as a person sees them: what is merged over rows stands in each of them, as one question beside
 * its answers. Over columns it is left as it is, for a title is no value of theirs.
 */
function unmergedRows({ rows, merges = [] }: Sheet): readonly (readonly unknown[])[] {
  const filled = rows.map((cells) => [...cells]);
  const isEmpty = (value: unknown) => value === null || value === undefined || value === '';
  for (const { startRow, startCol, endRow } of merges) {
    const value = filled[startRow]?.[startCol];
    if (isEmpty(value)) continue;
    for (let row = startRow + 1; row <= endRow; row++) {
      const cells = filled[row];
      if (cells === undefined || !isEmpty(cells[startCol])) break;
      cells[startCol] = value;
    }
  }
  return filled;
}

interface NamedLines {
  readonly name: string;
  readonly lines: readonly TableLine[];
}

/**
 * Sheets that a person sees and that hold anything, one at a time, and of each the rows that a table may have: two
 * cells can span millions of empty ones.
 */
async function* visibleSheets(
  read: (index: number) => Promise<{ readonly sheets: readonly Sheet[] }>,
): AsyncGenerator<NamedLines> {
  for (let index = 0; index < maxSheets; index++) {
    const [sheet] = (await read(index)).sheets;
    if (sheet === undefined) return;
    if (sheet.hidden === true || sheet.veryHidden === true) continue;
    const lines = unmergedRows(sheet).map((cells, i) => ({ row: i + 1, cells: cells.map(textOfCell) }));
    if (lines.some(({ cells }) => cells.some((cell) => cell.trim() !== ''))) yield { name: sheet.name, lines };
  }
}

/**
 * The sheet whose columns are named as parts of pairs are, or else the first that holds anything.
 * @throws UserError where several are named so
 */
async function chooseSheet(sheets: AsyncIterable<NamedLines>, file: string): Promise<readonly TableLine[]> {
  let first: readonly TableLine[] = [];
  const named: NamedLines[] = [];
  for await (const sheet of sheets) {
    if (first.length === 0) first = sheet.lines;
    if (namesParts(sheet.lines)) named.push(named.length === 0 ? sheet : { ...sheet, lines: [] });
  }
  if (named.length > 1)
    throw new UserError('severalSheets', { file, sheets: named.map(({ name }) => name).join(', ') });
  return named[0]?.lines ?? first;
}

/**
 * Reads a workbook.
 * @throws UserError where it cannot be read, or holds several sheets of pairs
 */
export async function readWorkbook(bytes: Uint8Array, file: string): Promise<readonly TableLine[]> {
  // Loaded when the first such file comes.
  const { readXlsx, readXls } = await import('hucre/xlsx');
  try {
    const isZip = beginsWith(bytes, zipMagic);
    if (isZip && !namesOf(bytes).includes('[Content_Types].xml')) throw new UserError('zipArchive', { file });
    const given = isZip ? repacked(bytes, file) : bytes;
    const read = (index: number) => {
      const options = { sheets: [index], maxRows: maxRows + 2, range: tableRange };
      return isZip ? readXlsx(given, options) : readXls(given, options);
    };
    return await chooseSheet(visibleSheets(read), file);
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
