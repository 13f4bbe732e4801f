/**
 * @file What a page or a worker asks of the network, told as it happens: what the browser lists, what its policy
 * blocked, and what was handed over to be sent in a body. Each worker has a list of its own, so each watches itself.
 */

/** One line of the browser's list of requests. */
export interface SeenRequest {
  readonly url: string;
  /** 0 where nothing was answered, or another origin does not tell. */
  readonly status: number;
}

export type NetworkEvent =
  | { readonly kind: 'requests'; readonly seen: readonly SeenRequest[] }
  | { readonly kind: 'blocked'; readonly url: string }
  /** @property bytes null where the size of what is streamed is not known */
  | { readonly kind: 'posted'; readonly bytes: number | null };

/** Over which workers tell the page. */
export const networkChannel = 'airlock-network';

/** Size of a body, of the kinds whose size can be told without reading them. */
export function sizeOfBody(body: unknown): number | null {
  if (body === null || body === undefined) return 0;
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  if (body instanceof URLSearchParams) return new TextEncoder().encode(body.toString()).length;
  return null;
}

/** Has each call of a function told first, with its arguments. */
function hear<T extends object, K extends keyof T>(owner: T, name: K, listener: (args: readonly unknown[]) => void) {
  const original = owner[name] as unknown as (...args: unknown[]) => unknown;
  owner[name] = function (this: unknown, ...args: unknown[]) {
    listener(args);
    return original.apply(this, args);
  } as unknown as T[K];
}

/** Watches the surroundings that this runs in. */
export function watchNetwork(tell: (event: NetworkEvent) => void): void {
  new PerformanceObserver((list) => {
    const seen = list.getEntries().map((entry) => ({
      url: entry.name,
      status: (entry as PerformanceEntry & { responseStatus?: number }).responseStatus ?? 0,
    }));
    tell({ kind: 'requests', seen });
  }).observe({ type: 'resource', buffered: true });
  addEventListener('securitypolicyviolation', (event) => {
    const { blockedURI, disposition } = event as Event & { blockedURI: string; disposition: string };
    if (disposition === 'enforce' && URL.canParse(blockedURI)) tell({ kind: 'blocked', url: blockedURI });
  });
  const posted = (body: unknown): void => {
    const bytes = sizeOfBody(body);
    if (bytes !== 0) tell({ kind: 'posted', bytes });
  };
  hear(globalThis, 'fetch', ([input, init]) =>
    posted((init as RequestInit | undefined)?.body ?? (input instanceof Request ? input.body : null)),
  );
  if (typeof XMLHttpRequest !== 'undefined') hear(XMLHttpRequest.prototype, 'send', ([body]) => posted(body));
  if ('sendBeacon' in navigator)
    hear(navigator as Navigator & { sendBeacon: unknown }, 'sendBeacon', ([, body]) => posted(body));
}

/** Watches a worker and tells its page. */
export function watchWorkerNetwork(): void {
  const channel = new BroadcastChannel(networkChannel);
  watchNetwork((event) => channel.postMessage(event));
}
