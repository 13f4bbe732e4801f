/**
 * @file Prepared answers shown as they would be written: all columns word by word at one pace, so that a longer answer
 * takes longer; and how large they can be written. Pure.
 */

/** Words a second: quicker than people read, slow enough to be seen. */
export const wordsPerSecond = 14;

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Cuts an answer after each word; the pieces make up the answer. */
export function wordsOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const { segment, isWordLike } of words.segment(text)) {
    // Spaces and marks come with the word before them.
    if (isWordLike || pieces.length === 0) pieces.push(segment);
    else pieces[pieces.length - 1] += segment;
  }
  return pieces;
}

/** How much of an answer is shown after so many seconds. */
export function writtenAfter(pieces: readonly string[], seconds: number): string {
  return pieces.slice(0, Math.floor(seconds * wordsPerSecond)).join('');
}

/** When the longest of some answers is shown whole, in seconds. */
export function playbackSeconds(answers: readonly (readonly string[])[]): number {
  return Math.max(0, ...answers.map(({ length }) => length)) / wordsPerSecond;
}

/** How large answers are written: the shorter they are, the larger, all of one prompt alike. */
export function sizeOf(answers: readonly string[]): 'large' | 'medium' | 'small' {
  const longest = Math.max(0, ...answers.map(({ length }) => length));
  return longest <= 160 ? 'large' : longest <= 420 ? 'medium' : 'small';
}
