/**
 * @file What is known of one key of the run configuration: its default, the values that it may have, and for a number
 * the range, which the command line and the studio's form read alike.
 */
import { z } from '../core/zod';

/** The numbers that a form takes in one of its fields. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** The minimum itself is not allowed. */
  readonly above?: boolean;
  readonly integer?: boolean;
}

/** The range of a key whose value is a number. Values outside of it have no meaning and are refused everywhere. */
export interface NumberRange {
  readonly min: number;
  /** The minimum itself is not allowed. */
  readonly above?: boolean;
  /** Absent where a number may be as large as one likes. */
  readonly max?: number;
  /** The maximum itself is not allowed. */
  readonly below?: boolean;
  readonly integer?: boolean;
  /** What a form asks for in addition: a typed number beyond it has a meaning, and is most likely a slip. */
  readonly typed?: { readonly min?: number; readonly max?: number };
  /** The range that people use, as they write it: 5e-5, not 0.00005. */
  readonly usual?: readonly [from: string, to: string];
  /** The number that does the same as null, where the key may be null. */
  readonly nullIs?: number;
}

export interface KeyFacts<T> {
  readonly default: T;
  /** Reads a value that is given; it fills nothing in. */
  readonly schema: z.ZodType<T>;
}

export interface NumberKeyFacts<T extends number | null = number | null> extends KeyFacts<T> {
  readonly range: NumberRange;
}

function numberSchema({ min, above, max, below, integer }: NumberRange): z.ZodType<number> {
  let schema: z.ZodNumber = integer ? z.int() : z.number();
  schema = above ? schema.gt(min) : schema.min(min);
  if (max !== undefined) schema = below ? schema.lt(max) : schema.max(max);
  return schema;
}

export const numberKey = (initial: number, range: NumberRange): NumberKeyFacts<number> => ({
  default: initial,
  schema: numberSchema(range),
  range,
});

/** A number that may also be null, which is the default and does what `range.nullIs` would. */
export const optionalNumberKey = (range: NumberRange & { readonly nullIs: number }): NumberKeyFacts<number | null> => ({
  default: null,
  schema: numberSchema(range).nullable(),
  range,
});

export const flagKey = (initial: boolean): KeyFacts<boolean> => ({ default: initial, schema: z.boolean() });

export const choiceKey = <const T extends string>(choices: readonly [T, ...T[]], initial: NoInfer<T>): KeyFacts<T> => ({
  default: initial,
  schema: z.enum(choices) as unknown as z.ZodType<T>,
});

/** The values of a table of keys. */
export type ValuesOf<Keys extends Readonly<Record<string, KeyFacts<unknown>>>> = {
  readonly [K in keyof Keys]: Keys[K] extends KeyFacts<infer T> ? T : never;
};

export const defaultsOf = <Keys extends Readonly<Record<string, KeyFacts<unknown>>>>(keys: Keys): ValuesOf<Keys> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.default])) as ValuesOf<Keys>;

/** What a form asks of a number of this range. */
export function ruleOf({ min, max = Infinity, above, integer, typed }: NumberRange): NumberRule {
  return {
    min: typed?.min ?? min,
    max: typed?.max ?? max,
    ...(above && { above }),
    ...(integer && { integer }),
  };
}

/** The default as a person would type it. */
export function typedDefault({ default: initial, range }: NumberKeyFacts): string {
  return String(initial ?? range.nullIs);
}
