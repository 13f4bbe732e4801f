/** @file Lengths of the parts of pairs. */
import { expect, it } from 'vitest';
import type { PairReport } from '../../../run/reports';
import { measureLengths } from './pair-text';

const report = (promptTokens: number, chosenTokens: number, rejectedTokens: number): PairReport => ({
  ...{ index: 0, promptTokens, chosenTokens, rejectedTokens, pieceTokens: 0, warnings: [], faults: [], problem: null },
});

it('measures the answers that there are, and not those that thumbs lack', () => {
  const thumbs = [report(5, 10, 0), report(5, 0, 4), report(5, 0, 4)];
  expect(measureLengths(thumbs)).toEqual([
    { part: 'prompt', median: 5, p95: 5, max: 5 },
    { part: 'chosen', median: 10, p95: 10, max: 10 },
    { part: 'rejected', median: 4, p95: 4, max: 4 },
  ]);
});
