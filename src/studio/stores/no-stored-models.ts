/** @file A browser that keeps no models, for tests of what does not need them. */
import type { ModelStore } from '../../storage/models/model-store';

const nothing = () => Promise.reject(new Error('No model is kept here.'));

export const noStoredModels: ModelStore = {
  list: async () => ({ models: [], unfit: [] }),
  readFound: async () => null,
  clean: async () => {},
  add: nothing,
  open: nothing,
  check: nothing,
  annotate: nothing,
  remove: nothing,
};
