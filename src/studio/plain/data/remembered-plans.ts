/** @file The plans that were chosen for files, by their columns, so that the next file of the same kind has them. */
import { isJsonObject } from '../../../core/json';
import { z } from '../../../core/zod';
import { columnRoles, columnsUsed, importShapes, type ImportPlan } from '../../../data/import/plan';
import { mapping } from '../../../storage/versioned';

/** Kinds of files that are remembered, the latest first. */
const mostRemembered = 30;

/** Whether a value is a plan of this Airlock's shapes; columns of another one's are then not looked for. */
function isPlan(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const shape = importShapes.find((one) => one === value['shape']);
  return (
    shape !== undefined && columnRoles[shape].every((role) => value[role] == null || typeof value[role] === 'string')
  );
}

export const rememberedPlansSchema = z.array(
  mapping({
    columns: z.array(z.string()),
    plan: z.custom<ImportPlan>(isPlan, { params: { expected: 'an import plan' } }),
  }),
);

export type RememberedPlans = readonly { readonly columns: readonly string[]; readonly plan: ImportPlan }[];

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((column) => b.includes(column));

/** The plan that was chosen for a file of these columns, or null. */
export function recallPlan(plans: RememberedPlans, columns: readonly string[]): ImportPlan | null {
  const known = plans.find((entry) => same(entry.columns, columns));
  const fits =
    known !== undefined &&
    (known.plan.shape === 'openai' || columnsUsed(known.plan).every((name) => columns.includes(name)));
  return fits ? known.plan : null;
}

/** The plans with this one in the place of an older one for the same columns. */
export function rememberPlan(plans: RememberedPlans, columns: readonly string[], plan: ImportPlan): RememberedPlans {
  return [{ columns, plan }, ...plans.filter((entry) => !same(entry.columns, columns))].slice(0, mostRemembered);
}
