/** @file Which columns make up the prompt: the question, or a context in its place, and what stands beside it. */
import type { JsonObject } from '../../core/json';
import { holdsIds, holdsNumbers } from './column-content';
import { findNamed, isOwnName } from './column-names';
import type { PromptColumns } from './plan';

/** What is known of a file while its shape is guessed. */
export interface Seen {
  /** Its first rows. */
  readonly rows: readonly JsonObject[];
  /** Columns that most rows have. */
  readonly columns: readonly string[];
  /** Columns in which any row of the file has a value. */
  readonly filled: readonly string[];
}

/** A column that may be asked: never one of numbers; of codes only where it is called `prompt`. */
function canBePrompt(rows: readonly JsonObject[], column: string): boolean {
  return isOwnName(column, 'prompt') ? !holdsNumbers(rows, column) : !holdsIds(rows, column);
}

/** The prompt's columns: one of its own names, or else a conversation or context, with what stands beside it. */
export function guessPrompt({ rows, columns, filled }: Seen, taken: readonly (string | null)[]): PromptColumns | null {
  const candidates = columns.filter((column) => !taken.includes(column) && canBePrompt(rows, column));
  const prompt = findNamed(candidates, 'prompt') ?? findNamed(candidates, 'context');
  if (prompt === null) return null;
  const rest = filled.filter((column) => column !== prompt && !taken.includes(column) && !holdsNumbers(rows, column));
  const beside = (['system', 'history', 'input'] as const).flatMap((role) => {
    const column = findNamed(rest, role);
    return column === null ? [] : [[role, column] as const];
  });
  return { prompt, ...Object.fromEntries(beside) };
}
