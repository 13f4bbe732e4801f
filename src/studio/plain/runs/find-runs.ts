/** @file Which runs the list shows: those that a search and a filter leave, the pinned ones first. Pure. */
import { methods } from '../../../run/config';
import { isMethodKnown, type Run } from './run';
import { sortRuns, type RunOrder } from './sort-runs';

export const runFilters = ['all', 'model', ...methods, 'unfinished', 'pinned'] as const;
export type RunFilter = (typeof runFilters)[number];

/** What the list is narrowed by. */
export interface RunSearch {
  readonly words: string;
  readonly filter: RunFilter;
  /** Ids of the runs that stand first. */
  readonly pinned: readonly string[];
  /** The open model; undefined where there is none. */
  readonly fingerprint: string | undefined;
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase();

/** Whether each word stands somewhere in what the run is called, was made of, or has written beside it. */
export function isFound(run: Run, words: string): boolean {
  const { name, notes = '', tags = [], dataset = '', modelName } = run;
  const method = isMethodKnown(run) ? run.method : '';
  const where = plain([name, notes, ...tags, method, dataset, modelName].join('\n'));
  return plain(words)
    .split(/\s+/)
    .every((word) => where.includes(word));
}

function passes(run: Run, { filter, pinned, fingerprint }: RunSearch): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'model':
      return run.modelFingerprint === fingerprint;
    case 'unfinished':
      return run.status !== 'finished';
    case 'pinned':
      return pinned.includes(run.id);
    default:
      return isMethodKnown(run) && run.method === filter;
  }
}

/** The runs that are shown, in their order: the pinned ones before the others. */
export function findRuns(runs: readonly Run[], search: RunSearch, order: RunOrder): readonly Run[] {
  const shown = sortRuns(
    runs.filter((run) => passes(run, search) && isFound(run, search.words)),
    order,
  );
  const isPinned = ({ id }: Run) => search.pinned.includes(id);
  return [...shown.filter(isPinned), ...shown.filter((run) => !isPinned(run))];
}
