/** @file What goes back to the page when a call fails, and when the runtime has ended with it. */
import { describe, expect, it } from 'vitest';
import { sayRuntimeError } from '../runtime/runtime-errors';
import { createBridge, type Handlers } from './bridge';
import type { FromWorker } from './protocol';

async function postedAfter(thrown: unknown): Promise<readonly (readonly [kind: string, words: string])[]> {
  const posted: FromWorker[] = [];
  const handlers = { memory: () => Promise.reject(thrown as Error) } as unknown as Handlers;
  await createBridge(handlers, (message) => posted.push(message))({ id: 7, kind: 'memory', in: {} });
  return posted.map((message) => [message.kind, 'error' in message ? message.error.message : '']);
}

const inRun = (words: string) => sayRuntimeError(new Error(words), 'run', 'block', 'wasm');

describe('a call that fails', () => {
  it('is an error, and no more where the runtime lives', async () => {
    expect(await postedAfter(inRun('Non-zero status code returned while running MatMul'))).toEqual([
      ['error', expect.stringContaining('block')],
    ]);
  });

  it.each(['Aborted(). Build with -sASSERTIONS for more info.', 'unreachable', 'table index is out of bounds'])(
    'is the end of the engine where its module has ended: %s',
    async (words) => {
      expect(await postedAfter(inRun(words))).toEqual([
        ['fault', words],
        ['error', expect.stringContaining('block')],
      ]);
    },
  );

  it('says first that memory was short, so that a run that needs less is begun', async () => {
    const words = 'memory access out of bounds';
    expect(await postedAfter(inRun(words))).toEqual([
      ['error', expect.stringContaining('Memory ran out')],
      ['fault', words],
    ]);
  });
});
