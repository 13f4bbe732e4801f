/**
 * @file Text of JSON values, however they are laid out -> rows: JSON Lines, one list, indented or concatenated objects,
 * a comma after each. Python's NaN and Infinity are read as numbers. A broken value is reported by its line and does
 * not stop the others.
 */
import { endOfString, isJsonObject } from '../../core/json';
import { UserError } from '../../core/errors';
import type { Sayable } from '../../messages/message';
import { jsonReason, parseJsonLines, parseRowJson, type JsonLine } from '../json-lines';
import { findNamed } from './column-names';
import { maxRows } from './table-limits';

export interface JsonRows {
  readonly format: 'JSON Lines' | 'JSON';
  readonly rows: readonly JsonLine[];
}

function parsedOrUndefined(text: string): unknown {
  try {
    return parseRowJson(text);
  } catch {
    return undefined;
  }
}

const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** pandas' `to_json` writes column after column, each `{"0": ..., "1": ...}`; datasets' `to_dict` lists of texts. */
function rowsOfColumns(value: Record<string, unknown>): unknown[] | null {
  const columns = Object.entries(value);
  const byIndex = columns.map(([, cells]) =>
    isJsonObject(cells) && Object.keys(cells).every((key) => /^\d+$/.test(key))
      ? Object.values(cells)
      : isListOfTexts(cells)
        ? [...cells]
        : null,
  );
  const count = byIndex[0]?.length ?? 0;
  if (columns.length < 2 || count < 1 || byIndex.some((cells) => cells?.length !== count)) return null;
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns.map(([name], column) => [name, byIndex[column]?.[row]])),
  );
}

/** pandas' `to_json(orient="split")`: names of columns beside rows of cells. */
function rowsOfSplit({ columns, data }: Record<string, unknown>): unknown[] | null {
  if (!isListOfTexts(columns) || !Array.isArray(data) || data.length === 0) return null;
  const isRow = (cells: unknown): cells is unknown[] => Array.isArray(cells) && cells.length === columns.length;
  return data.every(isRow) ? data.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i]]))) : null;
}

/** A row of Hugging Face's viewer stands in an object with its number. */
const inViewerRow = (row: unknown): unknown =>
  isJsonObject(row) && 'row_idx' in row && isJsonObject(row['row']) ? row['row'] : row;

/** Names without the space or byte order mark that a program left at their ends, where that makes none twice. */
function withTidyNames(value: unknown): unknown {
  if (!isJsonObject(value) || Object.keys(value).every((name) => name === name.trim())) return value;
  const tidy = Object.entries(value).map(([name, cell]) => [name.trim(), cell] as const);
  return new Set(tidy.map(([name]) => name)).size === tidy.length ? Object.fromEntries(tidy) : value;
}

/** Other names of lists of rows that lie beside those. */
const otherNames = ['test', 'validation', 'valid', 'val', 'dev', 'eval'];

const isListOfRows = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every(isJsonObject);

/** Names under which files keep their rows. */
const rowNames = ['data', 'rows', 'items', 'train', 'examples', 'samples', 'instances', 'records', 'dataset'];

/** pandas' `to_json(orient="index")`: an object for each row, under its number. */
function rowsOfIndex(value: Record<string, unknown>): unknown[] | null {
  const rows = Object.entries(value);
  return rows.length > 0 && rows.every(([key, row]) => /^\d+$/.test(key) && isJsonObject(row))
    ? rows.map(([, row]) => row)
    : null;
}

/** A list of lists, as spreadsheets give their cells: the first one has the names. */
function rowsOfCells(value: readonly unknown[]): readonly unknown[] {
  const [header, ...body] = value;
  return value.length > 1 && isListOfTexts(header) && header.length > 1
    ? (rowsOfSplit({ columns: header, data: body }) ?? value)
    : value;
}

/** The one list of objects that an object holds beside numbers and words about it, under whatever name. */
function onlyList(value: Record<string, unknown>): readonly unknown[] | undefined {
  const isWord = (held: unknown) => held === null || (typeof held !== 'object' && !/\s/.test(String(held)));
  if (findNamed(Object.keys(value), 'prompt') !== null) return undefined;
  const [list, ...more] = Object.values(value).filter((held) => !isWord(held));
  const isRows = Array.isArray(list) && list.length > 0 && list.every((row) => isJsonObject(row) && !isTurn(row));
  return isRows && more.length === 0 ? list : undefined;
}

const isTurn = (value: Record<string, unknown>): boolean => 'role' in value || 'from' in value;

/** The rows of one value: a list's items, an object's rows under a usual name, columns turned into rows, or itself. */
function rowsOfValue(value: unknown, file: string): readonly unknown[] {
  if (Array.isArray(value)) return rowsOfCells(value);
  if (!isJsonObject(value)) return [value];
  const columns = rowsOfColumns(value) ?? rowsOfSplit(value) ?? rowsOfIndex(value);
  if (columns !== null) return columns;
  const lists = [...rowNames, ...otherNames].filter((name) => isListOfRows(value[name]));
  if (lists.length > 1) throw new UserError('severalLists', { file, lists: lists.join(', ') });
  const held = value[lists[0] ?? ''];
  const rows = isListOfRows(held) ? held : onlyList(value);
  return rows === undefined ? [value] : rows.map(inViewerRow);
}

/** Whether a line begins a value: not one of an indented value's inner lines. */
const beginsValue = (line: string): boolean => /^[[{]/.test(line);

interface Piece {
  /** 1-based line where it begins. */
  readonly row: number;
  readonly text: string;
}

/**
 * Cuts text into values by their brackets, whatever stands between them (spaces, commas); null where a bracket is not
 * closed or anything else stands there. Strings are passed over.
 */
function cutByBrackets(text: string, firstLine: number): Piece[] | null {
  const pieces: Piece[] = [];
  let [depth, line, from, fromLine] = [0, firstLine, 0, firstLine];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '\n') line++;
    else if (sign === '{' || sign === '[') {
      if (depth++ === 0) [from, fromLine] = [at, line];
    } else if (sign === '}' || sign === ']') {
      if (--depth < 0) return null;
      if (depth === 0) pieces.push({ row: fromLine, text: text.slice(from, at + 1) });
      if (pieces.length > maxRows) return pieces;
    } else if (depth === 0) {
      if (sign !== ',' && sign?.trim() !== '') return null;
    } else if (sign === '"') {
      const end = endOfString(text, at);
      if (text[end - 1] !== '"' || end === at + 1) return null;
      for (let inner = at; inner < end; inner++) if (text[inner] === '\n') line++;
      at = end - 1;
    }
  }
  return depth === 0 ? pieces : null;
}

/** Rows of all pieces, or null where one is no JSON. */
function readPieces(text: string, firstLine: number): JsonLine[] | null {
  const pieces = cutByBrackets(text, firstLine);
  if (pieces === null) return null;
  const rows: JsonLine[] = [];
  for (const { row, text: piece } of pieces) {
    const value = parsedOrUndefined(piece);
    if (value === undefined) return null;
    rows.push({ row, value });
  }
  return rows;
}

function reasonOf(text: string): Sayable {
  try {
    parseRowJson(text);
    return '';
  } catch (error) {
    return jsonReason(error);
  }
}

/** Reads block by block, each from a line that begins a value to the next such line; a broken block is one row. */
function readBlocks(text: string): JsonLine[] {
  const lines = text.split('\n');
  const rows: JsonLine[] = [];
  for (let at = 0; at < lines.length && rows.length <= maxRows;) {
    let end = at + 1;
    if (beginsValue(lines[at] ?? '')) while (end < lines.length && !beginsValue(lines[end] ?? '')) end++;
    const block = lines.slice(at, end).join('\n');
    let pieces = readPieces(block, at + 1);
    if (pieces === null && end > at + 1) {
      // What follows a whole value is no part of it.
      pieces = readPieces(lines[at] ?? '', at + 1);
      if (pieces !== null) end = at + 1;
    }
    if (block.trim() !== '') rows.push(...(pieces ?? [{ row: at + 1, error: reasonOf(block) }]));
    at = end;
  }
  return rows;
}

const asRows = (values: readonly unknown[]): JsonLine[] => values.map((value, i) => ({ row: i + 1, value }));

/** The items of lists, where each value is a list of rows; a list of messages is a row. */
function withoutLists(rows: readonly JsonLine[]): readonly JsonLine[] {
  const isRows = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length > 0 && value.every((item) => isJsonObject(item) && !isTurn(item));
  if (rows.length === 0 || !rows.every(({ value }) => isRows(value))) return rows;
  return rows.flatMap(({ row, value }) => (isRows(value) ? value.map((item) => ({ row, value: item })) : []));
}

/**
 * Reads JSON in any layout. `text` has no byte order mark.
 * @throws UserError where it holds several lists of rows
 */
export function readJsonText(text: string, file: string, onProgress?: (share: number) => void): JsonRows {
  // A record separator before each value, as RFC 7464 has it.
  const { format, rows } = readLayout(text.startsWith('\x1e') ? text.replaceAll('\x1e', '') : text, file, onProgress);
  return {
    format,
    rows: withoutLists(rows).map((row) =>
      row.error === undefined ? { ...row, value: withTidyNames(row.value) } : row,
    ),
  };
}

function readLayout(text: string, file: string, onProgress?: (share: number) => void): JsonRows {
  if (text.trimStart().startsWith('[')) {
    const list = parsedOrUndefined(text) ?? parsedOrUndefined(text.replace(/,\s*\]\s*$/, ']'));
    if (Array.isArray(list)) return { format: 'JSON', rows: asRows(rowsOfCells(list)) };
  }
  const lines = parseJsonLines(text, { most: maxRows + 1, isWhole: true, onProgress });
  const [only] = lines;
  const isWhole = lines.every(({ error }) => error === undefined);
  if (isWhole && lines.length > 1) return { format: 'JSON Lines', rows: lines };
  const one = isWhole ? only?.value : parsedOrUndefined(text);
  if (one !== undefined) {
    const values = rowsOfValue(one, file);
    return values[0] === one
      ? { format: 'JSON Lines', rows: isWhole ? lines : asRows(values) }
      : { format: 'JSON', rows: asRows(values) };
  }
  return { format: 'JSON Lines', rows: readPieces(text, 1) ?? readBlocks(text) };
}
