/** @file Buffers are given out again in one order, and rows of many lengths share them. */
import { expect, test } from 'vitest';
import { BufferPool } from './buffer-pool';
import { openDawnDevice } from './dawn';
import { createStorage } from './watched-gpu';

test('the same calls get the same buffers, and shorter rows those of longer ones', async () => {
  const gpu = await openDawnDevice('null');
  if (typeof gpu === 'string') throw new Error(gpu);
  const pool = new BufferPool((size) => createStorage(gpu, size));
  const row = (scale: number): number[] => {
    const taken = [300_000, 100_000, 300_000].map((bytes) => pool.take(scale * bytes));
    // Given back in another order than they were taken in.
    [2, 0, 1].forEach((i) => pool.give(taken[i] as (typeof taken)[number]));
    return taken.map(({ number }) => number);
  };
  expect(row(1)).toEqual([0, 1, 2]);
  expect(row(0.9)).toEqual([0, 1, 2]);
  expect(row(1)).toEqual([0, 1, 2]);
  expect(pool.created).toBe(3);
  // A buffer is not taken for much less than it holds, but for little ones.
  expect(pool.take(40_000).number).toBe(3);
  expect(pool.take(20).sizeBytes).toBe(32);
});
