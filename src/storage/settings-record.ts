/**
 * @file What stands in the forms of the studio, kept under one key, a part each. The studio gives the parts' schemas;
 * a part that does not fit is set aside alone.
 */
import { isJsonObject } from '../core/json';
import type { z } from '../core/zod';
import { misfitOf } from './misfit';
import { mapping, maybe, type Separated, type Shape, type Unfit } from './versioned';

export type SettingSchemas<Settings> = { readonly [K in keyof Settings]-?: z.ZodType<NonNullable<Settings[K]>> };

/** All of them, or those that were ever changed. */
export type KeptSettings<Settings> = Readonly<Partial<Settings>>;

function separateSettings(schemas: Readonly<Record<string, z.ZodType>>, value: unknown): Separated {
  if (!isJsonObject(value)) return { rest: value, unfit: [] };
  const unfit: Unfit[] = [];
  const rest = { ...value };
  for (const [part, schema] of Object.entries(schemas)) {
    if (value[part] === undefined) continue;
    const { error } = schema.safeParse(value[part]);
    if (error === undefined) continue;
    unfit.push({ part, count: 1, misfit: misfitOf(error, value[part], [part]), stored: value[part] });
    delete rest[part];
  }
  return { rest, unfit };
}

export function settingsShape<Settings>(schemas: SettingSchemas<Settings>): Shape<KeptSettings<Settings>> {
  const parts = schemas as Readonly<Record<string, z.ZodType>>;
  const optional = Object.fromEntries(Object.entries(parts).map(([part, schema]) => [part, maybe(schema)]));
  return {
    name: 'The settings',
    version: 1,
    migrations: {},
    schema: mapping(optional) as unknown as z.ZodType<KeptSettings<Settings>>,
    fillsIn: true,
    separate: (value) => separateSettings(parts, value),
  };
}
