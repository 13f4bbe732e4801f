/**
 * @file What is kept in a browser as units that belong together: a data set with its name and history, a run with all
 * that was kept of it, single records. A unit is read at one moment and written in one transaction.
 */
import type { Entries, KeyValue } from '../key-value';
import type { Shape } from '../versioned';

export const unitKinds = [
  'dataset',
  'run',
  'judging',
  'trials',
  'demonstration',
  'frontier',
  'starter-result',
  'made-answers',
  'rules',
  'label-review',
  'settings',
  'run-numbers',
  'set-aside',
  'other',
] as const;
export type UnitKind = (typeof unitKinds)[number];

const stampPrefix = 'stamp/';
/** What tabs share, so that a tab notices another's write by its stamp. */
const sharedKeys = /^(?:dataset(?:\/|$)|rules\/|label-review\/|(?:judging|trials|demonstration|frontier|settings)$)/;

/** Of which unit a key is a part; null for what tells one tab's writes from another's. */
export function unitOf(key: string): string | null {
  if (key.startsWith(stampPrefix)) return null;
  if (key === 'dataset') return 'dataset/main';
  const aside = /^set-aside(?:-note)?\/(.+)$/s.exec(key)?.[1];
  if (aside !== undefined) return `set-aside/${aside}`;
  const dataset = /^dataset(?:-[a-z-]+)?\/([^/]+)/.exec(key)?.[1];
  if (dataset !== undefined) return `dataset/${dataset}`;
  if (/^(?:rules|label-review)\//.test(key)) return key;
  // Whatever else lies under an id is of the run with that id: its metrics, adapter, pairs, checkpoints.
  const run = /^[a-z-]+\/([^/]+)/.exec(key)?.[1];
  return run === undefined ? key : `run/${run}`;
}

export function kindOf(unit: string): UnitKind {
  const [first = ''] = unit.split('/');
  return unitKinds.find((kind) => kind === first) ?? 'other';
}

/** Data sets, then runs, then the rest, the set aside last; each in the order of its name. */
const orderOf = (unit: string): number => unitKinds.indexOf(kindOf(unit));

/** The storage as backup and restore see it. */
export interface RecordUnits {
  list(): Promise<readonly string[]>;
  /** The values of a unit by their keys, all as they stood at one moment. */
  read(unit: string): Promise<ReadonlyMap<string, unknown>>;
  /**
   * Writes what `change` makes of the stored values of a unit and of the given keys, in one transaction; other tabs
   * find by new stamps that it was written.
   */
  write(
    unit: string,
    keys: readonly string[],
    change: (stored: ReadonlyMap<string, unknown>) => Entries,
  ): Promise<void>;
  /** The shape of what is kept under a key; null where this Airlock knows none. */
  readonly shapeAt: (key: string) => Shape<unknown> | null;
}

export function createRecordUnits(db: KeyValue, shapeAt: RecordUnits['shapeAt']): RecordUnits {
  const keysOf = async (unit: string) => (await db.keys()).filter((key) => unitOf(key) === unit).sort();
  const readOnce = async (unit: string): Promise<ReadonlyMap<string, unknown>> => {
    const keys = await keysOf(unit);
    const values = await db.getMany(keys);
    return new Map(keys.map((key, index) => [key, values[index]]));
  };
  return {
    shapeAt,
    async list() {
      const units = new Set((await db.keys()).map(unitOf).filter((unit) => unit !== null));
      return [...units].sort((a, b) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1));
    },

    async read(unit) {
      for (;;) {
        const values = await readOnce(unit);
        // A training run drops its oldest checkpoint as it writes the next one.
        if ([...values.values()].every((value) => value !== undefined)) return values;
      }
    },

    async write(unit, given, change) {
      const keys = [...new Set([...(await keysOf(unit)), ...given])];
      await db.changeMany(keys, (values) => {
        const stored = new Map(
          keys.flatMap((key, at) => (values[at] === undefined ? [] : [[key, values[at]] as const])),
        );
        const entries = change(stored);
        const shared = entries.filter(([key]) => sharedKeys.test(key));
        return [...entries, ...shared.map(([key]) => [stampPrefix + key, crypto.randomUUID()] as const)];
      });
    },
  };
}
