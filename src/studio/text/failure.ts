/**
 * @file How an error is shown: a UserError is a sentence already; anything else is a defect of Airlock, said so,
 * with its stack folded away for a report.
 */
import { AbortError, UserError } from '../../core/errors';
import type { Sayable } from '../../messages/message';
import { currentText } from './text';

export interface Failure {
  readonly sentence: Sayable;
  /** The error's stack, for whoever looks after Airlock; null where the sentence says it all. */
  readonly details: string | null;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

const databaseFaults: readonly string[] = ['databaseClosed', 'databaseNewer', 'databaseForeign', 'databaseMixed'];

/** Whether the whole database cannot be used, which stands over all screens already. */
export function isDatabaseFault(error: unknown): boolean {
  return error instanceof UserError && databaseFaults.includes(error.code);
}

const endsOfEngine: readonly string[] = [
  ...['deviceLost', 'deviceLostInWork', 'engineStopped', 'engineDied'],
  // By a person, because it did not answer.
  'engineRestarted',
];

/** Whether the engine's end was why: what was under way was cut off, and did not fail by itself. */
export function isEngineEnd(error: unknown): boolean {
  return (error instanceof UserError || error instanceof AbortError) && endsOfEngine.includes(error.said.code);
}

export function describeFailure(error: unknown): Failure {
  const { inside } = currentText().faults;
  if (!(error instanceof Error)) return { sentence: inside(`${String(error)}.`), details: null };
  if (error instanceof UserError) return { sentence: error.said, details: error.details };
  if (error instanceof AbortError) return { sentence: error.said, details: null };
  if (error.name === 'UserError' || error.name === 'AbortError') return { sentence: error.message, details: null };
  return {
    sentence: inside(error.message),
    details: error.stack || `${error.name}: ${error.message}`,
  };
}
