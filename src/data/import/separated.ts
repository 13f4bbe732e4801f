/**
 * @file Tables of text -> rows of named cells: CSV and TSV as pandas, Excel in any country and databases write them,
 * and the cells of a spreadsheet. Excel's `sep=;` line is obeyed, blank lines above the header and columns that are
 * empty throughout are passed over.
 */
import Papa from 'papaparse';
import { UserError } from '../../core/errors';
import { message, type Message } from '../../messages/message';
import type { JsonLine } from '../json-lines';
import { messagesInText, parseCell } from './cell-values';
import { findNamed } from './column-names';
import { maxCells, maxColumns, maxRows } from './table-limits';

/** Parts whose names a header has two of at least. */
const nameRoles = ['prompt', 'chosen', 'rejected', 'answer', 'answers', 'messages', 'better'] as const;

const isBlank = (cell: string): boolean => cell.trim() === '';

function headerProblem(header: readonly string[], file: string): Message | null {
  if (header.length > maxColumns) return message('tooManyColumns', { file, count: header.length, limit: maxColumns });
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) return message('columnTwice', { file, name: JSON.stringify(twice) });
  return header.length < 2 ? message('oneColumn', { file, name: JSON.stringify(header[0] ?? '') }) : null;
}

/** The value of a cell: messages where it holds them, a list where its whole column holds lists, otherwise its text. */
function readCell(cell: string, isList: boolean): unknown {
  const list = isList ? parseCell(cell) : undefined;
  return Array.isArray(list) ? list : (messagesInText(cell) ?? cell);
}

const looksLikeList = (cell: string): boolean => /^\s*\[[^]*\]\s*$/.test(cell);

/** Cells of a column's beginning that tell whether it holds lists. */
const sampleCells = 200;

/** A column of lists is one in which every cell that holds anything is a list of texts, messages or numbers. */
function isListColumn(cells: Iterable<string>): boolean {
  let count = 0;
  for (const cell of cells) {
    if (isBlank(cell)) continue;
    if (!looksLikeList(cell) || !Array.isArray(parseCell(cell))) return false;
    if (++count === sampleCells) break;
  }
  return count > 0;
}

/** One line of a table, before its cells have names. */
export interface TableLine {
  /** The spreadsheet's row, from 1. */
  readonly row: number;
  readonly cells: readonly string[];
  readonly error?: Message;
}

/** As pandas names a column without a name. */
const unnamed = (index: number): string => `Unnamed: ${index}`;

function* cellsOf(lines: readonly TableLine[], column: number): Iterable<string> {
  for (const { cells } of lines) yield cells[column] ?? '';
}

interface Column {
  readonly name: string;
  readonly index: number;
  readonly isList: boolean;
}

/** The columns that have a name or a cell; the others are a spreadsheet's leftovers. */
function columnsOf(header: readonly string[], body: readonly TableLine[], file: string): readonly Column[] {
  const filled = new Set<number>();
  for (const { cells } of body) for (let i = 0; i < cells.length; i++) if (!isBlank(cells[i] ?? '')) filled.add(i);
  const used = header.flatMap((given, index) => {
    const name = given.trim();
    if (name !== '') return [{ name, index }];
    return filled.has(index) ? [{ name: unnamed(index), index }] : [];
  });
  const problem = headerProblem(
    used.map(({ name }) => name),
    file,
  );
  if (problem !== null) throw new UserError(problem);
  return used.map((column) => ({ ...column, isList: isListColumn(cellsOf(body, column.index)) }));
}

/** How many parts of a pair a line names; none where it has more cells than a table may have columns. */
const partsNamed = ({ cells }: TableLine): number =>
  cells.length > maxColumns ? 0 : nameRoles.filter((role) => findNamed(cells, role) !== null).length;

/** Whether a line reads like names of columns: two of its cells are names that parts of a pair have. */
const isHeader = (line: TableLine): boolean => partsNamed(line) >= 2;

/**
 * Where the header is: the first line that is not blank, or below a title that people write above a table (lines of one
 * cell each) the line that reads like names of columns. Of a header of two lines it is the one that names more.
 */
function headerIndex(lines: readonly TableLine[]): number {
  const first = lines.findIndex(({ cells }) => !cells.every(isBlank));
  const below = lines.findIndex(({ cells }, i) => i >= first && !cells.slice(1).every(isBlank));
  const header = lines[below];
  const at = below > first && header !== undefined && isHeader(header) ? below : first;
  const [upper, lower] = [lines[at], lines[at + 1]];
  if (upper === undefined || lower === undefined || !isHeader(lower)) return at;
  return partsNamed(lower) > partsNamed(upper) ? at + 1 : at;
}

/** Whether a table's header names parts of pairs. */
export function namesParts(lines: readonly TableLine[]): boolean {
  const header = lines[headerIndex(lines)];
  return header !== undefined && isHeader(header);
}

/**
 * Gives the cells of a table their names: the first line that is not blank, or not a title, is the header. A cell that
 * its line is too short for is absent.
 * @throws UserError where the header names no table
 */
export function readTableLines(lines: readonly TableLine[], file: string): JsonLine[] {
  const at = headerIndex(lines);
  if (at < 0) return [];
  const header = lines[at]?.cells ?? [];
  const body = lines.slice(at + 1).filter(({ cells, error }) => error !== undefined || !cells.every(isBlank));
  const columns = columnsOf(header, body, file);
  return body.map(({ row, cells, error }): JsonLine => {
    if (error !== undefined) return { row, error };
    const filled = cells.findLastIndex((cell) => !isBlank(cell)) + 1;
    if (filled > header.length)
      return { row, error: message('fieldsCount', { count: filled, wanted: columns.length }) };
    const present = columns.filter(({ index }) => index < cells.length);
    return {
      row,
      value: Object.fromEntries(present.map(({ name, index, isList }) => [name, readCell(cells[index] ?? '', isList)])),
    };
  });
}

/** Excel's first line that names the separator: `sep=;`. */
const separatorLine = /^"?sep=(.)"?\r?\n/i;

/**
 * Line ends of one kind: a program that adds to another's file ends its lines otherwise, and the parser goes by the
 * first one. Within quotes line breaks stay as they are.
 */
function withOneLineEnd(text: string): string {
  if (!text.includes('\r\n') || !/(?:^|[^\r])\n/.test(text)) return text;
  return text
    .split('"')
    .map((part, i) => (i % 2 === 0 ? part.replaceAll('\r\n', '\n') : part))
    .join('"');
}

/** Quotes right after the separator, where a header of quoted names has space there: `"prompt", "chosen"`. */
function withoutSpaceBeforeQuotes(text: string, delimiter: string): string {
  const header = /^[^\n]*/.exec(text)?.[0] ?? '';
  const sign = delimiter.replace(/[|^$.*+?()[\]{}\\]/g, '\\$&');
  const isSpaced = new RegExp(`^\\s*"[^"]*"(?:${sign} +"[^"]*")+\\s*$`).test(header);
  return isSpaced ? text.replace(new RegExp(`"${sign} +"(?!")`, 'g'), `"${delimiter}"`) : text;
}

/** A table of Markdown: bars around each line, a line of dashes below the header. */
const markdownRule = /^\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)+\|?\s*$/;

/** The separator that the header line has most of; names of columns rarely hold one. */
function guessDelimiter(text: string): string {
  const header = /^\s*(.*)/.exec(text)?.[1]?.replace(/"[^"]*"/g, '') ?? '';
  const counted = [',', ';', '\t', '|'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}

/**
 * Reads separated text.
 * @param delimiter empty where it is to be found
 * @throws UserError where the header names no table
 */
export function readSeparated(text: string, file: string, delimiter: string): JsonLine[] {
  const named = separatorLine.exec(text);
  const given = withOneLineEnd(named === null ? text : text.slice(named[0].length));
  const sign = named?.[1] ?? (delimiter === '' ? guessDelimiter(given) : delimiter);
  const body = sign === '\t' ? given : withoutSpaceBeforeQuotes(given, sign);
  const isMarkdown = sign === '|' && markdownRule.test(body.split('\n', 2)[1] ?? '');
  const offset = named === null ? 1 : 2;
  const lines: TableLine[] = [];
  let [cells, filled] = [0, 0];
  Papa.parse<string[]>(body, {
    delimiter: sign,
    skipEmptyLines: false,
    // Line by line, so that a text of nothing but separators is not made into a list of cells first.
    step: ({ data, errors: [error] }, parser) => {
      cells += data.length;
      if (data.length > 1 || !isBlank(data[0] ?? '')) filled++;
      const broken = error && { error: message('fieldNotClosed', { reason: error.message }) };
      const isRule = isMarkdown && lines.length === 1;
      lines.push({
        ...{ row: lines.length + offset, ...broken },
        cells: isRule ? [] : isMarkdown ? data.map((cell) => cell.trim()) : data,
      });
      if (cells > maxCells || filled > maxRows + 1) parser.abort();
    },
  });
  if (cells > maxCells) throw new UserError('tooManyValues', { file, limit: maxCells });
  return readTableLines(lines, file);
}
