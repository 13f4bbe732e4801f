import { expect, it } from 'vitest';
import { findLacks as find, type Environment } from './capabilities';
import { textIn } from '../text/text';

const findLacks = (environment: Environment) => find(environment, textIn('en').shell.lacks);
const whole = { isSecureContext: true, crossOriginIsolated: true, has: () => true, address: 'http://intranet' };

it('finds nothing missing in a current Chrome', () => {
  expect(findLacks(whole)).toEqual({ fatal: [], mild: [] });
});

it('names what is missing and the fix', () => {
  expect(findLacks({ ...whole, isSecureContext: false, crossOriginIsolated: false }).fatal[0]).toMatch(
    /http:\/\/intranet, which is not a secure context.*http:\/\/airlock\.localhost/,
  );
  expect(findLacks({ ...whole, has: (name) => name !== 'WebAssembly' }).fatal[0]).toContain(
    'WebAssembly is switched off',
  );
  expect(findLacks({ ...whole, crossOriginIsolated: false }).mild[0]).toContain(
    'Cross-Origin-Embedder-Policy: require-corp',
  );
  expect(findLacks({ ...whole, has: (name) => name !== 'indexedDB' }).mild[0]).toContain('Allow site data');
});
