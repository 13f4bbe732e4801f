/**
 * @file How a file's rows become pairs: the shape of its data and the columns that hold each part. A plan is guessed by
 * recognise.ts or made by hand, and carried out by make-pairs.ts. Types, and what follows from them alone.
 */

/** Which pairs are made of several answers to one prompt. */
export type Pairing = 'all' | 'ends';

/** As they stand, or text as chat messages, for the model's template. */
export type PairForm = 'text' | 'chat';

/** Columns that make up a prompt, the later ones of which may be open. */
export interface PromptColumns {
  readonly prompt: string;
  /** Becomes the first turn. */
  readonly system?: string | null;
  /** Earlier turns: messages, pairs of question and answer, or text. */
  readonly history?: string | null;
  /** Follows the prompt on a line of its own. */
  readonly input?: string | null;
}

/**
 * What the column that names the better of two answers holds: a name of it, its number from 0 or from 1, 1 for the
 * first, or a difference that is positive where the first (or the second) is better.
 */
export const verdictMeanings = ['name', 'from0', 'from1', 'firstIsOne', 'signFirst', 'signSecond'] as const;
export type VerdictMeaning = (typeof verdictMeanings)[number];

type Shaped =
  | (PromptColumns & {
      readonly shape: 'pairs';
      readonly chosen: string;
      readonly rejected: string;
      readonly chosenScore?: string | null;
      readonly rejectedScore?: string | null;
      readonly margin?: string | null;
    })
  /** The prompt is what both begin with. */
  | { readonly shape: 'implicit'; readonly chosen: string; readonly rejected: string }
  /** "\n\nHuman: ...\n\nAssistant: ..." twice. */
  | { readonly shape: 'transcripts'; readonly chosen: string; readonly rejected: string }
  /** A conversation whose last turn is the good answer, or where `label` says so a bad one; for SFT without either. */
  | {
      readonly shape: 'lastTurn';
      readonly messages: string;
      readonly rejected: string | null;
      readonly label?: string | null;
      /** Becomes the first turn. */
      readonly system?: string | null;
    }
  /** {"input": {"messages"}, "preferred_output", "non_preferred_output"}. */
  | { readonly shape: 'openai' }
  /** Two answers a row and which is better: by a verdict, or by a score each where `better` is null. */
  | (Omit<PromptColumns, 'prompt'> & {
      readonly shape: 'compared';
      /** Null where both answers are conversations that begin with it. */
      readonly prompt: string | null;
      readonly first: string;
      readonly second: string;
      readonly better: string | null;
      /** Null where it has to be told. */
      readonly meaning: VerdictMeaning | null;
      readonly firstScore?: string | null;
      readonly secondScore?: string | null;
    })
  /** A list of answers a row, best first unless they have scores or ranks, or a column names the best. */
  | (PromptColumns & {
      readonly shape: 'ranked';
      readonly answers: string;
      readonly scores: string | null;
      readonly best?: string | null;
      /** Of `best`: null where it has to be told. */
      readonly meaning?: VerdictMeaning | null;
      readonly pairing: Pairing;
    })
  /** One answer a row, with a score (or true and false); rows of one prompt make pairs. */
  | (PromptColumns & {
      readonly shape: 'ratings';
      readonly answer: string;
      readonly score: string;
      readonly pairing: Pairing;
    })
  /** One good answer a row. */
  | (PromptColumns & { readonly shape: 'completions'; readonly answer: string })
  /** No answer at all: a row is asked. Only where whoever reads the file says that this will do. */
  | (PromptColumns & { readonly shape: 'prompts' })
  /** One answer a row, good or bad. */
  | (PromptColumns & { readonly shape: 'thumbs'; readonly answer: string; readonly label: string });

export type ImportPlan = Shaped & { readonly as?: PairForm };
export type ImportShape = ImportPlan['shape'];
export type PlanOf<S extends ImportShape> = Extract<ImportPlan, { shape: S }>;

/** The columns of each shape; those after `optional` may be open. */
export const columnRoles = {
  pairs: ['prompt', 'chosen', 'rejected', 'system', 'history', 'input', 'chosenScore', 'rejectedScore', 'margin'],
  implicit: ['chosen', 'rejected'],
  transcripts: ['chosen', 'rejected'],
  lastTurn: ['messages', 'rejected', 'label', 'system'],
  openai: [],
  compared: ['prompt', 'first', 'second', 'better', 'firstScore', 'secondScore', 'system', 'history', 'input'],
  ranked: ['prompt', 'answers', 'scores', 'best', 'system', 'history', 'input'],
  ratings: ['prompt', 'answer', 'score', 'system', 'history', 'input'],
  completions: ['prompt', 'answer', 'system', 'history', 'input'],
  thumbs: ['prompt', 'answer', 'label', 'system', 'history', 'input'],
  prompts: ['prompt', 'system', 'history', 'input'],
} as const satisfies Record<ImportShape, readonly string[]>;

/** The shapes that a person can choose: those with answers. */
export const importShapes = (Object.keys(columnRoles) as readonly ImportShape[]).filter((shape) => shape !== 'prompts');
export type ColumnRole = (typeof columnRoles)[ImportShape][number];

const openRoles: readonly string[] = [
  ...[
    'system',
    'history',
    'input',
    'scores',
    'best',
    'chosenScore',
    'rejectedScore',
    'firstScore',
    'secondScore',
    'margin',
  ],
];

/** Whether a shape does without this role. */
export function isOpenRole(shape: ImportShape, role: ColumnRole): boolean {
  if (shape === 'lastTurn') return role !== 'messages';
  return openRoles.includes(role) || (shape === 'compared' && (role === 'prompt' || role === 'better'));
}

/** The column in a role; null where it is open. An empty name is one that is still to be chosen. */
export function columnOf(plan: ImportPlan, role: ColumnRole): string | null {
  return (plan as Partial<Record<ColumnRole, string | null>>)[role] ?? null;
}

/** The columns that a plan reads. */
export function columnsUsed(plan: ImportPlan): readonly string[] {
  if (plan.shape === 'openai') return ['input', 'preferred_output', 'non_preferred_output'];
  return columnRoles[plan.shape].flatMap((role) => columnOf(plan, role) ?? []);
}

/** Whether nothing is left to be chosen. */
export function isComplete(plan: ImportPlan): boolean {
  if (columnsUsed(plan).includes('')) return false;
  if (plan.shape === 'ranked') return plan.best == null || plan.meaning != null;
  if (plan.shape !== 'compared') return true;
  return plan.better === null ? Boolean(plan.firstScore) && Boolean(plan.secondScore) : plan.meaning !== null;
}

/** The columns of a plan by their roles; null where one is open, empty where it is to be chosen. */
export type RoleColumns = Partial<Record<ColumnRole, string | null>>;

/** The columns that a plan gives each role. */
export function rolesOf(plan: ImportPlan): RoleColumns {
  return Object.fromEntries(columnRoles[plan.shape].map((role) => [role, columnOf(plan, role)]));
}

/** A plan of this shape with these columns; what is needed and not given is to be chosen. */
export function planFrom(
  shape: ImportShape,
  columns: RoleColumns,
  { pairing = 'all', meaning = null, as }: { pairing?: Pairing; meaning?: VerdictMeaning | null; as?: PairForm } = {},
): ImportPlan {
  const roles = columnRoles[shape].map(
    (role) => [role, columns[role] ?? (isOpenRole(shape, role) ? null : '')] as const,
  );
  return {
    shape,
    ...Object.fromEntries(roles),
    ...((shape === 'ranked' || shape === 'ratings') && { pairing }),
    ...((shape === 'compared' || (shape === 'ranked' && columns.best != null)) && { meaning }),
    ...(as !== undefined && { as }),
  } as ImportPlan;
}

/** The same plan over a table whose columns bear other names, at the same places; one that is gone is to be chosen. */
export function withColumnNames(plan: ImportPlan, from: readonly string[], to: readonly string[]): ImportPlan {
  const nameOf = (column: string): string | undefined => (to.includes(column) ? column : to[from.indexOf(column)]);
  const columns = Object.entries(rolesOf(plan)).map(([role, column]) => [role, column && nameOf(column)] as const);
  return planFrom(plan.shape, Object.fromEntries(columns) as RoleColumns, plan);
}
