/**
 * @file What the checks found in the pairs, the fix of each, and which rows the table shows. Follows the data set by itself:
 * `run` is called when rows, split or model changed, and a newer run takes the place of an older one.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { checkRows, fixRows, type CheckContext, type CheckId, type CheckReport } from '../../data/checks/check-rows';
import { normalised, textOf } from '../../data/checks/text-of';
import { isEvaluation, type Split } from '../../data/split';
import type { DatasetRow } from '../../storage/records';
import type { Engine } from '../engine-client';
import { isAbort } from '../failure';
import { currentText } from '../text/text';
import type { DatasetStore } from './dataset';

/** Which rows the table shows: all, what a check found, or one side of the split. */
export type RowFilter = 'all' | CheckId | 'train' | 'evaluation';

export interface QualityState {
  /** Of `rows`, which may be older than the data set's for a moment. */
  readonly found: { readonly rows: readonly DatasetRow[]; readonly context: CheckContext; readonly report: CheckReport } | null;
  readonly filter: RowFilter;
  readonly search: string;

  run(): Promise<void>;
  /** Asks the worker for the special tokens of the model, which one check needs. */
  readTokens(model: { readonly fingerprint: string } | null): Promise<void>;
  fix(check: CheckId): Promise<void>;
  setFilter(filter: RowFilter): void;
  setSearch(search: string): void;
}

export type QualityStore = StoreApi<QualityState>;

export interface QualityDependencies {
  readonly engine: Engine;
  readonly dataset: DatasetStore;
}

/** Indices of the rows that the filter lets through and whose text holds the words searched for. */
export function visibleRows(rows: readonly DatasetRow[], filter: RowFilter, search: string, report: CheckReport | null, split: Split | null): readonly number[] {
  const words = normalised(search);
  const bySide = filter === 'train' || filter === 'evaluation';
  const listed = filter === 'all' || bySide ? null : new Set(report?.[filter] ?? []);
  return rows.flatMap(({ pair }, index) => {
    if (listed !== null && !listed.has(index)) return [];
    if (bySide && (split !== null && isEvaluation(pair, split)) !== (filter === 'evaluation')) return [];
    if (words === '') return [index];
    return [pair.prompt, pair.chosen, pair.rejected].some((part) => normalised(textOf(part)).includes(words)) ? [index] : [];
  });
}

export function createQualityStore({ engine, dataset }: QualityDependencies): QualityStore {
  let running: AbortController | null = null;
  let tokens: Pick<CheckContext, 'specialTokens' | 'eosToken'> = { specialTokens: [], eosToken: null };
  let asked: string | null = null;

  return createStore<QualityState>()((set, get) => ({
    found: null,
    filter: 'all',
    search: '',

    async run() {
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
        tokens = answer;
      }
      await get().run();
    },

    async fix(check) {
      const { found } = get();
      // A report of older rows would remove the wrong ones.
      if (found === null || found.rows !== dataset.getState().rows) return;
      const count = found.report[check].length;
      if (get().filter === check) set({ filter: 'all' });
      await dataset.getState().change(fixRows(found.rows, check, found.report, found.context), currentText().quality.fixed(count));
    },

    setFilter: (filter) => set({ filter }),
    setSearch: (search) => set({ search }),
  }));
}
