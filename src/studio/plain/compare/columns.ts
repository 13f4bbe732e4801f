/** @file The columns of the comparison: what each shows, and what that comes to among the runs that there are. Pure. */
import { z } from '../../../core/zod';
import { mapping, maybe, type Kept } from '../../../storage/versioned';
import { answeringRuns } from '../runs/answering-runs';
import { baseReference, type Run } from '../runs/run';
import { bestSchema } from './best-of';

export const maxColumns = 4;

/** How strongly an adapter may act, in per cent of its own scale. */
export const strengthRange = { min: 0, max: 150, step: 5, whole: 100 } as const;

/** The base, the newest adapter of a method, or the id of a run. */
export type ColumnChoice = 'base' | 'latest-sft' | 'latest-dpo' | (string & {});

const columnSchema = mapping({
  /** Tells the column from all others for as long as it is on the page. */
  id: z.string(),
  choice: z.string() as z.ZodType<ColumnChoice>,
  /** The adapter's strength in per cent; the base has none, and there it means nothing. */
  strength: z.number().min(strengthRange.min).max(strengthRange.max),
  /** Of how many answers the best is shown, and by what; absent where the answer is taken as it comes. */
  best: maybe(bestSchema),
});
export type Column = Kept<typeof columnSchema>;

export const columnsSchema: z.ZodType<readonly Column[]> = z
  .array(columnSchema)
  .min(1)
  .max(maxColumns)
  .superRefine((columns, { addIssue }) => {
    const twin = columns.findIndex(({ id }, index) => columns.findIndex((other) => other.id === id) !== index);
    if (twin !== -1) addIssue({ code: 'custom', params: { expected: 'unused' }, path: [twin, 'id'] });
  });

/** Who answers in a column, or why nobody does: no run of the method yet, or the run is gone. */
export type Answerer =
  | { readonly kind: 'base' }
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'none'; readonly method: Run['method'] }
  | { readonly kind: 'gone' };

export const initialColumns: readonly Column[] = (['base', 'latest-sft', 'latest-dpo'] as const).map(
  (choice, index) => ({
    id: `column-${index + 1}`,
    choice,
    strength: strengthRange.whole,
  }),
);

export function answererOf(
  { choice }: Pick<Column, 'choice'>,
  runs: readonly Run[],
  fingerprint: string | undefined,
): Answerer {
  if (choice === 'base') return { kind: 'base' };
  if (choice === 'latest-sft' || choice === 'latest-dpo') {
    const method = choice === 'latest-sft' ? 'sft' : 'dpo';
    const [run] = answeringRuns(runs, fingerprint, method);
    return run === undefined ? { kind: 'none', method } : { kind: 'run', run };
  }
  const run = answeringRuns(runs, fingerprint).find(({ id }) => id === choice);
  return run === undefined ? { kind: 'gone' } : { kind: 'run', run };
}

/** Adds a column, with the newest adapter that no column shows yet, or else the base. */
export function withOneMore(
  columns: readonly Column[],
  runs: readonly Run[],
  fingerprint: string | undefined,
): readonly Column[] {
  if (columns.length >= maxColumns) return columns;
  const shown = new Set(
    columns.map((column) => {
      const answerer = answererOf(column, runs, fingerprint);
      return answerer.kind === 'run' ? answerer.run.id : answerer.kind;
    }),
  );
  const unseen = answeringRuns(runs, fingerprint).find(({ id }) => !shown.has(id));
  const free = Array.from({ length: maxColumns }, (_, index) => `column-${index + 1}`).find((id) =>
    columns.every((column) => column.id !== id),
  );
  return [
    ...columns,
    { id: free ?? `column-${columns.length + 1}`, choice: unseen?.id ?? 'base', strength: strengthRange.whole },
  ];
}

export function clampStrength(strength: number): number {
  const { min, max, step } = strengthRange;
  return Math.min(max, Math.max(min, Math.round(strength / step) * step));
}

/** The policy that DPO's reward of a run is measured against. */
export interface RewardReference {
  /** The run whose adapter it is; null for the base. */
  readonly run: Run | null;
  /** Whether the base stands in for an adapter that is gone. */
  readonly isStandIn: boolean;
}

/**
 * Finds the frozen policy of a run's training: the reference that was chosen, or else the adapter that it started from,
 * or else the base.
 */
export function rewardReferenceOf({ reference, startedFrom, imported }: Run, runs: readonly Run[]): RewardReference {
  if (reference === baseReference) return { run: null, isStandIn: false };
  const id = reference ?? startedFrom;
  // What an adapter from elsewhere was trained against, only its own chain tells, by names.
  if (id === null) return { run: null, isStandIn: (imported?.ancestors.length ?? 0) > 0 };
  const run = runs.find((candidate) => candidate.id === id && candidate.adapterBytes > 0) ?? null;
  return { run, isStandIn: run === null };
}
