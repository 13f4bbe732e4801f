/** @file Turns what a database throws into a sentence: what could not be done, and why. */
import { UserError } from '../core/errors';
import { message, type Message } from '../messages/message';

function storageError(doing: Message, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const { name, message: reason } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  return name === 'QuotaExceededError'
    ? new UserError('couldNotStorageFull', { doing })
    : new UserError('couldNot', { doing, reason: reason || name || message('noBrowserReason') });
}

/** @throws UserError that says what was being done, whatever the work throws */
export async function attempt<T>(doing: Message, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storageError(doing, cause);
  }
}
