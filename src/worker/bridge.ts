/**
 * @file The worker's half of the protocol: each request runs its handler with an AbortSignal and a progress channel;
 * results and errors go back under the request's id. Knows messages, not models.
 */
import { AbortError, UserError } from '../core/errors';
import { endOfRuntime, sayOutOfMemory } from '../runtime/runtime-errors';
import type { ErrorReport, FromWorker, Progress, RequestKind, Requests, ToWorker } from './protocol';

export interface CallContext {
  readonly signal: AbortSignal;
  readonly report: (event: Progress) => void;
}

export type Handlers = {
  readonly [K in RequestKind]: (input: Requests[K]['in'], context: CallContext) => Promise<Requests[K]['out']>;
};

/** Puts an error into the form in which it crosses to the page. */
export function reportError(thrown: unknown): ErrorReport {
  const error = sayOutOfMemory(thrown) ?? thrown;
  if (error instanceof AbortError)
    return { name: error.name, message: error.message, stack: error.stack ?? '', said: error.said };
  if (error instanceof UserError) {
    const { name, message, stack = '', said, details } = error;
    return { name, message, stack, said, ...(details !== null && { details }) };
  }
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack ?? '' };
  return { name: 'Error', message: String(error), stack: '' };
}

/**
 * Connects the handlers to the page's messages.
 * @returns what to call with each message from the page
 */
export function createBridge(
  handlers: Handlers,
  post: (message: FromWorker) => void,
): (message: ToWorker) => Promise<void> {
  const running = new Map<number, AbortController>();
  return async (message) => {
    const { id, kind } = message;
    if (kind === 'ping') return post({ id: -1, kind: 'pong' });
    if (kind === 'cancel') {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    const context: CallContext = {
      signal: controller.signal,
      report: (event) => post({ id, kind: 'progress', event }),
    };
    try {
      const handler = handlers[kind] as (input: unknown, context: CallContext) => Promise<Requests[RequestKind]['out']>;
      post({ id, kind: 'result', out: await handler(message.in, context) });
    } catch (error) {
      const report = reportError(error);
      const end = endOfRuntime(error);
      // The page starts another engine. A run that was cut off goes on then, but not one that needs too much memory.
      const fault = { id: -1, kind: 'fault', error: { name: 'Error', message: end ?? '', stack: '' } } as const;
      const needsLess = error instanceof UserError && error.code === 'outOfMemory';
      if (end !== null && !needsLess) post(fault);
      post({ id, kind: 'error', error: report });
      if (end !== null && needsLess) post(fault);
    } finally {
      running.delete(id);
    }
  };
}
