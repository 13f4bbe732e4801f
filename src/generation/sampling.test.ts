import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { sampleToken } from './sampling';

const logits = [Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05)];

function countDraws(options: { temperature: number; topK: number; topP: number }, draws = 20_000): number[] {
  const random = new Random(3);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) {
    const { id } = sampleToken(logits, options, random);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

describe('sampleToken', () => {
  it('takes the most likely token at temperature 0 and reports its log-probability', () => {
    const token = sampleToken([1, 3, 2], { temperature: 0, topK: 0, topP: 1 }, new Random(1));
    expect(token.id).toBe(1);
    expect(token.logp).toBeCloseTo(-Math.log(1 + Math.exp(-1) + Math.exp(-2)), 12);
  });

  it('follows the distribution at temperature 1', () => {
    const expected = [0.5, 0.3, 0.15, 0.05];
    countDraws({ temperature: 1, topK: 0, topP: 1 }).forEach((share, id) =>
      expect(share).toBeCloseTo(expected[id] as number, 1),
    );
  });

  it('sharpens below and flattens above 1', () => {
    // p^2 normalised: 0.25, 0.09, 0.0225, 0.0025 over 0.365
    expect(countDraws({ temperature: 0.5, topK: 0, topP: 1 })[0]).toBeCloseTo(0.25 / 0.365, 1);
    expect(countDraws({ temperature: 100, topK: 0, topP: 1 })[3]).toBeCloseTo(0.25, 1);
  });

  it('keeps top-k tokens, then the smallest set of mass top-p', () => {
    expect(countDraws({ temperature: 1, topK: 2, topP: 1 }).slice(2)).toEqual([0, 0]);
    expect(countDraws({ temperature: 1, topK: 0, topP: 0.6 }).slice(2)).toEqual([0, 0]);
    expect(countDraws({ temperature: 1, topK: 0, topP: 0.85 })[3]).toBe(0);
    expect(countDraws({ temperature: 1, topK: 0, topP: 0.01 })).toEqual([1, 0, 0, 0]);
  });

  it('repeats itself for the same seed', () => {
    expect(countDraws({ temperature: 1, topK: 0, topP: 1 }, 50)).toEqual(
      countDraws({ temperature: 1, topK: 0, topP: 1 }, 50),
    );
  });
});
