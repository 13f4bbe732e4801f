/**
 * @file The service worker: keeps the whole build, so that the studio opens and works with its server gone. A file is
 * checked against SHA256SUMS before it is kept, and answered from there with the headers it came with. A new build is
 * fetched beside the old one and answers only after a person has chosen it (studio/browser/builds.ts).
 */
const scope = self as unknown as ServiceWorkerGlobalScope;

/** Made another by every build (tools/release/seal-build.mjs), so that the browser finds a new worker for it. */
const build = 'AIRLOCK_BUILD';

const sums = 'SHA256SUMS';
const cachePrefix = 'airlock-build-';
const choice = { cache: 'airlock-choice', key: 'build' };

/** Without these a build is not kept: from the cache it would go without them for ever. */
const neededHeaders = [
  'content-security-policy',
  'connection-allowlist',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
];

/** Why a build is not kept; the page has the sentences (studio/text/en/build.ts). */
class Refusal extends Error {
  /** @param seen the status, the names of headers, or the hash that was found */
  constructor(
    readonly why: 'status' | 'headers' | 'hash',
    readonly path: string,
    readonly seen: string,
  ) {
    super(`${why} of ${path}: ${seen}`);
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Fetches a file from the server, past every cache. @throws Refusal where it is not as it must be */
async function fetchFile(path: string): Promise<{ readonly response: Response; readonly bytes: ArrayBuffer }> {
  const response = await fetch(new URL(path, scope.registration.scope), { cache: 'no-store', redirect: 'error' });
  if (!response.ok) throw new Refusal('status', path, String(response.status));
  const missing = neededHeaders.filter((name) => !response.headers.has(name));
  if (missing.length > 0) throw new Refusal('headers', path, missing.join(', '));
  return { response, bytes: await response.arrayBuffer() };
}

/** The files of a list in the form of `sha256sum`: hashes by path. */
function readSums(text: string): [path: string, hash: string][] {
  return text
    .trim()
    .split('\n')
    .map((line) => [line.slice(66), line.slice(0, 64)]);
}

const kept = ({ response: { status, headers }, bytes }: Awaited<ReturnType<typeof fetchFile>>): Response =>
  new Response(bytes, { status, headers });

async function chosenBuild(): Promise<string | null> {
  const found = await (await caches.open(choice.cache)).match(choice.key);
  return found === undefined ? null : found.text();
}

/** Fetches and checks all of the build that the server has; the list of hashes is put last and says: it is whole. */
async function keepBuild(): Promise<void> {
  const list = await fetchFile(sums);
  const id = await sha256(list.bytes);
  const cache = await caches.open(cachePrefix + id);
  for (const [path, hash] of readSums(new TextDecoder().decode(list.bytes))) {
    if ((await cache.match(path)) !== undefined) continue;
    const file = await fetchFile(path);
    const found = await sha256(file.bytes);
    if (found !== hash) throw new Refusal('hash', path, found);
    await cache.put(path, kept(file));
  }
  // Empty where nobody has signed; a server may be without it.
  const signature = await fetchFile(`${sums}.sig`).catch(() => null);
  if (signature !== null) await cache.put(`${sums}.sig`, kept(signature));
  await cache.put(sums, kept(list));
  const chosen = await chosenBuild();
  if (chosen === null) await (await caches.open(choice.cache)).put(choice.key, new Response(id));
  for (const name of await caches.keys())
    if (name.startsWith(cachePrefix) && ![id, chosen].includes(name.slice(cachePrefix.length)))
      await caches.delete(name);
}

/** Says to the pages, and to the browser, why a build is not kept. */
async function tellRefusal(error: unknown): Promise<never> {
  const { why, path, seen } = error instanceof Refusal ? error : { why: 'other', path: '', seen: String(error) };
  for (const client of await scope.clients.matchAll({ includeUncontrolled: true }))
    client.postMessage({ kind: 'buildRefused', build, why, path, seen });
  throw error;
}

/** The kept file of the chosen build, or else of another, which an older tab may still ask for. */
async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.endsWith('/') ? 'index.html' : request.url;
  const chosen = await chosenBuild();
  const first = chosen === null ? undefined : await (await caches.open(cachePrefix + chosen)).match(path);
  return first ?? (path === 'index.html' ? undefined : await caches.match(path)) ?? fetch(request);
}

scope.addEventListener('install', (event) => {
  // What it answers with does not change by its taking over: that is the chosen build's.
  event.waitUntil(keepBuild().then(() => scope.skipWaiting(), tellRefusal));
});
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  // Models that the server offers are copied once, by the page; they are no part of the build.
  const isOfBuild = url.startsWith(scope.registration.scope) && !url.startsWith(`${scope.registration.scope}models/`);
  if (method === 'GET' && isOfBuild) event.respondWith(answer(event.request));
});
