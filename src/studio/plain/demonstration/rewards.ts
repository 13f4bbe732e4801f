/** @file The implicit reward of each answer of a demonstration, beta times the sum of its tokens' log-ratios. Pure. */
import type { Demonstration, DemonstrationAnswer } from '../../../storage/demonstration-record';
import { sumOfRatios } from '../compare/token-heat';

export interface Reward {
  /** beta times the log-ratio, or the log-ratio where no beta makes a reward of it. */
  readonly value: number;
  readonly isReward: boolean;
}

/** Null where the answer's tokens are not scored. */
export function rewardOf(
  { scored }: Pick<DemonstrationAnswer, 'scored'>,
  scoring: Demonstration['scoring'],
): Reward | null {
  if (scored === null || scoring === null) return null;
  const sum = sumOfRatios(scored);
  return { value: sum * (scoring.beta ?? 1), isReward: scoring.beta !== null };
}

/** The least value that fills the bar: smaller ones are rounding. */
const smallestLimit = 0.01;

/** The value that fills the bar: the largest of all prepared answers, so that bars of two prompts can be compared. */
export function rewardLimit({ answered, scoring }: Pick<Demonstration, 'answered' | 'scoring'>): number {
  const sizes = answered.flat().map((answer) => Math.abs(rewardOf(answer, scoring)?.value ?? 0));
  return Math.max(smallestLimit, ...sizes);
}

/** How much of its half of the bar a value fills, from -1 to 1. */
export function barShare(value: number, limit: number): number {
  return Math.max(-1, Math.min(1, value / limit));
}
