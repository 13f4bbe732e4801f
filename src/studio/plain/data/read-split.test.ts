/** @file What may be typed as a split. */
import { expect, it } from 'vitest';
import { readSplit } from './read-split';

it.each([
  [
    { percent: '10', seed: '7' },
    { split: { evaluationShare: 0.1, seed: 7 }, problem: null },
  ],
  [
    { percent: '0', seed: '7' },
    { split: null, problem: null },
  ],
  [{ percent: '', seed: '7' }, { problem: 'share' }],
  [{ percent: '91', seed: '7' }, { problem: 'share' }],
  [{ percent: 'ten', seed: '7' }, { problem: 'share' }],
  [{ percent: '10', seed: '1.5' }, { problem: 'seed' }],
  [{ percent: '10', seed: '-1' }, { problem: 'seed' }],
])('%j', (typed, read) => expect(readSplit(typed)).toEqual(read));
