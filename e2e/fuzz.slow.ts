/**
 * @file A thousand changes of each kind of file, and of what the browser keeps: `npm run fuzz` as a part of the slow
 * tests. It prints its own table; what hung, failed raw or was silently wrong is named with its seed.
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';

test('a thousand changes of each kind', () => {
  test.setTimeout(10_800_000);
  const { status } = spawnSync('npm', ['run', '--silent', 'fuzz', '--', process.env['FUZZ_COUNT'] ?? '1000'], {
    stdio: 'inherit',
  });
  expect(status).toBe(0);
});
