/** @file Who answers, as the engine takes it: the base or an adapter at a strength. */
import type { AdapterFiles, Variant } from '../../worker/protocol';
import { strengthRange } from '../plain/compare/columns';
import type { Run } from '../plain/runs/run';
import type { LibraryStore } from './library';

/** The files of a run's adapter; null for the base. */
export async function adapterOf(run: Pick<Run, 'id'> | null, library: LibraryStore): Promise<AdapterFiles | null> {
  return run === null ? null : library.getState().adapterOf(run.id);
}

/** One who answers. `runId` null is the base; a strength in per cent, whole without one. */
export interface Voice {
  readonly runId: string | null;
  readonly strength?: number;
}

/** One who answers, under a name that its answers come back with. */
export async function variantOf({ runId, strength }: Voice, label: string, library: LibraryStore): Promise<Variant> {
  return {
    label,
    adapter: await adapterOf(runId === null ? null : { id: runId }, library),
    strength: (strength ?? strengthRange.whole) / strengthRange.whole,
  };
}

/** All who answer, each named by its place. */
export function variantsOf(voices: readonly Voice[], library: LibraryStore): Promise<readonly Variant[]> {
  return Promise.all(voices.map((voice, place) => variantOf(voice, String(place), library)));
}
