/**
 * @file What the checks found in the pairs, the fix of each, and which rows the table shows. Follows the data set by
 * itself: `checkRows` is called when rows, split or model changed, and a newer run takes the place of an older one.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  checkIds,
  checkRows,
  fixRows,
  type CheckContext,
  type CheckId,
  type CheckReport,
} from '../../data/checks/check-rows';
import { normalised, textOf } from '../../data/checks/text-of';
import { checkTokens, fixTokens, tokenCheckIds, type TokenCheckId } from '../../data/checks/token-checks';
import { heldOut, type Split } from '../../data/split';
import type { DatasetRow } from '../../storage/records';
import type { RowFilter } from '../plain/data/row-filters';
import type { Engine } from '../browser/engine-client';
import { isAbort } from '../text/failure';
import type { DatasetState, DatasetStore } from './dataset';

/** A check of the texts, or of their tokens. */
export type FindingId = CheckId | TokenCheckId;
export const findingIds: readonly FindingId[] = [...tokenCheckIds, ...checkIds];

/** What is known of the rows as they stand; a check that has not run yet is absent. */
export type Findings = Readonly<Partial<Record<FindingId, readonly number[]>>>;

export interface QualityState {
  /** What the last check found in `rows`, which may be older than the data set's for a moment. */
  readonly found: {
    readonly rows: readonly DatasetRow[];
    readonly context: CheckContext;
    readonly report: CheckReport;
  } | null;
  readonly filter: RowFilter;
  readonly search: string;

  /** Checks the rows as they are; a newer check takes the place of an older one. */
  checkRows(): Promise<void>;
  /** Asks the worker for the special tokens of the model, which one check needs; another needs its template. */
  readTokens(model: { readonly fingerprint: string; readonly hasChatTemplate: boolean } | null): Promise<void>;
  /** Takes out of the data set what this check found; the notice that says so can bring it back. */
  fix(check: FindingId): Promise<void>;
  setFilter(filter: RowFilter): void;
  setSearch(search: string): void;
}

export type QualityStore = StoreApi<QualityState>;

export interface QualityDependencies {
  readonly engine: Engine;
  readonly dataset: DatasetStore;
  readonly search?: string;
  readonly filter?: RowFilter;
}

export function findingsOf(
  { rows, check }: Pick<DatasetState, 'rows' | 'check'>,
  found: QualityState['found'],
): Findings {
  return {
    ...(found?.rows === rows && found.report),
    ...(check?.reports.length === rows.length && checkTokens(check.reports)),
  };
}

const isTokenCheck = (check: FindingId): check is TokenCheckId => tokenCheckIds.some((id) => id === check);

/** The rows after the fix of what was found, or the very rows where nothing can be done or all is out of date. */
export function fixedRows(
  { rows, check }: Pick<DatasetState, 'rows' | 'check'>,
  found: QualityState['found'],
  id: FindingId,
): readonly DatasetRow[] {
  if (isTokenCheck(id))
    return check?.reports.length === rows.length ? fixTokens(rows, id, checkTokens(check.reports)) : rows;
  // A report of older rows would remove the wrong ones.
  return found?.rows === rows ? fixRows(rows, id, found.report, found.context) : rows;
}

/** Indices of the rows that the filter lets through and whose text holds the words searched for. */
export function visibleRows(
  rows: readonly DatasetRow[],
  filter: RowFilter,
  search: string,
  findings: Findings,
  split: Split | null,
): readonly number[] {
  const words = normalised(search);
  const bySide = filter === 'train' || filter === 'evaluation';
  const listed = filter === 'all' || bySide ? null : new Set(findings[filter] ?? []);
  const isHeldOut = split === null ? () => false : heldOut(rows, split);
  return rows.flatMap(({ pair }, index) => {
    if (listed !== null && !listed.has(index)) return [];
    if (bySide && isHeldOut(pair) !== (filter === 'evaluation')) return [];
    if (words === '') return [index];
    return [pair.prompt, pair.chosen, pair.rejected].some((part) => normalised(textOf(part)).includes(words))
      ? [index]
      : [];
  });
}

export function createQualityStore({
  engine,
  dataset,
  search = '',
  filter = 'all',
}: QualityDependencies): QualityStore {
  let running: AbortController | null = null;
  let tokens: Omit<CheckContext, 'split'> = { specialTokens: [], eosToken: null };
  let asked: string | null = null;

  return createStore<QualityState>()((set, get) => ({
    found: null,
    filter,
    search,

    async checkRows() {
      running?.abort();
      const controller = new AbortController();
      running = controller;
      const { rows, split } = dataset.getState();
      const context = { ...tokens, split };
      try {
        const report = await checkRows(rows, context, controller.signal);
        if (running === controller) set({ found: { rows, context, report } });
      } catch (error) {
        if (!isAbort(error)) throw error;
      }
    },

    async readTokens(model) {
      asked = model?.fingerprint ?? null;
      tokens = { specialTokens: [], eosToken: null };
      if (model !== null) {
        const answer = await engine.call('modelTokens', {});
        if (asked !== model.fingerprint) return;
        tokens = { ...answer, hasTemplate: model.hasChatTemplate };
      }
      await get().checkRows();
    },

    async fix(check) {
      await dataset.getState().change((now) => {
        // What was found is of the rows that were shown.
        if (now.rows !== dataset.getState().rows) return null;
        const rows = fixedRows(dataset.getState(), get().found, check);
        if (rows === now.rows) return null;
        const kept = new Set(rows);
        if (get().filter === check) set({ filter: 'all' });
        return { rows, what: { kind: 'fixed', number: now.rows.filter((row) => !kept.has(row)).length } };
      });
    },

    setFilter: (filter) => set({ filter }),
    setSearch: (search) => set({ search }),
  }));
}
