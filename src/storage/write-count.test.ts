/** @file A database that went back, or is another one, is noticed; the death of a page is not taken for that. */
import { beforeEach, expect, it } from 'vitest';
import { mapKeyValue } from './key-value';
import { countWrites, type Loss, type SecondPlace } from './write-count';

let map: Map<string, unknown>;
let text: string | null;
let losses: Loss[];
const place: SecondPlace = { read: () => text, write: (next) => void (text = next) };
/** As a page that has just been opened. */
const open = () => countWrites(mapKeyValue(map), place, (loss) => losses.push(loss));
const written = (...keys: string[]) => keys.map((key) => [key, { version: 1, value: key }] as const);

beforeEach(() => {
  map = new Map();
  text = null;
  losses = [];
});

async function work(): Promise<void> {
  const db = open();
  await db.setMany(written('run/a', 'metrics/a', 'dataset', 'dataset-size/main'));
  await db.changeMany(['run/b'], ([before]) => [['run/b', before ?? 1]]);
  await db.setMany(written('dataset/x', 'judging', 'settings'));
  await db.deleteMany(['run/b']);
}

it('says nothing of a database that is as it was, and does not show its count', async () => {
  expect(await open().keys()).toEqual([]);
  await work();
  const db = open();
  expect(await db.keys()).not.toContain('write-count');
  expect(await db.getMany(['run/a', 'run/b'])).toEqual([{ version: 1, value: 'run/a' }, undefined]);
  await db.changeMany(['run/a'], () => []);
  expect(losses).toEqual([]);
});

it('says of an empty one what the one before held, until that is put away', async () => {
  await work();
  map.clear();
  await open().keys();
  expect(losses).toMatchObject([
    { before: { runs: 1, datasets: 2, others: 1, records: 7 }, writes: null, reason: null },
  ]);
  // Another start, after the new one was written to.
  await open().setMany(written('settings'));
  expect(losses).toHaveLength(2);
  expect(losses[1]).toEqual(losses[0]);
  open().forgetLoss();
  await open().setMany(written('run/c'));
  expect(losses).toHaveLength(2);
});

it('says how many of the last writings are gone', async () => {
  await work();
  const before = structuredClone(map);
  const db = open();
  await db.setMany(written('run/c'));
  await db.setMany(written('run/d', 'metrics/d'));
  map = before;
  await open().keys();
  expect(losses).toMatchObject([{ writes: 2, before: { runs: 3 }, now: { runs: 1, datasets: 2 } }]);
  // It is told of the loss, and not of a new one.
  await open().keys();
  expect(losses).toHaveLength(2);
  expect(losses[1]).toEqual(losses[0]);
});

it('notices a hole before the last writing, and that the count itself is gone', async () => {
  await work();
  map.delete('metrics/a');
  await open().keys();
  expect(losses).toMatchObject([{ writes: 0, before: { records: 7 }, now: { runs: 1, records: 6 } }]);
  map.delete('write-count');
  await open().keys();
  expect(losses[1]).toMatchObject({ writes: null, now: { runs: 1, records: 6 } });
});

it('waits while the browser puts an empty database in the place of one that it cannot read', async () => {
  await work();
  const [seek, db] = [new DOMException('Seek failure', 'UnknownError'), mapKeyValue(map)];
  let failures = 2;
  const failing = { ...db, keys: async () => (failures-- > 0 ? Promise.reject(seek) : (map.clear(), db.keys())) };
  await countWrites(failing, place, (loss) => losses.push(loss)).keys();
  expect(losses).toMatchObject([{ before: { runs: 1 }, now: { records: 0 } }]);
  failures = Infinity;
  await expect(countWrites(failing, place, () => {}).keys()).rejects.toBe(seek);
});

it('does not go on where an older entry takes the place of what was written', async () => {
  const db = open();
  await db.setMany(written('run/a'));
  const older = map.get('write-count');
  await db.setMany(written('run/b'));
  map.set('write-count', older);
  await expect(db.setMany(written('run/c'))).rejects.toThrow('old entries hide new ones');
  expect(map.has('run/c')).toBe(false);
});

it('repeats why the browser threw it away, though no note of it was left', async () => {
  await work();
  map.clear();
  text = null;
  const db = open();
  db.hearMade('checksum mismatch');
  await db.keys();
  expect(losses).toMatchObject([{ before: null, writes: null, reason: 'checksum mismatch' }]);
});

it('notices it in the middle of a visit', async () => {
  await work();
  const db = open();
  await db.keys();
  map.clear();
  db.hearMade('checksum mismatch');
  await db.setMany(written('settings'));
  expect(losses).toMatchObject([{ before: { runs: 1, datasets: 2 }, reason: 'checksum mismatch' }]);
});

it('says nothing where the page died before it wrote the count down, where all was cleared, or never was any', async () => {
  await work();
  const before = text;
  await open().setMany(written('run/z'));
  text = before;
  await open().keys();
  map.clear();
  text = null;
  await open().setMany(written('settings'));
  // Nothing that a person made was in it.
  map.clear();
  await open().keys();
  for (const broken of ['', '{', 'null', '[]', '{"count":7}']) {
    text = broken;
    await open().setMany(written('run/a'));
  }
  expect(losses).toEqual([]);
});

it('says nothing where two tabs write at once', async () => {
  const [one, other] = [open(), open()];
  const writing = Array.from({ length: 40 }, (_, n) => [one, other][n % 2]!.setMany(written(`run/${n}`)));
  await Promise.all([...writing, open().keys()]);
  await open().keys();
  expect(losses).toEqual([]);
  expect(JSON.parse(text ?? '')).toMatchObject({ count: { writes: 40 }, held: { runs: 40 } });
});
