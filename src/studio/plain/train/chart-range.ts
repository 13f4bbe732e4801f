/** @file How far a chart's axes reach. */

/** Room above and below the values, as a share of their spread. */
const room = 0.08;

/** The least spread of an axis beside its largest value: below it the marks of an axis are no different numbers. */
const leastSpread = 1e-9;

/** Whether marks between two values can be told apart; an axis between others is drawn without end. */
export const isWideEnough = (low: number, high: number): boolean =>
  high - low > leastSpread * Math.max(Math.abs(low), Math.abs(high));

/**
 * The y axis of a chart that follows its values. A line to compare with stays in sight; a flat line gets some room,
 * even one that is flat but for rounding, as a smoothed constant is.
 */
export function rangeAround(low: number, high: number, reference?: number): [number, number] {
  const min = Math.min(low, reference ?? low);
  const max = Math.max(high, reference ?? high);
  const spread = isWideEnough(min, max) ? max - min : Math.max(Math.abs(min), Math.abs(max)) || 1;
  return [min === 0 && reference === undefined ? 0 : min - spread * room, max + spread * room];
}
