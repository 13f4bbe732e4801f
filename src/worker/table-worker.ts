/**
 * @file The entry of the worker that reads files of pairs: a file is hostile, and what reading it costs must not stop
 * the page. It reads one file and is ended by the page, in the middle of it where a person says so. Rows go back in
 * parts, each small enough to be taken up between two pictures.
 */
import { readTable } from '../data/import/read-table';
import { cutTable } from '../data/import/table-parts';
import type { FromTableWorker, ToTableWorker } from '../data/import/table-parts';
import { reportError } from './bridge';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromTableWorker): void => scope.postMessage(message);

async function read({ file, name, encoding }: ToTableWorker): Promise<void> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const table = await readTable(bytes, name, encoding, (share) => post({ kind: 'progress', share }));
    for (const part of cutTable(table)) post(part);
  } catch (error) {
    post({ kind: 'failed', error: reportError(error) });
  }
}

scope.addEventListener('message', (event: MessageEvent<ToTableWorker>) => void read(event.data));
