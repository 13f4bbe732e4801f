/** @file Which service worker is foreign: that which covers the page and is not Airlock's. */
import { expect, it } from 'vitest';
import { isForeign } from './service-workers';

const base = 'http://airlock.localhost:24756/tools/airlock/';

it.each([
  ['Airlock’s own', base, `${base}service-worker.js`, false],
  ['another at Airlock’s scope', base, `${base}sw.js`, true],
  ['one over all of the origin', 'http://airlock.localhost:24756/', 'http://airlock.localhost:24756/sw.js', true],
  ['one of that name from elsewhere', base, 'http://airlock.localhost:24756/service-worker.js', true],
  [
    'a neighbour that does not cover the page',
    'http://airlock.localhost:24756/wiki/',
    'http://airlock.localhost:24756/wiki/sw.js',
    false,
  ],
])('%s', (_name, scope, script, isForeignOne) =>
  expect(isForeign({ scope, scripts: [script] }, base)).toBe(isForeignOne),
);

it('an own one that another is about to replace', () =>
  expect(isForeign({ scope: base, scripts: [`${base}service-worker.js`, `${base}sw.js`] }, base)).toBe(true));
