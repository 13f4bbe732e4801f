/** @file Files of pairs, read in a worker of their own that is ended with the file or when a person cancels. */
import { AbortError, UserError, throwIfAborted } from '../../core/errors';
import type { Encoding } from '../../data/import/encoding';
import type { FromTableWorker, ToTableWorker } from '../../data/import/table-parts';
import { readTable, type Table } from '../../data/import/read-table';
import type { JsonLine } from '../../data/json-lines';

export interface ReadOptions {
  readonly encoding?: Encoding | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the share that has been read, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/**
 * Reads the rows of a file.
 * @throws UserError for what concerns the whole file; AbortError where the signal says so
 */
export type ReadTableFile = (file: Blob, name: string, options?: ReadOptions) => Promise<Table>;

/** Reads without a worker: for tests, and for files that are known. */
export const readTableHere: ReadTableFile = async (file, name, { encoding, signal, onProgress } = {}) => {
  const table = await readTable(new Uint8Array(await file.arrayBuffer()), name, encoding, onProgress);
  throwIfAborted(signal);
  return table;
};

/** What the reader uses of a Worker; tests give a scripted one. */
export interface TableWorkerPort {
  postMessage(message: ToTableWorker): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { data: FromTableWorker }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void;
}

function errorOf({ error }: Extract<FromTableWorker, { kind: 'failed' }>): Error {
  if (error.said !== undefined) return new UserError(error.said);
  return Object.assign(new Error(error.message), { name: error.name });
}

/** Reading is the longer half, taking up the rows the shorter. */
const readShare = 0.7;

/** Reads in a worker, a fresh one for each file. */
export function createTableReader(startWorker: () => TableWorkerPort): ReadTableFile {
  return async (file, name, { encoding, signal, onProgress } = {}) => {
    throwIfAborted(signal);
    const worker = startWorker();
    const rows: JsonLine[] = [];
    let cancel = (): void => {};
    try {
      return await new Promise<Table>((resolve, reject) => {
        cancel = () => reject(new AbortError());
        signal?.addEventListener('abort', cancel);
        worker.addEventListener('message', ({ data }) => {
          if (data.kind === 'progress') onProgress?.(readShare * data.share);
          else if (data.kind === 'rows') {
            for (const row of data.rows) rows.push(row);
            onProgress?.(readShare + ((1 - readShare) * rows.length) / data.of);
          } else if (data.kind === 'failed') reject(errorOf(data));
          else resolve({ format: data.format, decoded: data.decoded, rows });
        });
        // The page's memory is its own: where the worker's ends, the file is refused and nothing else stops.
        const crash = (): void => reject(new UserError('readingCrashed', { file: name }));
        worker.addEventListener('error', crash);
        worker.addEventListener('messageerror', crash);
        worker.postMessage({ file, name, encoding });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      worker.terminate();
    }
  };
}

export function startTableWorker(): TableWorkerPort {
  return new Worker(new URL('../../worker/table-worker.ts', import.meta.url), { type: 'module' }) as TableWorkerPort;
}
