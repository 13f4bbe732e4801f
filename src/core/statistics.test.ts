/** @file Quantiles by nearest rank, against values counted by hand. */
import { expect, it } from 'vitest';
import { quantileOf } from './statistics';

it('takes the nearest rank of unsorted values', () => {
  const values = [30, 10, 20, 50, 40, 60, 80, 70, 100, 90];
  expect(quantileOf(values, 0.5)).toBe(50);
  expect(quantileOf(values, 0.95)).toBe(100);
  expect(quantileOf(values, 0.9)).toBe(90);
  expect(quantileOf(values, 0)).toBe(10);
  expect(quantileOf([], 0.5)).toBe(0);
});
