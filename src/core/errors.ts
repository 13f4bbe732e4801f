/**
 * @file The one error that is meant for people.
 * A UserError's message is a whole sentence: what is wrong, where, the value seen and what to do.
 * Every other Error is a defect of Airlock and is shown with its stack.
 */

/** An error in what the user gave us (a file, a setting, a device), worded for the user. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Thrown when a defect of Airlock itself is found; the message names the broken assumption. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}

/** Thrown by long work that its caller cancelled; `name` is the DOM's own for it. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  constructor(message = 'Stopped by the user.') {
    super(message);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError();
}
