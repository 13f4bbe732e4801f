/** @file The axes of the frontier: distances of several sizes with 0 among them, and rewards. Pure. */
import type { Frontier } from './sweep';

/** Below it distances are drawn about in proportion, above it by their logarithm. */
const unit = 0.2;

/** Where a distance lies, from 0; an estimate below 0 lies at 0. */
export const alongKl = (kl: number): number => Math.log1p(Math.max(0, kl) / unit);

/** 0 and 0.1, 0.3 and so on, as far as the axis goes. */
export function klTicks(most: number): readonly number[] {
  return [0, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000].filter((tick) => tick <= most);
}

export interface ChartRange {
  readonly kl: number;
  readonly reward: readonly [low: number, high: number];
}

/** What the axes must hold: the intervals of all runs, and the curves as far as they go beside them. */
export function chartRange({ points, limits }: Frontier): ChartRange {
  const reached = points.flatMap(({ kl }) => (kl === null ? [] : [kl.mean, kl.high]));
  const curves = [
    ...(limits?.bestOf ?? []).map(({ bound }) => bound),
    ...(limits?.optimum ?? []).map(({ kl }) => kl.mean),
  ];
  const rewards = [
    ...points.flatMap(({ reward }) => [reward.low, reward.high]),
    ...[...(limits?.bestOf ?? []), ...(limits?.optimum ?? [])].map(({ reward }) => reward.mean),
  ];
  const [low, high] = [Math.min(...rewards), Math.max(...rewards)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { kl: Math.max(0.3, ...reached, ...curves) * 1.05, reward: [low - room, high + room] };
}

/** A point as it is drawn. */
export interface DrawnPoint {
  readonly policy: number;
  readonly x: number;
  readonly y: number;
}

/** Points that lie so near to one that they cannot be told apart by a pointer, itself among them, in their order. */
export const crowdOf = (own: DrawnPoint, points: readonly DrawnPoint[], reach: number): readonly DrawnPoint[] =>
  points.filter(({ x, y }) => Math.hypot(x - own.x, y - own.y) <= reach);

/**
 * Which point a click on one means: where one of its crowd is chosen, the next of them, so that each is reached.
 * @param crowd of the point that was clicked on
 */
export function clickedPoint(own: DrawnPoint, crowd: readonly DrawnPoint[], chosen: number | null): number {
  const at = crowd.findIndex(({ policy }) => policy === chosen);
  return at < 0 ? own.policy : (crowd[(at + 1) % crowd.length] ?? own).policy;
}
