/** @file What the checks know of the rows as they stand, for the components that show it. */
import { useMemo } from 'react';
import { findingsOf, type Findings } from '../../stores/quality';
import { useStudioState } from '../use-studio';

export function useFindings(): Findings {
  const rows = useStudioState('dataset', (state) => state.rows);
  const check = useStudioState('dataset', (state) => state.check);
  const found = useStudioState('quality', (state) => state.found);
  return useMemo(() => findingsOf({ rows, check }, found), [rows, check, found]);
}
