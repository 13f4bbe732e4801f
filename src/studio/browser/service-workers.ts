/**
 * @file Service workers between the page and its server. One that is not Airlock's can rewrite the page and read what
 * is typed: it is removed, and a page that came through one does not start.
 */

/** Airlock's own, beside the page; vite.config.ts gives it this name. */
export const ownWorkerName = 'service-worker.js';

/** What of a registration is looked at. */
export interface Registered {
  readonly scope: string;
  readonly scripts: readonly string[];
}

/** Whether this one stands between the page at `base` and its server without being Airlock's. */
export function isForeign({ scope, scripts }: Registered, base: string): boolean {
  const own = new URL(ownWorkerName, base).href;
  return new URL(base).href.startsWith(scope) && scripts.some((script) => script !== own);
}

const scriptsOf = ({ active, waiting, installing }: ServiceWorkerRegistration): string[] =>
  [active, waiting, installing].flatMap((worker) => (worker === null ? [] : [worker.scriptURL]));

export interface ForeignWorkers {
  /** The one that this page came through; null where it came straight from its server, or by Airlock's own. */
  readonly controlling: string | null;
  /** Scripts of those that were removed. */
  readonly removed: readonly string[];
}

/** Removes those that are not Airlock's; what is still open through one stays so until it is loaded anew. */
export async function removeForeignWorkers(base: string): Promise<ForeignWorkers> {
  if (!('serviceWorker' in navigator)) return { controlling: null, removed: [] };
  const controller = navigator.serviceWorker.controller?.scriptURL ?? null;
  const removed: string[] = [];
  // Where the browser lets the page store nothing there are none, and asking is refused.
  const registrations = await navigator.serviceWorker.getRegistrations().catch(() => []);
  for (const registration of registrations) {
    const registered = { scope: registration.scope, scripts: scriptsOf(registration) };
    if (!isForeign(registered, base)) continue;
    await registration.unregister();
    removed.push(...registered.scripts);
  }
  const isOwn = controller === new URL(ownWorkerName, base).href;
  return { controlling: isOwn ? null : controller, removed };
}
