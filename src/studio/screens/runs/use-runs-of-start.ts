/** @file The runs of one start, as SFT and DPO of a twin run. */
import { useEffect, useMemo } from 'react';
import type { Run } from '../../plain/runs/run';
import { runsOfStart } from '../../plain/runs/going-on';
import { useStudio, useStudioState } from '../use-studio';

/** In their order, with their metrics being read; the run alone where it was started alone. */
export function useRunsOfStart(run: Run): readonly Run[] {
  const { library } = useStudio();
  const runs = useStudioState('library', (state) => state.runs);
  const found = useMemo(() => runsOfStart(run, runs), [run, runs]);
  useEffect(() => {
    for (const { id } of found) void library.getState().loadMetrics(id);
  }, [library, found]);
  return found;
}
