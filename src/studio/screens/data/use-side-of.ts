/** @file On which side of the data set's split a pair stands. */
import { useMemo } from 'react';
import type { PreferencePair } from '../../../data/preference-pair';
import { heldOut, type Side, type Split } from '../../../data/split';
import type { DatasetRow } from '../../../storage/records';
import { useStudioState } from '../use-studio';

/** Null where the data set is not split. */
export type SideOfPair = Side | null;

type SideOf = (pair: PreferencePair) => SideOfPair;

function drawSides(rows: readonly DatasetRow[], split: Split | null): SideOf {
  if (split === null) return () => null;
  const isHeldOut = heldOut(rows, split);
  return (pair) => (isHeldOut(pair) ? 'evaluation' : 'train');
}

/** Reads the split as it stands; the draw is made once for all rows. */
export function useSideOf(): SideOf {
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  return useMemo(() => drawSides(rows, split), [rows, split]);
}
