/**
 * @file What the page and its workers have asked of the network: counted, so that "0 bytes sent" is a measurement; and
 * what makes it more than one, the server's policies, checked at the start. What was blocked is not counted as sent.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NetworkEvent, SeenRequest } from '../../core/watch-network';

/** What is known of a protection: in force, not, or not to be found out. */
export type Guarantee = 'holds' | 'missing' | 'unconfirmed';

export interface Guarantees {
  /** The content security policy confines connections to the page's own origin. */
  readonly policy: Guarantee;
  /** The browser obeys Connection-Allowlist: WebRTC, navigation and preconnect too. */
  readonly allowlist: Guarantee;
  /** The page shares no process with another origin. */
  readonly isolation: Guarantee;
}

export interface TrafficState {
  /** Requests of the page and its workers since they were opened. */
  readonly seen: number;
  /** Requests to other origins that nothing is known to have blocked, by origin. */
  readonly elsewhere: Readonly<Record<string, number>>;
  /** Attempts to reach another address that the browser blocked. */
  readonly blocked: number;
  /** What was sent in bodies; `bytes` counts those whose size could be told. */
  readonly posted: { readonly requests: number; readonly bytes: number };
  /** Null until they were checked. */
  readonly guarantees: Guarantees | null;

  hear(event: NetworkEvent, ownOrigin: string): void;
  setGuarantees(guarantees: Guarantees): void;
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

/** What the bar may say: nothing but a count where a protection is missing. */
export function sealOf({ elsewhere, posted, guarantees }: TrafficState): 'sealed' | 'open' | 'sent' | 'checking' {
  if (Object.keys(elsewhere).length > 0 || posted.requests > 0) return 'sent';
  if (guarantees === null) return 'checking';
  return Object.values(guarantees).every((guarantee) => guarantee === 'holds') ? 'sealed' : 'open';
}

export function createTrafficStore(): TrafficStore {
  /** Attempts of which the one sign, a violation or a line of the list, has come without the other. */
  const unmatched = { violation: new Map<string, number>(), line: new Map<string, number>() };
  const take = (map: Map<string, number>, url: string): boolean => {
    const count = map.get(url) ?? 0;
    if (count === 0) return false;
    map.set(url, count - 1);
    return true;
  };
  const add = (map: Map<string, number>, url: string) => map.set(url, (map.get(url) ?? 0) + 1);
  const plain = (url: string) => url.replace(/#.*$/, '');

  return createStore<TrafficState>()((set, get) => {
    const change = (origin: string, by: number) => {
      const { [origin]: before = 0, ...others } = get().elsewhere;
      set({ elsewhere: before + by > 0 ? { ...others, [origin]: before + by } : others });
    };
    const countLine = ({ url, status }: SeenRequest, ownOrigin: string) => {
      // The origin of a blob: URL is that of the page that made it.
      const { origin } = new URL(url);
      if (origin === ownOrigin || take(unmatched.violation, plain(url))) return;
      if (status === 0 && get().guarantees?.allowlist === 'holds') return set({ blocked: get().blocked + 1 });
      add(unmatched.line, plain(url));
      change(origin, 1);
    };
    return {
      seen: 0,
      elsewhere: {},
      blocked: 0,
      posted: { requests: 0, bytes: 0 },
      guarantees: null,

      hear(event, ownOrigin) {
        if (event.kind === 'posted') {
          const { requests, bytes } = get().posted;
          set({ posted: { requests: requests + 1, bytes: bytes + (event.bytes ?? 0) } });
        } else if (event.kind === 'blocked') {
          set({ blocked: get().blocked + 1 });
          if (take(unmatched.line, plain(event.url))) change(new URL(event.url).origin, -1);
          else add(unmatched.violation, plain(event.url));
        } else {
          // data: URLs ask nobody.
          const remote = event.seen.filter(({ url }) => !url.startsWith('data:'));
          set({ seen: get().seen + remote.length });
          for (const line of remote) countLine(line, ownOrigin);
        }
      },
      setGuarantees: (guarantees) => set({ guarantees }),
    };
  });
}
