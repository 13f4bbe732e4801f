/**
 * @file Versions of stored shapes. Every value is stored as { version, value }; a shape says its present version,
 * how to lift an older value one version at a time, and how to recognise a whole one.
 * To change a shape: raise `version`, add the step from the old one to `migrations`, and a test with an old value.
 */
import { UserError } from '../core/errors';

export interface Shape<T> {
  /** For error sentences: "the run", "the data set". */
  readonly name: string;
  readonly version: number;
  /** `migrations[n]` lifts a value of version n to n + 1. */
  readonly migrations: Readonly<Record<number, (value: unknown) => unknown>>;
  readonly isValid: (value: unknown) => value is T;
}

export interface Sealed {
  readonly version: number;
  readonly value: unknown;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function seal<T>(shape: Shape<T>, value: T): Sealed {
  return { version: shape.version, value };
}

/** The value in today's shape, or null where nothing is stored. */
export function unseal<T>(shape: Shape<T>, stored: unknown): T | null {
  if (stored === undefined || stored === null) return null;
  if (!isRecord(stored) || typeof stored['version'] !== 'number') {
    throw new UserError(`${shape.name} in this browser's storage is damaged: it has no version.`);
  }
  let { version, value } = stored as unknown as Sealed;
  if (version > shape.version) {
    throw new UserError(
      `${shape.name} was stored by a newer Airlock (format ${version}; this one reads up to ${shape.version}). ` +
        'Open the newer Airlock to use it.',
    );
  }
  for (; version < shape.version; version++) {
    const lift = shape.migrations[version];
    if (lift === undefined) {
      throw new UserError(`${shape.name} is stored in format ${version}, which this Airlock can no longer read.`);
    }
    value = lift(value);
  }
  if (!shape.isValid(value)) throw new UserError(`${shape.name} in this browser's storage is damaged.`);
  return value;
}
