/** @file What the loaded model makes of the pairs, all of them or one. */
import type { Progress } from '../../worker/protocol';
import { describeFailure, isAbort } from '../text/failure';
import type { DatasetDependencies, DatasetState, DatasetStore } from './dataset-state';

/** Encodes pairs as training will. */
export function checking(
  { getState: get, setState: set }: DatasetStore,
  { engine }: DatasetDependencies,
): Pick<DatasetState, 'checkPairs' | 'inspect' | 'countTokens'> {
  return {
    async checkPairs(model, maxLength, signal) {
      const { rows } = get();
      if (model === null || rows.length === 0) return set({ check: null, checking: null, checkFailure: null });
      set({ check: null, checking: { done: 0, total: rows.length }, checkFailure: null });
      const onProgress = (event: Progress) => {
        if (event.kind === 'encoding' && !signal.aborted) set({ checking: { done: event.done, total: event.total } });
      };
      try {
        const input = { pairs: rows.map(({ pair }) => pair), maxLength };
        const reports = await engine.call('checkPairs', input, { signal, onProgress });
        if (!signal.aborted) set({ check: { fingerprint: model.fingerprint, maxLength, reports } });
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) set({ checkFailure: describeFailure(error) });
      } finally {
        set({ checking: null });
      }
    },

    countTokens: (text) => engine.call('countTokens', { text }),
    inspect: (pair, maxLength) => engine.call('inspectPair', { pair, maxLength }),
  };
}
