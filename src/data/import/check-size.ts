/** @file Whether the rows of a file are no more than a page can hold and show, whatever format they came in. */
import { isJsonObject } from '../../core/json';
import { UserError } from '../../core/errors';
import type { JsonLine } from '../json-lines';
import { maxColumns, maxFileBytes, maxRows } from './table-limits';

/** Characters of all texts in a value; a text that stands in many rows counts in each, as it is copied with each. */
function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + charactersIn(inner), 1);
}

/** @throws UserError for more rows, columns or characters than the limits */
export function checkSize(rows: readonly JsonLine[], file: string): void {
  if (rows.length > maxRows) throw new UserError('tooManyRows', { file, rows: `more than ${maxRows}`, limit: maxRows });
  const columns = new Set<string>();
  let characters = 0;
  for (const { value } of rows) {
    if (isJsonObject(value)) for (const column of Object.keys(value)) columns.add(column);
    characters += charactersIn(value);
    if (columns.size > maxColumns)
      throw new UserError('tooManyColumns', { file, count: columns.size, limit: maxColumns });
    if (characters > maxFileBytes) throw new UserError('unpackedTooLarge', { file, limit: maxFileBytes / 2 ** 20 });
  }
}
