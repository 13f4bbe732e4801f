/** @file The columns of the comparison: what each shows, and what that comes to among the runs that there are. Pure. */
import { z } from '../../../core/zod';
import { mapping, type Kept } from '../../../storage/versioned';
import type { Run } from '../runs/run';

export const maxColumns = 4;

/** Of an adapter, in per cent of its own scale. */
export const strengthRange = { min: 0, max: 150, step: 5, whole: 100 } as const;

/** The base, the newest adapter of a method, or the id of a run. */
export type ColumnChoice = 'base' | 'latest-sft' | 'latest-dpo' | (string & {});

const columnSchema = mapping({
  /** Its own for as long as it is on the page. */
  id: z.string(),
  choice: z.string() as z.ZodType<ColumnChoice>,
  /** Per cent; of the base it means nothing. */
  strength: z.number().min(strengthRange.min).max(strengthRange.max),
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

/** Who answers in a column, or why nobody does. */
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

/** Runs of this model and method that have an adapter, newest first. */
export function adaptersFor(
  runs: readonly Run[],
  fingerprint: string | undefined,
  method?: Run['method'],
): readonly Run[] {
  return runs.filter(
    (run) =>
      (method === undefined || run.method === method) && run.modelFingerprint === fingerprint && run.adapterBytes > 0,
  );
}

export function answererOf(
  { choice }: Pick<Column, 'choice'>,
  runs: readonly Run[],
  fingerprint: string | undefined,
): Answerer {
  if (choice === 'base') return { kind: 'base' };
  if (choice === 'latest-sft' || choice === 'latest-dpo') {
    const method = choice === 'latest-sft' ? 'sft' : 'dpo';
    const [run] = adaptersFor(runs, fingerprint, method);
    return run === undefined ? { kind: 'none', method } : { kind: 'run', run };
  }
  const run = adaptersFor(runs, fingerprint).find(({ id }) => id === choice);
  return run === undefined ? { kind: 'gone' } : { kind: 'run', run };
}

/** One more: the newest adapter that no column shows yet, else the base. */
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
  const unseen = adaptersFor(runs, fingerprint).find(({ id }) => !shown.has(id));
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

/** What DPO's reward of a run is measured against. */
export interface RewardReference {
  /** Null is the base. */
  readonly run: Run | null;
  /** The adapter that it was trained against is gone, and the base stands in for it. */
  readonly isStandIn: boolean;
}

/** The frozen policy of the run's training: the reference that was chosen, else where it started, else the base. */
export function rewardReferenceOf({ reference, startedFrom, imported }: Run, runs: readonly Run[]): RewardReference {
  const id = reference ?? startedFrom;
  // What an adapter from elsewhere was trained against, only its own chain tells, by names.
  if (id === null) return { run: null, isStandIn: (imported?.ancestors.length ?? 0) > 0 };
  const run = runs.find((candidate) => candidate.id === id && candidate.adapterBytes > 0) ?? null;
  return { run, isStandIn: run === null };
}
