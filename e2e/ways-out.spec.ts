/**
 * @file What the headers promise: of the ways out of a page and of its workers none reaches a sink of TCP or UDP.
 * Without the headers most do, so that the test can fail. Some of every kind here; all, each demanded to arrive, in
 * ways-out.slow.ts.
 */
import { expect, test } from '@playwright/test';
import { strictHeaders } from '../headers.mjs';
import { tryWays } from './try-ways';

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

test('no way out of page and workers reaches anything, though most do without the headers', async () => {
  const open = await tryWays({}, ways, { isEnough: (reached) => reached.size === ways.length, mostSeconds: 20 });
  const most = Math.ceil(0.9 * ways.length);
  expect(open.reached.length, `not reached: ${open.missed.join(', ')}`).toBeGreaterThanOrEqual(most);
  const sealed = await tryWays(strictHeaders, ways, { mostSeconds: Math.max(3, 1.5 * open.seconds) });
  expect(sealed.tried).toBe(ways.length);
  expect(sealed.reached).toEqual([]);
});
