/** @file Which pairs the table can show: all, what a check found, or one side of the split. */
import { checkIds } from '../../../data/checks/check-rows';
import { tokenCheckIds } from '../../../data/checks/token-checks';

export const rowFilters = ['all', 'train', 'evaluation', ...checkIds, ...tokenCheckIds] as const;
export type RowFilter = (typeof rowFilters)[number];
