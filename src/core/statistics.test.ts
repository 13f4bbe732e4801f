/** @file Quantiles by nearest rank and the variance of a sample, against values counted by hand. */
import { expect, it } from 'vitest';
import { quantileOf, varianceOf } from './statistics';

it('takes the nearest rank of unsorted values', () => {
  const values = [30, 10, 20, 50, 40, 60, 80, 70, 100, 90];
  expect(quantileOf(values, 0.5)).toBe(50);
  expect(quantileOf(values, 0.95)).toBe(100);
  expect(quantileOf(values, 0.9)).toBe(90);
  expect(quantileOf(values, 0)).toBe(10);
  expect(quantileOf([], 0.5)).toBe(0);
});

it('divides the squares of a sample by one less than its size', () => {
  expect(varianceOf([4, 1, 3, 2])).toBeCloseTo(5 / 3, 12);
  expect([varianceOf([7]), varianceOf([])]).toEqual([0, 0]);
});
