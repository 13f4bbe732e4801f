/**
 * @file A message is what Airlock has to say as data: a code and the values that its sentence names. The sentence is
 * made where it is shown, by the catalogue of the language wanted; the English catalogue says which messages there are.
 * Being plain data, a message crosses to and from a worker and can be stored.
 */
import { english } from './english';

/** Another language's catalogue has this type, so that it cannot lack an entry. */
export type Catalogue = typeof english;
export type MessageCode = keyof Catalogue;

/** Numbers are printed as they are; where they are to be rounded, whoever writes the message does so. */
export type Value = string | number | null | Message;

export interface Message<C extends MessageCode = MessageCode> {
  readonly code: C;
  readonly values: Readonly<Record<string, Value>>;
}

/** A message, or words that are said as they are: another program's, or of a record of an older Airlock. */
export type Sayable = Message | string;

/** A text among the values may be a message itself, which is then said in the same language. */
type Given<V> = { readonly [K in keyof V]: string extends V[K] ? V[K] | Message : V[K] };

/** What a code wants beside itself: its values, or nothing. */
export type ValuesOf<C extends MessageCode> = Catalogue[C] extends (values: infer V) => string
  ? [values: Given<V>]
  : [];

/** `message('onlyWith', { names: 'sft' })` */
export function message<C extends MessageCode>(code: C, ...[values]: ValuesOf<C>): Message<C> {
  return { code, values: values ?? {} };
}

/** Whether this is that message; its values can then be read. */
export function says<C extends MessageCode>(
  said: Sayable,
  code: C,
): said is Message<C> & { readonly values: NonNullable<ValuesOf<C>[0]> } {
  return typeof said !== 'string' && said.code === code;
}

/** Characters of a value that a sentence shows: what a file says may be as long as the file. */
export const maxValueCharacters = 1000;

function shownValue(value: string | number | null): string | number | null {
  if (typeof value !== 'string' || value.length <= maxValueCharacters) return value;
  return `${value.slice(0, maxValueCharacters)} ... (${value.length})`;
}

/** `sentenceOf(message('onlyWith', { names: 'sft' }))` is "only with sft". */
export function sentenceOf(said: Sayable, catalogue: Catalogue = english): string {
  if (typeof said === 'string') return said;
  const { code, values } = said;
  // A record may hold the code of another version.
  if (!Object.hasOwn(catalogue, code)) return `${code} ${JSON.stringify(values)}`;
  const entry = catalogue[code] as string | ((values: Record<string, string | number | null>) => string);
  if (typeof entry === 'string') return entry;
  const inWords = Object.entries(values).map(([name, value]) => {
    const isMessage = typeof value === 'object' && value !== null;
    return [name, isMessage ? sentenceOf(value, catalogue) : shownValue(value)] as const;
  });
  return entry(Object.fromEntries(inWords));
}
