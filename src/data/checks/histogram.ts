/** @file Lengths counted into bars of equal, round width. */
export interface Histogram {
  /** Units of length in a bar; the first begins at 0. */
  readonly width: number;
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}

const mostBars = 24;

/** Parts of the axis between marks. */
const mostParts = 5;

/** The lowest of 1, 2 or 5 times a power of ten that fits. */
function roundWhere(fits: (width: number) => boolean): number {
  for (let power = 1; ; power *= 10) {
    const factor = [1, 2, 5].find((candidate) => fits(candidate * power));
    if (factor !== undefined) return factor * power;
  }
}

/** Chooses the width of a bar such that all lengths fit. */
const roundWidth = (longest: number): number => roundWhere((width) => width * mostBars > longest);

/** Counts the lengths of both kinds of answers in bars of one width. */
export function countLengths(chosen: readonly number[], rejected: readonly number[]): Histogram {
  const longest = [...chosen, ...rejected].reduce((most, length) => Math.max(most, length), 0);
  const width = roundWidth(longest);
  const bars = Math.floor(longest / width) + 1;
  const count = (lengths: readonly number[]) => {
    const counts = new Array<number>(bars).fill(0);
    for (const length of lengths) counts[Math.floor(length / width)]! += 1;
    return counts;
  };
  return { width, chosen: count(chosen), rejected: count(rejected) };
}

/** Marks along the axis: multiples of a round length, five parts at most, from 0 to within the last bar's end. */
export function ticksOf({ width, chosen }: Histogram): readonly number[] {
  const end = chosen.length * width;
  const step = roundWhere((length) => length * mostParts >= end);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}
