/**
 * @file Versions of kept records. Every value is stored as { version, value }; a shape says its present version, how to
 * lift an older value one version at a time, and by its schema what a whole one is.
 * To change a shape: raise `version`, add the step from the old one to `migrations`, and a test with an old value. A
 * field that is merely added needs no new version: give it a default, which is what a record without it means.
 */
import type { Sayable } from '../messages/message';
import { UserError } from '../core/errors';
import { isJsonObject } from '../core/json';
import { z } from '../core/zod';
import { misfitOf, type Misfit } from './misfit';
import { alteredAmong, sumsOf } from './part-sums';
import { Unreadable } from './unreadable';

/** What is set aside of a record, and why. */
export interface Unfit {
  /** The part of a record whose parts stand alone: `rows` of the data set; null for the whole. */
  readonly part: string | null;
  /** Of how many things it is made: rows. */
  readonly count: number;
  readonly misfit: Misfit;
  readonly stored: unknown;
}

/** A value whose unfit parts were taken out. */
export interface Separated {
  readonly rest: unknown;
  readonly unfit: readonly Unfit[];
}

export interface Shape<T> {
  /** Begins a sentence: "The data set". */
  readonly name: Sayable;
  readonly version: number;
  /** `migrations[n]` lifts a value of version n to n + 1. */
  readonly migrations: Readonly<Record<number, (value: unknown) => unknown>>;
  readonly schema: z.ZodType<T>;
  /** The schema has defaults for fields that older records lack; without it a value is given as it is stored. */
  readonly fillsIn?: true;
  /** Takes the unfit parts out of a value that does not fit as a whole, where its parts stand alone. */
  readonly separate?: (value: unknown) => Separated;
  /** Parts that stand alone and are summed one by one; `without` takes some of them out. */
  readonly parts?: {
    readonly name: string;
    of(value: T): readonly object[];
    without(value: T, places: ReadonlySet<number>): T;
  };
}

export interface Sealed {
  readonly version: number;
  readonly value: unknown;
  /** Of the value (digest.ts), in records whose every byte counts; absent from those of before it was kept. */
  readonly sha256?: string;
  /** Of the parts, of a record that has any (part-sums.ts). */
  readonly sums?: Uint32Array;
}

export interface Reading<T> {
  /** In today's shape; null where nothing is stored or it does not fit. */
  readonly value: T | null;
  readonly unfit: readonly Unfit[];
}

/** `T` with nothing in it to be assigned. Arrays of numbers and bytes stay as they are. */
export type DeepReadonly<T> = T extends string | number | boolean | null | undefined | Uint8Array | Float32Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** What a schema reads, as the rest of Airlock sees it. */
export type Kept<S extends z.ZodType> = DeepReadonly<z.output<S>>;

/**
 * A mapping with these fields. Fields that it does not know are kept as they are: an Airlock that knows them may have
 * written them, and reading and writing a record must not lose anything.
 */
export function mapping<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S> {
  return z.looseObject(shape) as unknown as z.ZodObject<S>;
}

/** A field that may be absent; `undefined` in its place is absent too. */
export function maybe<S extends z.ZodType>(schema: S): z.ZodExactOptional<S> {
  return schema.optional() as unknown as z.ZodExactOptional<S>;
}

/** A number that was measured: a run that diverged has NaN and infinity too. */
export const measured = z.custom<number>((value) => typeof value === 'number', { params: { expected: 'number' } });

/** A number of things. */
export const count = z.int().min(0);

export function seal<T>(shape: Shape<T>, value: T): Sealed {
  const sums = shape.parts && sumsOf(shape.parts.of(value));
  return { version: shape.version, value, ...(sums && { sums }) };
}

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The value in today's version, or why there is none. */
function lift<T>(shape: Shape<T>, { version, value }: Sealed): { readonly value: unknown } | Misfit {
  if (version > shape.version) return { reason: 'newer', version, limit: shape.version };
  let lifted = value;
  for (let at = version; at < shape.version; at++) {
    const step = shape.migrations[at];
    if (step === undefined) return { reason: 'older', version };
    try {
      lifted = step(lifted);
    } catch {
      return { reason: 'wrong', path: '', seen: null, expected: [{ kind: 'other' }] };
    }
  }
  return { value: lifted };
}

/** Reads what is stored; undefined is nothing. What does not fit is never trusted in part. */
export function readSealed<T>(shape: Shape<T>, stored: unknown): Reading<T> {
  const refuse = (misfit: Misfit): Reading<T> => ({ value: null, unfit: [{ part: null, count: 1, misfit, stored }] });
  if (stored === undefined) return { value: null, unfit: [] };
  if (stored instanceof Unreadable) return refuse({ reason: 'unreadable', why: stored.why });
  if (!isJsonObject(stored) || !isVersion(stored['version'])) return refuse({ reason: 'noVersion' });
  const lifted = lift(shape, { version: stored['version'], value: stored['value'] });
  if ('reason' in lifted) return refuse(lifted);
  const whole = shape.schema.safeParse(lifted.value);
  const { rest, unfit } =
    whole.success || shape.separate === undefined ? { rest: lifted.value, unfit: [] } : shape.separate(lifted.value);
  const parsed = unfit.length === 0 ? whole : shape.schema.safeParse(rest);
  if (!parsed.success) return refuse(misfitOf(parsed.error, rest));
  const value = shape.fillsIn ? parsed.data : (rest as T);
  return unfit.length === 0 && stored['version'] === shape.version
    ? withoutAltered(shape, value, stored['sums'])
    : { value, unfit };
}

/** Of a value that fits: the parts whose bytes are others are taken out. */
function withoutAltered<T>({ parts }: Shape<T>, value: T, sums: unknown): Reading<T> {
  const all = parts?.of(value) ?? [];
  const altered = alteredAmong(all, sums);
  if (parts === undefined || altered.size === 0) return { value, unfit: [] };
  const found = all.filter((_, at) => altered.has(at));
  const unfit: Unfit = { part: parts.name, count: altered.size, misfit: { reason: 'altered' }, stored: found };
  return { value: parts.without(value, altered), unfit: [unfit] };
}

/** For where a record that does not fit is not set aside but refused. */
export function refuseMisfit({ name, version }: Shape<unknown>, misfit: Misfit): never {
  if (misfit.reason !== 'newer') throw new UserError('recordDamaged', { what: name });
  throw new UserError('recordNewer', { what: name, version: misfit.version, limit: version });
}
