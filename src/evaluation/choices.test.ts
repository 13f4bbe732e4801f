/** @file How well scores foresee choices, on pairs whose numbers can be worked out by hand. */
import { describe, expect, it } from 'vitest';
import { reportChoices, surenessOf } from './choices';
import { wilsonInterval } from './win-rate';

/** The difference of scores at which Bradley and Terry's model is this sure. */
const logit = (p: number): number => Math.log(p / (1 - p));
const pairs = (count: number, difference: number) =>
  Array.from({ length: count }, () => ({ chosen: difference, rejected: 0 }));

describe('scores held against choices', () => {
  it('are right where the chosen answer has the higher score, and wrong where both are equal', () => {
    const report = reportChoices([...pairs(7, 1), ...pairs(2, -1), ...pairs(1, 0)]);
    expect(report.pairs).toBe(10);
    expect(report.accuracy).toBe(0.7);
    expect(report.interval).toEqual(wilsonInterval(7, 10));
  });

  it('are calibrated where they are as sure as they are right', () => {
    const report = reportChoices([...pairs(15, logit(0.75)), ...pairs(5, -logit(0.75))]);
    expect(report.calibration).toHaveLength(1);
    expect(report.calibration[0]).toMatchObject({ from: 0.7, to: 0.8, pairs: 20, right: 0.75 });
    expect(report.calibration[0]?.predicted).toBeCloseTo(0.75, 12);
    expect(report.calibrationError).toBeCloseTo(0, 12);
  });

  it('are not where they are surer than they are right', () => {
    const report = reportChoices([...pairs(10, logit(0.95)), ...pairs(10, -logit(0.95)), ...pairs(20, logit(0.55))]);
    expect(report.calibration.map(({ from, pairs: count, right }) => [from, count, right])).toEqual([
      [0.5, 20, 1],
      [0.9, 20, 0.5],
    ]);
    expect(report.calibrationError).toBeCloseTo((0.45 + 0.45) / 2, 12);
    expect(report.calibration[1]?.interval).toEqual(wilsonInterval(10, 20));
  });

  it('put the surest pairs and those at a bound where they belong', () => {
    const report = reportChoices([...pairs(1, 1e4), ...pairs(1, 0), ...pairs(1, logit(0.6))]);
    expect(report.calibration.map(({ from }) => from)).toEqual([0.5, 0.6, 0.9]);
  });
});

it('tells scores that are surer than they are right, less sure, and neither', () => {
  const sureness = (right: number, wrong: number, p: number) =>
    surenessOf(reportChoices([...pairs(right, logit(p)), ...pairs(wrong, -logit(p))]));
  expect(sureness(60, 40, 0.95)).toBe('tooSure');
  expect(sureness(95, 5, 0.6)).toBe('tooUnsure');
  expect(sureness(60, 40, 0.6)).toBe('fitting');
  // Surer in one half and less sure in the other, but not over all.
  expect(
    surenessOf(reportChoices([...pairs(50, logit(0.9)), ...pairs(25, logit(0.6)), ...pairs(25, -logit(0.6))])),
  ).toBe('fitting');
});
