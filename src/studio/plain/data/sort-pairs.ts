/** @file In which order the table shows its pairs. Pure. */
export const sortKeys = ['row', 'length', 'side'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sorting {
  readonly by: SortKey;
  readonly isDescending: boolean;
}

/** As the pairs are in the data set. */
export const unsorted: Sorting = { by: 'row', isDescending: false };

/** What a press on a column's head makes of the order: this column's, and the other way round where it is already. */
export function sortedBy(sorting: Sorting, by: SortKey): Sorting {
  return { by, isDescending: sorting.by === by && !sorting.isDescending };
}

/**
 * Sorts indices of rows; equal ones stay in the order of the data set.
 * @param valueOf what a row is sorted by
 */
export function sortIndices(
  indices: readonly number[],
  isDescending: boolean,
  valueOf: (index: number) => number,
): readonly number[] {
  const sign = isDescending ? -1 : 1;
  return [...indices].sort((a, b) => sign * (valueOf(a) - valueOf(b)) || a - b);
}
