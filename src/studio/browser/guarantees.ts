/**
 * @file Which protections hold, found out at the start without asking anything of another PC: the headers that the page
 * came with, and whether the browser obeys the one that only newer ones know.
 */

/** The Chromium in which Connection-Allowlist was measured to block every way out; older ones may ignore it. */
export const measuredVersion = 156;

/**
 * How long it is waited for. A browser that ignores the allowlist tries for seconds and ends with an error; one that
 * obeys lets go at once, but on a busy PC even that takes a while.
 */
const waitMs = 12_000;

/**
 * Whether WebRTC lets go of a relay on this very PC (127.0.0.1, where nothing listens) at once and without an error, as
 * it does where Connection-Allowlist forbids it; a browser that tries goes on for seconds. Nothing leaves the PC: with
 * `relay` no address of its own is gathered or announced. Null where there is no WebRTC to try.
 */
export async function dropsRelays(): Promise<boolean | null> {
  if (typeof RTCPeerConnection === 'undefined') return null;
  const server = { urls: 'turn:127.0.0.1:9', username: 'airlock', credential: 'airlock' };
  const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
  try {
    return await new Promise<boolean>((resolve) => {
      connection.onicecandidateerror = () => resolve(false);
      connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve(true);
      connection.createDataChannel('probe');
      connection.setLocalDescription().catch(() => resolve(false));
      setTimeout(() => resolve(false), waitMs);
    });
  } finally {
    connection.close();
  }
}

interface Brand {
  readonly brand: string;
  readonly version: string;
}

/** The version of Chromium, whatever the browser on it is called; 0 where it does not say. */
export function chromiumVersion(brands: readonly Brand[] | undefined): number {
  return Number(brands?.find(({ brand }) => brand === 'Chromium')?.version ?? 0);
}

/** The headers of the page itself; by the service worker where the page came through it. Null without an answer. */
export async function readOwnHeaders(): Promise<Headers | null> {
  return fetch(location.pathname, { cache: 'no-store' }).then(
    ({ headers }) => headers,
    () => null,
  );
}
