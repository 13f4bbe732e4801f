import { expect, it } from 'vitest';
import { alongKl, chartRange, klTicks, clickedPoint, crowdOf } from './chart-scale';
import type { FrontierPoint } from './sweep';

const point = (reward: number, kl: number | null): FrontierPoint => ({
  ...{ policy: 1, beta: 1, spending: null, gain: null, answers: 2, unscored: 0, cutShare: 0 },
  reward: { mean: reward, low: reward - 0.1, high: reward + 0.1 },
  kl: kl === null ? null : { mean: kl, low: kl - 1, high: kl + 1 },
});

it('lies at 0 below 0, and ten times as far is not ten times as far on paper', () => {
  expect([alongKl(-1), alongKl(0)]).toEqual([0, 0]);
  expect(alongKl(10) / alongKl(1)).toBeLessThan(3);
  expect(klTicks(4)).toEqual([0, 0.1, 0.3, 1, 3]);
});

it('holds every interval and curve; a run that diverged has no place along', () => {
  const limits = {
    bestOf: [{ count: 2, reward: { mean: 0.9, low: 0.8, high: 1 }, bound: 0.19, kl: 0.1 }],
    ...{ optimum: [], horizon: 1 },
  };
  const { kl, reward } = chartRange({ points: [point(0.5, 2), point(0.4, null)], limits });
  expect(kl).toBeGreaterThan(3);
  expect(reward[0]).toBeLessThan(0.3);
  expect(reward[1]).toBeGreaterThan(0.9);
  const flat = chartRange({ points: [{ ...point(0, 0), reward: { mean: 0, low: 0, high: 0 } }], limits: null });
  expect(flat.reward[0]).toBeLessThan(flat.reward[1]);
});

it('reaches every point of a crowd by further clicks, and a lone one by each', () => {
  const points = [
    { policy: 0, x: 10, y: 50 },
    { policy: 1, x: 100, y: 50 },
    { policy: 2, x: 104, y: 53 },
    { policy: 3, x: 100, y: 50 },
  ];
  const [lone, , , top] = points;
  const crowd = crowdOf(top!, points, 10);
  expect(crowd.map(({ policy }) => policy)).toEqual([1, 2, 3]);
  let chosen: number | null = 0;
  const reached = Array.from({ length: 4 }, () => (chosen = clickedPoint(top!, crowd, chosen)));
  expect(reached).toEqual([3, 1, 2, 3]);
  expect(clickedPoint(lone!, crowdOf(lone!, points, 10), 0)).toBe(0);
  expect(clickedPoint(lone!, crowdOf(lone!, points, 10), 3)).toBe(0);
});
