/**
 * @file Win rates: Wilson's interval against published values, ties, and what randomised positions do to a biased
 * judge.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { Contest, Judge } from './win-rate';
import { judgeContests, preferHigher, wilsonInterval, winRateOf } from './win-rate';

describe('wilsonInterval', () => {
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3 (score without continuity correction).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is symmetric and stays within [0, 1]', () => {
    for (const [k, n] of [
      [0, 1],
      [1, 1],
      [3, 7],
      [2.5, 4],
      [500, 500],
    ] as const) {
      const { low, high } = wilsonInterval(k, n);
      const mirrored = wilsonInterval(n - k, n);
      expect(low).toBeCloseTo(1 - mirrored.high, 12);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }
  });

  it('holds the true rate in about 95 % of all samples: an exact sum over the binomial distribution', () => {
    const coverage = (n: number, p: number): number => {
      let probability = (1 - p) ** n;
      let held = 0;
      for (let k = 0; k <= n; k++) {
        const { low, high } = wilsonInterval(k, n);
        if (low <= p && p <= high) held += probability;
        probability *= ((n - k) / (k + 1)) * (p / (1 - p));
      }
      return held;
    };
    expect(coverage(60, 0.3)).toBeCloseTo(0.93429, 5);
    for (const p of [0.1, 0.25, 0.5, 0.61, 0.9]) expect(Math.abs(coverage(256, p) - 0.95)).toBeLessThan(0.02);
  });

  it('refuses what is no count', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(/0 successes of 0 trials/);
    expect(() => wilsonInterval(3, 2)).toThrow(/3 successes of 2 trials/);
    expect(() => wilsonInterval(Number.NaN, 2)).toThrow(/NaN/);
  });
});

describe('winRateOf', () => {
  it('counts a tie as half a win', () => {
    const rate = winRateOf(['win', 'tie', 'loss', 'win', 'tie']);
    expect(rate).toMatchObject({ wins: 2, ties: 2, losses: 1, mean: 0.6 });
    expect(rate.interval).toEqual(wilsonInterval(3, 5));
    expect(winRateOf(['tie', 'tie']).mean).toBe(0.5);
  });

  it('has no rate of nothing', () => {
    expect(() => winRateOf([])).toThrow(/0 trials/);
  });
});

describe('preferHigher', () => {
  it('ties scores that differ by rounding', () => {
    expect(preferHigher(0.1 + 0.2, 0.3)).toBe('tie');
    expect(preferHigher(0.31, 0.3)).toBe('first');
    expect(preferHigher(-1, 0.3)).toBe('second');
  });
});

describe('judgeContests', () => {
  const contests: Contest[] = Array.from({ length: 4000 }, (_, i) => ({
    prompt: `${i}`,
    ours: `${i % 10}`,
    theirs: `${(i * 7) % 10}`,
  }));
  const few = contests.slice(0, 50);
  const fair: Judge = (_, first, second) => preferHigher(Number(first), Number(second));
  const likesFirst: Judge = () => 'first';
  /** Looks at the texts only seven times of ten, and else takes the one shown first. */
  const leaning: Judge = (prompt, first, second) => (Number(prompt) % 10 < 7 ? fair(prompt, first, second) : 'first');

  it('takes the bias out of a judge who likes a position', () => {
    for (const judge of [likesFirst, (): 'second' => 'second']) {
      const { mean, interval } = winRateOf(judgeContests(contests, judge, new Random(5)));
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
      expect(interval.low).toBeLessThan(0.5);
      expect(interval.high).toBeGreaterThan(0.5);
    }
  });

  it('gives both sides of a leaning judge what is theirs', () => {
    const swapped = contests.map(({ prompt, ours, theirs }) => ({ prompt, ours: theirs, theirs: ours }));
    const { mean: one } = winRateOf(judgeContests(contests, leaning, new Random(1)));
    const { mean: other } = winRateOf(judgeContests(swapped, leaning, new Random(2)));
    expect(Math.abs(one + other - 1)).toBeLessThan(0.03);
  });

  it('does not change what a fair judge says, in whichever position', () => {
    const wanted = few.map(({ ours, theirs }) =>
      ours === theirs ? 'tie' : Number(ours) > Number(theirs) ? 'win' : 'loss',
    );
    for (const seed of [0, 1, 2]) expect(judgeContests(few, fair, new Random(seed))).toEqual(wanted);
    expect(new Set(wanted)).toEqual(new Set(['win', 'tie', 'loss']));
  });

  it('draws the same positions from the same seed', () => {
    const drawn = (seed: number): string[] => judgeContests(few, likesFirst, new Random(seed));
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });
});
