import { expect, it } from 'vitest';
import { curveOf, polylineOf } from './curve';

it('keeps few steps as they are, and takes means of stretches of many', () => {
  expect(curveOf([{ loss: 3 }, { loss: NaN }, { loss: 1 }])).toEqual([3, 1]);
  const many = curveOf(Array.from({ length: 320 }, (_, i) => ({ loss: i })));
  expect(many).toHaveLength(32);
  expect([many[0], many[31]]).toEqual([4.5, 314.5]);
  expect(curveOf([])).toEqual([]);
});

it('draws the highest value at the top', () => {
  expect(polylineOf([2, 1, 0], 10, 4)).toBe('0.0,0.0 5.0,2.0 10.0,4.0');
  expect(polylineOf([1], 10, 4)).toBe('0.0,0.0');
});
