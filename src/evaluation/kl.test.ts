/** @file The KL estimate against the divergence of two small language models, summed over all sequences. */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { estimateSequenceKl } from './kl';

/** p(token 1) after 0, 1 or 2 ones among the two tokens before; sequences are three tokens of 0 or 1. */
const policy = [0.7, 0.4, 0.9];
const reference = [0.5, 0.5, 0.3];

function logpOf(model: readonly number[], tokens: readonly number[]): number {
  let ones = 0;
  return tokens.reduce((sum, token) => {
    const one = model[Math.min(ones, 2)] as number;
    ones += token;
    return sum + Math.log(token === 1 ? one : 1 - one);
  }, 0);
}

function sampleFrom(model: readonly number[], random: Random): number[] {
  let ones = 0;
  return Array.from({ length: 3 }, () => {
    const token = random.uniform() < (model[Math.min(ones, 2)] as number) ? 1 : 0;
    ones += token;
    return token;
  });
}

describe('estimateSequenceKl', () => {
  it('is within a few standard errors of the divergence', () => {
    const all = Array.from({ length: 8 }, (_, i) => [(i >> 2) & 1, (i >> 1) & 1, i & 1]);
    const exact = all.reduce(
      (sum, y) => sum + Math.exp(logpOf(policy, y)) * (logpOf(policy, y) - logpOf(reference, y)),
      0,
    );
    const random = new Random(8);
    const drawn = Array.from({ length: 20_000 }, () => sampleFrom(policy, random));
    const estimate = estimateSequenceKl(
      drawn.map((y) => logpOf(policy, y)),
      drawn.map((y) => logpOf(reference, y)),
    );
    expect(estimate.samples).toBe(20_000);
    expect(estimate.standardError).toBeLessThan(0.01);
    expect(Math.abs(estimate.mean - exact)).toBeLessThan(3 * (estimate.standardError as number));
  });

  it('has the standard error of a mean', () => {
    // Log-ratios 1, 2 and 6: mean 3, sample variance 7.
    const { mean, standardError } = estimateSequenceKl([-1, -2, -3], Float64Array.from([-2, -4, -9]));
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt(7 / 3), 12);
  });

  it('is 0 for the reference itself, and knows no error of one sample', () => {
    expect(estimateSequenceKl([-5, -7], [-5, -7])).toEqual({ mean: 0, standardError: 0, samples: 2 });
    expect(estimateSequenceKl([-5], [-6])).toEqual({ mean: 1, standardError: null, samples: 1 });
  });

  it('refuses what is no set of samples', () => {
    expect(() => estimateSequenceKl([], [])).toThrow(/at least one sample/);
    expect(() => estimateSequenceKl([-1, -2], [-1])).toThrow(/2 samples .* 1 of the reference/);
    expect(() => estimateSequenceKl([-1, -2], [-1, -Infinity])).toThrow(/sample 1 is not finite/);
  });
});
