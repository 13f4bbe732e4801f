/**
 * @file Win rates of one policy's completions against others', as a judge that may tie sees them: which of the two it
 * sees first is drawn anew for every prompt, as in Rafailov et al. 2023 (arXiv 2305.18290, appendix C.2), so that a
 * judge's liking for a position cancels out.
 */
import { invariant } from '../core/errors';
import type { Random } from '../core/random';

export type Preference = 'first' | 'second' | 'tie';

/** Says which of two completions of a prompt is better, not knowing whose they are. */
export type Judge = (prompt: string, first: string, second: string) => Preference;

/** Two completions of one prompt. */
export interface Contest {
  readonly prompt: string;
  readonly ours: string;
  readonly theirs: string;
}

export type Outcome = 'win' | 'tie' | 'loss';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface WinRate {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** (wins + ties / 2) / contests, in [0, 1]. */
  readonly mean: number;
  /** 95 % Wilson interval of `mean`; with ties it is somewhat too wide, since a tie varies less than a win or loss. */
  readonly interval: Interval;
}

/** Scores closer than this are equal: they differ by rounding only. */
const equalWithin = 1e-9;
/** The 97.5 % quantile of the standard normal distribution. */
const z95 = 1.959963984540054;

/** Prefers the completion of higher score; nearly equal ones tie. */
export function preferHigher(first: number, second: number): Preference {
  if (Math.abs(first - second) <= equalWithin) return 'tie';
  return first > second ? 'first' : 'second';
}

/**
 * Judges contests, in order, each shown in a random order.
 * @returns one outcome for each, seen from `ours`; the same seed shows every contest in the same order again
 */
export function judgeContests(contests: readonly Contest[], judge: Judge, random: Random): Outcome[] {
  return contests.map(({ prompt, ours, theirs }) => {
    const oursFirst = random.uniform() < 0.5;
    const preference = oursFirst ? judge(prompt, ours, theirs) : judge(prompt, theirs, ours);
    if (preference === 'tie') return 'tie';
    return (preference === 'first') === oursFirst ? 'win' : 'loss';
  });
}

/**
 * The 95 % interval of a probability after `successes` (a tie may count as half a one) of `trials`:
 * (p + z^2/2n ± z sqrt(p (1 - p) / n + z^2/4n^2)) / (1 + z^2/n), p = successes / n, z = 1.96 (Wilson 1927, JASA 22).
 * It stays within [0, 1] and holds for few trials and for p near 0 or 1.
 * @throws Error without trials or with successes outside [0, trials]: a defect of the caller.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  invariant(
    trials > 0 && successes >= 0 && successes <= trials,
    `no interval for ${successes} successes of ${trials} trials.`,
  );
  const p = successes / trials;
  const z2 = z95 * z95;
  const middle = p + z2 / (2 * trials);
  const reach = z95 * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

/**
 * Computes the mean win rate, a tie counting as half a win, and its interval.
 * @throws Error without outcomes: a defect of the caller
 */
export function winRateOf(outcomes: readonly Outcome[]): WinRate {
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const [wins, ties, losses] = [count('win'), count('tie'), count('loss')];
  const successes = wins + ties / 2;
  const interval = wilsonInterval(successes, outcomes.length);
  return { wins, ties, losses, mean: successes / outcomes.length, interval };
}
