/**
 * @file Where kept records go that do not fit: under `set-aside/KEY/TIME`, as they were found, with a note beside them
 * of what is wrong. KEY is the key that the record had, with the part's name where only a part was taken out.
 */
import { z } from '../core/zod';
import { misfitSchema, type Misfit } from './misfit';
import type { Unfit } from './versioned';

const asidePrefix = 'set-aside/';
const notePrefix = 'set-aside-note/';

export interface SetAside {
  /** Names it to the storage: KEY/TIME. */
  readonly id: string;
  /** The key that the record had: `run/ID`. */
  readonly from: string;
  /** The part of the record that was taken out; null where it is all of it. */
  readonly part: string | null;
  /** Of how many things it is made: rows. */
  readonly count: number;
  /** The name that the record gives itself, where it has one: a run's. */
  readonly name: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** Null where the note is lost. */
  readonly misfit: Misfit | null;
}

const noteSchema = z.object({
  from: z.string(),
  part: z.string().nullable(),
  count: z.int(),
  name: z.string().nullable(),
  at: z.string(),
  misfit: misfitSchema,
});

export const asideKey = (id: string): string => asidePrefix + id;
export const noteKey = (id: string): string => notePrefix + id;

export function idsOf(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => key.startsWith(asidePrefix)).map((key) => key.slice(asidePrefix.length));
}

function nameIn(stored: unknown): string | null {
  const { value } = (stored ?? {}) as { readonly value?: unknown };
  const { name } = (value ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : null;
}

export function noteOf(from: string, { part, count, misfit, stored }: Unfit, at: string): SetAside {
  return {
    id: [from, ...(part === null ? [] : [part]), at].join('/'),
    from,
    part,
    count,
    name: part === null ? nameIn(stored) : null,
    at,
    misfit,
  };
}

/** What is known of a record that was set aside, where its note is damaged only what its key tells. */
export function readNote(id: string, note: unknown): SetAside {
  const read = noteSchema.safeParse(note);
  if (read.success) return { id, ...read.data };
  const cut = id.lastIndexOf('/');
  return { id, from: id.slice(0, cut), part: null, count: 1, name: null, at: id.slice(cut + 1), misfit: null };
}
