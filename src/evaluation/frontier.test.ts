/** @file Curves and split against toy distributions whose values can be written down. */
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { klBound } from './best-of-n';
import { bestOfCurve, calibrate, exactBestOfKl, optimumCurve, splitKl } from './frontier';

/** Draws places by their probabilities. */
function draw(random: Random, probabilities: readonly number[]): number {
  let left = random.uniform();
  const place = probabilities.findIndex((p) => (left -= p) < 0);
  return place < 0 ? probabilities.length - 1 : place;
}

const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('the curve of Best-of-N', () => {
  it('has the reward of a uniform one, N / (N + 1), and a divergence below the bound', () => {
    const random = new Random(3);
    const curve = bestOfCurve(
      many(400, () => many(16, () => random.uniform())),
      [1, 2, 4, 16, 32],
    );
    expect(curve.map(({ count }) => count)).toEqual([1, 2, 4, 16]); // 32 of 16 answers cannot be told
    for (const { count, reward, bound, kl } of curve) {
      expect(reward.low).toBeLessThan(count / (count + 1));
      expect(reward.high).toBeGreaterThan(count / (count + 1));
      expect(bound).toBe(klBound(count));
      expect(kl).toBeLessThanOrEqual(bound);
    }
    expect(Math.abs((curve[1]?.kl ?? 0) - klBound(2))).toBeLessThan(0.01);
  });

  it('counts answers of equal reward as one level', () => {
    // Two levels, 1/4 and 3/4; best of 2: 1/16 and 15/16.
    const [point] = bestOfCurve(
      [
        [0, 1, 1, 1],
        [1, 1, 0, 1],
      ],
      [2],
    );
    const exact = (1 / 16) * Math.log(1 / 4) + (15 / 16) * Math.log(5 / 4);
    expect(point?.kl).toBeCloseTo(exact, 12);
    expect(exactBestOfKl([0.25, 0.75], 2)).toBeCloseTo(exact, 12);
    expect(exactBestOfKl([1], 64)).toBe(0);
    expect(() => bestOfCurve([[1, 2], [1]], [1])).toThrow(/prompt 1/);
  });
});

describe('the curve of the optimum', () => {
  /** Reward 0 and 1 with one half each: E[w r] = s = sigmoid(1 / beta), KL = s log 2s + (1 - s) log 2(1 - s). */
  const exactly = (beta: number): { reward: number; kl: number } => {
    const s = 1 / (1 + Math.exp(-1 / beta));
    return { reward: s, kl: s * Math.log(2 * s) + (1 - s) * Math.log(2 * (1 - s)) };
  };

  it('is exact where the answers are the distribution', () => {
    for (const point of optimumCurve(
      [
        [0, 1],
        [1, 0, 0, 1],
      ],
      [2, 0.5, 0.2],
    )) {
      expect(point.reward.mean).toBeCloseTo(exactly(point.beta).reward, 12);
      expect(point.kl.mean).toBeCloseTo(exactly(point.beta).kl, 12);
    }
    const [flat] = optimumCurve(
      [
        [0, 1],
        [1, 0],
      ],
      [1e6],
    );
    expect(flat?.effective).toBeCloseTo(2, 6);
    expect(flat?.kl.mean).toBeCloseTo(0, 6);
  });

  it('finds the truth from drawn answers, less the bias that it states', () => {
    const random = new Random(5);
    const drawn = many(3000, () => many(12, () => (random.uniform() < 0.5 ? 0 : 1)));
    const [point] = optimumCurve(drawn, [1]);
    const exact = exactly(1);
    const [rewardLeft, klLeft] = [
      (point?.reward.mean ?? 0) - (point?.bias.reward ?? 0),
      (point?.kl.mean ?? 0) - (point?.bias.kl ?? 0),
    ];
    expect(Math.abs(rewardLeft - exact.reward)).toBeLessThan(0.006);
    expect(Math.abs(klLeft - exact.kl)).toBeLessThan(0.003);
    expect(point?.bias.reward).toBeLessThan(-0.003); // too few answers: the best of the distribution is missed
    expect(point?.effective).toBeLessThan(12);
  });

  it('survives betas that make one answer all the weight', () => {
    const [point] = optimumCurve(
      [
        [-900, 0, 3],
        [3, -1, 0],
      ],
      [1e-3],
    );
    expect(point?.reward.mean).toBe(3);
    expect(point?.kl.mean).toBeCloseTo(Math.log(3), 12);
    expect(point?.effective).toBe(1);
    expect(() => optimumCurve([[1, 2]], [1])).toThrow(/1 prompts/);
    expect(() =>
      optimumCurve(
        [
          [1, 2],
          [1, 2],
        ],
        [0],
      ),
    ).toThrow(/not above 0/);
  });
});

describe('what the divergence bought', () => {
  /** Five levels of reward, and within a level a coin that the reward does not know. */
  const levels = [0, 0.25, 0.5, 0.75, 1];
  const [p, q] = [
    [0.2, 0.2, 0.2, 0.2, 0.2],
    [0.05, 0.1, 0.15, 0.3, 0.4],
  ];
  const coin = 0.8;
  const ofReward = q.reduce((sum, share, i) => sum + share * Math.log(share / (p[i] as number)), 0);
  const ofCoin = coin * Math.log(2 * coin) + (1 - coin) * Math.log(2 * (1 - coin));

  function spend(random: Random, m: number, n: number, shares: readonly number[], heads: number) {
    const reference = many(m, () => levels[draw(random, p)] as number);
    const policy = many(n, () => {
      const level = draw(random, shares);
      const side = random.uniform() < heads ? heads : 1 - heads;
      return {
        reward: levels[level] as number,
        logRatio: Math.log((shares[level] as number) / (p[level] as number)) + Math.log(2 * side),
      };
    });
    return splitKl(reference, policy);
  }

  it('is the divergence of the levels; the coin is waste', () => {
    const { bought, wasted, bins } = spend(new Random(1), 20_000, 20_000, q, coin);
    expect(bins).toBe(5);
    expect(Math.abs(bought.mean - ofReward)).toBeLessThan(0.01);
    expect(Math.abs(wasted.mean - ofCoin)).toBeLessThan(0.015);
  });

  it('is not biased by few answers, and its intervals hold as often as they say', () => {
    const random = new Random(2);
    const runs = many(400, () => spend(random, 128, 128, q, coin));
    const mean = runs.reduce((sum, { bought }) => sum + bought.mean, 0) / runs.length;
    expect(Math.abs(mean - ofReward)).toBeLessThan(0.012); // counts alone: 0.03 and more too high
    const held = (key: 'bought' | 'wasted', truth: number): number =>
      runs.filter((run) => run[key].low <= truth && truth <= run[key].high).length / runs.length;
    expect(held('bought', ofReward)).toBeGreaterThan(0.92);
    expect(held('wasted', ofCoin)).toBeGreaterThan(0.92);
  });

  it('is nothing for the reference itself', () => {
    const random = new Random(4);
    const runs = many(300, () => spend(random, 128, 128, p, 0.5));
    expect(Math.abs(runs.reduce((sum, { bought }) => sum + bought.mean, 0) / runs.length)).toBeLessThan(0.005);
    expect(runs.filter(({ bought }) => bought.low <= 0).length / runs.length).toBeGreaterThan(0.95);
  });

  it('adds up to the whole, and takes rewards beyond all of the reference', () => {
    const policy = [
      { reward: 7, logRatio: 3 },
      { reward: 8, logRatio: 2 },
      { reward: -9, logRatio: 4 },
    ];
    const { bought, wasted } = splitKl([0, 1, 2, 3], policy);
    expect(bought.mean + wasted.mean).toBeCloseTo(3, 12);
    expect(splitKl([1, 1, 1], policy).bought.mean).toBe(0); // one level: no reward to buy
    expect(() => splitKl([1, Number.NaN], policy)).toThrow();
    expect(() => splitKl([1], policy)).toThrow();
  });
});

describe('calibration', () => {
  it('has slope 1 at the optimum, whatever the prompts are worth', () => {
    const prompts = [0, 5].map((log) => [0.1, 0.4, 0.9].map((reward) => ({ reward, logRatio: reward / 0.1 - log })));
    const found = calibrate(prompts, 0.1);
    expect(found?.slope.mean).toBeCloseTo(1, 12);
    expect(found?.explained).toBeCloseTo(1, 12);
    expect(found?.residual).toBeCloseTo(0, 12);
    expect(found?.points).toHaveLength(6);
  });

  it('tells noise from reward, with an interval that holds', () => {
    const random = new Random(9);
    const normal = (): number => many(12, () => random.uniform()).reduce((sum, u) => sum + u, -6);
    const runs = many(200, () =>
      calibrate(
        many(40, () =>
          many(4, () => {
            const reward = random.uniform();
            return { reward, logRatio: 4 * reward + normal() };
          }),
        ),
        0.1,
      ),
    );
    const held = runs.filter((run) => run && run.slope.low < 0.4 && run.slope.high > 0.4).length / runs.length;
    expect(held).toBeGreaterThan(0.9);
    // Variance of the reward 1/12 by 16 beside noise of 1: 0.57 of it is the reward's.
    const explained = runs.reduce((sum, run) => sum + (run?.explained ?? 0), 0) / runs.length;
    expect(Math.abs(explained - 0.57)).toBeLessThan(0.03);
    expect((runs[0]?.residual ?? 0) - 0.1).toBeLessThan(0.02);
  });

  it('is not told where no rewards differ', () => {
    expect(calibrate([[{ reward: 1, logRatio: 2 }]], 0.1)).toBeNull();
  });
});
