/**
 * @file The HTTP headers that Airlock must be served with, by whatever server the company uses.
 * vite.config.ts sends them, the browser tests check them and docs quote them. Why each one is there:
 * docs/architecture.md; the policy was measured with onnxruntime-web's threads and WebGPU.
 */

/** Sent in development too: without isolation there are no WASM threads. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Nothing that reaches out of the page: the studio needs files, storage, WebGPU and the clipboard's "copy"; and the
  // whole screen, of this origin alone, for the demonstration.
  'Permissions-Policy': [
    'accelerometer',
    'autoplay',
    'browsing-topics',
    'camera',
    'clipboard-read',
    'display-capture',
    'encrypted-media',
    'geolocation',
    'gyroscope',
    'hid',
    'identity-credentials-get',
    'idle-detection',
    'local-fonts',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'picture-in-picture',
    'publickey-credentials-get',
    'screen-wake-lock',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map((feature) => `${feature}=()`)
    .concat('fullscreen=(self)')
    .join(', '),
};

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');

/** What the built app is served with. */
export const strictHeaders = {
  ...isolationHeaders,
  'Content-Security-Policy': contentSecurityPolicy,
  // Closes what no CSP directive can (navigation, preconnect, STUN) in the Chromes that know it; others ignore it.
  'Connection-Allowlist': '(response-origin)',
};
