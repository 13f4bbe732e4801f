/**
 * @file Why a kept record does not fit what this Airlock reads, as data: the page's catalogues make the sentence.
 */
import { z } from '../core/zod';

/** What belongs in a place of a record. */
export type Expected =
  | {
      readonly kind:
        | 'text'
        | 'number'
        | 'finite'
        | 'wholeNumber'
        | 'boolean'
        | 'list'
        | 'mapping'
        | 'bytes'
        | 'floats'
        | 'null'
        | 'other';
    }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'atLeast' | 'above' | 'atMost' | 'below'; readonly limit: number };

export type Misfit =
  | { readonly reason: 'noVersion' }
  /** It has the right form, and its bytes are not those that were written. */
  | { readonly reason: 'altered' }
  /** The disk does not give it; `why` is the browser's own words. */
  | { readonly reason: 'unreadable'; readonly why: string }
  /** A newer Airlock wrote it; this one reads up to `limit`. */
  | { readonly reason: 'newer'; readonly version: number; readonly limit: number }
  /** Nothing lifts this version any more. */
  | { readonly reason: 'older'; readonly version: number }
  | {
      readonly reason: 'wrong';
      /** The first place that is wrong: `rows[3].pair.chosen`; empty for the whole. */
      readonly path: string;
      /** What stands there, in the manner of JSON and shortened; null where nothing does. */
      readonly seen: string | null;
      /** Any one of these belongs there. */
      readonly expected: readonly Expected[];
    };

/** Longer text is cut, with an ellipsis. */
const seenCharacters = 40;

export function describeSeen(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string')
    return JSON.stringify(value.length > seenCharacters ? `${value.slice(0, seenCharacters)}…` : value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.length}]`;
  const { name } = (value.constructor as { readonly name?: string } | undefined) ?? {};
  return name === undefined || name === 'Object' ? '{…}' : name;
}

export function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`),
    '',
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (whole, key) =>
      typeof whole === 'object' && whole !== null ? (whole as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

const kinds: Readonly<Record<string, Expected['kind']>> = {
  string: 'text',
  number: 'number',
  finite: 'finite',
  int: 'wholeNumber',
  boolean: 'boolean',
  array: 'list',
  object: 'mapping',
  record: 'mapping',
  null: 'null',
  Uint8Array: 'bytes',
  Float32Array: 'floats',
};

const kindOf = (expected: string): Expected => ({ kind: kinds[expected] ?? 'other' }) as Expected;

type Reason = readonly [path: readonly PropertyKey[], expected: readonly Expected[]];

/** Of a union, the branch with the fewest faults counts, and of those the one that fits furthest down; or several. */
function reasonOfUnion(errors: readonly (readonly z.core.$ZodIssue[])[], path: readonly PropertyKey[]): Reason {
  const fewest = Math.min(...errors.map(({ length }) => length));
  const branches = errors.flatMap((issues) =>
    issues[0] !== undefined && issues.length === fewest ? [reasonOf(issues[0], path)] : [],
  );
  const deepest = Math.max(path.length, ...branches.map(([place]) => place.length));
  const furthest = branches.filter(([place]) => place.length === deepest);
  const [[place] = [path]] = furthest;
  const same = furthest.filter(([other]) => writePath(other) === writePath(place));
  return [place, same.flatMap(([, expected]) => expected)];
}

function reasonOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Reason {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'invalid_union':
      return reasonOfUnion(issue.errors, path);
    case 'invalid_type':
      return [path, [kindOf(issue.expected)]];
    case 'invalid_value':
      return [path, [{ kind: 'oneOf', values: issue.values.map(String) }]];
    case 'too_small':
      return [path, [{ kind: issue.inclusive === false ? 'above' : 'atLeast', limit: Number(issue.minimum) }]];
    case 'too_big':
      return [path, [{ kind: issue.inclusive === false ? 'below' : 'atMost', limit: Number(issue.maximum) }]];
    case 'unrecognized_keys':
      return [[...path, issue.keys[0] ?? ''], []];
    case 'custom':
      return [path, [kindOf(String(issue.params?.['expected']))]];
    default:
      return [path, [{ kind: 'other' }]];
  }
}

/**
 * @param value what the schema was given
 * @param place where in the record that stands
 */
export function misfitOf(error: z.core.$ZodError, value: unknown, place: readonly PropertyKey[] = []): Misfit {
  const [issue] = error.issues;
  const [path, expected] = issue === undefined ? [[], []] : reasonOf(issue);
  return { reason: 'wrong', path: writePath([...place, ...path]), seen: describeSeen(valueAt(value, path)), expected };
}

/** As it is kept beside the record; `expected` is read by sentences alone and is not looked into. */
export const misfitSchema: z.ZodType<Misfit> = z.discriminatedUnion('reason', [
  z.object({ reason: z.literal('noVersion') }),
  z.object({ reason: z.literal('altered') }),
  z.object({ reason: z.literal('unreadable'), why: z.string() }),
  z.object({ reason: z.literal('newer'), version: z.number(), limit: z.number() }),
  z.object({ reason: z.literal('older'), version: z.number() }),
  z.object({
    reason: z.literal('wrong'),
    path: z.string(),
    seen: z.string().nullable(),
    expected: z.array(
      z.union([
        z.object({ kind: z.literal('oneOf'), values: z.array(z.string()) }),
        z.object({ kind: z.enum(['atLeast', 'above', 'atMost', 'below']), limit: z.number() }),
        z.object({
          kind: z.enum([
            'text',
            'number',
            'finite',
            'wholeNumber',
            'boolean',
            'list',
            'mapping',
            'bytes',
            'floats',
            'null',
            'other',
          ]),
        }),
      ]),
    ),
  }),
]);
