/** @file Starts the copying worker and turns its messages into one promise. */
import { AbortError, UserError } from '../../core/errors';
import type { CopyOptions, CopySource } from './copy-files';
import type { FromCopyWorker, ToCopyWorker } from './copy-worker';
import type { StoredFile } from './stored-model';

/** Copies into `models/<folder>`. */
export type CopyIntoFolder = (
  folder: string,
  sources: readonly CopySource[],
  options: CopyOptions,
) => Promise<readonly StoredFile[]>;

function errorOf({ name, message, said }: Extract<FromCopyWorker, { kind: 'failed' }>): Error {
  if (said === undefined) return new Error(message);
  return name === 'AbortError' ? new AbortError(said) : new UserError(said);
}

export const copyInWorker: CopyIntoFolder = async (folder, sources, { signal, onProgress }) => {
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { type: 'module' });
  const send = (message: ToCopyWorker): void => worker.postMessage(message);
  const cancel = (): void => send({ kind: 'cancel' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromCopyWorker>) => {
        if (data.kind === 'progress') onProgress?.(data.progress);
        else if (data.kind === 'done') resolve(data.files);
        else reject(errorOf(data));
      });
      worker.addEventListener('error', (event) =>
        reject(new Error(`The copying worker stopped: ${event.message || 'it could not be loaded'}.`)),
      );
      send({ kind: 'copy', folder, sources });
      signal?.addEventListener('abort', cancel);
      if (signal?.aborted) cancel();
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    worker.terminate();
  }
};
