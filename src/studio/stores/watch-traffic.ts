/**
 * @file Feeds the count of requests: the browser's list of resources, its reports of what it blocked, the policy it was
 * given.
 */
import type { TrafficStore } from './traffic';

export function watchTraffic(traffic: TrafficStore): void {
  new PerformanceObserver((list) => {
    traffic.getState().countRequests(
      list.getEntries().map(({ name }) => name),
      location.origin,
    );
  }).observe({ type: 'resource', buffered: true });
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
    if (URL.canParse(blockedURI)) traffic.getState().countBlocked();
  });
  // The page cannot read the headers it came with; the server's answer to the same request has them.
  fetch(location.href, { method: 'HEAD', cache: 'no-store' }).then(
    ({ headers }) => traffic.getState().readPolicy(headers.get('Content-Security-Policy')),
    // A server that cannot be reached any more leaves it open.
    () => {},
  );
}
