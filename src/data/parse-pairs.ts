/**
 * @file A text file -> preference pairs, and a message for every row that is none, with nobody to ask: for the command
 * line. The shape is recognised; where none is, the rows are taken for prompt, chosen and rejected, whose messages say
 * what to add.
 */
import { message, type Message } from '../messages/message';
import { UserError } from '../core/errors';
import { makePairs, type ParsedPairs } from './import/make-pairs';
import { readTextTable, type Table } from './import/read-table';
import type { ImportPlan } from './import/plan';
import { recognise } from './import/recognise';

export type { ParsedPairs, RowError } from './import/make-pairs';

export const plainPlan: ImportPlan = { shape: 'pairs', prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' };

/** Why nothing can be read in a file, or null. */
export function fileProblem({ rows, format }: Table, file: string): Message | null {
  const shape = message(format === 'CSV' || format === 'TSV' ? 'shapeOfTable' : 'shapeOfLines');
  const first = rows[0];
  if (first === undefined) return message('fileEmpty', { file, shape });
  if (rows.some(({ error }) => error === undefined)) return null;
  const { row, error: reason = '' } = first;
  return message('fileWithoutLine', { file, format: format.replace(' Lines', ''), shape, row, reason });
}

const wholeFile = (problem: Message): ParsedPairs => ({
  ...{ pairs: [], rows: [], scores: [], ties: [] },
  errors: [{ row: 1, message: problem }],
});

/** The pairs of a table by the shape that is recognised. */
export function pairsOfTable(table: Table, file: string): ParsedPairs {
  const problem = fileProblem(table, file);
  return problem === null ? makePairs(table, recognise(table).plan ?? plainPlan, file) : wholeFile(problem);
}

/** The pairs of a text file; what concerns the whole file is its one error. */
export function parsePairs(text: string, fileName: string): ParsedPairs {
  try {
    return pairsOfTable(readTextTable(text, fileName), fileName);
  } catch (error) {
    if (error instanceof UserError) return wholeFile(error.said);
    throw error;
  }
}
