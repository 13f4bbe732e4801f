/**
 * @file What the browser must have for Airlock to work at all, and what is merely missed. Each lack is a sentence
 * with the fix. WebGPU is not asked for here: the engine chooses the device and says why.
 */
import type { Text } from '../text/text';

export interface Environment {
  readonly isSecureContext: boolean;
  readonly crossOriginIsolated: boolean;
  readonly has: (name: string) => boolean;
  readonly address: string;
}

export interface Lacks {
  /** Sentences about what is missing and keeps Airlock from running. */
  readonly fatal: readonly string[];
  /** Sentences about what is missing and only makes Airlock do less. */
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

export function findLacks(
  { isSecureContext, crossOriginIsolated, has, address }: Environment,
  text: Text['shell']['lacks'],
): Lacks {
  const fatal: string[] = [];
  const mild: string[] = [];
  if (!isSecureContext) fatal.push(text.secureContext(address));
  if (!has('WebAssembly')) fatal.push(text.webAssembly(address));
  if (!has('Worker')) fatal.push(text.workers);
  if (!has('indexedDB')) mild.push(text.storage(address));
  if (isSecureContext && !crossOriginIsolated) mild.push(text.isolation);
  return { fatal, mild };
}
