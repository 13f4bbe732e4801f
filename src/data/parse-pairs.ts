/**
 * @file A text file -> preference pairs, and a sentence for every row that is none, with nobody to ask: for the command
 * line. The shape is recognised; where none is, the rows are taken for prompt, chosen and rejected, whose sentences say
 * what to add.
 */
import { UserError } from '../core/errors';
import { makePairs, type ParsedPairs } from './import/make-pairs';
import { readTextTable, type Table } from './import/read-table';
import { recognise, type ImportPlan } from './import/recognise';

export type { ParsedPairs, RowError } from './import/make-pairs';

export const plainPlan: ImportPlan = { shape: 'pairs', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' };

/** The one sentence for a file in which nothing can be read, or null. */
export function fileProblem({ rows, format }: Table, fileName: string): string | null {
  const shape =
    format === 'CSV' || format === 'TSV'
      ? 'the names of the columns in its first row and a pair in each row after it'
      : 'one {"prompt": ..., "chosen": ..., "rejected": ...} per line';
  const first = rows[0];
  if (first === undefined) return `${fileName} is empty; it needs ${shape}.`;
  if (rows.some(({ error }) => error === undefined)) return null;
  return `${fileName} has no line of valid ${format.replace(' Lines', '')}; it needs ${shape} (line ${first.row}: ${first.error}).`;
}

export function parsePairs(text: string, fileName: string): ParsedPairs {
  const whole = (message: string): ParsedPairs => ({ pairs: [], rows: [], errors: [{ row: 1, message }] });
  try {
    const table = readTextTable(text, fileName);
    const problem = fileProblem(table, fileName);
    return problem === null ? makePairs(table, recognise(table).plan ?? plainPlan, fileName) : whole(problem);
  } catch (error) {
    if (error instanceof UserError) return whole(error.message);
    throw error;
  }
}
