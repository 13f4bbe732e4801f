/**
 * @file Finds what takes for ever on some text, as patterns do that try every way: runs of one sign, longer and longer,
 * which are slow long before a text of everyday is.
 */

/** A run of this many characters must be done within this many milliseconds; what is sound takes one. */
const patienceMs = 400;
/** No work of a PC beside it makes a text take this many times as long. */
const doubtFactor = 5;
/** Lengths tried in turn: by two where each step may double the time, then by the root of 2 where it may be a power. */
const shortLengths = Array.from({ length: 13 }, (_, i) => 12 + 2 * i);
const longLengths = [45, 64, 91, 128, 181, 256, 362, 512, 724, 1024];
const usualSigns = [' ', 'a', 'A', '1', '.', '\n', '가', "'"];
const mostSigns = 64;

export interface SlowText {
  readonly characters: number;
  readonly seconds: number;
}

/**
 * Tries runs of each sign, and gives up as soon as one takes too long.
 * @param work what is done with a text
 * @param spelled what the work follows, as a pattern: by its own signs it can be led astray
 * @returns the first run that takes too long; null where none does
 */
export function findSlowText(work: (text: string) => unknown, spelled: string): SlowText | null {
  const secondsOf = (text: string): number => {
    const start = performance.now();
    work(text);
    return (performance.now() - start) / 1000;
  };
  const isSlow = (seconds: number): boolean => seconds * 1000 > patienceMs;
  const tryLength = (signs: readonly string[], length: number): SlowText | null => {
    for (const sign of signs)
      for (const tail of ['', '\u0001']) {
        const text = sign.repeat(length) + tail;
        // What was slow once may have waited for other work of the PC.
        let seconds = secondsOf(text);
        for (let again = 0; again < 3 && isSlow(seconds) && !isSlow(seconds / doubtFactor); again++)
          seconds = Math.min(seconds, secondsOf(text));
        if (isSlow(seconds)) return { characters: length, seconds: Number(seconds.toFixed(1)) };
      }
    return null;
  };
  const signs = [...new Set([...usualSigns, ...spelled])].slice(0, mostSigns);
  const tries = [
    ...shortLengths.map((length) => ({ signs, length })),
    ...longLengths.map((length) => ({ signs: usualSigns, length })),
  ];
  for (const { signs: tried, length } of tries) {
    const slow = tryLength(tried, length);
    if (slow !== null) return slow;
  }
  return null;
}
