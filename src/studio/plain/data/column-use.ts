/** @file What a file's columns are used for, column by column: the import dialog's header, as a plan has it. */
import { columnOf, columnRoles, isOpenRole, type ColumnRole, type ImportPlan } from '../../../data/import/plan';
import { withColumn } from '../../../data/import/plan-of-shape';
import type { Table } from '../../../data/import/read-table';

/** The role of a column in a plan; null where it is not used. */
export function roleOf(plan: ImportPlan, column: string): ColumnRole | null {
  return columnRoles[plan.shape].find((role) => columnOf(plan, role) === column) ?? null;
}

/** Gives a column another use. The role that it had, and the column that had its new role, are free again. */
export function withUse(plan: ImportPlan, column: string, use: ColumnRole | null, table: Table): ImportPlan {
  const before = roleOf(plan, column);
  const freed = before === null ? plan : withColumn(plan, before, isOpenRole(plan.shape, before) ? null : '', table);
  return use === null ? freed : withColumn(freed, use, column, table);
}

/** A cell's text as it is, anything else as JSON. */
export const wholeText = (value: unknown): string =>
  typeof value === 'string' ? value : value == null ? '' : (JSON.stringify(value) ?? '');

/** A cell in a line. */
export function cellText(value: unknown): string {
  const text = wholeText(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
