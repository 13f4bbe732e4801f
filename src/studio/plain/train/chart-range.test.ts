/** @file An axis is never so narrow that its marks are one number: uPlot draws such an axis without end. */
import { describe, expect, it } from 'vitest';
import { isWideEnough, rangeAround } from './chart-range';

describe('rangeAround', () => {
  it('leaves room around values, and begins at zero where they do', () => {
    expect(rangeAround(1, 2)).toEqual([0.92, 2.08]);
    expect(rangeAround(0, 2)).toEqual([0, 2.16]);
    expect(rangeAround(0.5, 0.75, 0)).toEqual([-0.06, 0.81]);
  });

  it.each([
    ['a flat line', 3, 3],
    ['a line that is flat but for rounding', 0.1 + 0.2, 0.3],
    ['a smoothed learning rate', 5e-5, 5.000000000000001e-5],
    ['negative values', -720.0000000000001, -720],
    ['large values', 1e9, 1e9 + 1e-7],
    ['nothing but zero', 0, 0],
  ])('%s: gets an axis with marks that differ', (_, one, other) => {
    const [low, high] = rangeAround(Math.min(one, other), Math.max(one, other));
    expect(low).toBeLessThan(high);
    expect(isWideEnough(low, high)).toBe(true);
    // A hundred marks are a hundred numbers.
    const marks = new Set(Array.from({ length: 100 }, (_mark, i) => low + ((high - low) * i) / 100));
    expect(marks.size).toBe(100);
  });
});

it('takes no zoom into a place between two numbers', () => {
  expect(isWideEnough(3, 4)).toBe(true);
  expect(isWideEnough(3, 3)).toBe(false);
  expect(isWideEnough(3, 3 + 1e-12)).toBe(false);
});
