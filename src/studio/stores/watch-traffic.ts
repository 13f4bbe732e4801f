/** @file Feeds the count of requests, by the page's own watch and by its workers', and checks what guards the page. */
import { networkChannel, watchNetwork, type NetworkEvent } from '../../core/watch-network';
import { chromiumVersion, dropsRelays, measuredVersion, readOwnHeaders } from '../browser/guarantees';
import { confinesConnections, type Guarantee, type Guarantees, type TrafficStore } from './traffic';

/** Every protection at its best; a page that cannot ask leaves it open. */
async function checkGuarantees(): Promise<Guarantees> {
  const headers = await readOwnHeaders();
  const isolation: Guarantee = crossOriginIsolated ? 'holds' : 'missing';
  if (headers === null) return { policy: 'unconfirmed', allowlist: 'unconfirmed', isolation };
  const policy = confinesConnections(headers.get('Content-Security-Policy')) ? 'holds' : 'missing';
  if (headers.get('Connection-Allowlist') !== '(response-origin)') return { policy, allowlist: 'missing', isolation };
  const { userAgentData } = navigator as { userAgentData?: { brands: { brand: string; version: string }[] } };
  const isMeasured = chromiumVersion(userAgentData?.brands) >= measuredVersion;
  const drops = await dropsRelays();
  return { policy, allowlist: drops === false ? 'missing' : drops && isMeasured ? 'holds' : 'unconfirmed', isolation };
}

export function watchTraffic(traffic: TrafficStore): void {
  const hear = (event: NetworkEvent): void => traffic.getState().hear(event, location.origin);
  watchNetwork(hear);
  new BroadcastChannel(networkChannel).onmessage = ({ data }: MessageEvent<NetworkEvent>) => hear(data);
  void checkGuarantees().then((guarantees) => traffic.getState().setGuarantees(guarantees));
}
