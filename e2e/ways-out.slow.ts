/**
 * @file Every way out that is known, with the headers and without, and whether a name is looked up; the list of those
 * that arrived is printed.
 */
import { expect, test } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { allLookups, allWays, tryWays } from './try-ways';

test('each way out arrives without the headers, and none with them', async () => {
  const isEnough = (reached: ReadonlySet<string>) => reached.size === allWays.length;
  const all = { ways: allWays, lookups: allLookups };
  const open = await tryWays({}, { ...all, isEnough, mostSeconds: 60 });
  console.log(`Without the headers ${open.reached.length} of ${allWays.length} arrived within ${open.seconds} s.`);
  console.log(`${open.lookedUp.length} of ${allLookups.length} had a name looked up.`);
  const sealed = await tryWays(strictHeaders, { ...all, mostSeconds: 30 });
  expect([open.missed, allLookups.filter((way) => !open.lookedUp.includes(way))]).toEqual([[], []]);
  expect(sealed.tried).toBe(allWays.length + allLookups.length);
  expect(sealed.reached).toEqual([]);
  expect(sealed.lookedUp).toEqual([]);
});
