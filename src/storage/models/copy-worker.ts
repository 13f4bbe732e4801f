/**
 * @file The worker that copies a model into the browser's private file system, so that reading, hashing and writing
 * gigabytes never hold up the page. One worker a copy.
 */
import { AbortError, UserError } from '../../core/errors';
import { watchWorkerNetwork } from '../../core/watch-network';
import type { Message } from '../../messages/message';
import { copyFiles, type CopyProgress, type CopySource } from './copy-files';
import { openModelsFolder } from './folder';
import type { StoredFile } from './stored-model';

export type ToCopyWorker =
  | { readonly kind: 'copy'; readonly folder: string; readonly sources: readonly CopySource[] }
  | { readonly kind: 'cancel' };

export type FromCopyWorker =
  | { readonly kind: 'progress'; readonly progress: CopyProgress }
  | { readonly kind: 'done'; readonly files: readonly StoredFile[] }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly said?: Message };

watchWorkerNetwork();

const reportEveryMs = 100;

const controller = new AbortController();
const post = (message: FromCopyWorker): void => self.postMessage(message);

async function copy(name: string, sources: readonly CopySource[]): Promise<void> {
  let reported = 0;
  try {
    const folder = await (await openModelsFolder()).folder(name);
    const files = await copyFiles(sources, folder, {
      signal: controller.signal,
      onProgress(progress) {
        const now = performance.now();
        if (now - reported < reportEveryMs) return;
        reported = now;
        post({ kind: 'progress', progress });
      },
    });
    post({ kind: 'done', files });
  } catch (error) {
    const { name, message } = error as Error;
    post({
      kind: 'failed',
      name,
      message,
      ...((error instanceof UserError || error instanceof AbortError) && { said: error.said }),
    });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToCopyWorker>) => {
  if (data.kind === 'cancel') controller.abort();
  else void copy(data.folder, data.sources);
});
