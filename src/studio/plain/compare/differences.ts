/** @file What the words of an answer have that those of another have not, by jsdiff. Pure. */
import { diffWords } from 'diff';

export interface Piece {
  readonly text: string;
  readonly isNew: boolean;
}

export interface Differences {
  /** Together the answer. */
  readonly pieces: readonly Piece[];
  /** Of its words and punctuation marks, those that are new; 0 without words. */
  readonly share: number;
}

/** Without it, jsdiff knows only Latin letters as parts of words. */
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

export function differencesFrom(reference: string, answer: string): Differences {
  let [fresh, all] = [0, 0];
  const pieces: Piece[] = [];
  for (const { value, added, removed, count } of diffWords(reference, answer, { intlSegmenter: words })) {
    if (removed) continue;
    pieces.push({ text: value, isNew: added });
    all += count;
    if (added) fresh += count;
  }
  return { pieces, share: all === 0 ? 0 : fresh / all };
}
