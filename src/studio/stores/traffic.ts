/**
 * @file What the page has asked of the network: counted, so that "0 bytes sent" is a measurement. The counts come from
 * the browser's own list of requests (watch-traffic.ts). Workers keep lists of their own; them the server's policy
 * holds.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface TrafficState {
  /** Requests of the page since it was opened. */
  readonly seen: number;
  /** Requests to other origins, by origin. */
  readonly elsewhere: Readonly<Record<string, number>>;
  /** Attempts that the browser blocked because of the server's policy. */
  readonly blocked: number;
  /** Whether the server's policy confines connections to its own origin; null where that is not known. */
  readonly isConfined: boolean | null;

  countRequests(urls: readonly string[], ownOrigin: string): void;
  countBlocked(): void;
  readPolicy(header: string | null): void;
}

export type TrafficStore = StoreApi<TrafficState>;

/** Whether this Content-Security-Policy lets scripts connect to nothing but their own origin. */
export function confinesConnections(header: string | null): boolean {
  // Several policies, separated by commas, all hold: one that confines is enough.
  return (header ?? '').split(',').some((policy) => {
    const directives = policy.split(';').map((directive) => directive.trim().split(/\s+/));
    const [, ...sources] =
      directives.find(([name]) => name === 'connect-src') ?? directives.find(([name]) => name === 'default-src') ?? [];
    return sources.length > 0 && sources.every((source) => source === "'self'" || source === "'none'");
  });
}

export function createTrafficStore(): TrafficStore {
  return createStore<TrafficState>()((set, get) => ({
    seen: 0,
    elsewhere: {},
    blocked: 0,
    isConfined: null,

    countRequests(urls, ownOrigin) {
      // The origin of a blob: URL is that of the page that made it; data: URLs ask nobody.
      const remote = urls.filter((url) => !url.startsWith('data:'));
      const elsewhere = { ...get().elsewhere };
      for (const url of remote) {
        const { origin } = new URL(url);
        if (origin !== ownOrigin) elsewhere[origin] = (elsewhere[origin] ?? 0) + 1;
      }
      set({ seen: get().seen + remote.length, elsewhere });
    },
    countBlocked: () => set({ blocked: get().blocked + 1 }),
    readPolicy: (header) => set({ isConfined: confinesConnections(header) }),
  }));
}
