/** @file What is read from margins: how many labels are wrong, and which. Labels are flipped by hand here. */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { diagnoseLabels, estimateNoise, wrongProbability } from './label-doctor';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Labels drawn by the logistic of true differences, a share of them turned round; the run sees them times `scale`. */
function flipped(count: number, share: number, scale: number, spread = 8) {
  const random = new Random(7);
  return Array.from({ length: count }, () => {
    const difference = spread * (2 * random.uniform() - 1);
    const isFirst = random.uniform() < logistic(difference);
    const isTurned = random.uniform() < share;
    return { margin: (scale * (isFirst === isTurned ? -difference : difference)) as number, isTurned };
  });
}

describe('the share of wrong labels', () => {
  it.each([0, 0.1, 0.25])('is found: %d', (share) => {
    for (const scale of [0.2, 1, 8]) {
      const noise = estimateNoise(flipped(1500, share, scale).map(({ margin }) => margin));
      expect(noise.low).toBeLessThanOrEqual(share);
      expect(noise.high).toBeGreaterThanOrEqual(share);
      expect(noise.high - noise.low).toBeLessThan(0.1);
      expect(Math.abs(noise.share - share)).toBeLessThan(0.04);
      expect(Math.abs(Math.log(noise.scale * scale))).toBeLessThan(Math.log(2));
    }
  });

  it('is unknown, and said to be, where margins say nothing', () => {
    const { low, high } = estimateNoise(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.5)));
    expect([low, high]).toEqual([0, 0.5]);
  });

  it('is none where every margin is above 0', () => {
    expect(estimateNoise(Array.from({ length: 200 }, (_, i) => 0.1 + i / 100))).toMatchObject({ share: 0, low: 0 });
  });
});

it('the probability of a wrong label is Bayes', () => {
  const noise = { share: 0.1, low: 0, high: 0.2, scale: 2 };
  expect(wrongProbability(0, noise)).toBeCloseTo(0.1, 12);
  const right = logistic(-2);
  expect(wrongProbability(-1, noise)).toBeCloseTo((0.1 * (1 - right)) / (0.1 * (1 - right) + 0.9 * right), 12);
});

const pair = (prompt: string, chosen: string, rejected: string) => ({ prompt, chosen, rejected });

it('names the likeliest errors first, contradictions among them, and ties last', () => {
  const rows = flipped(400, 0.1, 1, 20);
  const pairs = rows.map((_, i) => pair(String(i), 'a', 'b'));
  const margins = rows.map(({ margin }) => margin);
  pairs[0] = pair('same', 'a', 'b');
  pairs[1] = pair('same', 'b', 'a');
  margins[0] = 99;
  margins[1] = -99;
  margins[2] = 0;
  const { doubtful, noise } = diagnoseLabels(pairs, margins);
  expect(doubtful[0]).toMatchObject({ index: 1, finding: 'contradiction', margin: -99 });
  expect(doubtful.find(({ index }) => index === 0)?.finding).toBe('contradiction');
  expect(doubtful.find(({ index }) => index === 2)).toMatchObject({ finding: 'tie', probability: noise.share });
  const named = doubtful.slice(0, 40).filter(({ finding }) => finding === 'wrong');
  const precision = named.filter(({ index }) => rows[index]?.isTurned).length / named.length;
  expect(precision).toBeGreaterThan(0.7);
  const places = doubtful.map(({ finding }) => finding === 'tie');
  expect(places.indexOf(true)).toBeGreaterThan(places.lastIndexOf(false));
});
