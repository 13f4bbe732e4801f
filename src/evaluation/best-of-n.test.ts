import { describe, expect, it } from 'vitest';
import { klBound, meanOfBest, placeOfBest } from './best-of-n';

/** The divergence of Best-of-N from a distribution of distinct answers that are ranked by their place, in nats. */
function exactKl(probabilities: readonly number[], count: number): number {
  let below = 0;
  let kl = 0;
  for (const p of probabilities) {
    const q = (below + p) ** count - below ** count;
    kl += q * Math.log(q / p);
    below += p;
  }
  return kl;
}

describe('the divergence of Best-of-N', () => {
  it('is the bound for a policy that never says the same thing twice', () => {
    const many = Array.from({ length: 20_000 }, () => 1 / 20_000);
    for (const n of [1, 2, 4, 16, 64]) expect(Math.abs(exactKl(many, n) - klBound(n))).toBeLessThan(2e-3);
  });

  it('is below the bound on a toy distribution, far below where one answer is likely', () => {
    for (const n of [2, 4, 16, 64]) {
      expect(exactKl([0.1, 0.2, 0.3, 0.4], n)).toBeLessThan(klBound(n));
      expect(exactKl([0.01, 0.99], n)).toBeLessThan(0.02);
    }
    expect(exactKl([0.5, 0.5], 2)).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 12);
  });

  it('has the values that the literature gives', () => {
    const wanted = { 1: 0, 2: 0.19, 4: 0.64, 6: 0.96, 8: 1.2, 10: 1.4, 16: 1.84 };
    for (const [n, kl] of Object.entries(wanted)) expect(Number(klBound(Number(n)).toFixed(2))).toBe(kl);
    expect(() => klBound(0)).toThrow();
  });
});

it('the best is the first of the highest', () => {
  expect(placeOfBest([0.2, 0.7, 0.7, 0.1])).toBe(1);
  expect(() => placeOfBest([])).toThrow();
  expect(() => placeOfBest([Number.NaN])).toThrow();
});

describe('the mean of the best of n', () => {
  const rewards = [0.3, 0.9, 0.1, 0.5, 0.5];

  /** By going through all subsets. */
  function byEnumeration(n: number): number {
    const subsets = Array.from({ length: 2 ** rewards.length }, (_, bits) =>
      rewards.filter((__, i) => (bits >> i) & 1),
    );
    const best = subsets.filter(({ length }) => length === n).map((subset) => Math.max(...subset));
    return best.reduce((sum, value) => sum + value, 0) / best.length;
  }

  it('is that over all subsets', () => {
    const means = meanOfBest(rewards);
    expect(means).toHaveLength(5);
    means.forEach((mean, i) => expect(mean).toBeCloseTo(byEnumeration(i + 1), 12));
  });
});
