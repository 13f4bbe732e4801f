/** @file The order of the list of runs, by a column. Pure. */
import type { Run } from './run';

export type SortColumn =
  'name' | 'dataset' | 'evalLoss' | 'evalAccuracy' | 'loss' | 'margin' | 'reward' | 'steps' | 'time' | 'started';

export interface RunOrder {
  readonly by: SortColumn;
  readonly isDescending: boolean;
}

/** The newest first. */
export const firstOrder: RunOrder = { by: 'started', isDescending: true };

const valueOf: Readonly<Record<SortColumn, (run: Run) => string | number | null>> = {
  name: ({ name }) => name,
  dataset: ({ dataset }) => dataset ?? null,
  loss: ({ finalLoss }) => finalLoss,
  evalLoss: ({ finalEvalLoss }) => finalEvalLoss ?? null,
  evalAccuracy: ({ finalEvalAccuracy }) => finalEvalAccuracy ?? null,
  margin: ({ finalMargin }) => finalMargin,
  reward: ({ finalReward }) => finalReward ?? null,
  steps: ({ steps }) => steps,
  time: ({ seconds }) => seconds,
  started: ({ startedAt }) => startedAt,
};

const isNothing = (value: string | number | null): boolean => value === null || Number.isNaN(value);

/** Runs without a value come last in either direction; equal ones keep their order. */
export function sortRuns(runs: readonly Run[], { by, isDescending }: RunOrder): readonly Run[] {
  const of = valueOf[by];
  return runs.toSorted((one, other) => {
    const [a, b] = [of(one), of(other)];
    if (isNothing(a) || isNothing(b)) return Number(isNothing(a)) - Number(isNothing(b));
    const order =
      typeof a === 'string' || typeof b === 'string'
        ? String(a).localeCompare(String(b), undefined, { numeric: true })
        : Number(a) - Number(b);
    return isDescending ? -order : order;
  });
}

/** What a press on a column's head makes of the order: that column, or the other direction. */
export function pressed({ by, isDescending }: RunOrder, column: SortColumn): RunOrder {
  if (by === column) return { by, isDescending: !isDescending };
  return {
    by: column,
    isDescending: ['evalAccuracy', 'margin', 'reward', 'steps', 'time', 'started'].includes(column),
  };
}
