/** @file How long the rest of a round of judging takes, by how long the last judgements took. Pure. */
import type { Judgement } from '../../../storage/judging-record';

const looksBack = 20;
/** A longer gap is a break, not a judgement. */
const longestSeconds = 180;

/** The median of the last judgements' times, for each that is left; null until there are four. */
export function secondsLeft(judgements: readonly Pick<Judgement, 'at'>[], left: number): number | null {
  const times = judgements.slice(-looksBack - 1).map(({ at }) => Date.parse(at) / 1000);
  const gaps = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? time))
    .filter((gap) => gap >= 0 && gap <= longestSeconds)
    .sort((a, b) => a - b);
  if (gaps.length < 3) return null;
  return (gaps[Math.floor(gaps.length / 2)] ?? 0) * left;
}
