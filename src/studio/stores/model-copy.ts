/** @file Copying a model's files into this browser, with the time that is left; one copy at a time. */
import type { StoreApi } from 'zustand/vanilla';
import type { CopyProgress, CopySource } from '../../storage/models/copy-files';
import type { ModelStore as StoredModels } from '../../storage/models/model-store';
import type { StoredModel } from '../../storage/models/stored-model';

export interface Copying extends CopyProgress {
  readonly name: string;
  /** Null until the speed is known. */
  readonly secondsLeft: number | null;
}

/** The speed of the first moments says little. */
const settledAfterMs = 500;

export interface CopyDependencies {
  readonly stored: Pick<StoredModels, 'add'>;
  /** Called when a model was added. */
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

export interface ModelCopying {
  /** @returns the stored model; null where it was cancelled or failed, which is then said */
  copyModel(name: string, sources: readonly CopySource[]): Promise<StoredModel | null>;
  cancelCopy(): void;
}

export function copying(
  { getState: get, setState: set }: StoreApi<{ readonly copying: Copying | null; refresh(): Promise<void> }>,
  { stored, onStored, now = Date.now }: CopyDependencies,
  showFailure: (error: unknown) => void,
): ModelCopying {
  let current: AbortController | null = null;
  return {
    async copyModel(name, sources) {
      current?.abort();
      const controller = new AbortController();
      current = controller;
      const show = (copying: Copying | null) => current === controller && set({ copying });
      const started = now();
      const totalBytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      show({ name, path: '', doneBytes: 0, totalBytes, secondsLeft: null });
      try {
        const model = await stored.add(name, sources, {
          signal: controller.signal,
          onProgress(progress) {
            const elapsed = now() - started;
            const left = progress.totalBytes - progress.doneBytes;
            const secondsLeft = elapsed < settledAfterMs ? null : (elapsed / 1000) * (left / progress.doneBytes);
            show({ name, ...progress, secondsLeft });
          },
        });
        await get().refresh();
        onStored();
        return model;
      } catch (error) {
        showFailure(error);
        return null;
      } finally {
        show(null);
      }
    },
    cancelCopy: () => current?.abort(),
  };
}
