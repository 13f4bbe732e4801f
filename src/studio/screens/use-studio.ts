/** @file The studio in React: the running stores, and a part of a store's state. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Studio, StudioStates } from '../stores/studio-stores';
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
    engineTime: useStore(studio.engineTime),
    model: useStore(studio.model),
    modelShelf: useStore(studio.modelShelf),
    dataset: useStore(studio.dataset),
    quality: useStore(studio.quality),
    rules: useStore(studio.rules),
    labelReview: useStore(studio.labelReview),
    setAside: useStore(studio.setAside),
    database: useStore(studio.database),
    training: useStore(studio.training),
    judge: useStore(studio.judge),
    compare: useStore(studio.compare),
    promptSet: useStore(studio.promptSet),
    makePairs: useStore(studio.makePairs),
    calibration: useStore(studio.calibration),
    sweep: useStore(studio.sweep),
    demonstration: useStore(studio.demonstration),
    library: useStore(studio.library),
    rounds: useStore(studio.rounds),
    judges: useStore(studio.judges),
    notices: useStore(studio.notices),
    space: useStore(studio.space),
    memory: useStore(studio.memory),
    traffic: useStore(studio.traffic),
    starter: useStore(studio.starter),
    comeBack: useStore(studio.comeBack),
    pending: useStore(studio.pending),
    recovery: useStore(studio.recovery),
    build: useStore(studio.build),
    backup: useStore(studio.backup),
    audit: useStore(studio.audit),
    courier: useStore(studio.courier),
    handOver: useStore(studio.handOver),
  };
}

/** Says why the engine cannot take a new task now; null when it can. */
export function useBusyReason(): string | null {
  const { busy } = useText().shell;
  const isDown = useStudioState('model', (state) => state.down !== null);
  const work = useStudioState('engineTime', (state) => state.foreground[0]);
  if (isDown) return busy.down;
  return work === undefined ? null : busy[work];
}
