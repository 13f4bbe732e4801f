/**
 * @file The one error that is meant for people.
 * A UserError's message is a whole sentence: what is wrong, where, the value seen and what to do.
 * Every other Error is a defect of Airlock and is shown with its stack.
 */
import { message, sentenceOf, type Message, type MessageCode, type ValuesOf } from '../messages/message';

/** An error in what the user gave us (a file, a setting, a device); `message` is its sentence in English. */
export class UserError<C extends MessageCode = MessageCode> extends Error {
  override readonly name = 'UserError';
  /** The sentence as data, for another language or a test of what went wrong. */
  readonly said: Message<C>;
  /** What another program said of it, for whoever looks after Airlock; null where the sentence says it all. */
  details: string | null = null;

  constructor(said: Message<C>);
  constructor(code: C, ...values: ValuesOf<C>);
  constructor(said: Message<C> | C, values: Message['values'] = {}) {
    const whole = typeof said === 'string' ? { code: said, values } : said;
    super(sentenceOf(whole));
    this.said = whole;
  }

  get code(): C {
    return this.said.code;
  }

  get values(): Message['values'] {
    return this.said.values;
  }
}

/** Thrown when a defect of Airlock itself is found; the message names the broken assumption. */
export function invariant(condition: unknown, broken: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${broken}`);
}

/** Thrown by long work that its caller cancelled; `name` is the DOM's own for it. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  constructor(readonly said: Message = message('stoppedByUser')) {
    super(sentenceOf(said));
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError();
}
