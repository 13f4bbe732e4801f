/**
 * @file The one error that is meant for people.
 * A UserError's message is a whole sentence: what is wrong, where, the value seen and what to do.
 * Every other Error is a defect of Airlock and is shown with its stack.
 */
import { english } from '../messages/english';
import { sentenceOf, type Message, type MessageCode, type Sayable, type ValuesOf } from '../messages/message';

/** An error in what the user gave us (a file, a setting, a device); `message` is its sentence in English. */
export class UserError<C extends MessageCode = MessageCode> extends Error {
  override readonly name = 'UserError';
  /** The sentence as data, for another language or a test of what went wrong. */
  readonly said: Sayable;

  constructor(said: Sayable);
  constructor(code: C, ...values: ValuesOf<C>);
  constructor(said: Sayable, values: Message['values'] = {}) {
    const isCode = typeof said === 'string' && Object.hasOwn(english, said);
    const message = isCode ? { code: said as C, values } : said;
    super(sentenceOf(message));
    this.said = message;
  }

  get code(): C | null {
    return typeof this.said === 'string' ? null : (this.said.code as C);
  }
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
