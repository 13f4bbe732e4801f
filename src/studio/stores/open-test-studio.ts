/** @file A studio in a browser that keeps no models and offers no files, for tests that say what theirs has. */
import { noBuilds } from '../browser/builds';
import { readTableHere } from '../browser/table-reader';
import { noStoredModels } from './no-stored-models';
import { openStudio } from './studio';
import type { Studio, StudioDependencies } from './studio-stores';

/** Opens the studio with an engine and a storage, and with whatever else a test needs of its browser. */
export function openTestStudio(
  given: Pick<StudioDependencies, 'engine' | 'storage'> & Partial<StudioDependencies>,
): Promise<Studio> {
  return openStudio({
    space: {
      readSpace: async () => ({ usedBytes: 0, roomBytes: 0, persisted: false }),
      requestPersistence: async () => false,
    },
    storedModels: noStoredModels,
    readTable: readTableHere,
    fetchServerModels: async () => [],
    base: 'http://localhost/',
    isRunning: async () => false,
    markRunning: () => () => {},
    fetchStarterFile: async () => null,
    builds: noBuilds,
    reload: () => {},
    ...given,
  });
}
