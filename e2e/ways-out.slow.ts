/** @file Every way out that is known, with the headers and without; the list of those that arrived is printed. */
import { expect, test } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { allWays, tryWays } from './try-ways';

test('each way out arrives without the headers, and none with them', async () => {
  const isEnough = (reached: ReadonlySet<string>) => reached.size === allWays.length;
  const open = await tryWays({}, allWays, { isEnough, mostSeconds: 60 });
  console.log(`Without the headers ${open.reached.length} of ${allWays.length} arrived within ${open.seconds} s.`);
  const sealed = await tryWays(strictHeaders, allWays, { mostSeconds: 30 });
  console.log();
  expect(open.missed).toEqual([]);
  expect(sealed.tried).toBe(allWays.length);
  expect(sealed.reached).toEqual([]);
});
