/** @file What rows of pairs are called: the files that they came from. Pure. */
import type { DatasetRow } from '../../../storage/records';

/** The first file, and how many more; null where there are no rows. */
export function nameOfRows(rows: readonly Pick<DatasetRow, 'file'>[]): string | null {
  const files = [...new Set(rows.map(({ file }) => file))];
  const [first] = files;
  return first === undefined ? null : files.length === 1 ? first : `${first} + ${files.length - 1}`;
}
