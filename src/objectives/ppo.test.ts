/** @file PPO's parts: slopes by finite differences, advantages worked out by hand, and the price of divergence. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { meanOf, sumOf, varianceOf } from '../core/statistics';
import { parseRunConfig } from '../run/config';
import type { Episode } from './objective';
import {
  advantagesAlong,
  divergenceOf,
  episodesOf,
  nextKlCoef,
  policyLoss,
  valueLoss,
  type JudgedEpisode,
} from './ppo';

const list = (...values: number[]): Float64Array => Float64Array.from(values);
const shaping = {
  ...{ gamma: 1, lam: 0.95, kl_estimator: 'k1' as const, whiten_rewards: false, missing_eos_penalty: null },
};

describe('advantages along an answer', () => {
  it('look ahead by gamma and lambda', () => {
    const [rewards, values] = [list(0.1, -0.2, 1), list(0.5, 0.25, 0.4)];
    const last = 1 - 0.4;
    const middle = -0.2 + 0.9 * 0.4 - 0.25 + 0.9 * 0.8 * last;
    const first = 0.1 + 0.9 * 0.25 - 0.5 + 0.9 * 0.8 * middle;
    const seen = advantagesAlong(rewards, values, { gamma: 0.9, lam: 0.8 });
    [first, middle, last].forEach((value, t) => expect(seen[t]).toBeCloseTo(value, 12));
  });

  it('are the return less the value where lambda is 1, and one step of it where lambda is 0', () => {
    const [rewards, values] = [list(0, 0, 2), list(0.3, 0.6, 0.9)];
    expect([...advantagesAlong(rewards, values, { gamma: 1, lam: 1 })].map((a, t) => a + (values[t] ?? 0))).toEqual(
      [2, 2, 2].map((value) => expect.closeTo(value, 12) as number),
    );
    const near = advantagesAlong(rewards, values, { gamma: 1, lam: 0 });
    [0.3, 0.3, 1.1].forEach((value, t) => expect(near[t]).toBeCloseTo(value, 12));
  });
});

describe('answers as episodes', () => {
  const ended: JudgedEpisode = {
    ...{ logps: list(-1, -2), references: list(-1.5, -1.8), values: list(0.1, 0.2, 0.3), reward: 1, isEnded: true },
  };
  const cutOff: JudgedEpisode = {
    ...{ logps: list(-1, -1, -1), references: list(-1, -1, -2), values: list(0, 0.5, 0), reward: 0.5, isEnded: false },
  };

  it('have the score in the last state, less the divergence of each token, and what a missing end costs', () => {
    const lam = { ...shaping, lam: 1, missing_eos_penalty: 2 };
    const { episodes, kls, scores } = episodesOf([ended, cutOff], 0.1, lam);
    expect(scores).toEqual([1, -1.5]);
    expect(kls.map((kl) => Number(kl.toFixed(9)))).toEqual([0.3, 1]);
    // Returns of lambda 1 are the rewards still to come, whatever the values are.
    const returns = [1 - 0.1 * (0.5 - 0.2), 1 + 0.1 * 0.2, 1];
    returns.forEach((value, t) => expect(episodes[0]?.returns[t]).toBeCloseTo(value, 12));
    [-1.6, -1.6, -1.6].forEach((value, t) => expect(episodes[1]?.returns[t]).toBeCloseTo(value, 12));
  });

  it('have advantages of mean 0 and deviation 1 over all tokens, and as many as tokens', () => {
    const { episodes } = episodesOf([ended, cutOff], 0.1, shaping);
    const all = episodes.flatMap(({ advantages }) => [...advantages]);
    expect(episodes.map(({ advantages, returns }) => [advantages.length, returns.length])).toEqual([
      [2, 3],
      [3, 3],
    ]);
    expect(meanOf(all)).toBeCloseTo(0, 12);
    expect(varianceOf(all)).toBeCloseTo(1, 6);
  });

  it('have rewards of deviation 1 and the mean that they had, where these are whitened', () => {
    const plain = episodesOf([ended, cutOff], 0.1, { ...shaping, lam: 1 });
    const { episodes } = episodesOf([ended, cutOff], 0.1, { ...shaping, lam: 1, whiten_rewards: true });
    const rewardsOf = ({ returns }: Episode) => [...returns].map((value, t) => value - (returns[t + 1] ?? 0));
    const [before, after] = [plain.episodes.flatMap(rewardsOf), episodes.flatMap(rewardsOf)];
    expect(meanOf(after)).toBeCloseTo(meanOf(before), 12);
    expect(varianceOf(before)).not.toBeCloseTo(1, 1);
    expect(varianceOf(after)).toBeCloseTo(1, 6);
  });

  it('measure divergence by either estimator', () => {
    expect(divergenceOf(-1, -1.5, 'k1')).toBeCloseTo(0.5, 12);
    expect(divergenceOf(-1, -1.5, 'k3')).toBeCloseTo(Math.exp(-0.5) - 1 + 0.5, 12);
    expect(divergenceOf(-1.5, -1, 'k1')).toBeLessThan(0);
    expect(divergenceOf(-1.5, -1, 'k3')).toBeGreaterThan(0);
  });
});

describe('answers as episodes of TRL', () => {
  interface Golden {
    readonly logps: number[];
    readonly references: number[];
    readonly values: number[];
    readonly reward: number;
    readonly isEnded: boolean;
    readonly advantages: number[];
    readonly returns: number[];
  }
  const folder = 'fixtures/golden/tiny-llama';

  it.each(readdirSync(folder).filter((name) => name.startsWith('ppo')))('are those of %s', (run) => {
    const config = parseRunConfig(parse(readFileSync(join(folder, run, 'config.yaml'), 'utf8')));
    const rows = readFileSync(join(folder, run, 'episodes.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const goldens = rows.map((line) => JSON.parse(line) as Golden);
    const answers = goldens.map(({ logps, references, values, reward, isEnded }) => ({
      ...{ logps: list(...logps), references: list(...references), values: list(...values), reward, isEnded },
    }));
    const { episodes } = episodesOf(answers, config.kl_coef, config);
    goldens.forEach(({ advantages, returns }, i) => {
      for (const [seen, wanted] of [
        [episodes[i]?.advantages, advantages],
        [episodes[i]?.returns, returns],
      ] as const) {
        expect(seen).toHaveLength(wanted.length);
        wanted.forEach((value, t) => expect(Math.abs((seen?.[t] ?? NaN) - value), `${i}, ${t}`).toBeLessThan(3e-6));
      }
    });
    // Ended answers that are not the longest have a state after their end.
    expect(goldens.some(({ values, logps }) => values.length > logps.length)).toBe(true);
  });
});

const episode: Episode = {
  logps: list(-1, -1, -1, -1, -1, -1),
  advantages: list(0.7, 0.7, 0.7, -0.7, -0.7, -0.7),
  values: list(0.2, 0.2, 0.2, 0.2, 0.2, 0.2),
  returns: list(1, 1, 1, -1, -1, -1),
};

/** The slopes by central differences. */
const numericOf = (at: (values: Float64Array) => number, values: Float64Array): number[] =>
  [...values].map((_, t) => {
    const moved = (by: number) => at(values.map((value, i) => (i === t ? value + by : value)));
    return (moved(1e-6) - moved(-1e-6)) / 2e-6;
  });

describe('the loss of the policy', () => {
  // In the range, above it and below it, for tokens to be made likelier and unlikelier.
  const logps = list(-0.95, -0.4, -1.6, -1.05, -0.4, -1.6);

  it('is minus advantage times ratio, as far as the ratio counts', () => {
    const { loss, clipped } = policyLoss(logps, episode, 0.2);
    const ratios = [...logps].map((logp) => Math.exp(logp + 1));
    const [near, high, low] = ratios as [number, number, number];
    expect(high).toBeGreaterThan(1.2);
    const wanted = -0.7 * (near + 1.2 + low) + 0.7 * ((ratios[3] ?? 0) + high + 0.8);
    expect(loss).toBeCloseTo(wanted, 12);
    expect(clipped).toBe(2);
  });

  it('has the slopes of finite differences', () => {
    const { slopes } = policyLoss(logps, episode, 0.2);
    const numeric = numericOf((at) => policyLoss(at, episode, 0.2).loss, logps);
    numeric.forEach((slope, t) => expect(slopes[t]).toBeCloseTo(slope, 7));
    expect([...slopes].map((slope) => slope === 0)).toEqual([false, true, false, false, false, true]);
  });
});

describe('the loss of the values', () => {
  const values = list(0.25, 0.9, -0.4, 0.25, 0.9, -0.4);

  it('is half the squared error, the greater one of the value and of the value held near to what it was', () => {
    const { loss, clipped } = valueLoss(values, episode, 0.2);
    const errors = [0.25 - 1, 0.4 - 1, -0.4 - 1, 0.25 + 1, 0.9 + 1, 0 + 1];
    expect(loss).toBeCloseTo(sumOf(errors.map((error) => error ** 2)) / 2, 12);
    expect(clipped).toBe(2);
  });

  it('has the slopes of finite differences', () => {
    const { slopes } = valueLoss(values, episode, 0.2);
    const numeric = numericOf((at) => valueLoss(at, episode, 0.2).loss, values);
    numeric.forEach((slope, t) => expect(slopes[t]).toBeCloseTo(slope, 7));
  });
});

describe('the price of divergence', () => {
  it('rises while divergence is above its target and falls below it, by a fifth of the share at most', () => {
    const facts = { target: 6, horizon: 10_000, answers: 500 };
    expect(nextKlCoef(0.2, 6, facts)).toBeCloseTo(0.2, 12);
    expect(nextKlCoef(0.2, 6.6, facts)).toBeCloseTo(0.2 * (1 + 0.1 * 0.05), 12);
    expect(nextKlCoef(0.2, 60, facts)).toBeCloseTo(0.2 * (1 + 0.2 * 0.05), 12);
    expect(nextKlCoef(0.2, -3, facts)).toBeCloseTo(0.2 * (1 - 0.2 * 0.05), 12);
  });
});
