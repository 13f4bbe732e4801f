/**
 * @file What the browser must have for Airlock to work at all, and what is merely missed. Each lack is a sentence
 * with the fix. WebGPU is not asked for here: the engine chooses the device and says why.
 */

export interface Environment {
  readonly isSecureContext: boolean;
  readonly crossOriginIsolated: boolean;
  readonly has: (name: string) => boolean;
  readonly address: string;
}

export interface Lacks {
  /** Airlock cannot run. */
  readonly fatal: readonly string[];
  /** It runs, with less. */
  readonly mild: readonly string[];
}

export function browserEnvironment(): Environment {
  return {
    isSecureContext: globalThis.isSecureContext,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    has: (name) => name in globalThis,
    address: location.origin,
  };
}

export function findLacks({ isSecureContext, crossOriginIsolated, has, address }: Environment): Lacks {
  const fatal: string[] = [];
  const mild: string[] = [];
  if (!isSecureContext) {
    fatal.push(
      `This page was opened from ${address}, which is not a secure context, so Chrome withholds WebGPU, storage and ` +
        'hashing. Open it from http://localhost on this PC, or over HTTPS with the company’s certificate; an ' +
        'administrator may also list the address in the policy OverrideSecurityRestrictionsOnInsecureOrigin.',
    );
  }
  if (!has('WebAssembly')) {
    fatal.push(
      'WebAssembly is switched off in this browser, and the engine needs it. Ask the administrator to allow it for ' +
        `${address} (Chrome’s V8 optimizer or JavaScript JIT policy), or use a current Chrome.`,
    );
  }
  if (!has('Worker')) fatal.push('This browser has no web workers. Use a current Chrome.');
  if (!has('indexedDB')) {
    mild.push(
      'This browser does not let the page store anything, so pairs and runs are gone when it is closed. Allow site ' +
        `data for ${address}, or download each adapter before you leave.`,
    );
  }
  if (isSecureContext && !crossOriginIsolated) {
    mild.push(
      'The page is not cross-origin isolated, so the CPU engine has one thread only. Serve it with the headers ' +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
    );
  }
  return { fatal, mild };
}
