/**
 * @file Check sums of the parts of a long record, the rows of a data set: a value of more than 64 kB lies in a file of
 * its own, whose bytes Chromium does not check, and a text with a flipped bit is a text like any other.
 */

const known = new WeakMap<object, number>();

/** FNV-1a of its JSON, 32 bits; a part is not changed once it was summed, so that most of a long list is known. */
export function sumOf(part: object): number {
  const before = known.get(part);
  if (before !== undefined) return before;
  const text = JSON.stringify(part);
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  known.set(part, sum >>> 0);
  return sum >>> 0;
}

export const sumsOf = (parts: readonly object[]): Uint32Array => Uint32Array.from(parts, sumOf);

/** Places of the parts that are not as they were summed; none where the sums are not of these parts. */
export function alteredAmong(parts: readonly object[], sums: unknown): ReadonlySet<number> {
  if (!(sums instanceof Uint32Array) || sums.length !== parts.length) return new Set();
  return new Set(parts.flatMap((part, at) => (sumOf(part) === sums[at] ? [] : [at])));
}
