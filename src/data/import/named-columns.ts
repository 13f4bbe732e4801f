/** @file Columns that somebody names -> a plan: over what was recognised, or a shape that the names themselves tell. */
import { UserError } from '../../core/errors';
import { meaningOfBest } from './best-of-list';
import { columnOf, columnRoles, isComplete, planFrom, rolesOf } from './plan';
import type { ColumnRole, ImportPlan, ImportShape, PlanOf, RoleColumns, VerdictMeaning } from './plan';
import type { Table } from './read-table';
import { sampleOf, type Recognition } from './recognise';
import { meaningOf } from './recognise-compared';

/** Shapes in the order in which the roles given are held against them. */
const order: readonly ImportShape[] = [
  ...(['pairs', 'compared', 'lastTurn', 'ranked', 'thumbs', 'ratings', 'completions', 'implicit'] as const),
];

/** A plan of the first shape that has all these roles and lacks none. */
function planOfRoles(given: RoleColumns, known: RoleColumns): ImportPlan | null {
  for (const shape of order) {
    const roles: readonly string[] = columnRoles[shape];
    if (!Object.keys(given).every((role) => roles.includes(role))) continue;
    const plan = planFrom(shape, { ...known, ...given });
    if (
      isComplete(plan) ||
      (plan.shape === 'ranked' && plan.answers !== '' && plan.best != null) ||
      (plan.shape === 'compared' && plan.first !== '' && plan.second !== '' && plan.better !== null)
    )
      return plan;
  }
  return null;
}

/** Roles of a plan whose column was given to another role are free again. */
function withoutGiven(known: RoleColumns, given: RoleColumns): RoleColumns {
  const named = new Set(Object.values(given));
  return Object.fromEntries(Object.entries(known).filter(([role, column]) => role in given || !named.has(column)));
}

/** @throws UserError where the values do not tell it */
function meaningOfList({ best, answers }: PlanOf<'ranked'>, table: Table): VerdictMeaning {
  const meaning = meaningOfBest(sampleOf(table), best ?? '', answers);
  if (meaning === null) throw new UserError('verdictOfList', { column: best ?? '', answers });
  return meaning;
}

/** @throws UserError where the file lacks a column that was named */
export function requireColumns(given: RoleColumns, columns: readonly string[], file: string): void {
  for (const column of Object.values(given))
    if (column != null && !columns.includes(column))
      throw new UserError('columnNotThere', { file, name: column, columns: columns.join(', ') });
}

/**
 * The plan that named columns make, together with what was recognised.
 * @throws UserError where the file has no such column, or the roles make no shape
 */
export function planOfColumns(given: RoleColumns, table: Table, recognition: Recognition, file: string): ImportPlan {
  const { columns, plan: recognised } = recognition;
  requireColumns(given, columns, file);
  const known = recognised === null ? {} : withoutGiven(rolesOf(recognised), given);
  const fits = recognised !== null && Object.keys(given).every((role) => role in rolesOf(recognised));
  const merged = fits ? planFrom(recognised.shape, { ...known, ...given }, recognised) : null;
  const plan =
    merged !== null && (isComplete(merged) || merged.shape === 'ranked') ? merged : planOfRoles(given, known);
  if (plan === null) throw new UserError('rolesIncomplete', { file, roles: Object.keys(given).join(', ') });
  if (plan.shape === 'ranked' && plan.best != null) return { ...plan, meaning: meaningOfList(plan, table) };
  if (plan.shape !== 'compared' || plan.better === null) return plan;
  const scores = [columnOf(plan, 'firstScore'), columnOf(plan, 'secondScore')] as const;
  const hasScores = scores[0] !== null && scores[1] !== null;
  const pair = hasScores ? ([scores[0] ?? '', scores[1] ?? ''] as const) : null;
  const { meaning, doubt } = meaningOf(sampleOf(table), plan.better, [plan.first, plan.second], pair);
  if (doubt !== null) throw new UserError(doubt);
  return { ...plan, meaning };
}

export type { ColumnRole };
