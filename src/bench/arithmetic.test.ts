import { expect, it } from 'vitest';
import { shapeOf } from '../engine/random-model';
import { tokenFlops } from './arithmetic';

it('counts two operations for each weight of a decoded token, the output projection included', () => {
  const attention = 2 * 64 * 64 + 2 * 64 * 32;
  const gated = 3 * 64 * 128;
  expect(tokenFlops({ shape: shapeOf('tiny') })).toBe(2 * (2 * (attention + gated) + 512 * 64));
});
