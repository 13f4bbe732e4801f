import { describe, expect, it } from 'vitest';
import { strictHeaders } from '../../../headers.mjs';
import { sizeOfBody } from '../../core/watch-network';
import { confinesConnections, createTrafficStore, sealOf, type Guarantees } from './traffic';

const own = 'http://airlock.localhost:24756';
const guarded: Guarantees = { policy: 'holds', allowlist: 'holds', isolation: 'holds' };
const lines = (...urls: string[]) => ({ kind: 'requests', seen: urls.map((url) => ({ url, status: 0 })) }) as const;
const answered = (url: string) => ({ kind: 'requests', seen: [{ url, status: 200 }] }) as const;

function open(guarantees: Guarantees | null = null) {
  const { getState } = createTrafficStore();
  if (guarantees !== null) getState().setGuarantees(guarantees);
  return { getState, hear: (event: Parameters<ReturnType<typeof getState>['hear']>[0]) => getState().hear(event, own) };
}

describe('the count of requests', () => {
  it('tells requests to other origins from our own', () => {
    const { getState, hear } = open();
    hear(lines(`${own}/assets/main.js`, `blob:${own}/1b2c`, 'data:text/plain,x'));
    expect(getState()).toMatchObject({ seen: 2, elsewhere: {} });
    hear(lines('https://example.com/a', 'https://example.com/b', 'http://localhost:4174/c'));
    expect(getState()).toMatchObject({ seen: 5, elsewhere: { 'https://example.com': 2, 'http://localhost:4174': 1 } });
  });

  it.each([
    ['before', true],
    ['after', false],
  ])('takes an attempt that is told blocked %s it is listed for blocked, once', (_when, isFirst) => {
    const { getState, hear } = open();
    const blocked = { kind: 'blocked', url: 'https://example.com/a' } as const;
    const listed = lines('https://example.com/a#part');
    for (const event of isFirst ? [blocked, listed] : [listed, blocked]) hear(event);
    expect(getState()).toMatchObject({ elsewhere: {}, blocked: 1 });
    // Another to the same address that nothing blocked is one elsewhere.
    hear(listed);
    expect(getState()).toMatchObject({ elsewhere: { 'https://example.com': 1 }, blocked: 1 });
  });

  it('takes an unanswered attempt for blocked only where the browser obeys the allowlist', () => {
    const held = open(guarded);
    held.hear(lines('https://example.com/a'));
    expect(held.getState()).toMatchObject({ elsewhere: {}, blocked: 1 });
    held.hear(answered('https://example.com/a'));
    expect(held.getState().elsewhere).toEqual({ 'https://example.com': 1 });
    const old = open({ ...guarded, allowlist: 'unconfirmed' });
    old.hear(lines('https://example.com/a'));
    expect(old.getState()).toMatchObject({ elsewhere: { 'https://example.com': 1 }, blocked: 0 });
  });

  it('counts what is sent in bodies, to the own server too', () => {
    const { getState, hear } = open(guarded);
    hear({ kind: 'posted', bytes: 1_000_000 });
    hear({ kind: 'posted', bytes: null });
    expect(getState().posted).toEqual({ requests: 2, bytes: 1_000_000 });
    expect(sealOf(getState())).toBe('sent');
    expect([sizeOfBody('가'), sizeOfBody(new Blob(['ab'])), sizeOfBody(new Uint16Array(3)), sizeOfBody(null)]).toEqual([
      3, 2, 6, 0,
    ]);
  });
});

describe('the seal', () => {
  it('is told only where every protection holds', () => {
    expect(sealOf(open().getState())).toBe('checking');
    expect(sealOf(open(guarded).getState())).toBe('sealed');
    for (const guard of ['policy', 'allowlist', 'isolation'] as const)
      for (const state of ['missing', 'unconfirmed'] as const)
        expect(sealOf(open({ ...guarded, [guard]: state }).getState()), `${guard} ${state}`).toBe('open');
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
