/** @file Intervals against values from R (t.test) and against how often they hold the truth. */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { varianceOf } from '../core/statistics';
import { meanInterval, pairedDifference, standingOf } from './intervals';

describe('meanInterval', () => {
  it('equals R’s t.test(c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))', () => {
    const { mean, low, high } = meanInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(mean).toBe(5.5);
    expect(low).toBeCloseTo(3.334149, 2);
    expect(high).toBeCloseTo(7.665851, 2);
  });

  it.each([
    [2, 12.706205],
    [3, 4.302653],
    [4, 3.182446],
    [5, 2.776445],
    [6, 2.570582],
  ])('reaches as far as R’s qt(0.975, n - 1) says for %i values', (n, quantile) => {
    const values = Array.from({ length: n }, (_, i) => i);
    const { mean, low, high } = meanInterval(values);
    const error = Math.sqrt(varianceOf(values) / n);
    expect((mean - low) / error).toBeCloseTo(quantile, n < 6 ? 5 : 1);
    expect((high - mean) / error).toBeCloseTo(quantile, n < 6 ? 5 : 1);
  });

  it('holds the true mean of 48 draws 95 times of 100', () => {
    const random = new Random(3);
    let held = 0;
    for (let i = 0; i < 2000; i++) {
      const { low, high } = meanInterval(Array.from({ length: 48 }, () => random.uniform() ** 2));
      if (low <= 1 / 3 && 1 / 3 <= high) held++;
    }
    expect(held / 2000).toBeGreaterThan(0.93);
    expect(held / 2000).toBeLessThan(0.97);
  });

  it('has no width where all are equal, and none for one value', () => {
    expect(meanInterval([0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(() => meanInterval([1])).toThrow('no interval for 1 values');
  });
});

describe('pairedDifference', () => {
  const hard = Array.from({ length: 50 }, (_, i) => (i % 2 ? 0.9 : 0.1));
  it('is not widened by how hard the prompts are', () => {
    const better = hard.map((score, i) => score + (i % 5 ? 0.05 : 0));
    expect(standingOf(pairedDifference(better, hard))).toBe('above');
    expect(standingOf(pairedDifference(hard, better))).toBe('below');
    expect(pairedDifference(better, hard).mean).toBeCloseTo(0.04, 12);
  });

  it('leaves open what may be chance', () => {
    const other = hard.map((score, i) => score + (i % 3 ? 0.2 : -0.38));
    expect(standingOf(pairedDifference(other, hard))).toBe('open');
    expect(() => pairedDifference([1, 2], [1])).toThrow('2 scores stand beside 1');
  });
});
