/**
 * @file What the import dialog's fields make of a plan: another shape with the columns kept where they fit, or another
 * column.
 */
import type { ImportPlan, ImportShape, Pairing } from '../../../data/import/recognise';

export const importShapes: readonly ImportShape[] = ['pairs', 'implicit', 'transcripts', 'openai', 'ranked', 'ratings'];

/** What the columns of each shape are needed for, in the order in which the dialog asks. */
export const columnRoles = {
  pairs: ['prompt', 'chosen', 'rejected'],
  implicit: ['chosen', 'rejected'],
  transcripts: ['chosen', 'rejected'],
  openai: [],
  ranked: ['prompt', 'answers', 'scores'],
  ratings: ['prompt', 'answer', 'score'],
} as const satisfies Record<ImportShape, readonly string[]>;

export type ColumnRole = (typeof columnRoles)[ImportShape][number];

export function columnOf(plan: ImportPlan, role: ColumnRole): string | null {
  return (plan as Partial<Record<ColumnRole, string | null>>)[role] ?? null;
}

/**
 * Plans the import of a file as the given shape. A role that the plan before had too keeps its column; the other roles
 * take the file's columns in turn.
 */
export function planOfShape(shape: ImportShape, columns: readonly string[], before: ImportPlan | null): ImportPlan {
  const kept = (role: ColumnRole) => (before === null ? null : columnOf(before, role));
  const taken = new Set(columnRoles[shape].map(kept));
  const free = columns.filter((column) => !taken.has(column));
  const column = (role: ColumnRole) => kept(role) ?? free.shift() ?? columns[0] ?? role;
  const pairing: Pairing = 'all';
  switch (shape) {
    case 'pairs':
      return { shape, prompt: column('prompt'), chosen: column('chosen'), rejected: column('rejected') };
    case 'implicit':
      return { shape, chosen: column('chosen'), rejected: column('rejected') };
    case 'transcripts':
      return { shape, chosen: column('chosen'), rejected: column('rejected'), as: 'text' };
    case 'openai':
      return { shape };
    case 'ranked':
      return { shape, prompt: column('prompt'), answers: column('answers'), scores: kept('scores'), pairing };
    case 'ratings':
      return { shape, prompt: column('prompt'), answer: column('answer'), score: column('score'), pairing };
  }
}

/** The plan with another column in a role; null only where the role may be left open. */
export function withColumn(plan: ImportPlan, role: ColumnRole, column: string | null): ImportPlan {
  return { ...plan, [role]: column } as ImportPlan;
}
