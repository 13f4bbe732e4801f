/** @file What is done when the engine has gone down: it is started by itself a few times, or a person is asked. */

/** Its graphics device is gone, its worker ended without a word, or something failed in it outside of all calls. */
export type DownCause = 'deviceLost' | 'died' | 'failed';

export interface Fall {
  readonly atMs: number;
  readonly cause: DownCause;
  /** A model was being opened, which is opened again with the engine. */
  readonly wasOpening: boolean;
}

/** More falls than these within this time, and the engine is not started again by itself. */
export const mostFalls = 3;
export const fallsCountMs = 10 * 60_000;

/** Chrome withholds the adapter for two minutes after a second loss. */
export const withheldMs = 130_000;

/** @param falls the oldest first, the one at hand last */
export function remedyOf(falls: readonly Fall[]): 'restart' | 'ask' {
  const last = falls.at(-1);
  // What took the worker down would take it down again.
  if (last === undefined || (last.wasOpening && last.cause === 'died')) return 'ask';
  const recent = falls.filter(({ atMs }) => last.atMs - atMs < fallsCountMs);
  return recent.length > mostFalls ? 'ask' : 'restart';
}
