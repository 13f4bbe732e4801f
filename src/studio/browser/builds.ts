/**
 * @file The builds of the studio that the service worker keeps in this browser, and which of them answers
 * (worker/service-worker.ts). A build is named by the SHA-256 of its list of hashes, SHA256SUMS.
 */
import { sha256Hex } from '../../core/sha256';
import { ownWorkerName } from './service-workers';
import { countTabs, holdTab } from './tabs';

const sums = 'SHA256SUMS';
const cachePrefix = 'airlock-build-';
const choice = { cache: 'airlock-choice', key: 'build' };

/** What this page was loaded from. */
export interface ServedBuild {
  /** Hex. */
  readonly id: string;
  readonly files: number;
  readonly isSigned: boolean;
}

/** Why the worker did not keep a build. */
export interface BuildRefusal {
  readonly why: 'status' | 'headers' | 'hash' | 'other';
  readonly path: string;
  readonly seen: string;
}

export interface KeptBuilds {
  /** The one that answers; null where none is kept. */
  readonly chosen: string | null;
  /** Whole, and not chosen yet. */
  readonly next: string | null;
}

/** What the studio asks of the browser about its own builds. */
export interface Builds {
  /** Null where the server gives no list of hashes, as in development. */
  readServed(): Promise<ServedBuild | null>;
  readKept(): Promise<KeptBuilds>;
  /** Starts the worker, and tells when a build has been kept or refused. */
  keep(listeners: { onKept(): void; onRefused(refusal: BuildRefusal): void }): Promise<void>;
  /** How many tabs are open, this one among them. */
  countTabs(): Promise<number>;
  /** This build answers from now on; the page is to be loaded anew. */
  choose(id: string): Promise<void>;
}

async function readKept(): Promise<KeptBuilds> {
  const names = (await caches.keys()).filter((name) => name.startsWith(cachePrefix));
  const whole = [];
  for (const name of names)
    if ((await (await caches.open(name)).match(sums)) !== undefined) whole.push(name.slice(cachePrefix.length));
  const text = await (await (await caches.open(choice.cache)).match(choice.key))?.text();
  const chosen = whole.find((id) => id === text) ?? null;
  return { chosen, next: chosen === null ? null : (whole.find((id) => id !== chosen) ?? null) };
}

async function readServed(base: string): Promise<ServedBuild | null> {
  const response = await fetch(new URL(sums, base)).catch(() => null);
  // A development server answers any address with the page.
  const bytes =
    response?.ok && !/html/.test(response.headers.get('content-type') ?? '') ? await response.arrayBuffer() : null;
  if (bytes === null) return null;
  // Empty where nobody has signed.
  const signature = await fetch(new URL(`${sums}.sig`, base))
    .then((answer) => (answer.ok ? answer.arrayBuffer() : null))
    .catch(() => null);
  const files = new TextDecoder().decode(bytes).trim().split('\n').length;
  return { id: await sha256Hex(new Uint8Array(bytes)), files, isSigned: (signature?.byteLength ?? 0) > 0 };
}

/** @param base the page's address */
export function openBuilds(base: string): Builds {
  holdTab();
  return {
    readServed: () => readServed(base),
    readKept,
    async keep({ onKept, onRefused }) {
      if (!('serviceWorker' in navigator)) return;
      navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<BuildRefusal & { kind: string }>) => {
        if (data.kind === 'buildRefused') onRefused(data);
      });
      const script = new URL(ownWorkerName, base).href;
      await navigator.serviceWorker.register(script, { type: 'module', updateViaCache: 'none' });
      const registration = await navigator.serviceWorker.getRegistration(base);
      if (registration === undefined) return;
      const follow = (worker: ServiceWorker | null) =>
        worker?.addEventListener('statechange', () => worker.state === 'installed' && onKept());
      follow(registration.installing);
      registration.addEventListener('updatefound', () => follow(registration.installing));
      // The browser looks for a newer worker by itself, and has registering wait until that one is installed.
      onKept();
    },
    countTabs,
    async choose(id) {
      await (await caches.open(choice.cache)).put(choice.key, new Response(id));
      for (const name of await caches.keys())
        if (name.startsWith(cachePrefix) && name !== cachePrefix + id) await caches.delete(name);
    },
  };
}

/** Where there is no worker, as in tests and in development. */
export const noBuilds: Builds = {
  readServed: async () => null,
  readKept: async () => ({ chosen: null, next: null }),
  keep: async () => {},
  countTabs: async () => 1,
  choose: async () => {},
};
