/** @file The order of the table: by a value, either way, equal ones as they stand. */
import { expect, it } from 'vitest';
import { sortedBy, sortIndices, unsorted } from './sort-pairs';

it('sorts either way and keeps equal rows in order', () => {
  const lengths = [5, 1, 5, 3];
  const valueOf = (index: number) => lengths[index] ?? 0;
  expect(sortIndices([0, 1, 2, 3], false, valueOf)).toEqual([1, 3, 0, 2]);
  expect(sortIndices([0, 1, 2, 3], true, valueOf)).toEqual([0, 2, 3, 1]);
});

it('turns round at the second press on the same head', () => {
  const once = sortedBy(unsorted, 'length');
  expect(once).toEqual({ by: 'length', isDescending: false });
  expect(sortedBy(once, 'length')).toEqual({ by: 'length', isDescending: true });
  expect(sortedBy(once, 'row')).toEqual(unsorted);
});
