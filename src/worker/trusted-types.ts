/**
 * @file Under Trusted Types the runtime's threads need a `default` policy for script URLs; it lets same-origin ones
 * through.
 */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const { trustedTypes } = self as unknown as { trustedTypes?: TrustedTypes };

trustedTypes?.createPolicy('default', {
  createScriptURL(url) {
    if (new URL(url, self.location.href).origin !== self.location.origin) {
      throw new TypeError(`A script from another origin was refused: ${url}`);
    }
    return url;
  },
});
