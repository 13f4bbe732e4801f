import { describe, expect, it } from 'vitest';
import { fallsCountMs, mostFalls, remedyOf, type Fall } from './recovery';

const fallAt = (atMs: number, change: Partial<Fall> = {}): Fall => ({
  atMs,
  cause: 'deviceLost',
  wasOpening: false,
  ...change,
});

describe('an engine that went down', () => {
  it('is started again by itself a few times, then a person is asked', () => {
    const falls = Array.from({ length: mostFalls + 1 }, (_, i) => fallAt(i * 1000));
    expect(falls.map((_, i) => remedyOf(falls.slice(0, i + 1)))).toEqual([
      ...Array<string>(mostFalls).fill('restart'),
      'ask',
    ]);
  });

  it('is started again where the falls before lie far back', () => {
    const falls = [...Array.from({ length: mostFalls + 3 }, (_, i) => fallAt(i)), fallAt(fallsCountMs + mostFalls + 3)];
    expect(remedyOf(falls)).toBe('restart');
  });

  it('is not started again where opening the model was its end', () => {
    expect(remedyOf([fallAt(0, { cause: 'died', wasOpening: true })])).toBe('ask');
    expect(remedyOf([fallAt(0, { cause: 'died' })])).toBe('restart');
    expect(remedyOf([fallAt(0, { wasOpening: true })])).toBe('restart');
  });
});
