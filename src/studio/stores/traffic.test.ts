import { describe, expect, it } from 'vitest';
import { strictHeaders } from '../../../headers.mjs';
import { confinesConnections, createTrafficStore } from './traffic';

const own = 'http://airlock.localhost:24756';

describe('the count of requests', () => {
  it('tells requests to other origins from our own', () => {
    const { getState } = createTrafficStore();
    getState().countRequests([`${own}/assets/main.js`, `blob:${own}/1b2c`, 'data:text/plain,x'], own);
    expect(getState()).toMatchObject({ seen: 2, elsewhere: {} });
    getState().countRequests(['https://example.com/a', 'https://example.com/b', 'http://localhost:4174/c'], own);
    expect(getState()).toMatchObject({ seen: 5, elsewhere: { 'https://example.com': 2, 'http://localhost:4174': 1 } });
  });

  it('counts what was blocked', () => {
    const { getState } = createTrafficStore();
    getState().countBlocked();
    expect(getState().blocked).toBe(1);
  });
});

describe('the server’s policy', () => {
  it('is the one that Airlock asks for', () =>
    expect(confinesConnections(strictHeaders['Content-Security-Policy'])).toBe(true));
  it.each([
    [null, false],
    ['', false],
    ["script-src 'self'", false],
    ["connect-src 'self' https://a.example", false],
    ["connect-src *; default-src 'none'", false],
    ["default-src 'none'", true],
    ["default-src *; connect-src 'self'", true],
    ["connect-src *, connect-src 'self'", true],
  ])('%j confines: %s', (header, confines) => expect(confinesConnections(header)).toBe(confines));
});
