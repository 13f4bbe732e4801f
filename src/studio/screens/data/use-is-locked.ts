/** @file Whether the pairs may not be changed now: a run trains on them, or a file is being imported. */
import { useStudioState } from '../use-studio';

export function useIsLocked(): boolean {
  const isImporting = useStudioState('dataset', (state) => state.importing !== null);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isTrying = useStudioState('starter', (state) => state.progress !== null);
  return isTraining || isTrying || isImporting;
}
