/** @file Shapes: NumPy's broadcasting, strides, and axes from the end. */
import { expect, it } from 'vitest';
import { broadcastShapes, normalizeAxis, sameShape, showPlace, showShape, sizeOf, stridesOf } from './shape';

it.each([
  [[], [], []],
  [[3], [], [3]],
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [[1], [5, 7], [5, 7]],
  [[0], [1], [0]],
  [[2, 3], [3], [2, 3]],
  [[2, 3], [3, 2], null],
  [[2], [3], null],
])('%j with %j broadcasts to %j, either way round', (a, b, expected) => {
  expect(broadcastShapes(a, b)).toEqual(expected);
  expect(broadcastShapes(b, a)).toEqual(expected);
});

it('size, strides and words of a shape', () => {
  expect([sizeOf([]), sizeOf([2, 3, 4]), sizeOf([2, 0])]).toEqual([1, 24, 0]);
  expect([stridesOf([]), stridesOf([5]), stridesOf([2, 3, 4])]).toEqual([[], [1], [12, 4, 1]]);
  expect(showShape([2, 3])).toBe('[2, 3]');
  expect([showPlace([2, 3], 5), showPlace([7], 4), showPlace([], 0)]).toEqual(['[1, 2]', '[4]', '[]']);
  expect([
    sameShape([2, 3], [2, 3]),
    sameShape([2, 3], [2, 4]),
    sameShape([2], [2, 1]),
    sameShape([2, 1], [2]),
  ]).toEqual([true, false, false, false]);
});

it('counts axes from either end, and refuses those that are not there', () => {
  expect([0, 2, -1, -3].map((axis) => normalizeAxis(axis, 3))).toEqual([0, 2, 2, 0]);
  for (const axis of [3, -4, 0.5]) expect(() => normalizeAxis(axis, 3)).toThrow(`axis ${axis} is outside rank 3.`);
});
