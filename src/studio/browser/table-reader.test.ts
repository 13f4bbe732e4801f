/** @file The page's half of the worker that reads files: rows in parts, progress, cancelling, and its end. */
import { describe, expect, it } from 'vitest';
import { AbortError, UserError } from '../../core/errors';
import { readTable } from '../../data/import/read-table';
import { cutTable, type FromTableWorker, type ToTableWorker } from '../../data/import/table-parts';
import { message } from '../../messages/message';
import { createTableReader, readTableHere, type TableWorkerPort } from './table-reader';

function scripted() {
  const sent: ToTableWorker[] = [];
  const listeners = new Map<string, (event: never) => void>();
  let isTerminated = false;
  const port: TableWorkerPort = {
    postMessage: (given) => void sent.push(given),
    terminate: () => void (isTerminated = true),
    addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
  };
  return {
    read: createTableReader(() => port),
    sent,
    isTerminated: () => isTerminated,
    answer: (given: FromTableWorker) => listeners.get('message')?.({ data: structuredClone(given) } as never),
    crash: () => listeners.get('error')?.({} as never),
  };
}

const text = Array.from({ length: 4500 }, (_, i) => JSON.stringify({ prompt: `p${i}`, chosen: 'a', rejected: 'b' }));
const file = new Blob([text.join('\n')]);

describe('reading in a worker', () => {
  it('gives the table that is read without one, and how far it is', async () => {
    const worker = scripted();
    const shares: number[] = [];
    const reading = worker.read(file, 'a.jsonl', { encoding: 'UTF-8', onProgress: (share) => shares.push(share) });
    await Promise.resolve();
    expect(worker.sent).toEqual([{ file, name: 'a.jsonl', encoding: 'UTF-8' }]);
    const whole = await readTable(new Uint8Array(await file.arrayBuffer()), 'a.jsonl', 'UTF-8');
    worker.answer({ kind: 'progress', share: 0.5 });
    for (const part of cutTable(whole)) worker.answer(part);
    expect(await reading).toEqual(whole);
    expect(await readTableHere(file, 'a.jsonl', { encoding: 'UTF-8' })).toEqual(whole);
    expect(shares).toHaveLength(4);
    expect([shares[0], shares.at(-1)]).toEqual([0.35, 1]);
    expect(worker.isTerminated()).toBe(true);
  });

  it.each([
    ['is cancelled', 'abort', AbortError],
    ['refuses the file', 'refuse', UserError],
    ['ends without a word', 'crash', UserError],
  ] as const)('ends the worker where it %s', async (_, way, kind) => {
    const worker = scripted();
    const controller = new AbortController();
    const reading = worker.read(file, 'a.jsonl', { signal: controller.signal });
    await Promise.resolve();
    if (way === 'abort') controller.abort();
    else if (way === 'crash') worker.crash();
    else {
      const said = message('fileNotText', { file: 'a.jsonl' });
      worker.answer({ kind: 'failed', error: { name: 'UserError', message: '', said } });
    }
    await expect(reading).rejects.toBeInstanceOf(kind);
    expect(worker.isTerminated()).toBe(true);
  });
});
