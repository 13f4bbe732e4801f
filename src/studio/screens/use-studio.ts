/** @file The studio in React: the running stores, and a part of a store's state. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Studio, StudioStates } from '../stores/studio';
import { useText } from '../text/text';

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new Error('A component of the studio was rendered outside StudioContext.');
  return studio;
}

/**
 * Reads a part of one store's state, as in `useStudioState('model', (state) => state.summary)`, and renders anew when
 * it changes.
 */
export function useStudioState<K extends keyof Studio, T>(name: K, select: (state: StudioStates[K]) => T): T {
  return useStore(useStudio()[name], select);
}

/** The states of all stores, for components that look at many of them, as the step rail does. */
export function useStudioStates(): StudioStates {
  const studio = useStudio();
  return {
    model: useStore(studio.model),
    models: useStore(studio.models),
    dataset: useStore(studio.dataset),
    quality: useStore(studio.quality),
    training: useStore(studio.training),
    judge: useStore(studio.judge),
    compare: useStore(studio.compare),
    trial: useStore(studio.trial),
    library: useStore(studio.library),
    notices: useStore(studio.notices),
    space: useStore(studio.space),
    memory: useStore(studio.memory),
    traffic: useStore(studio.traffic),
    starter: useStore(studio.starter),
  };
}

/** Says why the engine cannot take a new task now; null when it can. */
export function useBusyReason(): string | null {
  const { busy } = useText().shell;
  const loading = useStudioState('model', (state) => state.loading !== null);
  const starting = useStudioState('model', (state) => state.starting);
  const isDown = useStudioState('model', (state) => state.down !== null);
  const trying = useStudioState('starter', (state) => state.progress !== null);
  const training = useStudioState('training', (state) => state.active !== null);
  const probing = useStudioState('training', (state) => state.probe?.isRunning === true);
  const comparing = useStudioState('compare', (state) => state.generating || state.scoring);
  const answering = useStudioState('judge', (state) => state.answering !== null);
  const answeringAll = useStudioState('trial', (state) => state.answering !== null);
  if (isDown) return busy.down;
  if (trying) return busy.starter;
  if (training) return busy.training;
  if (probing) return busy.probing;
  if (comparing || answering || answeringAll) return busy.generating;
  if (loading) return busy.loading;
  if (starting) return busy.starting;
  return null;
}
