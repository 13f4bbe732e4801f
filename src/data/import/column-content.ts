/** @file What the values of a column are, whatever it is called: numbers, ids, prose, questions, conversations. */
import type { JsonObject } from '../../core/json';
import { messagesInText } from './cell-values';

/** Whether a row has nothing there: null, NaN in its place, space, or an empty list. */
export const isBlank = (value: unknown): boolean =>
  value == null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0) ||
  Number.isNaN(value);

/** Whether at least this share of the rows' values that are there pass; false where none is. */
export function mostly(
  rows: readonly JsonObject[],
  column: string,
  test: (value: unknown) => boolean,
  share = 0.8,
): boolean {
  const values = rows.map((row) => row[column]).filter((value) => !isBlank(value));
  return values.length > 0 && values.filter(test).length >= share * values.length;
}

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));

export const holdsNumbers = (rows: readonly JsonObject[], column: string): boolean => mostly(rows, column, isNumber);

/** One word with a digit in it, as codes and dates have: "PL-0042", "2026-01-05". */
const isCode = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 64 && /^[\p{L}\p{N}_.:/-]*\p{N}[\p{L}\p{N}_.:/-]*$/u.test(value.trim());

/** Numbers, codes or truth values: what no question is. */
export const holdsIds = (rows: readonly JsonObject[], column: string): boolean =>
  mostly(rows, column, (value) => isNumber(value) || isCode(value));

/** A list of messages, or text that is one. */
export const holdsChats = (rows: readonly JsonObject[], column: string): boolean =>
  mostly(rows, column, (value) =>
    typeof value === 'string' ? messagesInText(value) !== null : typeof value === 'object' && value !== null,
  );

/** Text that people wrote, or conversations. */
export const holdsAnswers = (rows: readonly JsonObject[], column: string): boolean =>
  holdsChats(rows, column) || (mostly(rows, column, (value) => typeof value === 'string') && !holdsIds(rows, column));

/** Mean characters of a column's texts. */
export function meanLength(rows: readonly JsonObject[], column: string): number {
  const lengths = rows.map((row) => (typeof row[column] === 'string' ? row[column].length : 0));
  return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, rows.length);
}

/** Share of texts that end as questions do. */
export function questionShare(rows: readonly JsonObject[], column: string): number {
  const texts = rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column].trim()] : []));
  return texts.filter((text) => /[?？]$|(까|나요|가요|인가|는지)\.?$/.test(text)).length / Math.max(1, texts.length);
}
