/**
 * @file Tries ways out of a page that is served with some headers, in a browser of its own, and says which of them
 * reached a sink, and which had a name looked up.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, test, type BrowserContext, type Page } from '@playwright/test';
import { addressAt } from '../src/cli/release/address.mjs';
import type { Headers } from '../src/cli/release/front-door';
import { serveStudio } from '../src/cli/release/serve';
import { lookupTarget, openSink, readLookups, sinkArgument } from './sink';
import {
  leavingWays,
  lookupWays,
  pageWays,
  serviceWorkerWays,
  sharedWorkerWays,
  windowWays,
  workerWays,
  type Target,
  type Way,
} from './ways-out';

export const places = {
  page: pageWays,
  window: windowWays,
  leaving: leavingWays,
  worker: workerWays,
  sharedWorker: sharedWorkerWays,
  serviceWorker: serviceWorkerWays,
} as const;
export type Place = keyof typeof places;

/** Ways by place: `page fetch`. */
export const allWays: readonly string[] = Object.entries(places).flatMap(([place, ways]) =>
  Object.keys(ways).map((name) => `${place} ${name}`),
);

/** Ways that could have a name looked up: all but those to an address. */
export const allLookups: readonly string[] = [
  ...Object.keys(lookupWays).map((name) => `page ${name}`),
  ...allWays.filter((way) => way !== 'page stun' && way !== 'page turn'),
];

/** As scripts of the page's own address. */
const scriptOf = (ways: Readonly<Record<string, Way>>): string => `
  const ways = { ${Object.entries(ways)
    .map(([name, way]) => `${JSON.stringify(name)}: ${way}`)
    .join(',\n')} };
  const begun = new BroadcastChannel('begun');
  self.attempt = (name, target) => {
    if (!(name in ways)) throw new Error(name);
    begun.postMessage(name);
    try { Promise.resolve(ways[name](target)).catch(() => {}); } catch {}
  };
  self.onmessage = ({ data }) => { for (const [name, target] of data) self.attempt(name, target); };
  self.onconnect = ({ ports: [port] }) => { port.onmessage = self.onmessage; };`;

const policy = `globalThis.trustedTypes?.createPolicy('default', {
  createHTML: (text) => text, createScript: (text) => text, createScriptURL: (text) => text });`;

function writeSite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-ways-'));
  const inPage = { ...lookupWays, ...pageWays, ...windowWays, ...leavingWays };
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Ways</title><body><script src="page.js"></script>');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'page.js'), policy + scriptOf(inPage));
  for (const place of ['worker', 'sharedWorker', 'serviceWorker'] as const)
    writeFileSync(join(folder, `${place}.js`), policy + scriptOf(places[place]));
  return folder;
}

type Attempts = readonly (readonly [name: string, target: Target])[];

async function tryInPage(page: Page, attempts: Attempts): Promise<number> {
  type Trier = { attempt: (name: string, target: unknown) => void };
  await page.evaluate((all) => {
    for (const [name, target] of all) (self as unknown as Trier).attempt(name, target);
  }, attempts);
  return attempts.length;
}

/** Returns how many the worker says it has begun; it is waited for. */
function tryInWorker(page: Page, place: Place, attempts: Attempts): Promise<number> {
  return page.evaluate(
    async ([kind, all]) => {
      const begun = new Promise<number>((resolve) => {
        let count = 0;
        new BroadcastChannel('begun').onmessage = () => ++count === all.length && resolve(count);
      });
      if (kind === 'worker') new Worker('worker.js').postMessage(all);
      else if (kind === 'sharedWorker') new SharedWorker('sharedWorker.js').port.postMessage(all);
      else {
        await navigator.serviceWorker.register('serviceWorker.js');
        (await navigator.serviceWorker.ready).active?.postMessage(all);
      }
      return begun;
    },
    [place, attempts] as const,
  );
}

/** Returns how many were begun. */
async function tryIn(context: BrowserContext, address: string, place: Place, attempts: Attempts): Promise<number> {
  const openPage = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  let begun = 0;
  // One of these ends the page.
  if (place === 'leaving') for (const attempt of attempts) begun += await tryInPage(await openPage(), [attempt]);
  // A window is opened while a person acts, and one at a time.
  else if (place === 'window') for (const attempt of attempts) begun += await tryInPage(await openPage(), [attempt]);
  else if (place === 'page') {
    begun = await tryInPage(await openPage(), attempts);
    // A page fetches beforehand only while it is in front.
    if (attempts.some(([name]) => name.startsWith('speculative'))) await wait(2000);
  } else begun = await tryInWorker(await openPage(), place, attempts);
  return begun;
}

export interface Outcome {
  /** How many were begun in the browser. */
  readonly tried: number;
  readonly reached: readonly string[];
  readonly missed: readonly string[];
  /** Of `lookups`, those whose name the browser's resolver was asked for. */
  readonly lookedUp: readonly string[];
  /** From the first attempt to the last arrival. */
  readonly seconds: number;
}

const without = ['--disable-quic', '--disable-background-networking'];

export interface Trial {
  /** Some of `allWays`, towards the sink. */
  readonly ways: readonly string[];
  /** Some of `allLookups`, towards names that lead nowhere. */
  readonly lookups: readonly string[];

  /** Ends the waiting; without it all the time is waited. */
  readonly isEnough?: (reached: ReadonlySet<string>) => boolean;
  readonly mostSeconds: number;
}

export async function tryWays(
  headers: Headers,
  { ways, lookups, isEnough = () => false, mostSeconds }: Trial,
): Promise<Outcome> {
  const folder = writeSite();
  const served = await serveStudio(folder, 0, headers);
  if (served.state !== 'serving') throw new Error('No port is free.');
  const sink = await openSink();
  const netLog = join(folder, 'net-log.json');
  const { args = [], executablePath } = test.info().project.use.launchOptions ?? {};
  // A profile of its own: without one the browser connects to nothing beforehand.
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    serviceWorkers: 'allow',
    ...(executablePath !== undefined && { executablePath }),
    // With them the browser is without some of the ways.
    ignoreDefaultArgs: without,
    args: [...args.filter((each) => !without.includes(each)), sinkArgument, `--log-net-log=${netLog}`],
  });
  try {
    const start = performance.now();
    let [last, tried] = [start, 0];
    for (const place of Object.keys(places) as Place[]) {
      const namesOf = (of: readonly string[]) =>
        of.filter((way) => way.startsWith(`${place} `)).map((way) => way.slice(place.length + 1));
      const toSink = await Promise.all(
        namesOf(ways).map(async (n) => [n, await sink.target(`${place} ${n}`)] as const),
      );
      const toNowhere = namesOf(lookups).map((n) => [n, lookupTarget(`${place} ${n}`)] as const);
      // In pages of their own: two frames of one name are in each other's way.
      for (const attempts of [toSink, toNowhere])
        if (attempts.length > 0) tried += await tryIn(context, addressAt(served.port), place, attempts);
    }
    for (let count = 0; ; await wait(50)) {
      if (sink.reached.size > count) last = performance.now();
      count = sink.reached.size;
      if (performance.now() - start > mostSeconds * 1000 || isEnough(sink.reached)) break;
    }
    await context.close();
    return {
      tried,
      lookedUp: readLookups(netLog, lookups),
      reached: [...sink.reached],
      missed: ways.filter((way) => !sink.reached.has(way)),
      seconds: (last - start) / 1000,
    };
  } finally {
    await context.close();
    sink.close();
    served.server.close();
    served.server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}
