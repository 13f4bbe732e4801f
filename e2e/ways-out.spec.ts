/**
 * @file What the headers promise: of the ways out of a page and of its workers none reaches a sink of TCP or UDP, and
 * none has as much as a name looked up, which would tell a server of names.
 * Without the headers most do, so that the test can fail. Some of every kind here; all, each demanded to arrive, in
 * ways-out.slow.ts.
 */
import { expect, test } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { allLookups, tryWays } from './try-ways';

const some = [
  ...['fetch', 'fetchKeepalive', 'xhrPost', 'beacon', 'eventSource', 'webSocket', 'webTransport'],
  ...['stun', 'turn', 'turnTls'],
  ...['image', 'imageByMarkup', 'video', 'track', 'object', 'frame', 'frameWithImage', 'frameIsSent'],
  ...['script', 'dynamicImport', 'styleSheet', 'styleImport', 'styleBackground', 'styleFont', 'fontFace'],
  ...['linkPreload', 'linkPrefetch', 'linkPreconnect', 'linkIcon', 'linkPing', 'formPostIntoFrame', 'payment'],
].map((name) => `page ${name}`);
const others = [
  ...['window open', 'window linkBlank', 'window blankWindowFetches'],
  ...['leaving locationHref', 'leaving formPost', 'leaving metaRefresh'],
  ...['worker fetch', 'worker webSocket', 'worker webTransport', 'worker importScripts'],
  ...['sharedWorker xhr', 'sharedWorker eventSource', 'serviceWorker fetch', 'serviceWorker cacheAdd'],
];
const ways = [...some, ...others];
/** Without those that open a page each. */
const lookups = allLookups.filter((way) => /^page (link|dns)|[wW]orker /.test(way) || some.includes(way));

test('no way out of page and workers reaches anything, though most do without the headers', async () => {
  const isEnough = (reached: ReadonlySet<string>) => reached.size === ways.length;
  const open = await tryWays({}, { ways, lookups, isEnough, mostSeconds: 20 });
  const most = Math.ceil(0.9 * ways.length);
  expect(open.reached.length, `not reached: ${open.missed.join(', ')}`).toBeGreaterThanOrEqual(most);
  const notLookedUp = lookups.filter((way) => !open.lookedUp.includes(way));
  expect(notLookedUp.length, notLookedUp.join(', ')).toBeLessThanOrEqual(0.1 * lookups.length);
  const sealed = await tryWays(strictHeaders, { ways, lookups, mostSeconds: Math.max(3, 1.5 * open.seconds) });
  expect(sealed.tried).toBe(ways.length + lookups.length);
  expect(sealed.reached).toEqual([]);
  expect(sealed.lookedUp).toEqual([]);
});
