/**
 * @file A value that the browser can no longer read from its disk: a large one's file is gone or cut, or the disk does
 * not give it. One such value says nothing about the others.
 */

/** Stands in the place of the value; it is nobody's record and is never written. */
export class Unreadable {
  /** No backup takes it for a mapping. */
  readonly [Symbol.toStringTag] = 'Unreadable';

  /** @param why the browser's own words */
  constructor(readonly why: string) {}
}

/** What Chromium calls a value that it could not read; a database that is gone fails otherwise, or in its keys too. */
const namesOfReading = new Set(['UnknownError', 'NotReadableError', 'DataError']);

export function isReadingError(error: unknown): error is Error {
  return error instanceof Error && namesOfReading.has(error.name);
}

/** Ends no sentence by itself: the browser's words come with a full stop or without. */
export const wordsOf = ({ message, name }: Error): string => (message === '' ? name : message.replace(/\.+$/, ''));
