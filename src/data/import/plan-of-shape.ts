/**
 * @file Another shape for a file, chosen by hand: columns that were chosen stay, others are found by their names, and
 * what no name tells is left to be chosen. No column is ever taken for its place.
 */
import { meaningOfBest } from './best-of-list';
import { findNamed, markedPairs, type NamedRole } from './column-names';
import { holdsAnswers } from './column-content';
import { guessPrompt, type Seen } from './guess-prompt';
import { columnRoles, columnsUsed, planFrom, rolesOf } from './plan';
import type { ColumnRole, ImportPlan, ImportShape, RoleColumns } from './plan';
import type { Table } from './read-table';
import { seenIn } from './recognise';
import { meaningOf, planOfCompared } from './recognise-compared';

const byName: readonly (ColumnRole & NamedRole)[] = [
  ...(['chosen', 'rejected', 'messages', 'answers', 'answer', 'label', 'score', 'scores'] as const),
  ...(['chosenScore', 'rejectedScore', 'margin'] as const),
];

function namedRoles(seen: Seen, shape: ImportShape): RoleColumns {
  if (shape === 'compared') {
    const { plan } = planOfCompared(seen);
    if (plan !== null) return rolesOf(plan);
    const [pair] = markedPairs(seen.columns).filter((two) => two.every((column) => holdsAnswers(seen.rows, column)));
    return pair === undefined ? {} : { first: pair[0], second: pair[1] };
  }
  const named = byName.map((role) => [role, findNamed(seen.columns, role)] as const);
  const own = named.filter(([role]) => (columnRoles[shape] as readonly string[]).includes(role));
  return {
    ...guessPrompt(
      seen,
      own.map(([, column]) => column),
    ),
    ...Object.fromEntries(own),
  };
}

/** The verdict's meaning for the columns of a plan, where it was not told and its values tell it. */
export function withMeaning(plan: ImportPlan, table: Table): ImportPlan {
  if (plan.shape === 'ranked' && plan.best && plan.answers)
    return { ...plan, meaning: meaningOfBest(seenIn(table).rows, plan.best, plan.answers) };
  if (plan.shape !== 'compared' || !plan.better || !plan.first || !plan.second) return plan;
  const { firstScore, secondScore } = plan;
  const scores = firstScore && secondScore ? ([firstScore, secondScore] as const) : null;
  const { meaning } = meaningOf(seenIn(table).rows, plan.better, [plan.first, plan.second], scores);
  return { ...plan, meaning };
}

/** Plans the import of a file as the given shape. A role that the plan before had too keeps its column. */
export function planOfShape(shape: ImportShape, table: Table, before: ImportPlan | null): ImportPlan {
  const kept = before === null ? {} : rolesOf(before);
  const chosen = Object.fromEntries(Object.entries(kept).filter(([, column]) => Boolean(column)));
  const taken = before === null ? [] : columnsUsed(before);
  const found = Object.entries(namedRoles(seenIn(table), shape)).filter(
    ([role, column]) => role in chosen || !column || !taken.includes(column),
  );
  return withMeaning(
    planFrom(shape, { ...Object.fromEntries(found), ...chosen }, before?.as === undefined ? {} : { as: before.as }),
    table,
  );
}

/** The plan with another column in a role: null only where the role may be open. */
export function withColumn(plan: ImportPlan, role: ColumnRole, column: string | null, table: Table): ImportPlan {
  const changed = { ...plan, [role]: column } as ImportPlan;
  return ['first', 'second', 'better', 'best', 'answers'].includes(role) ? withMeaning(changed, table) : changed;
}
