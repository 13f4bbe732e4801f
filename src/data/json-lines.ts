/**
 * @file JSON Lines: one JSON value per line, as JavaScript, jq or Python write it (Python's NaN and Infinity are
 * numbers). A broken line is reported and does not stop the others.
 */
import { measureJson, parsePythonJson } from '../core/json';
import { parsePythonLiteral } from './import/python-literal';
import { message, type Sayable } from '../messages/message';

/** Lists and objects inside each other in a row: what reads values walks them recursively. Chats go four deep. */
export const maxRowDepth = 64;

class TooDeep extends Error {}

/** Python's own text of a dictionary: `{'prompt': ...}`. */
const isPythonText = (text: string): boolean => /^\s*\[?\s*\{\s*'/.test(text);

/**
 * Parses one row's JSON, with Python's numbers, or Python's text of a dictionary.
 * @throws an error for `jsonReason`
 */
export function parseRowJson(text: string): unknown {
  if (measureJson(text).depth > maxRowDepth) throw new TooDeep();
  const value = isPythonText(text) ? parsePythonLiteral(text) : undefined;
  return value === undefined ? parsePythonJson(text) : value;
}

/** Why a row's JSON was refused. */
export function jsonReason(error: unknown): Sayable {
  if (error instanceof TooDeep) return message('rowTooDeep', { limit: maxRowDepth });
  return error instanceof Error ? error.message : String(error);
}

export interface JsonLine {
  /** 1-based line of the text. */
  readonly row: number;
  /** Absent when the line is broken. */
  readonly value?: unknown;
  /** The parser's reason when the line is broken. */
  readonly error?: Sayable;
}

interface LinesOptions {
  /** Rows after which the rest is left unread. */
  readonly most?: number;
  /** Whether the rest is left unread after a broken line, too: the text is then no JSON Lines. */
  readonly isWhole?: boolean;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Lines after which progress is told. */
const reportedLines = 5000;

/** Blank lines are skipped (and counted); a byte order mark and CR before LF are dropped. */
export function parseJsonLines(
  text: string,
  { most = Infinity, isWhole = false, onProgress }: LinesOptions = {},
): JsonLine[] {
  const rows: JsonLine[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (rows.length === most) break;
    if (index % reportedLines === 0) onProgress?.(index / lines.length);
    const row = index + 1;
    try {
      rows.push({ row, value: parseRowJson(line) });
    } catch (error) {
      rows.push({ row, error: jsonReason(error) });
      if (isWhole) break;
    }
  }
  return rows;
}

/** Writes one line for each value, the last one ended too. */
export function writeJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
