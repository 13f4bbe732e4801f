/** @file A browser that keeps models in memory, for tests of what comes back at the next visit. */
import { UserError } from '../../core/errors';
import type { ModelStore } from '../../storage/models/model-store';
import type { StoredModel } from '../../storage/models/stored-model';

/**
 * @param kept the models, added to and changed in place: another store over them is another visit
 * @param read gives the bytes of a model's file; without it files are empty
 */
export function memoryModels(
  kept: StoredModel[],
  read: (model: StoredModel, path: string) => Blob = () => new Blob(),
): ModelStore {
  const indexOf = (id: string) => kept.findIndex((model) => model.id === id);
  return {
    list: async () => ({ models: [...kept], unfit: [] }),
    readFound: async () => null,
    clean: async () => {},
    add: async (name, sources) => {
      const files = sources.map(({ path, sizeBytes }) => ({ path, sizeBytes, sha256: '' }));
      const same = kept.find((model) => model.name === name);
      const added = { id: `id-of-${name}`, name, addedAt: '2026-01-01', sizeBytes: 1, sha256: '', files };
      if (same === undefined) kept.push(added);
      return same ?? added;
    },
    open: async (id) => {
      const model = kept[indexOf(id)];
      if (model === undefined) throw new UserError('modelGone');
      const files = model.files.map(({ path }) => ({ path, blob: read(model, path) }));
      return { model, files, release: async () => {} };
    },
    check: async () => {},
    annotate: async (id, notes) => {
      const at = indexOf(id);
      if (at < 0) throw new UserError('modelGone');
      return (kept[at] = { ...(kept[at] as StoredModel), ...notes });
    },
    remove: async (id) => {
      if (indexOf(id) >= 0) kept.splice(indexOf(id), 1);
    },
  };
}
