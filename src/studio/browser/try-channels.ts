/**
 * @file The self-test of the seal: the page tries the ways out that can be tried safely and says of each whether the
 * browser stopped it. The addresses exist nowhere (`.invalid`, RFC 2606) or are this PC; nothing of the user's is sent.
 */
import { dropsRelays } from './guarantees';

export const channels = ['fetch', 'image', 'webSocket', 'beacon', 'relay'] as const;
export type Channel = (typeof channels)[number];

/** `unknown` where the browser has no such channel. */
export type Outcome = 'blocked' | 'open' | 'unknown';

const waitMs = 2000;

/** Tries it, and waits for the browser's word that its policy blocked it. */
function isBlocked(url: string, attempt: (url: string) => unknown): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (blocked: boolean): void => {
      removeEventListener('securitypolicyviolation', hear);
      resolve(blocked);
    };
    const hear = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
      if (blockedURI.startsWith(url)) settle(true);
    };
    addEventListener('securitypolicyviolation', hear);
    setTimeout(() => settle(false), waitMs);
    attempt(url);
  });
}

const attempts: Readonly<Record<Exclude<Channel, 'relay'>, readonly [url: string, attempt: (url: string) => unknown]>> =
  {
    fetch: ['https://fetch.airlock.invalid/', (url) => fetch(url).catch(() => null)],
    image: ['https://image.airlock.invalid/', (url) => (new Image().src = url)],
    webSocket: ['wss://socket.airlock.invalid/', (url) => new WebSocket(url)],
    beacon: ['https://beacon.airlock.invalid/', (url) => navigator.sendBeacon(url)],
  };

/** Tries all, one after the other. */
export async function tryChannels(): Promise<Readonly<Record<Channel, Outcome>>> {
  const outcomes: Partial<Record<Channel, Outcome>> = {};
  for (const channel of ['fetch', 'image', 'webSocket', 'beacon'] as const)
    outcomes[channel] = (await isBlocked(...attempts[channel])) ? 'blocked' : 'open';
  const drops = await dropsRelays();
  outcomes.relay = drops === null ? 'unknown' : drops ? 'blocked' : 'open';
  return outcomes as Record<Channel, Outcome>;
}
