/**
 * @file JSON Lines: one JSON value per line, as JavaScript, jq or Python write it (Python's NaN and Infinity are
 * numbers). A broken line is reported and does not stop the others.
 */
import { parsePythonJson } from '../core/json';
import type { Sayable } from '../messages/message';

export interface JsonLine {
  /** 1-based line of the text. */
  readonly row: number;
  /** Absent when the line is broken. */
  readonly value?: unknown;
  /** The parser's reason when the line is broken. */
  readonly error?: Sayable;
}

/** Blank lines are skipped (and counted); a byte order mark and CR before LF are dropped. */
export function parseJsonLines(text: string): JsonLine[] {
  const rows: JsonLine[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = index + 1;
    try {
      rows.push({ row, value: parsePythonJson(line) });
    } catch (error) {
      rows.push({ row, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return rows;
}

/** Writes one line for each value, the last one ended too. */
export function writeJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
