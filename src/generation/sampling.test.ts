import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { expOfNegative, sampleToken } from './sampling';

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

  describe('of many tokens, some of them tied', () => {
    const random = new Random(5);
    const many = Float32Array.from({ length: 300 }, (_, i) => Math.round(40 * random.normal()) / 10 - (i % 7));
    many[17] = -Infinity;
    for (const [temperature, topK, topP] of [
      [1, 1, 1],
      [1, 40, 1],
      [0.7, 0, 0.8],
      [1.5, 0, 0.3],
      [1.5, 200, 0.9],
      [1, 5000, 1],
    ] as const) {
      it(`draws what a sort of all would keep: temperature ${temperature}, top-k ${topK}, top-p ${topP}`, () => {
        const falling = [...many].sort((a, b) => b - a).slice(0, topK || undefined);
        const weights = falling.map((logit) => Math.exp(logit / temperature));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        let mass = 0;
        const kept = falling.filter((_, rank) => {
          const isKept = mass < topP * total || topP >= 1;
          mass += weights[rank] as number;
          return isKept;
        });
        const all = [...many.keys()].filter((id) => (many[id] as number) >= (kept.at(-1) as number));
        const shares = new Map(all.map((id) => [id, Math.exp((many[id] as number) / temperature)]));
        const whole = [...shares.values()].reduce((sum, share) => sum + share, 0);
        const draws = 4000;
        const norm = Math.log([...many].reduce((sum, logit) => sum + Math.exp(logit), 0));
        const counts = new Map<number, number>();
        for (let i = 0; i < draws; i++) {
          const { id } = sampleToken(many, { temperature, topK, topP }, random, norm);
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        for (const id of counts.keys()) expect(shares.has(id), `token ${id}`).toBe(true);
        for (const [id, share] of shares) {
          const expected = (draws * share) / whole;
          expect(Math.abs((counts.get(id) ?? 0) - expected)).toBeLessThan(6 * Math.sqrt(expected) + 3);
        }
      });
    }
  });
});

it('computes exponentials of what is not positive to 14 digits', () => {
  const random = new Random(6);
  for (let i = 0; i < 2000; i++) {
    const x = -(10 ** (6 * random.uniform() - 4));
    const exact = Math.exp(x);
    expect(Math.abs(expOfNegative(x) - exact)).toBeLessThanOrEqual(x > -700 ? 1e-13 * exact : 1e-300);
  }
  expect([expOfNegative(0), expOfNegative(-Infinity)]).toEqual([1, 0]);
});
