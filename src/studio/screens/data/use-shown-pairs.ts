/** @file Which pairs the table shows, and in which order. */
import { useMemo } from 'react';
import { textOf } from '../../../data/checks/text-of';
import type { PreferencePair } from '../../../data/preference-pair';
import type { PairReport } from '../../../run/reports';
import { sortIndices, type Sorting } from '../../plain/data/sort-pairs';
import { visibleRows } from '../../stores/quality';
import { useStudioState } from '../use-studio';
import { useFindings } from './use-findings';
import { useSideOf } from './use-side-of';

/** Characters of the whole pair. */
export const charactersOf = ({ prompt, chosen, rejected }: PreferencePair): number =>
  textOf(prompt).length + textOf(chosen).length + textOf(rejected).length;

/** Tokens of the whole pair. */
export const tokensOf = ({ promptTokens, chosenTokens, rejectedTokens }: PairReport): number =>
  promptTokens + chosenTokens + rejectedTokens;

/** Indices of the rows that search and filter leave, sorted. */
export function useShownPairs({ by, isDescending }: Sorting): readonly number[] {
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const filter = useStudioState('quality', (state) => state.filter);
  const search = useStudioState('quality', (state) => state.search);
  const findings = useFindings();
  const sideOf = useSideOf();
  const visible = useMemo(
    () => visibleRows(rows, filter, search, findings, split),
    [rows, filter, search, findings, split],
  );
  return useMemo(() => {
    if (by === 'row') return isDescending ? visible.toReversed() : visible;
    const values = new Map(
      visible.map((index) => {
        const { pair } = rows[index]!;
        const report = reports?.[index];
        if (by === 'side') return [index, sideOf(pair) === 'evaluation' ? 1 : 0];
        return [index, report === undefined ? charactersOf(pair) : tokensOf(report)];
      }),
    );
    return sortIndices(visible, isDescending, (index) => values.get(index) ?? 0);
  }, [by, isDescending, visible, rows, reports, sideOf]);
}
