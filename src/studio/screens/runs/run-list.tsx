/** @file The list of runs with what narrows it: a search, a filter, and how many are left. */
import { useMemo } from 'react';
import { findRuns, runFilters } from '../../plain/runs/find-runs';
import type { Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { ChoiceInput, TextInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import { RunsTable } from './runs-table';

function useShownRuns(runs: readonly Run[]): readonly Run[] {
  const { words, filter, order } = useStudioState('library', (state) => state.list);
  const pinned = useStudioState('library', (state) => state.pinned);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  return useMemo(
    () => findRuns(runs, { words, filter, pinned, fingerprint }, order),
    [runs, words, filter, pinned, fingerprint, order],
  );
}

export function RunList({ runs }: { readonly runs: readonly Run[] }) {
  const { library } = useStudio();
  const { list: text } = useText().runs;
  const { words, filter } = useStudioState('library', (state) => state.list);
  const shown = useShownRuns(runs);
  return (
    <>
      <div className="run-tools">
        <TextInput
          label={text.search}
          isLabelHidden
          placeholder={text.search}
          value={words}
          onChange={(typed) => library.getState().setList({ words: typed })}
        />
        <ChoiceInput
          label={text.filter}
          isLabelHidden
          value={filter}
          options={runFilters.map((id) => ({ id, label: text.filters[id] }))}
          onChange={(chosen) => library.getState().setList({ filter: runFilters.find((id) => id === chosen) ?? 'all' })}
        />
        <p className="quiet" role="status">
          {text.shown(shown.length, runs.length)}
        </p>
      </div>
      {shown.length === 0 ? <p className="quiet">{text.none}</p> : <RunsTable shown={shown} />}
    </>
  );
}
