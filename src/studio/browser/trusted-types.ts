/**
 * @file The one Trusted Types policy of the page: scripts (workers) from our own origin, nothing else.
 * Must be imported before anything that starts a worker. Browsers without Trusted Types need no policy.
 */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

trustedTypes?.createPolicy('default', {
  createScriptURL(url) {
    const resolved = new URL(url, location.href);
    if (resolved.origin !== location.origin) {
      throw new TypeError(`Airlock loads scripts from ${location.origin} only; ${resolved.href} was refused.`);
    }
    return resolved.href;
  },
});
